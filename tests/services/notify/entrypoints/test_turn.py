"""A letter's turn on a connection: over when the server has the letter, and what became of it is kept all the same."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from services.notify.domain.letter import Letter
from services.notify.domain.replies import Reply
from services.notify.entrypoints.new_letters import NewLetters
from services.notify.entrypoints.turn import Beside, Turn
from services.notify.entrypoints.worker import CONNECTIONS, MailDispatcher
from services.notify.ports import ConnectionLost, MailConnection
from services.notify.usecases.deliver import Delivered
from shared.errors import Unavailable
from tests.services.notify.builders import SENT, Clock, a_letter
from tests.services.notify.fakes import InMemoryLetters, finish_in
from tests.shared.runtime.fakes import PanicException

pytestmark = pytest.mark.anyio

LETTER = a_letter()
TAKEN = Reply("content", 250, "kept")
KeepResult = Callable[[str], Awaitable[None]]


class Connection:
    """Answers each content with the next of *replies*, and then takes each; knows what was asked of it."""

    def __init__(self, *replies: Reply | ConnectionLost) -> None:
        self._replies = list(replies)
        self.asked: list[str] = []

    async def ensure_ready(self) -> None:
        self.asked.append("ready")

    async def send_envelope(self, _letter: Letter, _size: int) -> Reply:
        self.asked.append("envelope")
        return Reply("DATA", 354, "go on")

    async def send_content(self, content: bytes) -> Reply:
        self.asked.append(content.decode())
        reply = self._replies.pop(0) if self._replies else TAKEN
        if isinstance(reply, ConnectionLost):
            raise reply
        return reply

    async def close(self) -> None:
        self.asked.append("close")


class Office:
    """Letters `a` and `b` are due, and a dispatcher sends each of them and then has its result kept by *keep*."""

    def __init__(self, keep: KeepResult, new_connection: Callable[[], Connection] = Connection) -> None:
        self.letters, self.new_letters = InMemoryLetters(), NewLetters()
        self._keep = keep
        self.dispatcher = MailDispatcher(
            self.letters,
            self._deliver,
            finish_in(self.letters),
            new_connection=new_connection,
            new_letters=self.new_letters,
            now=Clock(),
            count_without_key=lambda _letters: None,
        )

    async def begin(self) -> None:
        for name in ("a", "b"):
            await self.letters.add(a_letter(id=name), [b""])

    async def send(self, connection: Connection) -> None:
        """What is due, until what became of it is kept."""
        await self.dispatcher.deliver_due(connection)
        await self.dispatcher._beside.ended(20)  # noqa: SLF001

    async def _deliver(self, letter: Letter, connection: MailConnection, _content: bytes | None) -> Delivered:
        await connection.ensure_ready()
        reply = await connection.send_content(letter.id.encode())
        await self._keep(letter.id)
        return Delivered(has_answered=True, end=SENT if reply == TAKEN else None)


async def test_the_next_letter_is_sent_while_what_became_of_the_last_one_is_being_kept() -> None:
    """Keeping it took a third of the time that a letter had a connection: at 20 forms a second, letters queued."""
    connection, next_is_sent = Connection(), asyncio.Event()

    async def keep(letter: str) -> None:
        if letter == "a":
            await next_is_sent.wait()
        else:
            next_is_sent.set()

    office = Office(keep)
    await office.begin()
    async with asyncio.timeout(20):
        await office.send(connection)

    assert connection.asked == ["ready", "a", "ready", "b"], "each is sent once"
    assert office.letters.finished == {"a", "b"}


async def test_a_letter_that_the_server_does_not_take_keeps_the_connection_until_that_is_kept() -> None:
    """It may be the server's trouble, and then no other letter may follow."""
    connection, asked_meanwhile = Connection(Reply("content", 451, "later")), list[str]()

    async def keep(_letter: str) -> None:
        if not asked_meanwhile:
            for _ in range(10):
                await asyncio.sleep(0)
            asked_meanwhile.extend(connection.asked)

    office = Office(keep)
    await office.begin()
    async with asyncio.timeout(20):
        await office.send(connection)

    assert asked_meanwhile == ["ready", "a"]
    assert office.letters.finished == {"a", "b"}


