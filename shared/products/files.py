"""Finds the files in a product's folder that nothing would read: a misnamed file is a problem, and is not left out.

`guide.TYP` among the brochures, `2027-04-01.yml` among the tariffs or a folder `former_forms/` looks right to whoever
put it there, and customers would go without it, or be priced as before.
"""

import re
from pathlib import Path
from typing import Final

from shared.products.errors import Problem, ProductError
from shared.products.form import Form

_READ: Final = re.compile(
    r"""
      (product|form)\.yaml | README\.md
    | brochures/[^/]+\.(typ|pdf)
    | documents/((quote|questionnaire|copy|post)\.typ | seal\.png)
    | letters/.+ | former-forms/.+      # whoever loads these names every file that is none of them
    | tariff/(golden/)?[^/]+\.yaml | tariff/SHA256SUMS | tariff/calibration/.+
    """,
    re.VERBOSE,
)
_BY_MAIL: Final = "email"


def brochure_files(folder: Path) -> tuple[Path, ...]:
    """The brochures of the product in *folder*: Typst templates, and ready PDFs, in the order of their names."""
    paths = (folder / "brochures").glob("*")
    return tuple(sorted(path for path in paths if path.suffix in {".typ", ".pdf"} and path.name[0] != "."))


def check_files(folder: Path) -> None:
    """Raises `ProductError` with every file in *folder* that nothing reads.

    A template may take in any file of the product: those are named by a template, and so is every picture. Hidden files
    are none of the product: desktops (`.DS_Store`) and Kubernetes (`..data`) leave them there.
    """
    templates = "\n".join(path.read_text("utf-8", "replace") for path in folder.rglob("*.typ"))
    problems = [
        Problem(path, 0, path.name, "nothing reads a file with this name in this place")
        for path in folder.rglob("*")
        if path.is_file() and not _is_read(path.relative_to(folder), templates)
    ]
    if problems:
        raise ProductError(problems)


def check_brochures(folder: Path, form: Form) -> None:
    """Raises `ProductError` when *form* offers brochures by mail, and *folder* has none."""
    offered = (choice.value for question in form.questions if question.key == "brochure" for choice in question.choices)
    if _BY_MAIL in offered and not brochure_files(folder):
        message = (
            "the form offers brochures by mail (brochure: email); put a .typ or a .pdf here, or take the choice out"
        )
        raise ProductError([Problem(folder / "brochures", 0, "", message)])


def _is_read(path: Path, templates: str) -> bool:
    if any(part.startswith(".") for part in path.parts) or _READ.fullmatch(path.as_posix()):
        return True
    return f'/{path.name}"' in templates or f'"{path.name}"' in templates
