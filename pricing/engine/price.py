"""The price of a cover: a pure function of the answers and the tariff. In any doubt it is a referral."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from pricing.engine.arithmetic import Figure, figures_of, may_be_offered, rounded, total_of, workings_of
from pricing.engine.cover import nearest, option
from pricing.engine.money import EXACT
from pricing.engine.offer import grids, recommended
from pricing.engine.reading import Reading, reason_for
from pricing.engine.result import Offered, Reason, Referred, Result
from pricing.engine.savings import savings
from pricing.tariff import Adjustment, Step, Tariff
from shared.events import Change


def price(answers: Mapping[str, object], tariff: Tariff) -> Result:
    """The cover that was asked for, or the nearest to it, with other options; or every reason for a referral."""
    with localcontext(EXACT):
        reading, changes = nearest(answers, tariff)
        figures = figures_of(reading.parts, reading.known)
        premium = _premium(reading, changes, figures, tariff)
        if isinstance(premium, Referred):
            return premium
        head = option("nearest" if changes else "chosen", reading.known, premium, tariff)
        return Offered(
            options=(head, *recommended(reading, figures, tariff)),
            workings=tuple(workings_of(figures, reading.known, tariff)),
            changes=changes,
            grids=tuple(grids(reading, figures, tariff)),
            savings=savings(reading, figures, premium, tariff),
        )


def premium_of(answers: Mapping[str, object], tariff: Tariff) -> int | Referred:
    """The premium that heads the quote, in 円, without workings, savings and other options."""
    with localcontext(EXACT):
        reading, changes = nearest(answers, tariff)
        return _premium(reading, changes, figures_of(reading.parts, reading.known), tariff)


def premium_at(terms: Mapping[str, object], score: Decimal, tariff: Tariff) -> int | Referred:
    """What the cover in *terms* costs at a control score of 0 to 1, without certifications, whoever may offer it.

    A tariff is compared with published premiums in this way, because nobody knows the answers behind those. Only
    answers that no table reads may be missing in *terms*; everything else is judged as in a quote.
    """
    with localcontext(EXACT):
        reading, changes = nearest(terms, tariff)
        figures = [
            replace(figure, factor=figure.step.factor_at(score)) if isinstance(figure.step, Adjustment) else figure
            for figure in figures_of(reading.parts, reading.known)
        ]
        read_by_tables = frozenset[str]().union(
            *(figure.step.reads for figure in figures if isinstance(figure.step, Step))
        )
        relevant = {key: reason for key, reason in reading.reasons.items() if key in terms or key in read_by_tables}
        reasons = _reasons(replace(reading, reasons=relevant), changes, figures, tariff)
        total = total_of(figures)
        return Referred(tuple(reasons)) if reasons or total is None else rounded(total, tariff)


def _premium(reading: Reading, changes: Sequence[Change], figures: Sequence[Figure], tariff: Tariff) -> int | Referred:
    reasons = _reasons(reading, changes, figures, tariff)
    total = None if reading.reasons else total_of(figures)
    if total is not None:
        premium = rounded(total, tariff)
        if may_be_offered(premium, reading.known, tariff):
            return Referred(tuple(reasons)) if reasons else premium
        reasons.append(reason_for("over-authority", tariff))
    return Referred(tuple(reasons))


def _reasons(reading: Reading, changes: Sequence[Change], figures: Sequence[Figure], tariff: Tariff) -> list[Reason]:
    """All of them. An unavailable term is a reason only together with another one: by itself it is exchanged."""
    broken = [rule for rule in tariff.rules if rule.holds(reading.known)]
    explained = {key for rule in broken for key in rule.when}
    reasons = [Reason(rule.code, rule.message) for rule in broken]
    reasons += [*reading.reasons.values(), *_gaps(figures, reading, tariff, explained)]
    return reasons + [Reason(change.rule, change.says) for change in changes] if reasons else reasons


def _gaps(figures: Sequence[Figure], reading: Reading, tariff: Tariff, explained: set[str]) -> Iterator[Reason]:
    """One reason per answer that has no row, unless a rule has already given a reason for it."""
    for figure in figures:
        if figure.factor is None and isinstance(figure.step, Step):
            table = figure.step.table
            if all(key in reading.known for key in table.reads) and explained.isdisjoint(table.reads):
                explained.update(table.reads)
                yield reason_for(table.outside, tariff, tariff.questions[table.reads[0]])
