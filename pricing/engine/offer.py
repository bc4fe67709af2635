"""What is offered besides the cover that was asked for: a lighter and a fuller one (松竹梅), and grids of premiums.

Each premium is computed in full; only factors that stay the same are not multiplied again.
"""

from collections.abc import Iterator, Mapping, Sequence

from pricing.engine.arithmetic import Figure, Rest, may_be_offered, rest_of, rounded
from pricing.engine.cover import barred, option
from pricing.engine.reading import Reading, reason_for
from pricing.engine.result import Kind
from pricing.tariff import Asked, Known, Tariff
from shared.events import Cell, Grid, Note, Option

OVER_AUTHORITY = "over-authority"


def recommended(reading: Reading, figures: Sequence[Figure], tariff: Tariff) -> Iterator[Option]:
    """The lighter and the fuller cover, where there is one that can be had."""
    rest = _rest(figures)
    for kind, known in alternatives(reading.known, tariff):
        cell = _cell(known, rest, tariff)
        if cell.premium is not None:
            yield option(kind, known, cell.premium, tariff)


def alternatives(known: Known, tariff: Tariff) -> Iterator[tuple[Kind, Known]]:
    """The answers with a lighter and with a fuller cover, where they differ; not every one can be had."""
    plans: tuple[tuple[Kind, Mapping[str, int]], ...] = (
        ("lighter", tariff.alternatives.lighter),
        ("fuller", tariff.alternatives.fuller),
    )
    for kind, moves in plans:
        moved = {key: _moved(tariff.questions[key], known, by) for key, by in moves.items()}
        if {**known, **moved} != known:
            yield kind, {**known, **moved}


def grids(reading: Reading, figures: Sequence[Figure], tariff: Tariff) -> Iterator[Grid]:
    """The grids that the tariff asks for, each with the row and the column of the cover itself."""
    rest = _rest(figures)
    for plan in tariff.alternatives.grids:
        rows = _with(reading.known, plan.rows, plan.row_values)
        columns = _with(reading.known, plan.columns, plan.column_values)
        known = dict(reading.known)
        cells = []
        for known[plan.rows] in rows:
            line = []
            for known[plan.columns] in columns:
                line.append(_cell(known, rest, tariff))
            cells.append(tuple(line))
        codes = dict.fromkeys(cell.note for line in cells for cell in line if cell.note)
        yield Grid(
            rows=plan.rows,
            columns=plan.columns,
            row_values=rows,
            column_values=columns,
            cells=tuple(cells),
            notes=tuple(Note(code, _sentence(code, tariff)) for code in codes),
        )


def _rest(figures: Sequence[Figure]) -> Rest:
    return rest_of(figures, [figure.step for figure in figures if figure.step.varies])


def _moved(question: Asked, known: Known, by: int) -> int:
    """The choice *by* places up or down the list, at most the one at its end."""
    choices = [choice for choice in question.choices if isinstance(choice, int)]
    at = choices.index(known[question.key])  # type: ignore[arg-type]  # amounts only: checked when the tariff is loaded
    return choices[min(max(at + by, 0), len(choices) - 1)]


def _with(known: Known, key: str, values: tuple[int, ...]) -> tuple[int, ...]:
    own = known[key]
    return tuple(sorted({*values, own})) if isinstance(own, int) else values


def _cell(known: Known, rest: Rest, tariff: Tariff) -> Cell:
    rule = barred(known, tariff)
    if rule is not None:
        return Cell(None, rule.code)
    total = rest.total(known)
    premium = None if total is None else rounded(total, tariff)
    if premium is None or not may_be_offered(premium, known, tariff):
        return Cell(None, OVER_AUTHORITY)
    return Cell(premium, "")


def _sentence(code: str, tariff: Tariff) -> str:
    rule = next((rule for rule in tariff.unavailable if rule.code == code), None)
    return rule.message if rule else reason_for(code, tariff).message
