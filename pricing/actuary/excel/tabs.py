"""The kinds of sheet in the workbook: which cells there are, where in the file each stands, and how it is put back."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar, Final

from pricing.actuary.excel.lossless import Entry, Items, Key, Leaf, Map, Place, Tree
from pricing.actuary.excel.values import FIGURE, NOTE, TEXT, Cell, Kind, one_line

Row = tuple[Cell, ...]
Told = Callable[[Row], str]
"""What a derived cell says, from the cells before it."""

_COMMENT: Final = re.compile(r"(?P<gap>\s*)# ?(?P<note>.*?)\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Without a kind it is derived, and what is typed there is ignored."""

    name: str
    kind: Kind | None
    width: int = 16
    is_key: bool = False
    is_optional: bool = False
    kinds: Mapping[Cell, Kind] = field(default_factory=dict)
    """By the first cell of the row, where the rows differ."""

    def kind_in(self, row: Sequence[Cell]) -> Kind | None:
        """What may be typed into this column's cell of *row*, of which only the cells before it need be known."""
        return self.kinds.get(row[0], self.kind) if row else self.kind


_NAME: Final = Column("名称", None, 40)
_NOTE: Final = Column("メモ", NOTE, 44, is_optional=True)


@dataclass(frozen=True)
class Tab(ABC):
    """One sheet: rows made of a tree, and put back into one."""

    title: str
    about: str
    place: Place
    is_fixed: ClassVar[bool] = False
    """Whether rows may neither come nor go."""

    @property
    @abstractmethod
    def columns(self) -> tuple[Column, ...]:
        """From left to right; the first is a key."""

    @abstractmethod
    def rows(self, tree: Tree) -> list[Row]:
        """What stands there."""

    @abstractmethod
    def put(self, rows: Sequence[Row], tree: Tree) -> None:
        """Make the tree say *rows*; whatever they say already keeps its text."""

    @abstractmethod
    def places(self, row: Row) -> Sequence[Place]:
        """Where in the file each cell of *row* stands."""


@dataclass(frozen=True)
class Entries(Tab):
    """A row for each entry of a mapping: key, its name in the form's words, value, comment."""

    key: Column
    value: Column
    told: Told | None
    has_notes: bool

    @property
    def columns(self) -> tuple[Column, ...]:
        """Key, name, value, and a note where each entry has a line of its own."""
        return self.key, *((_NAME,) if self.told else ()), self.value, *((_NOTE,) if self.has_notes else ())

    def rows(self, tree: Tree) -> list[Row]:
        """One for each entry."""
        return [
            (
                entry.key,
                *((self.told((entry.key,)),) if self.told else ()),
                _kind(self.value).show(entry.value),
                *((_note(entry),) if self.has_notes else ()),
            )
            for entry in tree.map_at(self.place).entries
        ]

    def put(self, rows: Sequence[Row], tree: Tree) -> None:
        """Entries come and go with their rows."""
        home = tree.map_at(self.place)
        home.arrange([row[0] for row in rows], lambda key: _entry(home, key, self.key, _empty()))
        at = self.columns.index(self.value)
        for row, entry in zip(rows, home.entries, strict=True):
            _set(home, entry, _kind(self.value), row[at])
            if self.has_notes:
                _set_note(home, entry, str(row[-1]))

    def places(self, row: Row) -> Sequence[Place]:
        """Where the entry stands."""
        return [(*self.place, row[0])] * len(self.columns)


@dataclass(frozen=True)
class Crossings(Tab):
    """A row for each place where two keys cross."""

    keys: tuple[Column, Column]
    value: Column
    told: Told

    @property
    def columns(self) -> tuple[Column, ...]:
        """The two keys, their name, the value."""
        return *self.keys, _NAME, self.value

    def rows(self, tree: Tree) -> list[Row]:
        """One for each crossing."""
        return [
            (down.key, entry.key, self.told((down.key, entry.key)), _kind(self.value).show(entry.value))
            for down, inner in _below(tree.map_at(self.place))
            for entry in inner.entries
        ]

    def put(self, rows: Sequence[Row], tree: Tree) -> None:
        """A first key comes and goes with its rows."""
        home = tree.map_at(self.place)
        groups: dict[Key, dict[Key, Cell]] = {}
        for row in rows:
            groups.setdefault(row[0], {})[row[1]] = row[-1]
        home.arrange(list(groups), lambda key: _entry(home, key, self.keys[0], _braces(home)))
        for down, inner in _below(home):
            group = groups[down.key]
            inner.arrange(list(group), partial(_entry, inner, column=self.keys[1], value=_empty()))
            for entry in inner.entries:
                _set(inner, entry, _kind(self.value), group[entry.key])

    def places(self, row: Row) -> Sequence[Place]:
        """The first key stands where its line does."""
        return (*self.place, row[0]), *[(*self.place, row[0], row[1])] * 3


