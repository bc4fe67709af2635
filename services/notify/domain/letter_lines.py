"""Reads the plain text of a letter as headings, rows, lists and paragraphs, so that its HTML says the same words.

The forms of a line are described in docs/letters.md. A line of no other form is a line of a paragraph. What somebody
typed stands behind a label or a mark of ours, in the same line, or is the name in a salutation.
"""

import re
from dataclasses import dataclass, field
from typing import Final

_RULE: Final = re.compile("-{10,}")
_HEADING: Final = re.compile("【(.+)】")
_LABEL: Final = "[^　。、][^　。、]{0,19}"
_ROW: Final = re.compile(f"(?:■ |　)({_LABEL})　+((?:[^　].*)?)")
_ROW_OF_THE_SENDER: Final = re.compile(f"({_LABEL})　+([^　].*)")
_LABEL_ALONE: Final = re.compile("■ (.+)")
_ITEM: Final = re.compile("(　?)・(.+)")
_ITEM_BELOW: Final = re.compile("　　- (.+)")
_BLANK: Final = "　"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that stands above what follows it."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that keep their ends."""

    lines: list[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A label with the lines of its value."""

    label: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that follow each other."""

    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Item:
    """The lines of an item, and those of each item below it."""

    lines: list[str]
    below: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Items:
    """Items that follow each other, all as far from the margin."""

    items: list[Item]
    indent: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across. The sender stands between two of them."""


Block = Heading | Paragraph | Table | Items | Rule


def read_lines(text: str) -> list[Block]:
    """The parts of the letter with this *text*, in its order."""
    found: list[Block] = []
    begins_anew, is_sender = True, False
    for line in text.replace("\r", "").split("\n"):
        before = None if begins_anew or not found else found[-1]
        begins_anew = not line.strip()
        if _RULE.fullmatch(line):
            is_sender = not is_sender
            found.append(Rule())
        elif not begins_anew:
            _add(found, before, line, is_sender=is_sender)
    return found


def _add(found: list[Block], before: Block | None, line: str, *, is_sender: bool) -> None:
    """Add *line* to the block *before* it, or as the first of a new one."""
    if heading := _HEADING.fullmatch(line):
        found.append(Heading(heading[1]))
    elif row := (_ROW_OF_THE_SENDER if is_sender else _ROW).fullmatch(line):
        _add_row(found, before, Row(row[1].strip(), [row[2].strip()]))
    elif label := _LABEL_ALONE.fullmatch(line):
        found.append(Heading(label[1]))
    elif item := _ITEM.fullmatch(line):
        _add_item(found, before, item[2], len(item[1]))
    elif _continues(before, line):
        return
    elif isinstance(before, Paragraph):
        before.lines.append(line.strip())
    else:
        found.append(Paragraph([line.strip()]))


def _add_row(found: list[Block], before: Block | None, row: Row) -> None:
    if isinstance(before, Table):
        before.rows.append(row)
    else:
        found.append(Table([row]))


def _add_item(found: list[Block], before: Block | None, text: str, indent: int) -> None:
    if isinstance(before, Items) and before.indent == indent:
        before.items.append(Item([text]))
    else:
        found.append(Items([Item([text])], indent))


def _continues(before: Block | None, line: str) -> bool:
    """Whether *line* belongs to the last item or row, because it stands further in; it is added there."""
    indent = len(line) - len(line.lstrip(_BLANK))
    if isinstance(before, Items) and indent > before.indent:
        item = before.items[-1]
        if below := _ITEM_BELOW.fullmatch(line):
            item.below.append([below[1]])
        else:
            (item.below[-1] if item.below else item.lines).append(line.strip())
        return True
    if isinstance(before, Table) and indent > 1:
        before.rows[-1].lines.append(line.strip())
        return True
    return False
