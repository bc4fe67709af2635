"""The forms for another revision of a quote, read into what staff want to decide; and what their page shows."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, get_args

from services.dashboard.domain.approval import ApprovalProblem, open_approval
from services.dashboard.domain.case import Case
from services.dashboard.domain.new_decision import ChangeTerms, DecisionProblem, NewDecision, SetPremium
from services.dashboard.domain.new_decision import can_be_decided as _can_be_decided
from services.dashboard.domain.quote_terms import COVER, QuoteTerms, Terms, deviation, tariff_premium
from shared.events import ApprovalAsked, QuoteOffered

DecisionKind = Literal["terms", "premium", "approval"]
_KINDS: Final[dict[str, DecisionKind]] = {kind: kind for kind in get_args(DecisionKind)}
_TERM: Final = "term-"
_LONGEST: Final = 5_000
"""Characters that are shown again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedDecision:
    """What was typed into one of the forms, and why it was not decided. `overtaken`: somebody else did something."""

    kind: DecisionKind | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[DecisionProblem | ApprovalProblem, ...] = ()
    overtaken: bool = False

    def of(self, kind: DecisionKind, name: str, otherwise: object = "") -> str:
        """What to show in a field of the form *kind*: what was typed, or *otherwise*."""
        return self.fields.get(name, "") if kind == self.kind else str(otherwise)


def decision_in(fields: Mapping[str, str]) -> tuple[DecisionKind, NewDecision] | None:
    """None: the form is not one of ours."""
    kind, reason = _KINDS.get(fields.get("kind", "")), reason_in(fields)
    match kind:
        case "terms":
            chosen = {name.removeprefix(_TERM): value for name, value in fields.items() if name.startswith(_TERM)}
            return kind, ChangeTerms(chosen, reason)
        case "premium":
            return kind, SetPremium(_amount(fields.get("premium", "")), reason)
        case _:
            return None


def reason_in(fields: Mapping[str, str]) -> str:
    """The reason, with the line ends of our own."""
    return "\n".join(fields.get("reason", "")[:_LONGEST].splitlines())


def _amount(text: str) -> int | None:
    """`81,230円` as people type it, also in full width; None for anything but a whole number of 円."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("¥").removesuffix("円")
    digits = plain.replace(",", "").strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= len(str(10**12)) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePanel:
    """What the page shows about the next revision. `tariff_premium`: 円 a year for the terms as they are."""

    is_open: bool
    terms: QuoteTerms | None
    tariff_premium: int | None
    deviations: Mapping[int, Decimal]
    """How far each revision whose premium was set by hand is from the tariff's, in %."""
    asked: ApprovalAsked | None
    """What waits for somebody's approval."""

    def from_tariff(self, premium_yen: int) -> Decimal | None:
        """How far *premium_yen* is from the tariff's premium for the terms as they are, in %."""
        return None if self.tariff_premium is None else deviation(premium_yen, self.tariff_premium)

    def are_all(self, terms: Terms) -> bool:
        """Whether *terms* name the whole cover, as where a quote that had expired was made anew: nothing changed."""
        return terms.keys() >= set(COVER)


def panel_of(case: Case, terms: QuoteTerms | None) -> DecidePanel:
    """The panel of *case*."""
    return DecidePanel(
        is_open=_can_be_decided(case, terms),
        terms=terms,
        tariff_premium=tariff_premium(case.quotes),
        deviations=dict(_deviations(case)),
        asked=open_approval(case),
    )


def _deviations(case: Case) -> Iterator[tuple[int, Decimal]]:
    for number, quote in enumerate(case.quotes):
        if isinstance(quote, QuoteOffered) and quote.basis == "manual" and quote.head:
            of_tariff = tariff_premium(case.quotes[: number + 1])
            if of_tariff is not None:
                yield quote.revision, deviation(quote.head.premium, of_tariff)
