"""Works again on records that were set aside: when their key is there, others did not understand them, or when asked.

Each service does it in its own process, with the same use cases as the first time; they are safe to repeat, also while
another process does the same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

import structlog

from shared.clock import Clock
from shared.errors import Invalid, Unavailable
from shared.runtime.dead_letters import DeadLetter, End
from shared.runtime.delivery import LONGEST_KEY_ID, WAIT_FOR_KEY
from shared.runtime.ends import ENDS
from shared.runtime.parcels import UnknownKey
from shared.runtime.waiting import tried_again

log = structlog.get_logger(__name__)

LOOK_EVERY_S: Final = 5.0
MOST_AT_ONCE: Final = 100
BY_KEY: Final = "key"
"""Who has ended a record that was worked on because its key came."""
BY_UPDATE: Final = "update"
"""Who has ended one that a process of the version before, or one with other products, did not understand."""


class Again(Protocol):
    """The records that wait for a key, and those that an operator has asked for. All raise `Unavailable`."""

    async def give_up_waiting(self, now: datetime) -> int:
        """Those that have waited for long enough are dead letters. Returns how many."""
        ...

    async def missing_keys(self) -> Sequence[str]:
        """The ids of the keys that records wait for."""
        ...

    async def waiting_for(self, key: str, limit: int) -> Sequence[DeadLetter]:
        """At most *limit* of those that wait for this key, the oldest first."""
        ...

    async def count_waiting(self) -> int:
        """How many wait for a key."""
        ...

    async def wait_for(self, letter_id: str, key: str, until: datetime) -> None:
        """Note that working on it again has shown that it needs this key."""
        ...

    async def ask_for_known(self, by: str) -> None:
        """Ask for those, as *by*, that were not understood by others, and that this process has not tried."""
        ...

    async def asked(self, limit: int) -> Sequence[tuple[DeadLetter, str]]:
        """At most *limit* of those that somebody has asked for, with who it was."""
        ...

    async def refuse(self, letter_id: str, reason: str) -> None:
        """Note that working on it again has failed: it waits for a person, also if it waited for a key."""
        ...

    async def end(self, letter_id: str, end: End, *, at: datetime, by: str) -> bool:
        """Note what became of it. False: somebody was faster."""
        ...


class WorkAgain:
    """Looks every few seconds for what can be worked on now. *count* is told how many records wait for a key."""

    def __init__(
        self, set_aside: Again, work: Callable[[DeadLetter], Awaitable[None]], now: Clock, count: Callable[[int], None]
    ) -> None:
        self._set_aside = set_aside
        self._work = work
        self._now = now
        self._count = count
        self._is_told = False

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with tried_again(log, "records not worked on again"):
                await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Work on everything that can be worked on now. Raises `Unavailable`."""
        # Not at the start only: beside this process one of the version before may go on setting them aside.
        await self._set_aside.ask_for_known(BY_UPDATE)
        for letter, by in await self._set_aside.asked(MOST_AT_ONCE):
            if (missing := await self._missing_key(letter, by)) is not None:
                await self._set_aside.wait_for(letter.id, missing, self._now() + WAIT_FOR_KEY)
        waiting = await self._set_aside.count_waiting()
        if waiting:
            await self._work_off_all()
            waiting = await self._set_aside.count_waiting()
        self._count(waiting)
        self._tell(waiting)

    async def _work_off_all(self) -> None:
        if given_up := await self._set_aside.give_up_waiting(self._now()):
            log.error("records set aside", reason="unknown-key", count=given_up)
        for key in await self._set_aside.missing_keys():
            await self._work_off(key)

    async def _work_off(self, key: str) -> None:
        """The oldest shows whether the key is there: without it, one record is tried at each look and not thousands."""
        while letters := await self._set_aside.waiting_for(key, MOST_AT_ONCE):
            for letter in letters:
                missing = await self._missing_key(letter, BY_KEY)
                if missing == key:
                    return
                if missing is not None:
                    await self._set_aside.wait_for(letter.id, missing, self._now() + WAIT_FOR_KEY)

    async def _missing_key(self, letter: DeadLetter, by: str) -> str | None:
        """Work on *letter* and note how that ended. Returns the id of the key that it has to wait for."""
        try:
            await self._work(letter)
        except UnknownKey as error:
            return error.key[:LONGEST_KEY_ID]
        except (Unavailable, *ENDS):
            raise
        except Invalid as error:
            await self._set_aside.refuse(letter.id, str(error))
        except BaseException as error:
            log.exception("dead letter failed again", topic=letter.topic, error=type(error).__name__)
            await self._set_aside.refuse(letter.id, type(error).__name__)
        else:
            await self._set_aside.end(letter.id, "retried", at=self._now(), by=by)
            log.info("dead letter retried", topic=letter.topic, account=by)
        return None

    def _tell(self, waiting: int) -> None:
        """Once when the first waits, and once when none does any more."""
        if waiting and not self._is_told:
            log.error("records wait for a key", reason="unknown-key", count=waiting)
        elif self._is_told and not waiting:
            log.warning("no record waits for a key any more")
        self._is_told = waiting > 0
