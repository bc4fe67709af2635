"""The whole computation behind a quote, as plain data. Replay compares it; nobody without a key may read it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, Self

from pricing.engine.result import Offered, Referred, Result
from services.rating.domain.advised import advised
from shared.events import Change, Grid, Option
from shared.events.base import Model
from shared.events.parcels import (
    Answer,
    Declared,
    QuoteForDesk,
    QuoteForNotify,
    Reason,
    Saving,
    SavingForDesk,
    Working,
)
from shared.products import Form
from shared.products.hints import Hints
from shared.products.priced import declared_in, terms_in

LARGEST: Final = 3
"""How many savings the 見積書 showed before a product could say which are easily had."""


@dataclass(frozen=True, slots=True)
class PricedFor:
    """What a revision was priced for, as its 見積書 repeats it. None where that is what the request says."""

    terms: dict[str, Answer] | None = None
    declared: tuple[Declared, ...] | None = None

    @classmethod
    def unlike(cls, first: Mapping[str, object], answers: Mapping[str, object], form: Form) -> Self:
        """Of *answers*, where they differ from the *first*, which the request was sent with."""
        terms, declared = terms_in(form, answers), declared_in(form, answers)
        return cls(
            terms=terms if terms != terms_in(form, first) else None,
            declared=tuple(Declared(**one) for one in declared) if declared != declared_in(form, first) else None,
        )


AS_REQUESTED: Final = PricedFor()


class Worksheet(Model):
    """Everything in a result, the largest saving first. `note` is what staff wrote with their own decision.

    `advised` are the savings that the customer is told of; None in a worksheet of before, where these were the largest.
    """

    options: tuple[Option, ...] = ()
    workings: tuple[Working, ...] = ()
    changes: tuple[Change, ...] = ()
    grids: tuple[Grid, ...] = ()
    savings: tuple[SavingForDesk, ...] = ()
    reasons: tuple[Reason, ...] = ()
    note: str = ""
    advised: tuple[Saving, ...] | None = None

    @classmethod
    def of(cls, result: Result, note: str = "", hints: Hints = ()) -> "Worksheet":
        """The worksheet of *result*. *hints* are those of the product."""
        match result:
            case Referred(reasons=reasons):
                return cls(reasons=tuple(Reason(**asdict(reason)) for reason in reasons), note=note)
            case Offered():
                return cls(
                    options=result.options,
                    workings=tuple(Working(**step.as_text()) for step in result.workings),
                    changes=result.changes,
                    grids=result.grids,
                    savings=tuple(
                        SavingForDesk(key=saving.key, advice=saving.advice, premium=saving.premium, saves=saving.saves)
                        for saving in result.savings
                    ),
                    note=note,
                    advised=tuple(
                        Saving(advice=saving.advice, saves=saving.saves) for saving in advised(result.savings, hints)
                    ),
                )

    def for_desk(self) -> QuoteForDesk:
        """What staff may read of it."""
        return QuoteForDesk(workings=self.workings, reasons=self.reasons, savings=self.savings, note=self.note)

    def for_notify(self, priced: PricedFor) -> QuoteForNotify:
        """What letters may say of it: savings without the question key and without the premium after the saving."""
        largest = (Saving(advice=saving.advice, saves=saving.saves) for saving in self.savings[:LARGEST])
        return QuoteForNotify(
            savings=tuple(largest) if self.advised is None else self.advised,
            terms=priced.terms,
            declared=priced.declared,
        )
