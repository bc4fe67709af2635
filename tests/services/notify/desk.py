"""One letter that waits, a mail server that answers from a list, and a process that can be killed at any step."""

from dataclasses import dataclass, field
from datetime import datetime

from services.notify.domain.attempts import Result, Step
from services.notify.ports import Letter
from services.notify.usecases.deliver import DeliverLetter
from services.notify.usecases.presence import Presence
from shared.errors import Invalid, Unavailable
from tests.services.notify.builders import Clock, a_letter
from tests.services.notify.fakes import InMemoryAttempts, InMemoryLetters, InMemoryOutcomes, InMemoryWorkers

CONTENT = b"Subject: hello\r\n\r\nhello\r\n"
HERE, THERE = "worker-here", "worker-there"


class Killed(BaseException):
    """The process ends here."""


@dataclass
class ScriptedPost:
    """A mail server that answers from a list; an exception in the list is raised instead."""

    answers: list[int | BaseException] = field(default_factory=list)
    envelope_answers: list[int | BaseException] = field(default_factory=list)
    away: bool = False
    received: list[bytes] = field(default_factory=list)

    async def ready(self) -> None:
        if self.away:
            raise Unavailable("smtp")

    async def address(self, letter: Letter, size: int) -> int:
        assert (letter.recipient, size) == ("yoshida@customer.example", len(CONTENT))
        return _say(self.envelope_answers)

    async def transmit(self, content: bytes) -> int:
        answer = self.answers.pop(0) if self.answers else 250
        if answer == 250 or isinstance(answer, BaseException):
            self.received.append(content)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def hang_up(self) -> None:
        pass


def _say(answers: list[int | BaseException]) -> int:
    answer = answers.pop(0) if answers else 250
    if isinstance(answer, BaseException):
        raise answer
    return answer


@dataclass
class AttemptsThatFail(InMemoryAttempts):
    """The process is killed before (or right after) the kind of step named in `die_before` (`die_after`) is kept."""

    die_before: type[Step] | None = None
    die_after: type[Step] | None = None
    away_for: int = 0
    away_at: type[Step] = Result
    lands: bool = False
    """Whether what is kept while the ledger is away does land, and only the answer is lost."""

    async def keep(self, step: Step) -> bool:
        if self.die_before and isinstance(step, self.die_before):
            raise Killed
        if isinstance(step, self.away_at) and self.away_for:
            self.away_for -= 1
            if self.lands:
                await InMemoryAttempts.keep(self, step)
            raise Unavailable("mongo")
        kept = await InMemoryAttempts.keep(self, step)
        if self.die_after and isinstance(step, self.die_after):
            raise Killed
        return kept


async def a_desk(until: datetime | None = None) -> "Desk":
    """A desk with one letter that nobody has tried yet, and that is of use *until* then."""
    desk = Desk()
    await desk.letters.keep(a_letter(until=until), CONTENT)
    return desk


@dataclass
class Desk:
    """One letter that waits, and two processes that may take it: one here, and one there that dies or sleeps."""

    letters: InMemoryLetters = field(default_factory=InMemoryLetters)
    attempts: InMemoryAttempts = field(default_factory=InMemoryAttempts)
    outcomes: InMemoryOutcomes = field(default_factory=InMemoryOutcomes)
    workers: InMemoryWorkers = field(default_factory=InMemoryWorkers)
    clock: Clock = field(default_factory=Clock)
    given_up: list[str] = field(default_factory=list)
    refuses_to_give_up: str | None = None
    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.here = Presence(HERE, self.workers, self.clock)
        self.there = Presence(THERE, self.workers, self.clock)

    def deliver(self, attempts: InMemoryAttempts | None = None, worker: str = HERE) -> DeliverLetter:
        async def give_up(request_id: str) -> None:
            self.given_up.append(request_id)
            if self.refuses_to_give_up:
                raise Invalid(self.refuses_to_give_up)

        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)
            self.clock.advance(seconds=seconds)

        return DeliverLetter(
            worker,
            self.letters,
            attempts or self.attempts,
            self.outcomes,
            give_up,
            (self.here if worker == HERE else self.there).gone,
            self.clock,
            pause,
        )

    async def tick(self, post: ScriptedPost, attempts: InMemoryAttempts | None = None, **later: float) -> None:
        """What a postman does *later*, if the letter is due then. *attempts* are those of the process there."""
        self.clock.advance(**later)
        letter = await self.letters.next_due(self.clock(), ())
        if letter:
            await self.deliver(attempts, THERE if attempts else HERE)(letter, post)

    async def watch(self, post: ScriptedPost, *alive: Presence, seconds: int) -> int | None:
        """What the process here does within so many *seconds*, while those *alive* go on beating.

        Returns after how many of them it has sent the letter.
        """
        for second in range(seconds + 1):
            if second % 5 == 0:
                for presence in (self.here, *alive):
                    await presence.beat()
            await self.tick(post)
            if post.received:
                return second
            self.clock.advance(seconds=1)
        return None

    def fate(self) -> tuple[bool, int, bool] | None:
        found = self.outcomes.kept.get(a_letter().id)
        return (found[1].sent, found[1].attempts, found[1].ambiguous) if found else None
