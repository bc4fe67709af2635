"""Which quotes another program asks for; the newest come first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.events import QuoteOffered, QuoteReferred

Quote = QuoteOffered | QuoteReferred


class QuoteOutcome(StrEnum):
    """How a revision ended."""

    OFFERED = "offered"
    REFERRED = "referred"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFilter:
    """What must be true of a quote. An empty set is no condition, and neither is None."""

    outcomes: frozenset[QuoteOutcome] = frozenset()
    request_id: str | None = None
    issued_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """Where a quote stands in their order."""

    issued_at: datetime
    quote_id: str


def outcome_of(quote: Quote) -> QuoteOutcome:
    """How *quote* ended."""
    return QuoteOutcome.OFFERED if isinstance(quote, QuoteOffered) else QuoteOutcome.REFERRED
