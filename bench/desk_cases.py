"""Made-up cases of every kind for the desk's benchmark."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from bench.companies import company
from services.dashboard.domain.facts import Fact
from shared.events import (
    CaseAssigned,
    CaseClosed,
    CustomerContacted,
    LetterFailed,
    LetterSent,
    Option,
    QuoteOffered,
    QuoteReferred,
    RequestReceived,
    Segment,
    TariffRef,
    Wishes,
)
from shared.events.parcels import RequestForDesk
from shared.runtime.parcels import Sealer

_INDUSTRIES: Final = ("manufacturing", "construction", "wholesale", "retail", "restaurant", "it", "other")
_STAFF: Final = ("hanako", "taro", "jiro", None)


def facts_of(number: int, now: datetime, sealer: Sealer) -> Iterator[Fact]:
    """The facts of case *number*: one every few minutes of the last two years, most of them closed."""
    at = now - timedelta(minutes=5 * number)
    head: dict[str, Any] = {"request_id": f"{number * 7919 % 1_000_003:08}-bench-{number}"}
    named = {**head, "reception_no": f"B{number:07}", "product": "cyber-security"}
    wants_quote = number % 5 != 0
    yield RequestReceived(
        **named,
        form_version="bench",
        accepted_at=at,
        wishes=Wishes(brochure=("email", "post", "none")[number % 3] if wants_quote else "email", quote=wants_quote),
        segment=Segment(industry=_INDUSTRIES[number % 7], turnover_band="1-5oku") if wants_quote else None,
        suspicions=("too-fast",) if number % 50 == 0 else (),
        parcels={"desk": sealer.seal("desk", RequestForDesk(contact=company(number), answers={}))},
    )
    if wants_quote:
        yield _quote(number, {**named, "issued_at": at + timedelta(seconds=1)})
    letter = {**named, "letter_id": f"{number}:receipt", "kind": "receipt"}
    if number % 40 == 0:
        yield LetterFailed(**letter, failed_at=at + timedelta(seconds=3), attempts=2, reply_code=550)
    else:
        yield LetterSent(**letter, sent_at=at + timedelta(seconds=3), attempts=1)
    yield from _work(number, head, at)


def _quote(number: int, head: dict[str, Any]) -> Fact:
    head |= {
        "quote_id": f"{number}:r1",
        "revision": 1,
        "tariff": TariffRef(id="2026-10-01", sha256="ab" * 32),
        "engine": "1.0.0",
        "parcels": {},
    }
    if number % 8 == 0:
        return QuoteReferred(**head)
    option = Option(
        plan="basic",
        liability_limit=100_000_000,
        cost_limit=30_000_000,
        liability_deductible=100_000,
        cost_deductible=0,
        riders=(),
        premium=50_000 + number * 37 % 900_000 // 10 * 10,
        chosen=True,
    )
    return QuoteOffered(**head, expires_on=date(2026, 12, 23), options=(option,))


def _work(number: int, head: dict[str, Any], at: datetime) -> Iterator[Fact]:
    """The newest thousand are as they came; of the others every twentieth is still open."""
    if number < 1_000:  # noqa: PLR2004  # see above
        return

    def by(what: str, minutes: int) -> dict[str, Any]:
        return {
            **head,
            "decision_id": f"{number}:{what}",
            "decided_at": at + timedelta(minutes=minutes),
            "decided_by": "hanako",
        }

    yield CaseAssigned(**by("assigned", 10), assignee=_STAFF[number % 4])
    yield CustomerContacted(**by("contacted", 30), outcome="reached")
    if number % 20:
        yield CaseClosed(**by("closed", 90), outcome="finished")
