"""The cases that belong to one: what it was closed for, what was closed for it, and what may be the same wish."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.dashboard.domain.case import Case
from services.dashboard.domain.listing import Filter, Selection, Viewer
from services.dashboard.domain.related import WITHIN, are_alike, asked_for_alike
from services.dashboard.domain.search_keys import Search, SearchKeys
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.cases import Cases, Summaries, Window
from services.dashboard.usecases.open_case import OpenedCase, contacts_of, opened_case
from shared.clock import Clock
from shared.events.parcels import Contact
from shared.runtime.parcels import ParcelOpener

_MOST: Final = 20
"""More requests of one customer are no accident, and nobody reads on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """`goes_on`: the case that goes on in place of this one. `duplicates`: those that were closed for this one.

    `alike`: of the same product within `WITHIN`, by the mail address or telephone; nobody has said yet what they are.
    """

    goes_on: OpenedCase | None = None
    duplicates: Sequence[OpenedCase] = ()
    alike: Sequence[OpenedCase] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindRelated:
    """For the page of a case. Who saw which of the others is recorded before anything is returned."""

    cases: Cases
    summaries: Summaries
    opener: ParcelOpener
    keys: SearchKeys
    audit: Audit
    now: Clock

    async def __call__(self, opened: OpenedCase, account: str) -> Related:
        """Raises `Unavailable`."""
        case = opened.case
        request_id, closed = case.request.request_id, case.work.closed
        same_as = closed.same_as if closed else None
        closed_for_it = await self.cases.closed_as_same(request_id, _MOST)
        asked = [same_as] if same_as else [*closed_for_it, *await self._candidates(opened, account)]
        found = await self.cases.find_many([one for one in dict.fromkeys(asked) if one != request_id])
        others = [opened_case(self.opener, one) for one in found if isinstance(one, Case)]
        related = Related(
            goes_on=next((one for one in others if one.case.request.request_id == same_as), None),
            duplicates=[one for one in others if _is_closed_for(one, request_id)],
            alike=[
                one for one in others if not same_as and not _is_closed_for(one, request_id) and _is_alike(one, opened)
            ],
        )
        await self._record(related, account)
        return related

    async def _candidates(self, opened: OpenedCase, account: str) -> list[str]:
        """What the index finds; some of it may be something else."""
        contacts = _contacts(opened)
        if not contacts:
            return []
        asked = tuple(tuple(one) for contact in contacts for one in self.keys.of_query(asked_for_alike(contact)))
        at = opened.case.request.accepted_at
        search = Search(contacts[-1].email, asked)
        within = Filter(search=search, received_from=at - WITHIN, received_before=at + WITHIN)
        selection = Selection(viewer=Viewer(account=account, now=self.now()), filter=within)
        found = await self.summaries.page(selection, Window(), _MOST) if asked else ()
        return [one.request_id for one in found if one.product == opened.case.request.product]

    async def _record(self, related: Related, account: str) -> None:
        shown = [*([related.goes_on] if related.goes_on else []), *related.duplicates, *related.alike]
        if shown:
            seen = [one.case.request.request_id for one in shown]
            await self.audit.record("listed-cases", self.now(), account, seen=seen)


def _is_closed_for(other: OpenedCase, request_id: str) -> bool:
    closed = other.case.work.closed
    return closed is not None and closed.same_as == request_id


def _is_alike(other: OpenedCase, opened: OpenedCase) -> bool:
    """Also by the address that was corrected: who types it wrongly twice is one customer, and staff correct one."""
    return any(are_alike(one, another) for one in _contacts(other) for another in _contacts(opened))


def _contacts(opened: OpenedCase) -> list[Contact]:
    return [one for one in contacts_of(opened.request, opened.addresses) if one]
