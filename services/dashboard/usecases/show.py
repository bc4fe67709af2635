"""Show cases to staff: the only place where the desk's parcels are opened."""

from dataclasses import dataclass
from typing import Final, TypeVar

import structlog
from pydantic import BaseModel, ValidationError

from services.dashboard.domain.case import Case, State
from services.dashboard.domain.contents import CannotBeOpened, QuoteContents, RequestContents
from services.dashboard.ports import Audit, Cases, Unsealer
from shared.clock import Clock
from shared.errors import Invalid
from shared.events import Parcel

log = structlog.get_logger(__name__)

PAGE_SIZE: Final = 50

_Contents = TypeVar("_Contents", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case with its parcels opened. A parcel that cannot be opened hides itself, not the case."""

    case: Case
    request: RequestContents | CannotBeOpened
    quote: QuoteContents | CannotBeOpened | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list; `number` and `pages` count from one."""

    rows: tuple[OpenedCase, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class ListCases:
    """One page of cases, newest first."""

    cases: Cases
    unsealer: Unsealer

    async def __call__(self, state: State | None, number: int, *, suspicious: bool = False) -> Listing:
        """A number beyond the last page is an empty page."""
        found = await self.cases.page(state, (number - 1) * PAGE_SIZE, PAGE_SIZE, suspicious=suspicious)
        rows = tuple(
            OpenedCase(case, _opened(self.unsealer, case.request.parcels, RequestContents)) for case in found.cases
        )
        return Listing(rows, found.total, number, max(1, -(-found.total // PAGE_SIZE)))


@dataclass(frozen=True, slots=True)
class ShowCase:
    """One case with everything in it. Who looked is noted before anything is shown."""

    cases: Cases
    unsealer: Unsealer
    audit: Audit
    now: Clock

    async def __call__(self, request_id: str, account: str) -> OpenedCase | None:
        """None: no such case, or its request has not arrived yet."""
        case = await self.cases.find(request_id)
        if case is None:
            return None
        await self.audit.note("opened-case", self.now(), account, request_id)
        return OpenedCase(
            case,
            request=_opened(self.unsealer, case.request.parcels, RequestContents),
            quote=_opened(self.unsealer, case.quote.parcels, QuoteContents) if case.quote else None,
        )


def _opened(unsealer: Unsealer, parcels: dict[str, Parcel], contents: type[_Contents]) -> _Contents | CannotBeOpened:
    parcel = parcels.get("desk")
    if parcel is None:
        return CannotBeOpened("no-parcel")
    try:
        return contents.model_validate(unsealer.open(parcel))
    except Invalid as error:
        log.warning("parcel not opened", reason=str(error))
        return CannotBeOpened(str(error))
    except ValidationError:
        log.warning("parcel not opened", reason="bad-contents")
        return CannotBeOpened("bad-contents")