@dataclass(frozen=True)
class Records(Tab):
    """A row for each entry that has several fields."""

    key: Column
    fields: Mapping[str, Column]
    told: Told

    @property
    def columns(self) -> tuple[Column, ...]:
        """Key, name, the fields, note."""
        return self.key, _NAME, *self.fields.values(), _NOTE

    def rows(self, tree: Tree) -> list[Row]:
        """One for each entry."""
        return [
            (entry.key, self.told((entry.key,)), *_shown(inner, self.fields), _note(entry))
            for entry, inner in _below(tree.map_at(self.place))
        ]

    def put(self, rows: Sequence[Row], tree: Tree) -> None:
        """Entries come and go with their rows, and fields with their cells."""
        home = tree.map_at(self.place)
        like = next((inner for _, inner in _below(home)), _braces(home))
        home.arrange([row[0] for row in rows], lambda key: self._new(home, key, like))
        for row, (entry, inner) in zip(rows, _below(home), strict=True):
            _put_fields(inner, self.fields, row[2:-1])
            _set_note(home, entry, str(row[-1]))

    def _new(self, home: Map, key: Key, like: Map) -> Entry:
        """In the manner of the entries beside it."""
        if like.in_braces or not like.entries:
            return _entry(home, key, self.key, _braces(home))
        # A first field to take the indent from; it is put in order, and filled, like every other.
        first = next(name for name, column in self.fields.items() if not column.is_optional)
        seed = Entry(like.entries[0].indent, first, first, ": ", _empty(), home.eol)
        entry = _entry(home, key, self.key, Map([seed], in_braces=False, tail="", eol=home.eol))
        entry.joint, entry.trail = f":{home.eol}", ""
        return entry

    def places(self, row: Row) -> Sequence[Place]:
        """A field stands below its entry."""
        place = (*self.place, row[0])
        return place, place, *((*place, name) for name in self.fields), place


@dataclass(frozen=True)
class Singles(Tab):
    """A row for each of some single values, wherever in the file they stand."""

    values: Mapping[str, tuple[Place, Kind, str]]
    """By the name that people see: the place, what may be typed, and what it means."""
    is_fixed: ClassVar[bool] = True

    @property
    def columns(self) -> tuple[Column, ...]:
        """Name, value, meaning, note."""
        kinds: dict[Cell, Kind] = {name: kind for name, (_, kind, _) in self.values.items()}
        return (
            Column("項目", TEXT, 40, is_key=True),
            Column("値", TEXT, 30, kinds=kinds),
            Column("説明", None, 50),
            _NOTE,
        )

    def rows(self, tree: Tree) -> list[Row]:
        """One for each value."""
        found: list[Row] = []
        for name, (place, kind, meaning) in self.values.items():
            entry = tree.entry(place)
            note = "" if _home(tree, place).in_braces else _note(entry)
            found.append((name, kind.show(entry.value), meaning, note))
        return found

    def put(self, rows: Sequence[Row], tree: Tree) -> None:
        """Each where it stands."""
        for name, value, _, note in rows:
            place, kind, _ = self.values[str(name)]
            home, entry = _home(tree, place), tree.entry(place)
            _set(home, entry, kind, value)
            if not home.in_braces:
                _set_note(home, entry, str(note))

    def places(self, row: Row) -> Sequence[Place]:
        """Of the value, whichever the column."""
        return [self.values[str(row[0])][0]] * len(self.columns)


