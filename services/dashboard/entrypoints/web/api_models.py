"""The bodies of the API: what of a case and a quote another program is told (`docs/openapi-dashboard.json`).

Within `/api/v1` fields are only added. Amounts are whole 円 a year, moments are UTC.
"""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final, Literal

from pydantic import BaseModel

from services.dashboard.domain.case import BrokenCase, Case, State
from services.dashboard.domain.letters import MailState
from services.dashboard.domain.quote_listing import Quote, QuoteOutcome, outcome_of
from services.dashboard.domain.summary import Brochure
from services.dashboard.usecases.read_cases import CaseRecord
from shared.events import CaseOutcome, Change, Grid, LetterKind, Option, QuoteOffered, TariffRef
from shared.events.parcels import Contact


class CaseJson(BaseModel):
    """One case, as the list of the desk has it."""

    request_id: str
    reception_no: str
    product: str
    accepted_at: datetime
    changed_at: datetime
    state: State
    brochure: Brochure
    wants_quote: bool
    industry: str | None
    turnover_band: str | None
    premium_yen: int | None
    mail: MailState
    has_failed_letters: bool
    is_held: bool
    suspicions: tuple[str, ...]
    assignee: str | None
    """The account of the member of staff who is responsible."""
    closed_as: CaseOutcome | None
    is_open: bool
    is_contacted: bool
    """Somebody has reached the customer: a call that nobody answered is none."""
    call_again_at: datetime | None
    must_post: bool
    must_check: bool
    due_at: datetime | None
    is_broken: bool
    """Part of what is stored cannot be read."""
    contact: Contact | None
    """Null without `cases:contact`, and where it cannot be opened."""


class LetterJson(BaseModel):
    """One mail of a case."""

    kind: LetterKind
    state: MailState
    at: datetime | None


class CaseInFull(CaseJson):
    """One case with its quotes and mails."""

    quotes: tuple[str, ...]
    """Ids, in the order of their revisions."""
    letters: tuple[LetterJson, ...]


class CasePage(BaseModel):
    """One page of cases. The next one is in the header `Link`."""

    cases: tuple[CaseJson, ...]


class QuoteJson(BaseModel):
    """One revision of a quote. Without a price (`referred`) it has neither an end nor options."""

    quote_id: str
    request_id: str
    reception_no: str
    product: str
    revision: int
    outcome: QuoteOutcome
    issued_at: datetime
    tariff: TariffRef
    engine: str
    basis: Literal["tariff", "manual"] | None = None
    expires_on: date | None = None
    currency: str | None = None
    options: tuple[Option, ...] = ()
    changes: tuple[Change, ...] = ()
    grids: tuple[Grid, ...] = ()


class QuotePage(BaseModel):
    """One page of quotes. The next one is in the header `Link`."""

    quotes: tuple[QuoteJson, ...]


_OF_OFFERS: Final = ("basis", "expires_on", "currency", "options", "changes", "grids")
_OF_ALL: Final = ("quote_id", "request_id", "reception_no", "product", "revision", "issued_at", "tariff", "engine")


def case_json(record: CaseRecord) -> CaseJson:
    """*record*, as it is sent."""
    return CaseJson(**_fields(record))


def case_in_full(record: CaseRecord, case: Case | BrokenCase) -> CaseInFull:
    """*record*, with what only its facts have."""
    quotes, letters = ((), ()) if isinstance(case, BrokenCase) else (case.quotes, case.letters)
    return CaseInFull(
        **_fields(record),
        quotes=tuple(quote.quote_id for quote in quotes),
        letters=tuple(LetterJson(kind=one.kind, state=one.state, at=one.at) for one in letters),
    )


def quote_json(quote: Quote) -> QuoteJson:
    """*quote*, without its parcels."""
    names = (*_OF_ALL, *(_OF_OFFERS if isinstance(quote, QuoteOffered) else ()))
    told: dict[str, Any] = {name: getattr(quote, name) for name in names}
    return QuoteJson(**told, outcome=outcome_of(quote))


def _fields(record: CaseRecord) -> dict[str, Any]:
    one = record.summary
    return asdict(one) | {"is_open": one.is_open, "must_check": one.must_check, "contact": record.contact}
