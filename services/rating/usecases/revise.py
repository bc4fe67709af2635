"""Another revision of a quote, as the desk decided: other terms of the cover, or a premium that staff set.

It stands beside the one before it, which is never touched, and is priced with the edition of that one: a tariff that
came into force in between is no reason for another price.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from pricing.engine.cover import option
from pricing.engine.price import price
from pricing.engine.quote import Offered, Result, Working
from pricing.engine.reading import read
from pricing.tariff import Tariff
from services.rating.ports import Editions, Kept, Quotes
from services.rating.usecases.draft import DraftQuote, Priced, Subject
from services.rating.usecases.editions import tariff_in
from services.rating.usecases.rate import answers_in, tell
from shared.errors import Invalid
from shared.events import QuoteDecided
from shared.runtime.parcels import ParcelOpener, Sealer

COVER: Final = frozenset({"plan", "liability_limit", "cost_limit", "liability_deductible", "cost_deductible"})
LARGEST_PREMIUM_YEN: Final = 10**10


@dataclass(frozen=True, slots=True)
class Decision:
    """What staff want: changed terms or a premium, and why."""

    terms: Mapping[str, str | int]
    premium_yen: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReviseQuote:
    """Make the revision that was decided on. Safe to repeat: a decision makes one quote."""

    opener: ParcelOpener
    sealer: Sealer
    draft: DraftQuote
    quotes: Quotes
    editions: Editions

    async def __call__(self, event: QuoteDecided) -> None:
        """Raises `Invalid`, whose word says what is wrong with the decision, or `Unavailable`."""
        before = await self.quotes.revision(event.request_id, event.revision - 1)
        if before is None:
            raise Invalid("no-such-quote")
        priced = await self._edition(before)
        decision = self._decision(event, priced.tariff)
        answers = {**answers_in(before.answers, self.opener), **decision.terms}
        result = _result(answers, decision, priced.tariff)
        subject = Subject(
            request_id=before.request_id,
            reception_no=before.reception_no,
            product=before.product,
            revision=event.revision,
            form_version=before.form_version,
            answers=self.sealer.seal("rating", {"answers": answers}),
            decision=event.decision_id,
            note=decision.reason,
            is_manual=decision.premium_yen is not None,
        )
        quote = self.draft(subject, result, priced)
        is_new = await self.quotes.keep(quote)
        if not is_new:
            stands = await self.quotes.revision(event.request_id, event.revision)
            if stands is None or stands.decision != event.decision_id:
                # Two people decided at once. The one who came second must hear of it.
                raise Invalid("revision-taken")
        tell(quote, is_new=is_new, reasons=len(getattr(result, "reasons", ())))

    async def _edition(self, before: Kept) -> Priced:
        edition = await self.editions.get(before.edition) if before.edition else None
        if edition is None:
            raise Invalid("no-edition")
        return Priced(edition, tariff_in(edition), before.tariff_sha256)

    def _decision(self, event: QuoteDecided, tariff: Tariff) -> Decision:
        parcel = event.parcels.get("rating")
        if parcel is None:
            raise Invalid("no-parcel")
        content = self.opener.open(parcel)
        reason, terms, premium = content.get("reason"), content.get("terms"), content.get("premium")
        if not isinstance(reason, str) or not reason.strip():
            raise Invalid("no-reason")
        if (terms is None) == (premium is None):
            raise Invalid("terms-or-premium")
        if premium is not None:
            return Decision({}, _premium(premium), reason)
        return Decision(_terms(terms, tariff), None, reason)


def _premium(given: object) -> int:
    if type(given) is not int or not 0 < given <= LARGEST_PREMIUM_YEN:
        raise Invalid("bad-premium")
    return given


def _terms(given: object, tariff: Tariff) -> dict[str, str | int]:
    """Only the cover can be changed at the desk: what was disclosed is the customer's word."""
    if not isinstance(given, dict) or not given:
        raise Invalid("bad-terms")
    terms: dict[str, Any] = {}
    for key, value in given.items():
        question = tariff.questions.get(key)
        if question is None or not (key in COVER or key.startswith("rider_")) or question.read(value) is None:
            raise Invalid("bad-terms")
        terms[key] = value
    return terms


def _result(answers: Mapping[str, object], decision: Decision, tariff: Tariff) -> Result:
    if decision.premium_yen is None:
        return price(answers, tariff)
    reading = read(answers, tariff)
    if not reading.known.keys() >= COVER:
        raise Invalid("no-cover")
    working = Working("手動で設定した保険料", "", None, Decimal(decision.premium_yen), "")
    return Offered((option("chosen", reading.known, decision.premium_yen, tariff),), (working,))
