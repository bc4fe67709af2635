"""What would lower the premium: the same cover priced again with one more control in place, with all caps."""

from collections.abc import Iterator, Sequence

from pricing.engine.arithmetic import Figure, rest_of, rounded
from pricing.engine.reading import Reading
from pricing.engine.result import Saving
from pricing.tariff import Adjustment, Known, Tariff


def savings(reading: Reading, figures: Sequence[Figure], premium_yen: int, tariff: Tariff) -> tuple[Saving, ...]:
    """Every control that is not in place (or not known to be) and would save something by itself, best first.

    A better answer may lead to a sub-question. That counts as not in place, so no saving is named that is not certain.
    """
    adjusted = [figure.step for figure in figures if isinstance(figure.step, Adjustment)]
    rest = rest_of(figures, adjusted)
    savings_found = []
    for key, choice, advice, better in _improvements(adjusted, reading.known, tariff):
        total = rest.total(better)
        then = premium_yen if total is None else rounded(total, tariff)
        if then < premium_yen:
            saves = premium_yen - then
            savings_found.append(Saving(key=key, choice=choice, advice=advice, premium=then, saves=saves))
    return tuple(sorted(savings_found, key=lambda saving: -saving.saves))


def _improvements(
    adjustments: Sequence[Adjustment], known: Known, tariff: Tariff
) -> Iterator[tuple[str, str, str, Known]]:
    """The question, the certification (if it is one), the advice, and the answers as they would be."""
    for adjustment in adjustments:
        for item in adjustment.score.items:
            key = item.by[0][0]
            better = item.in_place(known, tariff.questions[key].exclusive)
            if better is not None:
                yield key, "", item.advice, better
        certificates = adjustment.certificates
        if certificates is not None:
            for certificate, advice in certificates.advice.items():
                better = certificates.with_one_more(certificate, known, tariff.questions[certificates.reads].exclusive)
                if better is not None:
                    yield certificates.reads, certificate, advice, better
