"""The templates of letters, and the only names that they may use.

A name that is not declared here is found when a process starts, not when a customer waits for the letter. None of
them is a 告知 answer, so no letter can ever show one.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import jinja2
import jinja2.meta
from jinja2 import nodes

from shared.products.errors import Problem, ProductError
from shared.products.source import read_text

_ALWAYS: Final = frozenset(
    {"reception_no", "accepted_at", "product", "notices", "signature", "company", "department", "person"}
)
_REACH: Final = frozenset({"phone", "email", "postal_address"})
_WISHES: Final = frozenset({"brochure", "wants_quote"})

LETTER_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "receipt": _ALWAYS | _WISHES | {"brochures", "postal_address"},
    "quote": _ALWAYS | {"quote_no", "issued_on", "expires_on", "premium", "plan", "riders", "covers", "changes"},
    "referral": _ALWAYS,
    "desk": _ALWAYS | _REACH | _WISHES | {"result", "premium", "changed", "release", "suspicions", "case_url"},
    "desk-late": _ALWAYS | {"case_url"},
    "desk-undelivered": _ALWAYS | _REACH | {"failed_kind", "failed_at", "attempts", "reply_code", "case_url"},
    "resume": frozenset({"product", "notices", "signature", "url", "valid_until"}),
}
"""What a letter of each kind may speak of. Every kind is needed."""

_SUBJECT: Final = "Subject: "

# Letters are plain text: escaping would put &amp; into them. A name without a value must not go out as a blank.
_JINJA: Final = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701  plain text


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """One kind of letter: a subject and a text."""

    subject: jinja2.Template
    text: jinja2.Template

    def render(self, fields: Mapping[str, object]) -> tuple[str, str]:
        """Subject and text for these *fields*."""
        return self.subject.render(fields), self.text.render(fields)


def load_letters(folder: Path, notices: Collection[str]) -> dict[str, LetterTemplate]:
    """The letter of every kind in *folder*; *notices* are the names of the product's notices.

    Raises `ProductError` with everything that is wrong.
    """
    letters: dict[str, LetterTemplate] = {}
    problems = [
        Problem(path, 0, path.name, "there is no such kind of letter")
        for path in folder.glob("*")
        if path.suffix != ".txt" or path.stem not in LETTER_FIELDS
    ]
    for kind, fields in LETTER_FIELDS.items():
        try:
            letters[kind] = _letter(folder / f"{kind}.txt", fields, notices)
        except ProductError as error:
            problems += error.problems
    if problems:
        raise ProductError(problems)
    return letters


def _letter(path: Path, fields: frozenset[str], notices: Collection[str]) -> LetterTemplate:
    source = read_text(path)
    problems = list(_letter_problems(path, source, fields, notices))
    if problems:
        raise ProductError(problems)
    subject, _, text = source.partition("\n\n")
    return LetterTemplate(_JINJA.from_string(subject.removeprefix(_SUBJECT)), _JINJA.from_string(text))


def _letter_problems(path: Path, source: str, fields: frozenset[str], notices: Collection[str]) -> Iterator[Problem]:
    first, second, *_ = [*source.splitlines(), "", ""]
    if not first.startswith(_SUBJECT) or second:
        yield Problem(path, 1, "Subject", "the first line is the subject, and the second is empty")
    try:
        _JINJA.from_string(source)
        tree = _JINJA.parse(source)
    except jinja2.TemplateSyntaxError as error:
        yield Problem(path, error.lineno, "", f"cannot be read: {error.message}")
        return
    unknown = jinja2.meta.find_undeclared_variables(tree) - fields
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            yield Problem(path, name.lineno, name.name, "there is no such field in this letter")
    for part in tree.find_all(nodes.Getattr):
        if isinstance(part.node, nodes.Name) and part.node.name == "notices" and part.attr not in notices:
            yield Problem(path, part.lineno, f"notices.{part.attr}", "the product has no such notice")
    for other in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        yield Problem(path, other.lineno, "", "a letter stands alone and takes in no other file")
