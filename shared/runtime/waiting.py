"""Waiting: for an event with a time limit, after a failure for the next try, between two looks, and for company."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from structlog.stdlib import BoundLogger

from shared.errors import Unavailable

_Result = TypeVar("_Result")


async def wait_for(event: asyncio.Event, at_most_s: float) -> bool:
    """Wait until *event* is set, but at most *at_most_s* seconds. Returns whether it is set."""
    # Not asyncio.wait_for: in Python 3.11 it can lose a cancellation that comes together with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(at_most_s):
            await event.wait()
    return event.is_set()


@dataclass(frozen=True, slots=True)
class Backoff:
    """How many seconds to wait after each failure in a row; after the last number, that number again."""

    waits_s: tuple[float, ...]

    def after(self, failures: int) -> float:
        """The wait after one more failure, when there were *failures* in a row before. There is always a next try."""
        return self.waits_s[min(failures, len(self.waits_s) - 1)]

    def tries(self) -> Iterator[float | None]:
        """One item for each try: how long to wait if it fails. None for the last try: after it, give up."""
        yield from self.waits_s
        yield None


@contextmanager
def tried_again(log: BoundLogger, what: str, **about: str) -> Iterator[None]:
    """One of many tries: a failure is logged as *what*, and not raised, because the task tries again later.

    While the database is away this is a warning. A bug is an error, and does not end the task either: its process would
    end with it, or nobody would notice that its work is not done any more.
    """
    try:
        yield
    except Unavailable as error:
        log.warning(what, **about, reason=str(error))
    except Exception as error:
        log.exception(what, **about, error=type(error).__name__)


async def regularly(
    work: Callable[[], Awaitable[None]], log: BoundLogger, what: str, *, every_s: float, share: float = 1.0
) -> None:
    """Do *work* until cancelled, each time *every_s* after the last; a failure is logged as *what* (`tried_again`).

    It takes this *share* of the time at most: after a long one the next comes later. A failure delays nothing.
    """
    loop = asyncio.get_running_loop()
    while True:
        took_s = 0.0
        with tried_again(log, what):
            began = loop.time()
            await work()
            took_s = loop.time() - began
        await asyncio.sleep(max(every_s, took_s / share - took_s))


class Pause:
    """The least time from one look to the next: what comes in the meantime goes together."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = 0.0

    def begin(self) -> None:
        """From now on."""
        self._until = asyncio.get_running_loop().time() + self._seconds

    async def over(self) -> None:
        """Return when it is over, at once if it is already."""
        left_s = self._until - asyncio.get_running_loop().time()
        if left_s > 0:
            await asyncio.sleep(left_s)


class Linger:
    """Whoever comes within *seconds* of the first goes on in the same turn of the event loop as that one."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end: asyncio.Future[None] | None = None

    async def over(self) -> None:
        """Return at that moment."""
        if self._end is None:
            loop = asyncio.get_running_loop()
            self._end = loop.create_future()
            loop.call_later(self._seconds, self._go_on)
        # Whoever waits may be cancelled, and the others still wait.
        await asyncio.shield(self._end)

    def _go_on(self) -> None:
        end, self._end = self._end, None
        if end is not None:
            end.set_result(None)


class Lately:
    """What was noted within the last *seconds*, by *now_s*."""

    def __init__(self, seconds: float, now_s: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._now_s = now_s
        self._until: dict[str, float] = {}

    def note(self, key: str) -> None:
        """From now on, for that time."""
        self._until.pop(key, None)
        now = self._now_s()
        while self._until and next(iter(self._until.values())) <= now:
            del self._until[next(iter(self._until))]
        self._until[key] = now + self._seconds

    def forget(self, key: str) -> None:
        """As if it had never been noted."""
        self._until.pop(key, None)

    def __contains__(self, key: str) -> bool:
        """Whether that time is not over yet."""
        return self._now_s() < self._until.get(key, float("-inf"))

    def __len__(self) -> int:
        """How many are remembered: none for much longer than its time."""
        return len(self._until)


class Together(Generic[_Result]):
    """One run for many keys: what is asked for while a run is on its way goes together with the next.

    Nothing is remembered from one run to another.
    """

    def __init__(self, run: Callable[[list[str]], Awaitable[_Result]]) -> None:
        self._run = run
        self._asked: set[str] = set()
        self._next: asyncio.Future[_Result] | None = None
        self._busy = asyncio.Lock()

    async def __call__(self, key: str) -> _Result:
        """The result of a run with *key* that has begun after this call. Raises whatever that run raises."""
        self._asked.add(key)
        if self._next is None:
            self._next = asyncio.ensure_future(self._go())
        # Whoever waits may be cancelled, and the others still wait.
        return await asyncio.shield(self._next)

    async def _go(self) -> _Result:
        async with self._busy:
            # Only now: a run that has begun may have read already what was stored since.
            asked, self._asked, self._next = sorted(self._asked), set(), None
            return await self._run(asked)
