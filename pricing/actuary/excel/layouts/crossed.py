"""A sheet with a row for each pair of keys: a table of two questions, or scales by answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from pricing.actuary.excel.cell_kinds import Cell
from pricing.actuary.excel.layouts.layout import NAME_COLUMN, Column, DerivedText, Row, SheetLayout
from pricing.actuary.excel.layouts.tree_edits import empty_braces, empty_leaf, inner_maps, new_entry, set_value
from pricing.actuary.excel.lossless_yaml.tree import Key, Tree
from shared.products.lines import Place


@dataclass(frozen=True, kw_only=True)
class CrossedLayout(SheetLayout):
    """The two keys, their name, the value."""

    keys: tuple[Column, Column]
    value: Column
    name_of: DerivedText

    @property
    def columns(self) -> tuple[Column, ...]:
        """The two keys, their name, the value."""
        return *self.keys, NAME_COLUMN, self.value

    def rows(self, tree: Tree) -> list[Row]:
        """One for each pair."""
        return [
            (outer.key, entry.key, self.name_of((outer.key, entry.key)), self.value.value_kind.show(entry.value))
            for outer, inner in inner_maps(tree.map_at(self.place))
            for entry in inner.entries
        ]

    def put(self, rows: Sequence[Row], tree: Tree) -> None:
        """A first key is added and removed with its rows."""
        home = tree.map_at(self.place)
        groups: dict[Key, dict[Key, Cell]] = {}
        for row in rows:
            groups.setdefault(row[0], {})[row[1]] = row[-1]
        home.arrange(list(groups), lambda key: new_entry(home, key, self.keys[0], empty_braces(home)))
        for outer, inner in inner_maps(home):
            group = groups[outer.key]
            inner.arrange(list(group), partial(new_entry, inner, column=self.keys[1], value=empty_leaf()))
            for entry in inner.entries:
                set_value(inner, entry, self.value.value_kind, group[entry.key])

    def places(self, row: Row) -> Sequence[Place]:
        """The first key is where its line is."""
        return (*self.place, row[0]), *[(*self.place, row[0], row[1])] * 3
