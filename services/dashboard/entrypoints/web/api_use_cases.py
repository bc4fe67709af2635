"""The use cases of the API, put together once for the real ports and for those of the tests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.dashboard.domain.case import Case
from services.dashboard.entrypoints.web.token_limiter import TokenLimiter
from services.dashboard.ports.api import Quotes, Tokens
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.cases import Cases, Summaries
from services.dashboard.usecases.read_cases import ReadCase, ReadCases, ReadContacts
from services.dashboard.usecases.read_quotes import ReadQuotes
from services.dashboard.usecases.tokens import CheckToken
from shared.clock import Clock
from shared.runtime.parcels import ParcelOpener


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiUseCases:
    """What the API works with."""

    check_token: CheckToken
    limiter: TokenLimiter
    read_cases: ReadCases
    read_case: ReadCase
    read_quotes: ReadQuotes
    quotes: Quotes

    @classmethod
    def on(
        cls,
        *,
        tokens: Tokens,
        cases: Cases,
        summaries: Summaries,
        quotes: Quotes,
        opener: ParcelOpener,
        audit: Audit,
        due: Callable[[Case], datetime | None],
        awaits_release: Callable[[Case], bool],
        now: Clock,
    ) -> "ApiUseCases":
        """On these ports."""
        contacts = ReadContacts(opener, audit, now)
        return cls(
            check_token=CheckToken(tokens, now),
            limiter=TokenLimiter(now),
            read_cases=ReadCases(summaries=summaries, cases=cases, contacts=contacts),
            read_case=ReadCase(cases=cases, contacts=contacts, due=due, awaits_release=awaits_release),
            read_quotes=ReadQuotes(quotes),
            quotes=quotes,
        )
