"""What is offered beside the cover, and the words that people read."""

from collections.abc import Iterator
from typing import Final

from pricing.actuary.lint.subject import Issue, Subject
from shared.products.lines import Place

NAME_THE_QUESTION: Final = ("missing-answer", "unknown-choice", "contradictory-answer")


def check_offers(subject: Subject) -> Iterator[Issue]:
    """What is wrong with moves, grids, labels and sentences."""
    yield from _moves(subject)
    yield from _grids(subject)
    yield from _labels(subject)
    for code in NAME_THE_QUESTION:
        if "{question}" not in subject.schema.says[code]:
            yield "warning", ("says", code), "does not say which {question} it is about"


def _moves(subject: Subject) -> Iterator[Issue]:
    offer = subject.schema.offer
    for option, moves, must_be_cheaper in (("lighter", offer.lighter, True), ("fuller", offer.fuller, False)):
        for key, steps in moves.items():
            place: Place = ("offer", option, key)
            is_cheaper = (steps < 0) == (subject.direction(key) == "rising")
            if steps == 0:
                yield "warning", place, "moves nothing"
            elif is_cheaper != must_be_cheaper:
                yield "error", place, f"{steps:+} makes the cover {'dearer' if must_be_cheaper else 'cheaper'}"


def _grids(subject: Subject) -> Iterator[Issue]:
    read = {key for name in subject.priced for key in subject.schema.tables[name].keys}
    for number, grid in enumerate(subject.schema.offer.grids):
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


def _labels(subject: Subject) -> Iterator[Issue]:
    for number, part in enumerate(subject.schema.parts):
        seen = {part.base.label}
        for index, step in enumerate(part.steps):
            label = step.label or subject.schema.adjustments[step.adjustment or ""].label
            if label in seen:
                yield "warning", ("parts", number, "steps", index), f"an earlier step is called {label} too"
            seen.add(label)
