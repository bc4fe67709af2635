"""Discounts for controls and certifications, for columns."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pricing.actuary.impact.batch.amounts import bound_in_millionths, fits
from pricing.actuary.impact.batch.answers import BatchAnswers
from pricing.actuary.impact.batch.arrays import IntArray, nearest_each
from pricing.actuary.impact.batch.columns import ticked
from pricing.actuary.impact.batch.curves import BatchCurve
from pricing.tariff import Adjustment, Asked, Certificates, Score
from pricing.tariff.score import Worth
from pricing.tariff.tables import MILLION, millionths


@dataclass(frozen=True, slots=True)
class BatchWorth:
    """What the answers to one question are worth, in millionths."""

    key: str
    ticks: bool
    """Whether the answer is a list of ticks, whose worths add up."""
    worths: IntArray

    @classmethod
    def of(cls, question: Asked, worth: Worth) -> "BatchWorth":
        """One worth for each choice, and nothing for no answer."""
        worths = [worth[choice] for choice in question.choices]
        if question.kind == "multi":
            return cls(question.key, ticks=True, worths=np.array(worths, dtype=np.int64))
        return cls(question.key, ticks=False, worths=np.array([*worths, 0, 0], dtype=np.int64))

    def earned(self, answers: BatchAnswers) -> IntArray:
        """What every request earns by this question."""
        known = answers.known(self.key)
        if not self.ticks:
            return self.worths[known]
        return np.minimum(_sum_of_ticked(known.astype(np.int64, copy=False), self.worths), MILLION)


@dataclass(frozen=True, slots=True)
class BatchScore:
    """`Score` for columns."""

    items: tuple[tuple[int, tuple[BatchWorth, ...]], ...]
    """Weights, each with the questions that may earn it."""
    total_weight: int
    discount: BatchCurve

    @classmethod
    def of(cls, score: Score, questions: Mapping[str, Asked]) -> "BatchScore":
        """The same items. Raises `Invalid` where whole numbers cannot hold the sum."""
        items = tuple(
            (item.weight, tuple(BatchWorth.of(questions[key], worth) for key, worth in item.by)) for item in score.items
        )
        total_weight = sum(weight for weight, _ in items)
        fits(2 * total_weight * MILLION + total_weight)
        return cls(items, total_weight, BatchCurve.of(score.discount))

    def earns(self, answers: BatchAnswers) -> IntArray:
        """The discounts for the answers."""
        earned = np.zeros(answers.rows, dtype=np.int64)
        for weight, (first, *others) in self.items:
            best = first.earned(answers)
            for other in others:
                best = np.maximum(best, other.earned(answers))
            earned += weight * best
        return self.discount.at(nearest_each(earned, self.total_weight))


@dataclass(frozen=True, slots=True)
class BatchCertificates:
    """`Certificates` for columns."""

    key: str
    discounts: IntArray
    cap: int

    @classmethod
    def of(cls, certificates: Certificates, questions: Mapping[str, Asked]) -> "BatchCertificates":
        """The same discounts."""
        choices = questions[certificates.reads].choices
        discounts = [millionths(certificates.rows[str(choice)]) for choice in choices]
        return cls(certificates.reads, np.array(discounts, dtype=np.int64), millionths(certificates.cap))

    def earns(self, answers: BatchAnswers) -> IntArray:
        """The discounts of all that are held, at most the cap."""
        known = answers.known(self.key).astype(np.int64, copy=False)
        return np.minimum(_sum_of_ticked(known, self.discounts), self.cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAdjustment:
    """`Adjustment` for columns."""

    score: BatchScore
    certificates: BatchCertificates | None
    cap: int | None
    most: int

    @classmethod
    def of(cls, adjustment: Adjustment, questions: Mapping[str, Asked]) -> "BatchAdjustment":
        """The same discounts. Raises `Invalid` where whole numbers cannot hold them."""
        certificates = adjustment.certificates
        score = BatchScore.of(adjustment.score, questions)
        return cls(
            score=score,
            certificates=BatchCertificates.of(certificates, questions) if certificates else None,
            cap=bound_in_millionths(adjustment.cap),
            most=fits(MILLION - min(0, int(score.discount.values.min()))),
        )

    def find(self, answers: BatchAnswers) -> IntArray:
        """The factors. A question without an answer earns nothing; `BatchTariff` refers such a request."""
        discount = self.score.earns(answers)
        if self.certificates is not None:
            discount += self.certificates.earns(answers)
        return MILLION - (discount if self.cap is None else np.minimum(discount, self.cap))


def _sum_of_ticked(masks: IntArray, worths: IntArray) -> IntArray:
    """The sum of the worths that are ticked; nothing where there is no answer."""
    answered = np.maximum(masks, 0)
    total = np.zeros_like(answered)
    for position, worth in enumerate(worths):
        if worth:
            total += ticked(answered, position) * worth
    return total
