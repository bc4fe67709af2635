"""Loads the text templates of letters. Whoever writes the letters says which kinds there are and their fields.

A name that is not one of the fields is found when a process starts, not when a customer waits for the letter.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import jinja2
import jinja2.meta
from jinja2 import nodes

from shared.products.errors import Problem, ProductError
from shared.products.source import read_text

_SUBJECT: Final = "Subject: "

# Letters are plain text: escaping would put &amp; into them. A name without a value must not go out as a blank.
_JINJA: Final = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701  plain text

Kind = TypeVar("Kind", bound=str)


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """One kind of letter: a subject and a text."""

    subject: jinja2.Template
    text: jinja2.Template

    def render(self, fields: Mapping[str, object]) -> tuple[str, str]:
        """Subject and text for these *fields*."""
        return self.subject.render(fields), self.text.render(fields)


def load_letters(
    folder: Path, fields: Mapping[Kind, Collection[str]], notices: Collection[str]
) -> dict[Kind, LetterTemplate]:
    """The letter of every kind in *folder*, from `<kind>.txt`.

    *fields* are the names that a letter of each kind may use, *notices* the names of the product's notices.
    Raises `ProductError` with everything that is wrong.
    """
    letters: dict[Kind, LetterTemplate] = {}
    problems = [
        Problem(path, 0, path.name, "there is no such kind of letter")
        for path in folder.glob("*")
        if path.suffix != ".txt" or path.stem not in fields
    ]
    for kind, names in fields.items():
        try:
            letters[kind] = _letter(folder / f"{kind}.txt", names, notices)
        except ProductError as error:
            problems += error.problems
    if problems:
        raise ProductError(problems)
    return letters


def _letter(path: Path, fields: Collection[str], notices: Collection[str]) -> LetterTemplate:
    source = read_text(path)
    problems = list(_letter_problems(path, source, fields, notices))
    if problems:
        raise ProductError(problems)
    subject, _, text = source.partition("\n\n")
    return LetterTemplate(_JINJA.from_string(subject.removeprefix(_SUBJECT)), _JINJA.from_string(text))


def _letter_problems(path: Path, source: str, fields: Collection[str], notices: Collection[str]) -> Iterator[Problem]:
    first, second, *_ = [*source.splitlines(), "", ""]
    if not first.startswith(_SUBJECT) or second:
        yield Problem(path, 1, "Subject", "the first line is the subject, and the second is empty")
    try:
        _JINJA.from_string(source)
        tree = _JINJA.parse(source)
    except jinja2.TemplateSyntaxError as error:
        yield Problem(path, error.lineno, "", f"cannot be read: {error.message}")
        return
    unknown = jinja2.meta.find_undeclared_variables(tree) - set(fields)
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            yield Problem(path, name.lineno, name.name, "there is no such field in this letter")
    for part in tree.find_all(nodes.Getattr):
        if isinstance(part.node, nodes.Name) and part.node.name == "notices" and part.attr not in notices:
            yield Problem(path, part.lineno, f"notices.{part.attr}", "the product has no such notice")
    for other in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        yield Problem(path, other.lineno, "", "a letter stands alone and takes in no other file")
