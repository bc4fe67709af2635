"""What staff keep of lists: under a name, and the same work on every case of one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.dashboard.domain.bulk import BulkRun
from services.dashboard.domain.saved_view import SavedView


class SavedViews(Protocol):
    """The lists that staff have given a name."""

    async def add(self, view: SavedView) -> None:
        """Keep *view*."""
        ...

    async def of(self, account: str) -> Sequence[SavedView]:
        """Those of *account*, and those that are shared, by name."""
        ...

    async def remove(self, view_id: str, account: str, *, also_shared: bool = False) -> None:
        """Forget a view of *account*, or one that is shared if that may be too; those of others stay."""
        ...


class BulkRuns(Protocol):
    """Work on many cases, with how far each run is."""

    async def add(self, run: BulkRun, until: datetime) -> None:
        """Keep a run that was proposed, *until* then."""
        ...

    async def find(self, run_id: str, now: datetime) -> BulkRun | None:
        """The run as it is."""
        ...

    async def take(self, run_id: str, now: datetime, until: datetime) -> bool:
        """Be the only one to work on it *until* this moment. False: somebody else is at it."""
        ...

    async def note(self, run_id: str, request_id: str, reason: str | None, until: datetime) -> None:
        """The next case was tried, and it was not done for *reason*, if there is one. Be at it *until* this moment."""
        ...

    async def stop(self, run_id: str) -> None:
        """It ends here, and nobody goes on with it."""
        ...

    async def release(self, run_id: str) -> None:
        """Nobody is at it."""
        ...
