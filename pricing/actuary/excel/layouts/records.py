"""A sheet with a row for each entry that has several fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pricing.actuary.excel.layouts.layout import NAME_COLUMN, NOTE_COLUMN, Column, DerivedText, Row, SheetLayout
from pricing.actuary.excel.layouts.tree_edits import (
    empty_braces,
    field_cells,
    inner_maps,
    new_entry,
    new_field,
    note_of,
    set_fields,
    set_note,
)
from pricing.actuary.excel.lossless_yaml.tree import Entry, Key, Map, Tree
from shared.products.lines import Place


@dataclass(frozen=True, kw_only=True)
class RecordsLayout(SheetLayout):
    """Key, its name, the fields, note."""

    key: Column
    fields: Mapping[str, Column]
    name_of: DerivedText

    @property
    def columns(self) -> tuple[Column, ...]:
        """Key, name, the fields, note."""
        return self.key, NAME_COLUMN, *self.fields.values(), NOTE_COLUMN

    def rows(self, tree: Tree) -> list[Row]:
        """One for each entry."""
        return [
            (entry.key, self.name_of((entry.key,)), *field_cells(record, self.fields), note_of(entry))
            for entry, record in inner_maps(tree.map_at(self.place))
        ]

    def put(self, rows: Sequence[Row], tree: Tree) -> None:
        """Entries are added and removed with their rows, and fields with their cells."""
        home = tree.map_at(self.place)
        like = next((record for _, record in inner_maps(home)), empty_braces(home))
        home.arrange([row[0] for row in rows], lambda key: self._new(home, key, like))
        for row, (entry, record) in zip(rows, inner_maps(home), strict=True):
            set_fields(record, self.fields, row[2:-1])
            set_note(home, entry, str(row[-1]))

    def _new(self, home: Map, key: Key, like: Map) -> Entry:
        """Written like the record *like*."""
        if like.in_braces or not like.entries:
            return new_entry(home, key, self.key, empty_braces(home))
        record = Map(entries=[], in_braces=False, tail="", eol=home.eol)
        # A first field gives the others their indent; it is put in order, and filled, like every other.
        first = next(name for name, column in self.fields.items() if not column.is_optional)
        record.entries.append(new_field(record, first, like.entries[0].indent))
        entry = new_entry(home, key, self.key, record)
        entry.joint, entry.trail = f":{home.eol}", ""
        return entry

    def places(self, row: Row) -> Sequence[Place]:
        """A field is below its entry."""
        place = (*self.place, row[0])
        return place, place, *((*place, name) for name in self.fields), place