async def test_at_the_end_what_became_of_a_letter_is_waited_for() -> None:
    is_sent, all_closed = asyncio.Event(), asyncio.Barrier(CONNECTIONS + 1)

    class Closing(Connection):
        async def close(self) -> None:
            await all_closed.wait()

    async def keep(_letter: str) -> None:
        is_sent.set()
        await all_closed.wait()
        for _ in range(100):
            await asyncio.sleep(0)

    office = Office(keep, Closing)
    letter = a_letter(id="a", due=LETTER.due + timedelta(hours=1))
    await office.letters.add(letter, [b""])
    office.new_letters.hand_over(letter, [b""])
    async with asyncio.timeout(20), office.dispatcher.running():
        await is_sent.wait()

    assert office.letters.finished == {"a"}


async def test_a_ledger_that_is_away_then_is_one_warning_and_the_letter_is_looked_at_again() -> None:
    tries, next_is_sent = list[str](), asyncio.Event()

    async def keep(letter: str) -> None:
        tries.append(letter)
        if len(tries) == 1:
            await next_is_sent.wait()
            raise Unavailable("mongo")
        next_is_sent.set()

    office = Office(keep)
    await office.begin()
    with capture_logs() as lines:
        async with asyncio.timeout(20):
            await office.send(Connection())
            await office.send(Connection())

    assert [line["reason"] for line in lines if line["event"] == "letters wait"] == ["mongo"]
    assert office.letters.finished == {"a", "b"}
    assert sorted(tries) == ["a", "a", "b"]


async def test_whoever_has_no_turn_any_more_does_not_touch_the_connection_of_another() -> None:
    """Frozen for so long that another closed its attempt, a letter is to be tried again: not on this connection."""
    connection = Connection()
    turn = Turn(connection)
    await turn.ensure_ready()
    await turn.send_envelope(LETTER, 1)
    await turn.send_content(b"content")

    with pytest.raises(Unavailable):
        await turn.ensure_ready()
    await turn.close()

    assert connection.asked == ["ready", "envelope", "content"]


@pytest.mark.parametrize("reply", [Reply("content", 451, "later"), Reply("content", 554, "no"), ConnectionLost()])
async def test_a_turn_goes_on_after_anything_but_a_letter_that_is_taken(reply: Reply | ConnectionLost) -> None:
    connection = Connection(reply)
    turn = Turn(connection)

    if isinstance(reply, ConnectionLost):
        with pytest.raises(ConnectionLost):
            await turn.send_content(b"content")
    else:
        assert await turn.send_content(b"content") == reply
    await turn.close()
    await turn.ensure_ready()

    assert not turn.over.done()
    assert connection.asked == ["content", "close", "ready"]


async def test_whoever_looks_for_what_is_due_does_not_wait_for_what_the_others_sent() -> None:
    """Under load there is always something: one connection after the other waited, and letters took half a second."""
    never = asyncio.Event()

    async def keep(_letter: str) -> None:
        await never.wait()

    office = Office(keep)
    await office.begin()
    async with asyncio.timeout(20):
        await office.dispatcher.deliver_due(Connection())

    assert office.letters.finished == set()
    never.set()


async def test_a_bug_in_what_goes_on_beside_is_an_error_that_quotes_nobody() -> None:
    async def broken() -> None:
        raise PanicException("inside '田' of '山田太郎'")

    beside = Beside()
    with capture_logs() as lines:
        beside.add(asyncio.ensure_future(broken()))
        await beside.ended(20)

    [line] = lines
    assert (line["log_level"], line["error"]) == ("error", "PanicException")
    assert "山田" not in f"{[value for key, value in line.items() if key != 'exc_info']}"
