"""The names that Typst templates may use, checked before any customer waits for a document.

Typst finds an unknown field only while it writes the document in which the field is missing.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from shared.products.errors import Problem, ProductError
from shared.products.source import read_text

FONTS: Final = Path(__file__).parent / "fonts"
"""The fonts that papers are set with."""
_ABOUT: Final = frozenset({"product", "insurer", "agency", "document_no", "notices", "mark"})
DOCUMENT_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "quote": _ABOUT
    | {"quote_no", "issued_on", "expires_on", "company", "department", "person", "industry", "turnover"}
    | {"plan", "riders", "fixed_premium", "covers", "premium", "is_manual"}
    | {"changes", "options", "boards", "hints", "declared"},
    "questionnaire": _ABOUT | {"title", "version", "privacy", "pages", "consents"},
    "copy": _ABOUT | {"reception_no", "sent_at", "consent_version", "groups"},
    "product": _ABOUT,
}
"""What a template may speak of, by the name that it gives to its data."""
_PAPERS: Final = ("quote", "questionnaire", "copy")
"""The papers that every product has."""

_AGENCY: Final = frozenset({"name", "phone", "phone_label", "hours", "address", "email", "complaints", "authority"})
_FIELD: Final = re.compile(rf"\b({'|'.join(DOCUMENT_FIELDS)})\.([a-z_]+)(?:\.([a-z_]+))?")
_AGENCY_FIELD: Final = re.compile(r"(?<![.\w])agency\.([a-z_]+)")
_METHODS: Final = frozenset({"at", "keys", "len", "map", "pairs", "values"})


def check_documents(folder: Path, notices: Collection[str]) -> None:
    """Check the templates of the product in *folder*. Raises `ProductError` with everything that is wrong."""
    papers = {folder / "documents" / f"{name}.typ" for name in _PAPERS}
    problems: list[Problem] = []
    for path in sorted({*papers, *folder.glob("documents/*.typ"), *folder.glob("brochures/*.typ")}):
        try:
            problems += _unknown_fields(path, notices)
        except ProductError as error:
            problems += error.problems
    if problems:
        raise ProductError(problems)


def _unknown_fields(path: Path, notices: Collection[str]) -> Iterator[Problem]:
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        for found in _FIELD.finditer(line):
            data, field, inner = found.groups()
            if field not in DOCUMENT_FIELDS[data] or not _is_inside(field, inner, notices):
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
