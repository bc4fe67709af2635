"""Edits of a tree that keep the style of the text: its quotes, its line ends, its comments."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pricing.actuary.excel.cell_kinds import Cell, CellKind
from pricing.actuary.excel.cell_text import one_line
from pricing.actuary.excel.layouts.layout import Column
from pricing.actuary.excel.lossless_yaml.tree import Entry, Key, Leaf, Map

_COMMENT: Final = re.compile(r"(?P<gap>\s*)# ?(?P<note>.*)", re.DOTALL)


def empty_leaf() -> Leaf:
    """A value that is still to be set."""
    return Leaf("", "")


def empty_braces(home: Map) -> Map:
    """A mapping on one line, for an entry of *home*."""
    return Map(entries=[], in_braces=True, tail="}", eol=home.eol)


def new_entry(home: Map, key: Key, column: Column, value: Leaf | Map) -> Entry:
    """An entry for *home*, its key written like those beside it."""
    like = max((entry.raw_key for entry in home.entries), key=len, default="")
    raw_key = column.value_kind.write(key, like).raw
    return Entry(lead="", raw_key=raw_key, key=key, joint=": ", value=value, trail="" if home.in_braces else home.eol)


def inner_maps(home: Map) -> Iterator[tuple[Entry, Map]]:
    """Every entry of *home* whose value is a mapping, with that mapping."""
    for entry in home.entries:
        if isinstance(entry.value, Map):
            yield entry, entry.value


def set_value(home: Map, entry: Entry, kind: CellKind, cell: Cell) -> None:
    """Make *cell* the value of *entry*, unless it is already."""
    old = entry.value.text()
    if old and kind.is_same(kind.show(entry.value), cell):
        return
    if not home.in_braces and old.endswith("\n"):
        # A value on lines of its own is replaced by one beside its key.
        comment = entry.joint.partition(":")[2]
        entry.joint, entry.trail = ": ", comment if comment.endswith("\n") else home.eol
    like = old or next((other.value.text() for other in home.entries if other.value.text()), "")
    entry.value = kind.write(cell, like)


def field_cells(record: Map, fields: Mapping[str, Column]) -> Iterator[Cell]:
    """The cells of *record*, one for each of *fields*; empty where it has no such entry."""
    for name, column in fields.items():
        entry = record.get(name)
        yield "" if entry is None else column.value_kind.show(entry.value)


def set_fields(record: Map, fields: Mapping[str, Column], cells: Sequence[Cell]) -> None:
    """Make *cells* the values of *fields*. An empty cell removes its entry."""
    given = dict(zip(fields, cells, strict=True))
    keys: list[Key] = [entry.key for entry in record.entries if given.get(str(entry.key)) != ""]
    before: Key | None = None
    for name, cell in given.items():
        if cell != "" and name not in keys:
            keys.insert(keys.index(before) + 1 if before in keys else 0, name)
        before = name if cell != "" else before
    record.arrange(keys, lambda key: new_field(record, str(key)))
    for entry in record.entries:
        if entry.key in given:
            set_value(record, entry, fields[str(entry.key)].value_kind, given[str(entry.key)])


def new_field(record: Map, name: str, indent: str = "") -> Entry:
    """An entry for *record* without a value."""
    return Entry(
        lead=indent,
        raw_key=name,
        key=name,
        joint=": ",
        value=empty_leaf(),
        trail="" if record.in_braces else record.eol,
    )


def note_of(entry: Entry) -> str:
    """The comment beside *entry*."""
    comment = _COMMENT.match(_text_beside(entry))
    return one_line(comment["note"]) if comment else ""


def set_note(home: Map, entry: Entry, note: str) -> None:
    """Make *note* the comment beside *entry*, unless it is already; none where it is empty."""
    if note == note_of(entry):
        return
    beside = _text_beside(entry)
    comment = _COMMENT.match(beside)
    end = beside[len(beside.rstrip("\r\n")) :] or home.eol
    text = f"{(comment['gap'] if comment else '') or ' '}# {note}{end}" if note else end
    if entry.joint.endswith("\n"):
        entry.joint = f"{entry.joint.partition(':')[0]}:{text}"
    else:
        entry.trail = text


def _text_beside(entry: Entry) -> str:
    """The text that a comment beside the entry is in: after its value, or after its key."""
    return entry.joint.partition(":")[2] if entry.joint.endswith("\n") else entry.trail
