"""Fakes of delivery: a mail server that answers from a list, and processes that can be killed at any step."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.notify.domain.attempts import Result, Step
from services.notify.domain.due import Due
from services.notify.domain.facts import WithoutRequest
from services.notify.domain.letter import Letter
from services.notify.domain.letters import Role
from services.notify.domain.message import Email
from services.notify.domain.product import ProductWithLetters
from services.notify.domain.replies import Reply
from services.notify.ports import MailConnection
from services.notify.usecases.compose import ComposeLetter
from services.notify.usecases.deliver import DeliverLetter
from services.notify.usecases.finish import FinishLetter, OnFailed
from services.notify.usecases.heartbeat import Heartbeat
from services.notify.usecases.withhold import WithholdLetter
from services.notify.usecases.write import WriteLetters
from shared.errors import Invalid, Unavailable
from shared.events import LetterKind, RequestReceived
from shared.runtime.erasure import Erasure
from tests.services.notify.builders import Clock, a_letter
from tests.services.notify.fakes import (
    InMemoryAttempts,
    InMemoryDeadAddresses,
    InMemoryLetters,
    InMemoryOutcomes,
    InMemoryWorkers,
    Writing,
)
from tests.shared.runtime.fakes import InMemoryErased

CONTENT = b"Subject: hello\r\n\r\nhello\r\n"
HERE, THERE = "worker-here", "worker-there"
TAKES_CONTENT = Reply("DATA", 354)


class Killed(BaseException):
    """The process ends here."""


@dataclass
class ScriptedConnection:
    """A mail server that answers from a list; an exception in the list is raised instead."""

    answers: list[int | BaseException] = field(default_factory=list)
    envelope_answers: list[int | Reply | BaseException] = field(default_factory=list)
    """A number is the code of the reply to RCPT."""
    away: bool = False
    received: list[bytes] = field(default_factory=list)
    closed: int = 0

    async def ensure_ready(self) -> None:
        if self.away:
            raise Unavailable("smtp")

    async def send_envelope(self, letter: Letter, size: int) -> Reply:
        assert (letter.recipient, size) == ("yoshida@customer.example", len(CONTENT))
        answer = self.envelope_answers.pop(0) if self.envelope_answers else TAKES_CONTENT
        if isinstance(answer, BaseException):
            raise answer
        return Reply("RCPT", answer) if isinstance(answer, int) else answer

    async def send_content(self, content: bytes) -> Reply:
        answer = self.answers.pop(0) if self.answers else 250
        if answer == 250 or isinstance(answer, BaseException):
            self.received.append(content)
        if isinstance(answer, BaseException):
            raise answer
        return Reply("content", answer)

    async def close(self) -> None:
        self.closed += 1


@dataclass
class AttemptsThatFail(InMemoryAttempts):
    """The process is killed before (or right after) the kind of step named in `die_before` (`die_after`) is kept."""

    die_before: type[Step] | None = None
    die_after: type[Step] | None = None
    away_for: int = 0
    away_at: type[Step] = Result
    lands: bool = False
    """Whether what is kept while the ledger is away does land, and only the answer is lost."""

    async def add(self, step: Step) -> bool:
        if self.die_before and isinstance(step, self.die_before):
            raise Killed
        if isinstance(step, self.away_at) and self.away_for:
            self.away_for -= 1
            if self.lands:
                await InMemoryAttempts.add(self, step)
            raise Unavailable("mongo")
        is_ours = await InMemoryAttempts.add(self, step)
        if self.die_after and isinstance(step, self.die_after):
            raise Killed
        return is_ours


def failing(writing: Writing, failures: Mapping[str, BaseException]) -> WriteLetters:
    """As `writing.write`, but the kinds of letter in *failures* fail while they are composed."""

    async def fail(kind: str) -> None:
        if kind in failures:
            raise failures[kind]

    return composing_after(writing, fail)


def composing_after(writing: Writing, before: Callable[[str], Awaitable[None]]) -> WriteLetters:
    """As `writing.write`, but *before* is awaited with the kind of each letter before it is composed."""
    compose = writing.write.compose

    class ComposeAfter(ComposeLetter):
        async def __call__(
            self, due: Due, asked: RequestReceived | WithoutRequest, product: ProductWithLetters
        ) -> Email:
            await before(due.kind)
            return await compose(due, asked, product)

    after = ComposeAfter(parcels=compose.parcels, papers=compose.papers, letterhead=compose.letterhead, now=compose.now)
    return replace(writing.write, compose=after)


async def a_delivery(
    until: datetime | None = None, kind: LetterKind = "receipt", hold_ambiguous: Collection[Role] = ()
) -> "Delivery":
    """With one letter that nobody has tried yet, and that is of use *until* then."""
    delivery = Delivery(hold_ambiguous=hold_ambiguous)
    await delivery.letters.add(a_letter(until=until, kind=kind), [CONTENT])
    return delivery


@dataclass
class Delivery:
    """One letter that waits, and two processes that may take it: one here, and one there that dies or freezes."""

    letters: InMemoryLetters = field(default_factory=InMemoryLetters)
    attempts: InMemoryAttempts = field(default_factory=InMemoryAttempts)
    outcomes: InMemoryOutcomes = field(default_factory=InMemoryOutcomes)
    workers: InMemoryWorkers = field(default_factory=InMemoryWorkers)
    clock: Clock = field(default_factory=Clock)
    failed: list[str] = field(default_factory=list)
    tell_desk: OnFailed | None = None
    cannot_report_failures: str | None = None
    pauses: list[float] = field(default_factory=list)
    hold_ambiguous: Collection[Role] = ()
    restored_at: datetime | None = None
    dead_addresses: InMemoryDeadAddresses = field(default_factory=InMemoryDeadAddresses)
    erased: InMemoryErased = field(default_factory=InMemoryErased)

    def __post_init__(self) -> None:
        self.here = Heartbeat(HERE, self.workers, self.clock)
        self.is_withheld = WithholdLetter(self.dead_addresses)
        self.there = Heartbeat(THERE, self.workers, self.clock)

    @property
    def finish(self) -> FinishLetter:
        async def on_failed(request_id: str) -> None:
            self.failed.append(request_id)
            if self.tell_desk:
                await self.tell_desk(request_id)
            if self.cannot_report_failures:
                raise Invalid(self.cannot_report_failures)

        return FinishLetter(self.letters, self.outcomes, on_failed, self.is_withheld)

    def deliver(self, attempts: InMemoryAttempts | None = None, worker: str = HERE) -> DeliverLetter:
        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)
            self.clock.advance(seconds=seconds)

        return DeliverLetter(
            worker=worker,
            letters=self.letters,
            attempts=attempts or self.attempts,
            is_withheld=self.is_withheld,
            is_erased=Erasure(self.erased, self.erased.forget).is_erased,
            is_dead=(self.here if worker == HERE else self.there).is_dead,
            now=self.clock,
            pause=pause,
            hold_ambiguous=self.hold_ambiguous,
            restored_at=self.restored_at,
        )

    def failing_attempts(self, **how: Any) -> AttemptsThatFail:  # noqa: ANN401  # any field of AttemptsThatFail
        return AttemptsThatFail(steps=self.attempts.steps, **how)

    async def deliver_due(
        self, connection: MailConnection, attempts: InMemoryAttempts | None = None, **later: float
    ) -> None:
        """What a dispatcher does *later*, if the letter is due then. *attempts* are those of the process there."""
        self.clock.advance(**later)
        letter = await self.letters.next_due(self.clock(), ())
        if letter:
            delivered = await self.deliver(attempts, THERE if attempts else HERE)(letter, connection)
            if delivered.end:
                await self.finish(letter, delivered.end)

    async def watch(self, connection: ScriptedConnection, *alive: Heartbeat, seconds: int) -> int | None:
        """What the process here does within so many *seconds*, while those *alive* go on beating.

        Returns after how many of them it has sent the letter.
        """
        for second in range(seconds + 1):
            if second % 5 == 0:
                for heartbeat in (self.here, *alive):
                    await heartbeat.beat()
            await self.deliver_due(connection)
            if connection.received:
                return second
            self.clock.advance(seconds=1)
        return None

    def outcome(self) -> tuple[bool, int, bool] | None:
        """Whether it was sent, in how many attempts, and whether one of them was ambiguous."""
        if a_letter().id not in self.outcomes.kept:
            return None
        _, end = self.outcomes.kept[a_letter().id]
        return end.sent, end.attempts, end.ambiguous
