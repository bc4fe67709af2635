"""A sheet with a row for each of some single values, wherever in the file they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from pricing.actuary.excel.cell_kinds import TEXT, CellKind
from pricing.actuary.excel.layouts.layout import NOTE_COLUMN, Column, Row, SheetLayout
from pricing.actuary.excel.layouts.tree_edits import note_of, set_note, set_value
from pricing.actuary.excel.lossless_yaml.tree import Tree
from shared.products.lines import Place


@dataclass(frozen=True, slots=True)
class SingleValue:
    """Where it is, what may be typed, and what it means."""

    place: Place
    kind: CellKind
    meaning: str


@dataclass(frozen=True, kw_only=True)
class SingleValuesLayout(SheetLayout):
    """Name, value, meaning, note."""

    values: Mapping[str, SingleValue]
    """By the name that people see."""
    is_fixed: ClassVar[bool] = True

    @property
    def columns(self) -> tuple[Column, ...]:
        """Name, value, meaning, note."""
        return (
            Column("項目", TEXT, width=40, is_key=True),
            Column("値", TEXT, width=30, kind_by_key={name: value.kind for name, value in self.values.items()}),
            Column("説明", None, width=50),
            NOTE_COLUMN,
        )

    def rows(self, tree: Tree) -> list[Row]:
        """One for each value."""
        rows: list[Row] = []
        for name, value in self.values.items():
            entry = tree.entry(value.place)
            note = "" if tree.map_around(value.place).in_braces else note_of(entry)
            rows.append((name, value.kind.show(entry.value), value.meaning, note))
        return rows

    def put(self, rows: Sequence[Row], tree: Tree) -> None:
        """Each value at its own place."""
        for name, cell, _, note in rows:
            value = self.values[str(name)]
            home, entry = tree.map_around(value.place), tree.entry(value.place)
            set_value(home, entry, value.kind, cell)
            if not home.in_braces:
                set_note(home, entry, str(note))

    def places(self, row: Row) -> Sequence[Place]:
        """The place of the value, for every column."""
        return [self.values[str(row[0])].place] * len(self.columns)
