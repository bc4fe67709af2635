"""Scores: neutral where declared, weights of one order, scales that give answers different worths, caps that bind."""

from collections.abc import Iterator
from decimal import Decimal
from statistics import median
from typing import Final

from pricing.actuary.lint.subject import Issue, Subject
from pricing.tariff.schema import AdjustmentSchema, CertificatesSchema
from shared.products.lines import Place

HUGE: Final = 5
"""A weight this many times above or below the median is reported: it decides alone, or counts for nothing."""


def check_scores(subject: Subject) -> Iterator[Issue]:
    """What is wrong with scales, weights, discounts and their caps."""
    yield from _scales(subject)
    for name, adjustment in subject.schema.adjustments.items():
        place: Place = ("adjustments", name)
        yield from _neutral(place, adjustment)
        yield from _weights(place, adjustment)
        if adjustment.certificates is not None:
            yield from _certificates(subject, (*place, "certificates"), adjustment.certificates)
        yield from _cap(subject, place, adjustment)


def _scales(subject: Subject) -> Iterator[Issue]:
    kinds = {
        scale: subject.questions[key].kind
        for adjustment in subject.schema.adjustments.values()
        for question, weight in adjustment.score.weights.items()
        for key, scale in {question: weight.credit, **weight.either}.items()
    }
    for scale, worths in subject.schema.credits.items():
        most = sum(worths.values()) if kinds.get(scale) == "multi" else max(worths.values())
        if most < 1:
            yield "warning", ("credits", scale), f"worth {most} at most: nobody reaches the full score"
        if len(set(worths.values())) == 1:
            yield "error", ("credits", scale), "every answer is worth the same: the question decides nothing"


def _neutral(place: Place, adjustment: AdjustmentSchema) -> Iterator[Issue]:
    score = adjustment.score
    discount = score.discount.get(score.neutral)
    if discount is None:
        yield "error", (*place, "score", "discount"), f"no point at the neutral score {score.neutral}"
    elif discount:
        yield "error", (*place, "score", "discount", str(score.neutral)), "must be nought at the neutral score"


def _weights(place: Place, adjustment: AdjustmentSchema) -> Iterator[Issue]:
    weights = {key: entry.weight for key, entry in adjustment.score.weights.items()}
    middle = median(weights.values())
    for key, weight in weights.items():
        if weight > HUGE * middle or middle > HUGE * weight:
            yield (
                "warning",
                (*place, "score", "weights", key),
                f"weighs {weight}, more than {HUGE} times off the middle weight {middle}",
            )


def _certificates(subject: Subject, place: Place, certificates: CertificatesSchema) -> Iterator[Issue]:
    most = _most_certified(subject, certificates)
    if certificates.cap >= most:
        yield "warning", (*place, "cap"), f"never binds: all discounts together are {most}"
    for name, discount in certificates.discount.items():
        if discount > certificates.cap:
            message = f"{discount} is cut to {certificates.cap} even by itself"
            yield "warning", (*place, "discount", name), message


def _most_certified(subject: Subject, certificates: CertificatesSchema) -> Decimal:
    exclusive = subject.questions[certificates.reads].exclusive
    return sum((discount for name, discount in certificates.discount.items() if name != exclusive), Decimal())


def _cap(subject: Subject, place: Place, adjustment: AdjustmentSchema) -> Iterator[Issue]:
    if adjustment.cap is None:
        return
    most = max(adjustment.score.discount.values())
    if adjustment.certificates is not None:
        most += min(adjustment.certificates.cap, _most_certified(subject, adjustment.certificates))
    if adjustment.cap >= most:
        yield "warning", (*place, "cap"), f"never binds: all discounts together are {most} at most"
