"""What staff may decide about a quote: other terms of the cover, corrected answers, or a premium of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pydantic import ValidationError

from pricing.engine.cover import option
from pricing.engine.price import price
from pricing.engine.reading import read
from pricing.engine.result import Offered, Result, Working
from pricing.tariff import Tariff
from shared.errors import Invalid
from shared.events import Content
from shared.events.parcels import Answer, DecisionForRating

COVER_WITHOUT_RIDERS: Final = frozenset(
    {"plan", "liability_limit", "cost_limit", "liability_deductible", "cost_deductible"}
)
"""The form's keys of the terms that every priced cover has."""
LARGEST_PREMIUM_YEN: Final = 10**10

_WORD_BY_FIELD: Final = {
    "reason": "no-reason",
    "terms": "bad-terms",
    "premium": "bad-premium",
    "answers": "bad-answers",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """Changed terms by key, or corrected answers by key, or a premium in 円 without either; always with a reason."""

    changed: Mapping[str, Answer | None]
    premium_yen: int | None
    reason: str

    def applied_to(self, answers: Mapping[str, object]) -> dict[str, object]:
        """*answers* with what is changed, and without what is not asked any more."""
        return {key: value for key, value in {**answers, **self.changed}.items() if value is not None}


def read_decision(content: Content, tariff: Tariff) -> Decision:
    """The decision in rating's parcel.

    Raises `Invalid`: no-reason, terms-or-premium (not exactly one was decided), bad-premium, bad-terms, bad-answers.
    """
    try:
        # Strict: neither `true` nor 80000.0 is an amount.
        decided = DecisionForRating.model_validate(content, strict=True)
    except ValidationError as error:
        # If there are several errors: the first, in the order of the fields.
        raise Invalid(_WORD_BY_FIELD[str(error.errors()[0]["loc"][0])]) from None
    if not decided.reason.strip():
        raise Invalid("no-reason")
    if [decided.terms, decided.premium, decided.answers].count(None) != 2:  # noqa: PLR2004  # one of three
        raise Invalid("terms-or-premium")
    if decided.premium is not None and not 0 < decided.premium <= LARGEST_PREMIUM_YEN:
        raise Invalid("bad-premium")
    if decided.terms is not None and not _can_be_changed(decided.terms, tariff):
        raise Invalid("bad-terms")
    if decided.answers is not None and not _can_be_corrected(decided.answers, tariff):
        raise Invalid("bad-answers")
    return Decision(decided.terms or decided.answers or {}, decided.premium, decided.reason)


def _can_be_changed(terms: Mapping[str, str | int], tariff: Tariff) -> bool:
    """Only the cover and its riders: what was disclosed is the customer's own statement, and corrected as that."""
    return bool(terms) and all(
        _is_term(key) and key in tariff.questions and tariff.questions[key].read(value) is not None
        for key, value in terms.items()
    )


def _can_be_corrected(answers: Mapping[str, Answer | None], tariff: Tariff) -> bool:
    """Anything but the terms. An answer that no table reads is kept too: it is part of what was disclosed."""
    return bool(answers) and all(
        not _is_term(key)
        and (value is None or key not in tariff.questions or tariff.questions[key].read(value) is not None)
        for key, value in answers.items()
    )


def _is_term(key: str) -> bool:
    return key in COVER_WITHOUT_RIDERS or key.startswith("rider_")


def price_as_decided(answers: Mapping[str, object], decision: Decision, tariff: Tariff) -> Result:
    """The price of *answers* with the changed terms, or the premium that was set. Raises `Invalid`: no-cover."""
    if decision.premium_yen is None:
        return price(answers, tariff)
    reading = read(answers, tariff)
    if not reading.known.keys() >= COVER_WITHOUT_RIDERS:
        raise Invalid("no-cover")
    working = Working("手動で設定した保険料", "", None, Decimal(decision.premium_yen), "")
    head = option("chosen", reading.known, decision.premium_yen, tariff)
    return Offered(options=(head,), workings=(working,))
