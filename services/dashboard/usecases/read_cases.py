"""Read cases for another program: the read model's summaries, and contacts only for a token that allows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.dashboard.domain.case import BrokenCase, Case
from services.dashboard.domain.listing import Selection, sort_value
from services.dashboard.domain.summary import CaseSummary, summary_of, summary_of_unreadable
from services.dashboard.domain.token import ApiToken, Scope
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.cases import Cases, Place, Summaries, Window
from services.dashboard.usecases.open_case import contact_now, open_addresses, open_followed, open_request
from shared.clock import Clock
from shared.events.parcels import Contact
from shared.runtime.parcels import ParcelOpener


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """A case for another program. `contact`: None without the scope, and where it cannot be opened."""

    summary: CaseSummary
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class ReadContacts:
    """Opens contacts. Who read whose is recorded before anything is returned."""

    opener: ParcelOpener
    audit: Audit
    now: Clock

    async def __call__(self, cases: Sequence[Case | BrokenCase], token: ApiToken) -> dict[str, Contact]:
        """By the request's id; empty without the scope."""
        whole = [case for case in cases if isinstance(case, Case)]
        if not whole or Scope.CASES_CONTACT not in token.scopes:
            return {}
        seen = [case.request.request_id for case in whole]
        one, many = (seen[0], []) if len(seen) == 1 else (None, seen)
        await self.audit.record("read-contacts", self.now(), token.audited_as, one, seen=many)
        opened = {
            case.request.request_id: contact_now(open_request(self.opener, case), open_addresses(self.opener, case))
            for case in whole
        }
        return {request_id: contact for request_id, contact in opened.items() if contact}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCases:
    """One page of cases."""

    summaries: Summaries
    cases: Cases
    contacts: ReadContacts

    async def __call__(
        self, selection: Selection, after: Place | None, limit: int, token: ApiToken
    ) -> tuple[tuple[CaseRecord, ...], Place | None]:
        """The cases, and where the next page begins; None when there is none."""
        # One more than is shown: it says whether there is another page.
        found = await self.summaries.page(selection, Window(after=after), limit + 1)
        shown = found[:limit]
        contacts = {}
        if Scope.CASES_CONTACT in token.scopes:
            contacts = await self.contacts(await self.cases.find_many([one.request_id for one in shown]), token)
        records = tuple(CaseRecord(summary=one, contact=contacts.get(one.request_id)) for one in shown)
        value = sort_value(shown[-1], selection.order) if len(found) > limit else None
        return records, None if value is None else Place(value, shown[-1].request_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCase:
    """One case, from its facts. `due`, `awaits_release`: as in `SummariseCases`."""

    cases: Cases
    contacts: ReadContacts
    due: Callable[[Case], datetime | None]
    awaits_release: Callable[[Case], bool]

    async def __call__(self, request_id: str, token: ApiToken) -> tuple[CaseRecord, Case | BrokenCase] | None:
        """None: no such case, or its request has not arrived yet."""
        case = await self.cases.find(request_id)
        if case is None:
            return None
        contacts = await self.contacts([case], token)
        if isinstance(case, BrokenCase):
            summary = summary_of_unreadable(case)
        else:
            decisions = open_followed(self.contacts.opener, case)
            summary = summary_of(case, self.due(case), None, decisions, awaits_release=self.awaits_release(case))
        return CaseRecord(summary=summary, contact=contacts.get(request_id)), case
