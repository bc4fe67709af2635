"""A sheet with a row for each entry of a mapping."""

from collections.abc import Sequence
from dataclasses import dataclass

from pricing.actuary.excel.layouts.layout import NAME_COLUMN, NOTE_COLUMN, Column, DerivedText, Row, SheetLayout
from pricing.actuary.excel.layouts.tree_edits import empty_leaf, new_entry, note_of, set_note, set_value
from pricing.actuary.excel.lossless_yaml.tree import Tree
from shared.products.lines import Place


@dataclass(frozen=True, kw_only=True)
class EntriesLayout(SheetLayout):
    """Key, its name in the form's words, value, comment."""

    key: Column
    value: Column
    name_of: DerivedText | None
    has_notes: bool
    """Whether each entry has a line of its own, and so room for a comment."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Key, name where there is one, value, and a note where there is room."""
        return (
            self.key,
            *((NAME_COLUMN,) if self.name_of else ()),
            self.value,
            *((NOTE_COLUMN,) if self.has_notes else ()),
        )

    def rows(self, tree: Tree) -> list[Row]:
        """One for each entry."""
        return [
            (
                entry.key,
                *((self.name_of((entry.key,)),) if self.name_of else ()),
                self.value.value_kind.show(entry.value),
                *((note_of(entry),) if self.has_notes else ()),
            )
            for entry in tree.map_at(self.place).entries
        ]

    def put(self, rows: Sequence[Row], tree: Tree) -> None:
        """Entries are added and removed with their rows."""
        home = tree.map_at(self.place)
        home.arrange([row[0] for row in rows], lambda key: new_entry(home, key, self.key, empty_leaf()))
        value_index = self.columns.index(self.value)
        for row, entry in zip(rows, home.entries, strict=True):
            set_value(home, entry, self.value.value_kind, row[value_index])
            if self.has_notes:
                set_note(home, entry, str(row[-1]))

    def places(self, row: Row) -> Sequence[Place]:
        """The place of the entry."""
        return [(*self.place, row[0])] * len(self.columns)
