"""Checks the names that Typst templates use, and the characters of what is printed, before a customer waits for it.

Typst finds an unknown field, or a character that no font has, only while it writes the document that has it.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Final

from shared.glyphs import read_glyphs
from shared.products.errors import Problem, ProductError
from shared.products.files import brochure_files
from shared.products.product import ABOUT, Agency
from shared.products.source import read_text, read_yaml

FONTS: Final = Path(__file__).parent / "fonts"
"""The fonts that papers are set with."""

POST: Final = frozenset({"on", "recipients", "labels"})
"""What `documents/post.typ` may use besides: labels and letters of brochures, which a product may do without."""
_PRINTED: Final = frozenset({"name", "insurers", "agency", "document_no", "notices", "privacy"})
"""What papers print of product.yaml; the rest is only on pages."""
_AGENCY: Final = frozenset(field.name for field in fields(Agency))
_AGENCY_FIELD: Final = re.compile(r"(?<![.\w])agency\.([a-z_]+)")
_NUMBER: Final = "document_no"
_METHODS: Final = frozenset({"at", "keys", "len", "map", "pairs", "values"})


def check_documents(folder: Path, papers: Mapping[str, Collection[str]], notices: Mapping[str, str]) -> None:
    """Check the templates of the product in *folder*, and that what it prints can be printed.

    *papers* are those that the caller makes, from `documents/<name>.typ`: what each may use, by the name that it gives
    to its data, beside what all may use (`Product.about`). *notices* are the product's notices by name. Raises
    `ProductError` with everything that is wrong.
    """
    may_use = {"product": ABOUT, "post": ABOUT | POST} | {name: ABOUT | set(names) for name, names in papers.items()}
    needed = {folder / "documents" / f"{name}.typ" for name in papers}
    problems = list(_unprintable_entries(folder / "product.yaml", _PRINTED))
    brochures = (path for path in brochure_files(folder) if path.suffix == ".typ")
    for path in sorted({*needed, *folder.glob("documents/*.typ"), *brochures}):
        try:
            problems += _unknown_fields(path, may_use, notices)
            problems += _without_number(path)
            problems += _unprintable_lines(path)
        except ProductError as error:
            problems += error.problems
    if (form := folder / "form.yaml").exists():
        with suppress(ProductError):  # whoever reads the form says what is wrong with it
            problems += _unprintable_entries(form)
    if problems:
        raise ProductError(problems)


# The product's own texts are printed as they are: only a customer's are changed when the fonts lack something.


def _unprintable_lines(template: Path) -> Iterator[Problem]:
    for number, line in enumerate(read_text(template).splitlines(), start=1):
        if not line.lstrip().startswith("//"):
            yield from _unprintable(template, number, line)


def _unprintable_entries(path: Path, printed: Collection[str] = ()) -> Iterator[Problem]:
    """Of a YAML file every text, also one that is printed from a later day on; or only below the entries *printed*."""
    source = read_yaml(path)
    for place in source.lines:
        if not printed or (place and place[0] in printed):
            value = source.at(place)
            yield from _unprintable(path, source.line_of(place), value if isinstance(value, str) else "")


def _unprintable(path: Path, line: int, text: str) -> Iterator[Problem]:
    if missing := read_glyphs(FONTS).missing(text.replace("\t", " ")):
        names = " ".join(f"U+{ord(sign):04X}" for sign in missing)
        yield Problem(path, line, names, "the fonts of the papers cannot print this")


def _without_number(path: Path) -> Iterator[Problem]:
    """What solicits for insurance bears its 募集文書番号; questions, copies and labels do not."""
    if (path.parent.name == "brochures" or path.stem == "quote") and _NUMBER not in read_text(path):
        yield Problem(path, 0, _NUMBER, "is not used: a document that solicits bears its 募集文書番号")


def _unknown_fields(path: Path, may_use: Mapping[str, Collection[str]], notices: Collection[str]) -> Iterator[Problem]:
    of_data = re.compile(rf"\b({'|'.join(may_use)})\.([a-z_]+)(?:\.([a-z_]+))?")
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        for found in of_data.finditer(line):
            data, field, inner = found.groups()
            if field not in may_use[data] or not _is_inside(field, inner, notices):
                yield Problem(path, number, found[0], "there is no such field")
        for found in _AGENCY_FIELD.finditer(line):
            if not _is_inside("agency", found[1], notices):
                yield Problem(path, number, found[0], "there is no such field")


def _is_inside(field: str, inner: str | None, notices: Collection[str]) -> bool:
    match field:
        case "agency":
            return inner is None or inner in _AGENCY
        case "notices":
            return inner is None or inner in notices or inner in _METHODS
        case _:
            return True
