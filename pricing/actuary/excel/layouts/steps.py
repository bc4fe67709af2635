"""The sheet with a row for each step of each part: what a premium is made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from pricing.actuary.excel.cell_kinds import FIGURE, TEXT
from pricing.actuary.excel.layouts.layout import Column, Row, SheetLayout
from pricing.actuary.excel.layouts.tree_edits import field_cells, set_fields
from pricing.actuary.excel.lossless_yaml.tree import Map, Tree
from shared.products.lines import Place

_FIELDS: Final = {
    "label": Column("計算書での名前", TEXT, width=40, is_optional=True),
    "cap": Column("上限", FIGURE, width=14, is_optional=True),
    "floor": Column("下限", FIGURE, width=14, is_optional=True),
}


@dataclass(frozen=True, kw_only=True)
class StepsLayout(SheetLayout):
    """Number, part, what the step reads, and the fields that may be edited. The base of a part is its step 0."""

    is_fixed: ClassVar[bool] = True

    @property
    def columns(self) -> tuple[Column, ...]:
        """Number, part, what the step reads, and the fields."""
        return (
            Column("番号", TEXT, width=8, is_key=True),
            Column("保険料の部分", None, width=18),
            Column("表・割引", None, width=24),
            *_FIELDS.values(),
        )

    def rows(self, tree: Tree) -> list[Row]:
        """The base first, then its steps."""
        rows: list[Row] = []
        for number, part, place in self._steps(tree):
            step = tree.map_at(place)
            rows.append((number, part, _table_or_adjustment(step), *field_cells(step, _FIELDS)))
        return rows

    def put(self, rows: Sequence[Row], tree: Tree) -> None:
        """Fields are added and removed with their cells."""
        for row, (_, _, place) in zip(rows, self._steps(tree), strict=True):
            set_fields(tree.map_at(place), _FIELDS, row[3:])

    def places(self, row: Row) -> Sequence[Place]:
        """A field is below its step."""
        part, _, step = str(row[0]).partition("-")
        place: Place = (*self.place, int(part) - 1, *(("base",) if step == "0" else ("steps", int(step) - 1)))
        return place, place, place, *((*place, name) for name in _FIELDS)

    def _steps(self, tree: Tree) -> Iterator[tuple[str, str, Place]]:
        """The number of each step, the label of its part, and its place."""
        for part in range(tree.length(self.place)):
            label = str(TEXT.show(tree.at((*self.place, part, "label"))))
            yield f"{part + 1}-0", label, (*self.place, part, "base")
            for step in range(tree.length((*self.place, part, "steps"))):
                yield f"{part + 1}-{step + 1}", label, (*self.place, part, "steps", step)


def _table_or_adjustment(step: Map) -> str:
    names = (entry for entry in step.entries if entry.key in {"table", "adjustment"})
    return next((str(TEXT.show(entry.value)) for entry in names), "")
