"""The door through which time comes in: letters that wait are taken to the mail server, one by one.

Woken after every letter that is written, and every half second in any case. Four postmen walk in each process, and
any number of processes may run: which of them sends a letter is decided by the attempts, never here.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog

from services.notify.ports import Letter, Letters, Post
from services.notify.usecases.figures import PENDING
from shared.clock import Clock
from shared.errors import Unavailable

log = structlog.get_logger(__name__)

POSTMEN = 4
POLL_S = 0.5
MEASURE_S = 5.0
LAST_LETTER_S = 10.0
WAITS_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
SET_ASIDE = timedelta(minutes=1)


Deliver = Callable[[Letter, Post], Awaitable[None]]
"""Brings one letter as far as it goes now. Raises `Unavailable`."""


class News:
    """There is a new letter: each piece of news gets one postman up, for all of them would look for the same one."""

    def __init__(self) -> None:
        self._untold: asyncio.Queue[None] = asyncio.Queue(POSTMEN)

    def spread(self) -> None:
        """There is a new letter. When as many postmen as there are will get up anyway, they will find it."""
        with suppress(asyncio.QueueFull):
            self._untold.put_nowait(None)

    async def wait(self, most_s: float) -> None:
        """Until there is news for this listener, or *most_s* seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._untold.get(), most_s)


class Postmen:
    """Deliver what is due until stopped. While something is away they wait, and no letter loses a try by it."""

    def __init__(
        self,
        letters: Letters,
        deliver: Deliver,
        new_post: Callable[[], Post],
        news: News,
        now: Clock,
        *,
        waits_s: Sequence[float] = WAITS_S,
    ) -> None:
        self._letters = letters
        self._deliver = deliver
        self._new_post = new_post
        self._now = now
        self._waits_s = waits_s
        self._in_hand: set[str] = set()
        self._news = news
        self._stopping = asyncio.Event()

    @asynccontextmanager
    async def walking(self) -> AsyncIterator[None]:
        """Deliver while the block runs; at its end finish the letters in hand, and no others."""
        walks = [*(self._walk() for _ in range(POSTMEN)), self._measure()]
        tasks = [asyncio.ensure_future(walk) for walk in walks]
        try:
            yield
        finally:
            self._stopping.set()
            for _ in range(POSTMEN):
                self._news.spread()
            _, late = await asyncio.wait(tasks, timeout=LAST_LETTER_S)
            for task in late:
                task.cancel()

    async def round(self, post: Post) -> None:
        """Deliver until nothing is due that is not in another postman's hand. Raises `Unavailable`."""
        while not self._stopping.is_set():
            letter = await self._letters.next_due(self._now(), self._in_hand)
            if letter is None:
                return
            if letter.id in self._in_hand:
                # The other one looked at the same moment and was quicker.
                continue
            self._in_hand.add(letter.id)
            try:
                await self._carry(letter, post)
            finally:
                self._in_hand.discard(letter.id)

    async def _carry(self, letter: Letter, post: Post) -> None:
        try:
            await self._deliver(letter, post)
        except Unavailable:
            raise
        except Exception as error:
            # A bug that one letter trips over must not hold up the others.
            log.exception("letter set aside", letter_id=letter.id, kind=letter.kind, error=type(error).__name__)
            await self._letters.look_again(letter, self._now() + SET_ASIDE)

    async def _walk(self) -> None:
        post, failures = self._new_post(), 0
        try:
            while not self._stopping.is_set():
                if await self._went_well(post, failures):
                    failures = 0
                    await self._news.wait(POLL_S)
                else:
                    # News is no reason to hurry: what is away stays away.
                    await _until(self._stopping, self._waits_s[min(failures, len(self._waits_s) - 1)])
                    failures += 1
        finally:
            await post.hang_up()

    async def _went_well(self, post: Post, failures: int) -> bool:
        try:
            await self.round(post)
        except Unavailable as error:
            log.warning("letters wait", reason=str(error), tries=failures)
        except Exception as error:
            # Nobody would miss a postman who gave up, only the letters.
            log.exception("letters wait", error=type(error).__name__, tries=failures)
        else:
            return True
        return False

    async def _measure(self) -> None:
        while not self._stopping.is_set():
            with suppress(Unavailable):
                PENDING.set(await self._letters.pending())
            await _until(self._stopping, MEASURE_S)


async def _until(event: asyncio.Event, most_s: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), most_s)
