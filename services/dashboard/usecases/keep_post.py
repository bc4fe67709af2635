"""Keep what was typed when the session had ended before it was sent, and give it back after the next log-in."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.dashboard.domain.account import OWNER_KNOWN_FOR, KeptPost
from services.dashboard.ports.staff import KeptPosts, Sessions
from services.dashboard.usecases.log_in import digest_of
from shared.clock import Clock

KEPT_FOR: Final = timedelta(hours=1)
_MOST: Final = 20
"""For each account: whoever has copied the cookie of an ended session must not fill the database."""
_WORK: Final = re.compile(r"/cases(/[0-9A-Za-z_-]{1,64}){0,4}")
"""Only work on cases. A password or a code that was typed is never kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPost:
    """For the account whose session it was. Nothing is done: whoever logs in decides about it."""

    posts: KeptPosts
    sessions: Sessions
    now: Clock

    async def __call__(self, token: str, path: str, fields: Sequence[tuple[str, str]]) -> bool:
        """False: nothing is kept. Nothing was typed, nobody knows whose it is, or it is no work on a case."""
        is_work = token and fields and _WORK.fullmatch(path)
        account = await self.sessions.owner(digest_of(token), self.now() - OWNER_KNOWN_FOR) if is_work else None
        if account is None or len(await self.posts.of(account, self.now())) >= _MOST:
            return False
        post = KeptPost(id=secrets.token_hex(16), path=path, fields=tuple(fields))
        await self.posts.keep(account, post, self.now() + KEPT_FOR)
        return True

    async def of(self, account: str) -> Sequence[KeptPost]:
        """What was kept for *account*."""
        return await self.posts.of(account, self.now())

    async def take(self, account: str, post_id: str) -> KeptPost | None:
        """Give it out; the second of two who ask gets None."""
        return await self.posts.take(account, post_id, self.now())
