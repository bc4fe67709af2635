"""Know who else looks at a case, so that two people do not work on it without knowing of each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.dashboard.ports.live import Look, Looks
from shared.clock import Clock

COUNTS_FOR: Final = timedelta(seconds=15)
"""A page that is in front says so every 5 seconds; a browser may be late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """Who else looks at a case, by name; those who have typed something are not named twice."""

    looking: tuple[str, ...] = ()
    typing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LookAtCase:
    """Note who looks, and tell who does."""

    looks: Looks
    now: Clock

    async def __call__(self, look: Look) -> None:
        """The page is in front of somebody."""
        await self.looks.note(look, self.now() + COUNTS_FOR)

    async def end(self, request_id: str, account: str, tab: str) -> None:
        """It is not any more."""
        await self.looks.end(request_id, account, tab)

    async def others(self, request_ids: Sequence[str], account: str) -> Mapping[str, Others]:
        """Who but *account* looks at each of them; without those at which nobody looks."""
        found = [look for look in await self.looks.at(request_ids, self.now()) if look.account != account]
        return {one: _others([look for look in found if look.request_id == one]) for one in _ids(found)}


def _ids(looks: Sequence[Look]) -> set[str]:
    return {look.request_id for look in looks}


def _others(looks: Sequence[Look]) -> Others:
    typing = {look.account for look in looks if look.is_typing}
    return Others(looking=tuple(sorted({look.account for look in looks} - typing)), typing=tuple(sorted(typing)))
