"""What a program may ask of the lists, and the cursors that lead from page to page.

Unlike on the pages, what makes no sense is refused: a mistyped filter would return everything.
"""

import base64
import binascii
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.dashboard.domain.case import State
from services.dashboard.domain.listing import Filter, Order, Selection, Tab, Viewer
from services.dashboard.domain.quote_listing import QuoteFilter, QuoteOutcome, QuotePlace
from services.dashboard.domain.summary import Brochure
from services.dashboard.entrypoints.web.list_query import moment_at
from services.dashboard.ports.cases import Place
from shared.events.base import Moment
from shared.web.problems import HttpProblem

MOST_ON_A_PAGE: Final = 200
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_VALUES: Final = 20
_LARGEST: Final = 2**53
_OF_QUOTES: Final = "issued"
_KEY: Final = re.compile(r"[0-9A-Za-z-]{1,64}(:r[0-9]{1,9})?")
"""The id of a request, or of a revision of its quote."""


def _written_out(text: object) -> object:
    """Pydantic takes a bare number for seconds since 1970."""
    if isinstance(text, str) and "T" not in text.upper():
        raise ValueError("must be written as 2026-11-23T03:00:00Z")
    return text


Asked = Annotated[Moment, BeforeValidator(_written_out)]
"""A moment in a question, with its zone."""
Yen = Field(default=None, ge=0, le=999_999_999_999)
Name = Field(default=(), max_length=_MOST_VALUES)


class _Query(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=50, ge=1, le=MOST_ON_A_PAGE)
    after: str = Field(default="", max_length=400)
    """The cursor in the `Link` of the page before."""


class CaseQuery(_Query):
    """The filters of the list on the desk. Of several values of one filter, one is enough."""

    tab: Literal["overdue", "today", "unanswered", "check", "approve", "on-hold", "post", "all"] = "all"
    state: tuple[State, ...] = Name
    brochure: tuple[Brochure, ...] = Name
    industry: tuple[str, ...] = Name
    assignee: tuple[str, ...] = Name
    """Accounts of staff; `-` for cases that nobody is responsible for."""
    premium_from: int | None = Yen
    premium_to: int | None = Yen
    received_since: Asked | None = None
    received_before: Asked | None = None
    changed_since: Asked | None = None
    open: bool | None = None
    check: bool = False
    suspicious: bool = False
    failed: bool = False
    order: Order = Order.NEWEST

    def selection(self, now: datetime) -> Selection:
        """The same, as the list takes it."""
        wanted = Filter(
            states=frozenset(self.state),
            brochures=frozenset(self.brochure),
            industries=frozenset(self.industry),
            assignees=frozenset(self.assignee),
            premium_from=self.premium_from,
            premium_to=self.premium_to,
            received_from=self.received_since,
            received_before=self.received_before,
            changed_from=self.changed_since,
            is_open=self.open,
            must_check=self.check,
            is_suspicious=self.suspicious,
            has_failed_letters=self.failed,
        )
        return Selection(viewer=Viewer(account="", now=now), tab=Tab(self.tab), filter=wanted, order=self.order)

    @property
    def place(self) -> Place | None:
        """Where the page begins. Raises `HttpProblem` for what is no cursor, or one of another order."""
        if not self.after:
            return None
        number, request_id = _read(self.after, self.order)
        return Place(number if self.order is Order.PREMIUM else _moment(number), request_id)

    def cursor(self, place: Place) -> str:
        """The `after` that leads to *place*."""
        value = place.value if isinstance(place.value, int) else _number(place.value)
        return _write(self.order, value, place.request_id)


class QuoteQuery(_Query):
    """Quotes come with the newest first."""

    outcome: tuple[QuoteOutcome, ...] = Name
    request_id: str | None = Field(default=None, max_length=64)
    changed_since: Asked | None = None
    """A quote never changes: this is when it was issued."""

    @property
    def wanted(self) -> QuoteFilter:
        """The same, as the port takes it."""
        return QuoteFilter(outcomes=frozenset(self.outcome), request_id=self.request_id, issued_from=self.changed_since)

    @property
    def place(self) -> QuotePlace | None:
        """Where the page begins. Raises `HttpProblem` for what is no cursor."""
        if not self.after:
            return None
        number, quote_id = _read(self.after, _OF_QUOTES)
        return QuotePlace(_moment(number), quote_id)

    def cursor(self, place: QuotePlace) -> str:
        """The `after` that leads to *place*."""
        return _write(_OF_QUOTES, _number(place.issued_at), place.quote_id)


def _write(order: str, number: int, key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([order, number, key]).encode()).decode().rstrip("=")


def _read(cursor: str, order: str) -> tuple[int, str]:
    try:
        found = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        found = None
    match found:
        case [str(of), int(number), str(key)] if of == order and 0 <= number < _LARGEST and _KEY.fullmatch(key):
            return number, key
        case _:
            raise HttpProblem(422, "bad-cursor")


def _moment(number: int) -> datetime:
    if (moment := moment_at(number)) is None:
        raise HttpProblem(422, "bad-cursor")
    return moment


def _number(moment: datetime) -> int:
    """Milliseconds since 1970, as MongoDB keeps moments."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)
