"""`premium_of` for a whole book at once, to the same yen: the same tariff, the same order, whole numbers only."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from pricing.actuary.impact.batch.amounts import Amounts, fits
from pricing.actuary.impact.batch.answers import BatchAnswers
from pricing.actuary.impact.batch.arrays import BoolArray, IntArray
from pricing.actuary.impact.batch.columns import Columns, column_of
from pricing.actuary.impact.batch.lookups import NO_ROW, Lookup, lookup_of
from pricing.tariff import Part, Step, Tariff
from pricing.tariff.tables import MILLION

REFERRED: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTariff:
    """One tariff, prepared for columns."""

    tariff: Tariff
    parts: tuple[tuple[Part, tuple[Lookup, ...]], ...]
    authority: Lookup
    doubled_minimum: int
    """Twice the minimum premium, in whole 円."""

    @classmethod
    def of(cls, tariff: Tariff) -> "BatchTariff":
        """Raises `Invalid` for a tariff whose figures leave what whole numbers of 64 bits hold."""
        questions = tariff.questions
        return cls(
            tariff=tariff,
            parts=tuple((part, tuple(lookup_of(step, questions) for step in part.steps)) for part in tariff.parts),
            authority=lookup_of(Step(label="", table=tariff.authority, varies=False), questions),
            doubled_minimum=fits(int(2 * tariff.minimum_premium_yen)),
        )

    def premiums(self, columns: Columns) -> IntArray:
        """The premium of every request in 円, `REFERRED` where a person must answer."""
        answers = self._nearest(columns)
        applying = [answers.all_of({key: (value,) for key, value in part.when.items()}) for part, _ in self.parts]
        referred = self._objections(answers, applying)
        for rule in self.tariff.rules:
            referred |= answers.all_of(rule.when)
        total: Amounts | None = None
        for (_, lookups), applies in zip(self.parts, applying, strict=True):
            amount = self._amount(answers, lookups, applies, referred)
            total = amount if total is None else total.plus(amount)
        if total is None:
            raise AssertionError("a tariff without parts")
        premiums = self._rounded(total)
        most = self.authority.find(answers)
        # A premium has no decimals: it is above its bound in millionths exactly when it is above the whole yen of it.
        referred |= (most == NO_ROW) | (premiums > most // MILLION)
        return np.where(referred, REFERRED, premiums)

    def _nearest(self, columns: Columns) -> BatchAnswers:
        """As asked for, or with what cannot be had exchanged, one rule after the other."""
        questions = self.tariff.questions
        answers = BatchAnswers(columns, questions)
        for rule in self.tariff.unavailable:
            barred = answers.all_of(rule.when)
            if barred.any():
                exchanged = {
                    key: np.where(
                        barred, column_of(questions[key], list(questions[key].choices).index(to)), columns[key]
                    )
                    for key, to in rule.instead.items()
                }
                columns = {**columns, **exchanged}
                answers = BatchAnswers(columns, questions)
        return answers

    def _objections(self, answers: BatchAnswers, applying: list[BoolArray]) -> BoolArray:
        """Where an answer that is needed cannot be priced."""
        objections = np.zeros(answers.rows, dtype=np.bool_)
        for key in self.tariff.questions:
            if key in self.tariff.always_reads:
                objections |= answers.objections(key)
                continue
            readers = [applies for (part, _), applies in zip(self.parts, applying, strict=True) if key in part.reads]
            objections |= answers.objections(key) & np.logical_or.reduce(readers)
        return objections

    def _amount(
        self, answers: BatchAnswers, lookups: tuple[Lookup, ...], applies: BoolArray, referred: BoolArray
    ) -> Amounts:
        """What a part costs where it applies, nothing elsewhere; *referred* is set where a figure is missing."""
        amount: Amounts | None = None
        for lookup in lookups:
            factors = lookup.find(answers)
            no_row = factors == NO_ROW
            referred |= no_row & applies
            if amount is None:
                amount = Amounts.of_millionths(np.where(applies & ~no_row, factors, 0), lookup.most)
            else:
                amount = amount.times(np.where(no_row, 0, factors), lookup.most)
        if amount is None:
            raise AssertionError("a part without a base")
        return amount

    def _rounded(self, total: Amounts) -> IntArray:
        """Not below the minimum, and to the tariff's 円, half up, like `round_half_up`."""
        to_yen = self.tariff.round_to_yen
        doubled = np.maximum(total.doubled_whole(), self.doubled_minimum)
        return (doubled + to_yen) // (2 * to_yen) * to_yen
