"""Between which two premiums a quote will be: the grid that an estimate reads, before anybody has answered 告知.

The premiums are those of a quote with the best and with the worst answers, at every turnover at which the curve has a
point. Between two points the curve rises or falls all the way, and every part of a premium is a product of figures of
nought or more: no premium there lies outside those of the two points (docs/adr/0024-estimate.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import localcontext
from typing import Final

from pricing.engine.arithmetic import figures_of, may_be_offered, rest_of, rounded
from pricing.engine.cover import barred, nearest, option
from pricing.engine.extremes import TURNOVER, Extremes, NoExtremes, extremes
from pricing.engine.money import EXACT
from pricing.engine.offer import OVER_AUTHORITY, alternatives
from pricing.engine.price import premium_of
from pricing.engine.reading import read
from pricing.engine.result import Kind, Referred
from pricing.tariff import Interpolated, Known, Step, Tariff
from shared.events import EstimatedCover, IndustryEstimate, Note

INDUSTRY: Final = "industry"
PLAN: Final = "plan"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Premiums by industry, plan and turnover (千円)."""

    turnovers: tuple[int, ...]
    industries: tuple[IndustryEstimate, ...]


@dataclass(frozen=True, slots=True)
class NoEstimate:
    """Why no band can be given that is certain to hold every premium."""

    why: str


def estimate(terms: Mapping[str, str | int], tariff: Tariff) -> Estimate | NoEstimate:
    """The estimate with *terms* for what is not asked: all terms of the cover but industry, turnover and plan."""
    try:
        turnovers = _turnovers(tariff)
        with localcontext(EXACT):
            industries = [
                _of_industry(str(industry), terms, turnovers, tariff) for industry in tariff.questions[INDUSTRY].choices
            ]
    except NoExtremes as reason:
        return NoEstimate(str(reason))
    return Estimate(turnovers, tuple(industries))


def _turnovers(tariff: Tariff) -> tuple[int, ...]:
    """Where the one curve over turnover has its points. Raises `NoExtremes` when turnover counts in another way too."""
    steps = [step for part in tariff.parts for step in part.steps if TURNOVER in step.reads]
    curves = {step.table.name: step.table for step in steps if isinstance(step, Step)}
    table = next(iter(curves.values()), None)
    if len(curves) != 1 or not isinstance(table, Interpolated) or TURNOVER in tariff.always_reads:
        raise NoExtremes("turnover does not count through exactly one curve")
    return table.curve.points


def _of_industry(
    industry: str, terms: Mapping[str, str | int], turnovers: Sequence[int], tariff: Tariff
) -> IndustryEstimate:
    covers: list[EstimatedCover] = []
    reasons: dict[str, Note] = {}
    for plan in tariff.questions[PLAN].choices:
        cover = read({**terms, INDUSTRY: industry, PLAN: plan, TURNOVER: turnovers[0]}, tariff).known
        offered, changes = nearest(cover, tariff)
        found = extremes(offered.known, tariff)
        if refused := _refused(found, tariff):
            reasons |= {note.code: note for note in refused}
        else:
            covers += _covers("nearest" if changes else "chosen", found, turnovers, tariff)
    return IndustryEstimate(industry=industry, covers=tuple(covers), reasons=tuple(reasons.values()))


def _refused(found: Extremes, tariff: Tariff) -> list[Note]:
    """Why even the best answers lead to a person, whatever the turnover."""
    result = premium_of(found.best, tariff)
    reasons = result.reasons if isinstance(result, Referred) else ()
    return [Note(reason.code, reason.message) for reason in reasons if reason.code != OVER_AUTHORITY]


def _covers(head: Kind, found: Extremes, turnovers: Sequence[int], tariff: Tariff) -> Iterator[EstimatedCover]:
    """The cover itself, the lighter and the fuller one, where they can be had."""
    worst = dict(alternatives(found.worst, tariff))
    for kind, known in ((head, found.best), *alternatives(found.best, tariff)):
        if barred(known, tariff) is None:
            terms = asdict(option(kind, known, 0, tariff))
            del terms["premium"], terms["chosen"]
            yield EstimatedCover(
                **terms,
                lowest=_premiums(known, turnovers, tariff),
                highest=_premiums(worst.get(kind, found.worst), turnovers, tariff),
            )


def _premiums(known: Known, turnovers: Sequence[int], tariff: Tariff) -> tuple[int | None, ...]:
    """At each of *turnovers*; None where the agency may not offer it by itself."""
    parts = [part for part in tariff.parts if part.applies(known)]
    moving = [step for part in parts for step in part.steps if TURNOVER in step.reads]
    figures = figures_of(parts, known)
    if any(figure.factor is None for figure in figures):
        return (None,) * len(turnovers)
    rest = rest_of(figures, moving)
    totals = (rest.total({**known, TURNOVER: turnover}) for turnover in turnovers)
    premiums = (None if total is None else rounded(total, tariff) for total in totals)
    return tuple(
        premium if premium is not None and may_be_offered(premium, known, tariff) else None for premium in premiums
    )
