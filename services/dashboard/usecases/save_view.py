"""Give a list a name, for oneself or for everybody."""

from collections.abc import Callable
from dataclasses import dataclass

from services.dashboard.domain.roles import Staff
from services.dashboard.domain.saved_view import SavedView, ViewProblem, view_problem
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.lists import SavedViews
from shared.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveView:
    """Only the list's address is kept: who may not see cases sees none by it."""

    views: SavedViews
    audit: Audit
    now: Clock
    new_id: Callable[[], str]

    async def __call__(self, name: str, address: str, account: str, *, is_shared: bool) -> ViewProblem | None:
        """Why it is not saved; None: it is."""
        name = " ".join(name.split())
        own = sum(view.owner == account for view in await self.views.of(account))
        if problem := view_problem(name, own):
            return problem
        view = SavedView(id=self.new_id(), name=name, address=address, owner=account, is_shared=is_shared)
        await self.audit.record("shared-view" if is_shared else "saved-view", self.now(), account, about=view.id)
        await self.views.add(view)
        return None


@dataclass(frozen=True, slots=True)
class RemoveView:
    """Forget a list's name."""

    views: SavedViews
    audit: Audit
    now: Clock

    async def __call__(self, view_id: str, staff: Staff) -> None:
        """One's own; an admin also one that is shared, because whoever shared it may have left. Safe to repeat."""
        also_shared = staff.may("keep-accounts")
        seen = {view.id for view in await self.views.of(staff.name) if also_shared or view.owner == staff.name}
        if view_id in seen:
            await self.audit.record("removed-view", self.now(), staff.name, about=view_id)
            await self.views.remove(view_id, staff.name, also_shared=also_shared)
