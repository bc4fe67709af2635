"""The golden cases under two tariffs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pricing.actuary.diff.percent import percent_as_json, percent_change
from pricing.actuary.golden import AnswerValue, GoldenCases
from pricing.engine.price import premium_of
from pricing.engine.result import Referred
from pricing.tariff import Tariff

Effect = Literal["same", "changed", "newly-referred", "no-longer-referred", "other-reasons"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDelta:
    """One case under both tariffs: premiums in 円, or the codes of the reasons for none."""

    case: str
    old: int | None
    new: int | None
    percent: Decimal | None
    old_reasons: tuple[str, ...]
    new_reasons: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the customer gets the same answer."""
        return (self.old, self.old_reasons) == (self.new, self.new_reasons)

    @property
    def effect(self) -> Effect:
        """What the other tariff does to the case."""
        if self.is_same:
            return "same"
        if self.new is None:
            return "other-reasons" if self.old is None else "newly-referred"
        return "no-longer-referred" if self.old is None else "changed"

    def as_json(self) -> dict[str, Any]:
        """Percent as text, to two decimals."""
        return {
            "case": self.case,
            "old": self.old,
            "new": self.new,
            "percent": percent_as_json(self.percent),
            "old_reasons": self.old_reasons,
            "new_reasons": self.new_reasons,
            "says": self.effect,
        }


def case_deltas(before: Tariff, after: Tariff, golden_files: Sequence[GoldenCases]) -> Iterator[CaseDelta]:
    """Every case of *golden_files*; one with the same answers as an earlier one is left out."""
    seen: list[Mapping[str, AnswerValue]] = []
    for golden in golden_files:
        for case in golden.cases:
            answers = golden.answers(case)
            if answers not in seen:
                seen.append(answers)
                yield _delta(case.name, premium_of(answers, before), premium_of(answers, after))


def _delta(case: str, old: int | Referred, new: int | Referred) -> CaseDelta:
    return CaseDelta(
        case=case,
        old=old if isinstance(old, int) else None,
        new=new if isinstance(new, int) else None,
        percent=percent_change(old, new) if isinstance(old, int) and isinstance(new, int) else None,
        old_reasons=_codes(old),
        new_reasons=_codes(new),
    )


def _codes(result: int | Referred) -> tuple[str, ...]:
    return tuple(reason.code for reason in result.reasons) if isinstance(result, Referred) else ()
