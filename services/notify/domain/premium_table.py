"""The tables of a 見積書 that show the premium by two terms of the cover, as texts."""

from dataclasses import dataclass

from services.notify.domain.offer import choice_label, question
from shared.errors import Invalid
from shared.events import Grid, Option
from shared.products import Form


@dataclass(frozen=True, slots=True)
class TableCell:
    """A premium, or the sign of a note; `is_head` marks the cover that the 見積書 is about."""

    text: str
    is_head: bool


@dataclass(frozen=True, slots=True)
class TableRow:
    """One value of the first term, with the premiums for each value of the second."""

    label: str
    squares: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PremiumTable:
    """Premiums by two terms of the cover, and why some are missing."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[TableRow, ...]
    notes: tuple[str, ...]


def premium_table(form: Form, grid: Grid, head: Option) -> PremiumTable:
    """*grid* in the words of *form*. Raises `Invalid`: unknown-question, unknown-choice, bad-grid."""
    if not (hasattr(head, grid.rows) and hasattr(head, grid.columns)):
        raise Invalid("unknown-question")
    if len(grid.cells) != len(grid.row_values) or any(len(row) != len(grid.column_values) for row in grid.cells):
        raise Invalid("bad-grid")
    signs = {note.code: f"※{number}" for number, note in enumerate(grid.notes, start=1)}
    head_values = (getattr(head, grid.rows), getattr(head, grid.columns))
    rows = tuple(
        TableRow(
            choice_label(form, grid.rows, str(row)),
            tuple(
                TableCell(
                    signs.get(cell.note, "―") if cell.premium is None else f"{cell.premium:,}",
                    (row, column) == head_values,
                )
                for column, cell in zip(grid.column_values, cells, strict=True)
            ),
        )
        for row, cells in zip(grid.row_values, grid.cells, strict=True)
    )
    return PremiumTable(
        title=" × ".join(question(form, key).label for key in (grid.rows, grid.columns)),
        columns=tuple(choice_label(form, grid.columns, str(value)) for value in grid.column_values),
        lines=rows,
        notes=tuple(f"{signs[note.code]} {note.says}" for note in grid.notes),
    )
