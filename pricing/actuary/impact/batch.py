"""`premium_of` for a whole book at once, to the same yen: the same tariff, the same order, whole numbers only."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from pricing.actuary.impact.columns import Columns, column_of
from pricing.actuary.impact.limbs import Amounts, Flags, Ints, fits
from pricing.actuary.impact.lookups import NO_ROW, Lookup, lookup_of
from pricing.actuary.impact.reading import Reading
from pricing.tariff import Part, Step, Tariff
from pricing.tariff.tables import MILLION

REFERRED: Final = -1


@dataclass(frozen=True, slots=True)
class Batch:
    """One tariff, prepared for columns."""

    tariff: Tariff
    parts: tuple[tuple[Part, tuple[Lookup, ...]], ...]
    authority: Lookup
    doubled_minimum: int
    """Twice the minimum premium, in whole 円."""

    @classmethod
    def of(cls, tariff: Tariff) -> "Batch":
        """Raises `Invalid` for a tariff whose figures leave what whole numbers of 64 bits hold."""
        questions = tariff.questions
        parts = tuple((part, tuple(lookup_of(step, questions) for step in part.steps)) for part in tariff.parts)
        authority = lookup_of(Step(label="", table=tariff.authority, varies=False), questions)
        return cls(tariff, parts, authority, fits(int(2 * tariff.minimum_premium_yen)))

    def premiums(self, columns: Columns) -> Ints:
        """The premium of every request in 円, `REFERRED` where a person must answer."""
        reading = self._nearest(columns)
        applying = [reading.all_of({key: (value,) for key, value in part.when.items()}) for part, _ in self.parts]
        referred = self._objections(reading, applying)
        for rule in self.tariff.rules:
            referred |= reading.all_of(rule.when)
        total: Amounts | None = None
        for (_, lookups), applies in zip(self.parts, applying, strict=True):
            amount = self._amount(reading, lookups, applies, referred)
            total = amount if total is None else total.plus(amount)
        if total is None:
            raise AssertionError("a tariff without parts")
        premiums = self._rounded(total)
        most = self.authority.find(reading)
        # Above its millionths is above its whole yen, for a premium has no decimals.
        referred |= (most == NO_ROW) | (premiums > most // MILLION)
        return np.where(referred, REFERRED, premiums)

    def _nearest(self, columns: Columns) -> Reading:
        """As asked for, or with what cannot be had exchanged, one rule after the other."""
        questions = self.tariff.questions
        reading = Reading(columns, questions)
        for rule in self.tariff.unavailable:
            barred = reading.all_of(rule.when)
            if barred.any():
                changed = {
                    key: np.where(
                        barred, column_of(questions[key], list(questions[key].choices).index(to)), columns[key]
                    )
                    for key, to in rule.instead.items()
                }
                columns = {**columns, **changed}
                reading = Reading(columns, questions)
        return reading

    def _objections(self, reading: Reading, applying: list[Flags]) -> Flags:
        found = np.zeros(reading.rows, dtype=np.bool_)
        for key in self.tariff.questions:
            if key in self.tariff.always_reads:
                found |= reading.objections(key)
                continue
            readers = [applies for (part, _), applies in zip(self.parts, applying, strict=True) if key in part.reads]
            found |= reading.objections(key) & np.logical_or.reduce(readers)
        return found

    def _amount(self, reading: Reading, lookups: tuple[Lookup, ...], applies: Flags, referred: Flags) -> Amounts:
        """What a part comes to where it applies, nothing elsewhere; where a figure is missing, a referral is noted."""
        amount: Amounts | None = None
        for lookup in lookups:
            found = lookup.find(reading)
            none = found == NO_ROW
            referred |= none & applies
            if amount is None:
                amount = Amounts.of_millionths(np.where(applies & ~none, found, 0), lookup.most)
            else:
                amount = amount.times(np.where(none, 0, found), lookup.most)
        if amount is None:
            raise AssertionError("a part without a base")
        return amount

    def _rounded(self, total: Amounts) -> Ints:
        """Not below the minimum, and to the tariff's 円, half up, like `round_half_up`."""
        to_yen = self.tariff.round_to_yen
        doubled = np.maximum(total.doubled_whole(), self.doubled_minimum)
        return (doubled + to_yen) // (2 * to_yen) * to_yen
