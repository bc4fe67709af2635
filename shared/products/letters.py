"""The templates of letters and documents, and the only names that they may use.

A name that is not declared here is found when a process starts, not when a customer waits for the letter. None of
them is a 告知 answer, so no letter can ever show one.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import jinja2
import jinja2.meta
import jinja2.nodes

from shared.products.errors import Problem

_ALWAYS: Final = frozenset({"reception_no", "accepted_at", "product", "notices", "signature"})
_PERSON: Final = frozenset({"company", "department", "person"})
_REACH: Final = frozenset({"phone", "email", "postal_address"})
_WISHES: Final = frozenset({"brochure", "wants_quote"})
_QUOTE: Final = frozenset({"quote_no", "issued_on", "expires_on", "premium", "plan", "riders", "covers"})

LETTER_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "receipt": _ALWAYS | _PERSON | _WISHES | {"brochures", "postal_address"},
    "quote": _ALWAYS | _PERSON | _QUOTE,
    "referral": _ALWAYS | _PERSON,
    "desk": _ALWAYS | _PERSON | _REACH | _WISHES | {"result", "premium", "release", "case_url"},
    "desk-late": _ALWAYS | _PERSON | {"case_url"},
    "desk-undelivered": _ALWAYS | _PERSON | _REACH | {"failed_kind", "failed_at", "attempts", "reply_code", "case_url"},
}
"""What a letter of each kind may speak of. Every kind is needed."""

_ABOUT: Final = frozenset({"product", "insurer", "agency", "document_no", "notices", "mark"})
DOCUMENT_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "quote": _ABOUT | _PERSON | _QUOTE | {"industry", "turnover", "fixed_premium", "period", "payment", "conditions"},
    "product": _ABOUT,
}
"""What a Typst template may speak of, by the name that it gives to its data: `quote` or `product`."""

_AGENCY: Final = frozenset({"name", "phone", "phone_label", "hours", "address", "email", "complaints", "authority"})
_SUBJECT: Final = "Subject: "
_DATA: Final = re.compile(r"\b(quote|product)\.([a-z_]+)(?:\.([a-z_]+))?")
_ALIAS: Final = re.compile(r"#let agency = (?:quote|product)\.agency\b")
_AGENCY_NAME: Final = re.compile(r"(?<![.\w])agency\.([a-z_]+)")
_METHODS: Final = frozenset({"at", "keys", "len", "map", "pairs", "values"})

# Letters are plain text: escaping would put &amp; into them. A name without a value must not go out as a blank.
_JINJA: Final = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701  plain text


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """One kind of letter: a subject and a text."""

    subject: jinja2.Template
    text: jinja2.Template

    def render(self, fields: Mapping[str, object]) -> tuple[str, str]:
        """Subject and text for these *fields*."""
        return self.subject.render(fields).strip(), self.text.render(fields)


def read_letters(folder: Path, notices: Collection[str]) -> tuple[dict[str, LetterTemplate], list[Problem]]:
    """The letters in *folder*, and all that is wrong with them. *notices* are the names of the product's notices."""
    letters: dict[str, LetterTemplate] = {}
    problems: list[Problem] = []
    for kind, fields in LETTER_FIELDS.items():
        path = folder / f"{kind}.txt"
        if not path.is_file():
            problems.append(Problem(path, 0, kind, "this letter is missing"))
            continue
        found = list(_letter_problems(path, fields, notices))
        problems += found
        if not found:
            subject, _, text = path.read_text(encoding="utf-8").partition("\n\n")
            letters[kind] = LetterTemplate(_JINJA.from_string(subject.removeprefix(_SUBJECT)), _JINJA.from_string(text))
    strangers = {path.stem for path in folder.glob("*")} - LETTER_FIELDS.keys()
    problems += [Problem(folder / name, 0, name, "there is no such kind of letter") for name in strangers]
    return letters, problems


def document_problems(folder: Path, notices: Collection[str]) -> list[Problem]:
    """What is wrong with the Typst templates of the product in *folder*."""
    quote = folder / "documents" / "quote.typ"
    problems = [] if quote.is_file() else [Problem(quote, 0, "quote", "this document is missing")]
    for path in sorted([*folder.glob("documents/*.typ"), *folder.glob("brochures/*.typ")]):
        text = path.read_text(encoding="utf-8")
        aliased = _ALIAS.search(text) is not None
        for number, line in enumerate(text.splitlines(), start=1):
            names = [(match[0], *match.groups()) for match in _DATA.finditer(line)]
            names += [(match[0], "quote", "agency", match[1]) for match in _AGENCY_NAME.finditer(line) if aliased]
            problems += [
                Problem(path, number, name, "there is no such field")
                for name, *way in names
                if not _is_document_field(*way, notices)
            ]
    return problems


def _is_document_field(data: str, field: str, inner: str | None, notices: Collection[str]) -> bool:
    if field not in DOCUMENT_FIELDS[data]:
        return False
    match field:
        case "agency":
            return inner is None or inner in _AGENCY
        case "notices":
            return inner is None or inner in _METHODS or inner in notices
        case _:
            return True


def _letter_problems(path: Path, fields: frozenset[str], notices: Collection[str]) -> Iterator[Problem]:
    text = path.read_text(encoding="utf-8")
    lines = [*text.split("\n", 2), "", ""]
    if not lines[0].startswith(_SUBJECT) or lines[1]:
        yield Problem(path, 1, "Subject", "must be the first line, with an empty line after it")
    try:
        _JINJA.from_string(text)
        tree = _JINJA.parse(text)
    except jinja2.TemplateSyntaxError as error:
        yield Problem(path, error.lineno, "", f"cannot be read: {error.message}")
        return
    unknown = jinja2.meta.find_undeclared_variables(tree) - fields
    for name in tree.find_all(jinja2.nodes.Name):
        if name.name in unknown:
            yield Problem(path, name.lineno, name.name, "there is no such field in this letter")
    for part in tree.find_all(jinja2.nodes.Getattr):
        if isinstance(part.node, jinja2.nodes.Name) and part.node.name == "notices" and part.attr not in notices:
            yield Problem(path, part.lineno, f"notices.{part.attr}", "the product has no such notice")
    for other in tree.find_all(
        (jinja2.nodes.Include, jinja2.nodes.Import, jinja2.nodes.FromImport, jinja2.nodes.Extends)
    ):
        yield Problem(path, other.lineno, "", "a letter stands alone and takes in no other file")
