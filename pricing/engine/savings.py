"""What would lower the premium: the same cover priced again with one more control in place, caps and all."""

from collections.abc import Iterator, Sequence

from pricing.engine.arithmetic import Figure, rest_of, rounded
from pricing.engine.reading import Reading
from pricing.engine.result import Saving
from pricing.tariff import Adjustment, Known, Tariff


def savings(reading: Reading, figures: Sequence[Figure], premium_yen: int, tariff: Tariff) -> tuple[Saving, ...]:
    """Every control that is not in place (or not known to be) and would save something by itself, best first.

    A sub-question that a better answer would open counts as not in place, so no more is told than is certain.
    """
    adjusted = [figure.step for figure in figures if isinstance(figure.step, Adjustment)]
    rest = rest_of(figures, adjusted)
    found = []
    for key, advice, better in _improvements(adjusted, reading.known, tariff):
        total = rest.total(better)
        then = premium_yen if total is None else rounded(total, tariff)
        if then < premium_yen:
            found.append(Saving(key, advice, then, premium_yen - then))
    return tuple(sorted(found, key=lambda saving: -saving.saves))


def _improvements(adjustments: Sequence[Adjustment], known: Known, tariff: Tariff) -> Iterator[tuple[str, str, Known]]:
    """The question, the advice, and the answers as they would be."""
    for adjustment in adjustments:
        for item in adjustment.score.items:
            key = item.by[0][0]
            better = item.in_place(known, tariff.questions[key].exclusive)
            if better is not None:
                yield key, item.advice, better
        held = adjustment.certificates
        if held is not None:
            for one, advice in held.advice.items():
                better = held.held(one, known, tariff.questions[held.reads].exclusive)
                if better is not None:
                    yield held.reads, advice, better
