"""What is offered beside the cover, and the words that people read."""

from collections.abc import Iterator
from typing import Final

from pricing.actuary.lint.finding import Noted, Subject
from shared.products.lines import Place

NAMES_THE_QUESTION: Final = ("missing-answer", "unknown-choice", "contradictory-answer")


def offers(subject: Subject) -> Iterator[Noted]:
    """What is wrong with moves, grids, labels and sentences."""
    yield from _moves(subject)
    yield from _grids(subject)
    yield from _labels(subject)
    for code in NAMES_THE_QUESTION:
        if "{question}" not in subject.sheet.says[code]:
            yield "warning", ("says", code), "does not say which {question} it is about"


def _moves(subject: Subject) -> Iterator[Noted]:
    offer = subject.sheet.offer
    for word, moves, cheaper in (("lighter", offer.lighter, True), ("fuller", offer.fuller, False)):
        for key, by in moves.items():
            place: Place = ("offer", word, key)
            if by == 0:
                yield "warning", place, "moves nothing"
            elif ((by < 0) == (subject.direction(key) == "rising")) != cheaper:
                yield "error", place, f"{by:+} makes the cover {'dearer' if cheaper else 'cheaper'}"


def _grids(subject: Subject) -> Iterator[Noted]:
    read = {key for name in subject.priced for key in subject.sheet.tables[name].keys}
    for number, grid in enumerate(subject.sheet.offer.grids):
        place: Place = ("offer", "grids", number)
        if grid.rows == grid.columns:
            yield "error", place, f"rows and columns are both {grid.rows}"
        for word, key, values in (
            ("row", grid.rows, grid.row_values),
            ("column", grid.columns, grid.column_values),
        ):
            if key not in read:
                yield "warning", (*place, f"{word}s"), f"no price hangs on {key}: every {word} is the same"
            default = subject.form.question(key).default
            if isinstance(default, int) and default not in values:
                yield "warning", (*place, f"{word}_values"), f"leaves out {default}, which the form proposes"


def _labels(subject: Subject) -> Iterator[Noted]:
    for number, part in enumerate(subject.sheet.parts):
        seen = {part.base.label}
        for index, step in enumerate(part.steps):
            label = step.label or subject.sheet.adjustments[step.adjustment or ""].label
            if label in seen:
                yield "warning", ("parts", number, "steps", index), f"an earlier step is called {label} too"
            seen.add(label)
