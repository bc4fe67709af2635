"""What every kind of sheet has in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar, Final

from pricing.actuary.excel.cell_kinds import NOTE, TEXT, Cell, CellKind
from pricing.actuary.excel.lossless_yaml.tree import Tree
from shared.products.lines import Place

Row = tuple[Cell, ...]
DerivedText = Callable[[Row], str]
"""The text of a derived cell, from the cells before it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Without a kind it is derived, and what is typed there is ignored."""

    name: str
    kind: CellKind | None
    _: KW_ONLY
    width: int
    is_key: bool = False
    is_optional: bool = False
    kind_by_key: Mapping[Cell, CellKind] = field(default_factory=dict)
    """By the first cell of the row, where the rows differ."""

    @property
    def value_kind(self) -> CellKind:
        """The kind of a column that is not derived."""
        return self.kind or TEXT

    def kind_in(self, row: Sequence[Cell]) -> CellKind | None:
        """What may be typed into this column's cell of *row*, of which only the cells before it need be known."""
        return self.kind_by_key.get(row[0], self.kind) if row else self.kind


NAME_COLUMN: Final = Column("名称", None, width=40)
NOTE_COLUMN: Final = Column("メモ", NOTE, width=44, is_optional=True)


@dataclass(frozen=True, kw_only=True)
class SheetLayout(ABC):
    """One sheet: rows made of a tree, and put back into one."""

    title: str
    about: str
    place: Place
    is_fixed: ClassVar[bool] = False
    """Whether rows may neither be added nor removed."""

    @property
    @abstractmethod
    def columns(self) -> tuple[Column, ...]:
        """From left to right; the first is a key."""

    @abstractmethod
    def rows(self, tree: Tree) -> list[Row]:
        """The rows that *tree* makes."""

    @abstractmethod
    def put(self, rows: Sequence[Row], tree: Tree) -> None:
        """Edit *tree* until it makes *rows*; whatever is as it was keeps its text."""

    @abstractmethod
    def places(self, row: Row) -> Sequence[Place]:
        """Where in the file each cell of *row* is."""
