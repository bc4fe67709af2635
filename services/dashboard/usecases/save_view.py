"""Give a list a name, for oneself or for everybody."""

from collections.abc import Callable
from dataclasses import dataclass

from services.dashboard.domain.saved_view import LONGEST_NAME, MOST_OF_ONE, SavedView
from services.dashboard.ports.lists import SavedViews


@dataclass(frozen=True, slots=True)
class SaveView:
    """Only the list's address is kept: who may not see cases sees none by it."""

    views: SavedViews
    new_id: Callable[[], str]

    async def __call__(self, name: str, address: str, account: str, *, is_shared: bool) -> bool:
        """False: there is no name, it is too long, or *account* has very many views already."""
        name = " ".join(name.split())
        own = sum(view.owner == account for view in await self.views.of(account))
        if not 0 < len(name) <= LONGEST_NAME or own >= MOST_OF_ONE:
            return False
        view = SavedView(id=self.new_id(), name=name, address=address, owner=account, is_shared=is_shared)
        await self.views.add(view)
        return True