@dataclass(frozen=True)
class Steps(Tab):
    """A row for each step of each part: what a premium is made of."""

    is_fixed: ClassVar[bool] = True

    @property
    def columns(self) -> tuple[Column, ...]:
        """Number, part, what the step reads, and the fields that may be edited."""
        number = Column("番号", TEXT, 8, is_key=True)
        return number, Column("保険料の部分", None, 18), Column("表・割引", None, 24), *_STEP.values()

    def rows(self, tree: Tree) -> list[Row]:
        """The base first, then its steps."""
        found: list[Row] = []
        for number, part, place in self._steps(tree):
            inner = tree.map_at(place)
            read = next((str(TEXT.show(one.value)) for one in inner.entries if one.key in {"table", "adjustment"}), "")
            found.append((number, part, read, *_shown(inner, _STEP)))
        return found

    def put(self, rows: Sequence[Row], tree: Tree) -> None:
        """Fields come and go with their cells."""
        for row, (_, _, place) in zip(rows, self._steps(tree), strict=True):
            _put_fields(tree.map_at(place), _STEP, row[3:])

    def places(self, row: Row) -> Sequence[Place]:
        """A field stands below its step."""
        part, _, step = str(row[0]).partition("-")
        place: Place = (*self.place, int(part) - 1, *(("base",) if step == "0" else ("steps", int(step) - 1)))
        return place, place, place, *((*place, name) for name in _STEP)

    def _steps(self, tree: Tree) -> Iterator[tuple[str, str, Place]]:
        for part in range(_length(tree, self.place)):
            label = str(TEXT.show(tree.at((*self.place, part, "label"))))
            yield f"{part + 1}-0", label, (*self.place, part, "base")
            for step in range(_length(tree, (*self.place, part, "steps"))):
                yield f"{part + 1}-{step + 1}", label, (*self.place, part, "steps", step)


_STEP: Final = {
    "label": Column("計算書での名前", TEXT, 40, is_optional=True),
    "cap": Column("上限", FIGURE, 14, is_optional=True),
    "floor": Column("下限", FIGURE, 14, is_optional=True),
}


def _kind(column: Column) -> Kind:
    return column.kind or TEXT


def _home(tree: Tree, place: Place) -> Map:
    return tree.map_at(place[:-1])


def _below(home: Map) -> Iterator[tuple[Entry, Map]]:
    for entry in home.entries:
        if isinstance(entry.value, Map):
            yield entry, entry.value


def _length(tree: Tree, place: Place) -> int:
    node = tree.at(place)
    return len(node.items) if isinstance(node, Items) else 0


def _shown(inner: Map, fields: Mapping[str, Column]) -> Iterator[Cell]:
    for name, column in fields.items():
        entry = inner.get(name)
        yield "" if entry is None else _kind(column).show(entry.value)


def _put_fields(inner: Map, fields: Mapping[str, Column], cells: Sequence[Cell]) -> None:
    given = dict(zip(fields, cells, strict=True))
    keys: list[Key] = [entry.key for entry in inner.entries if given.get(str(entry.key)) != ""]
    before: Key | None = None
    for name, cell in given.items():
        if cell != "" and name not in keys:
            keys.insert(keys.index(before) + 1 if before in keys else 0, name)
        before = name if cell != "" else before
    inner.arrange(keys, lambda key: Entry("", str(key), key, ": ", _empty(), "" if inner.in_braces else inner.eol))
    for entry in inner.entries:
        if entry.key in given:
            _set(inner, entry, _kind(fields[str(entry.key)]), given[str(entry.key)])


def _empty() -> Leaf:
    return Leaf("", "")


def _braces(home: Map) -> Map:
    return Map([], in_braces=True, tail="}", eol=home.eol)


def _entry(home: Map, key: Key, column: Column, value: Leaf | Map) -> Entry:
    """A new one, in the manner of those beside it."""
    beside = max((entry.raw_key for entry in home.entries), key=len, default="")
    trail = "" if home.in_braces else home.eol
    return Entry("", _kind(column).write(key, beside).raw, key, ": ", value, trail)


def _set(home: Map, entry: Entry, kind: Kind, cell: Cell) -> None:
    old = entry.value.text()
    if old and kind.is_same(kind.show(entry.value), cell):
        return
    if not home.in_braces and old.endswith("\n"):
        # What stood on lines of its own now stands beside its key.
        beside = entry.joint.partition(":")[2]
        entry.joint, entry.trail = ": ", beside if beside.endswith("\n") else home.eol
    manner = old or next((one.value.text() for one in home.entries if one.value.text()), "")
    entry.value = kind.write(cell, manner)


def _beside(entry: Entry) -> str:
    """The text in which a comment beside the entry stands: after its value, or after its key."""
    return entry.joint.partition(":")[2] if entry.joint.endswith("\n") else entry.trail


def _note(entry: Entry) -> str:
    found = _COMMENT.match(_beside(entry))
    return one_line(found["note"]) if found else ""


def _set_note(home: Map, entry: Entry, note: str) -> None:
    if note == _note(entry):
        return
    beside = _beside(entry)
    found = _COMMENT.match(beside)
    end = beside[len(beside.rstrip("\r\n")) :] or home.eol
    text = f"{(found['gap'] if found else '') or ' '}# {note}{end}" if note else end
    if entry.joint.endswith("\n"):
        entry.joint = f"{entry.joint.partition(':')[0]}:{text}"
    else:
        entry.trail = text
