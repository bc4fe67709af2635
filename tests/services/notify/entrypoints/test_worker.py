"""The dispatcher at work, over a real ledger and a real mail server."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from services.notify.adapters.letter_seals import LetterSeals
from services.notify.adapters.mongo import MongoLetters
from services.notify.adapters.mongo_attempts import MongoAttempts, MongoOutcomes
from services.notify.adapters.mongo_holdings import NotifyHoldings
from services.notify.adapters.smtp import SmtpConnection
from services.notify.domain.letter import Letter
from services.notify.domain.mail_server import MailServer
from services.notify.domain.pieces import Pieces, SharedPiece
from services.notify.entrypoints.new_letters import NewLetters
from services.notify.entrypoints.worker import MailDispatcher
from services.notify.ports import MailConnection
from services.notify.usecases.deliver import Delivered, DeliverLetter
from services.notify.usecases.finish import FinishLetter
from services.notify.usecases.withhold import WithholdLetter
from shared.clock import utc_now
from shared.errors import Unavailable
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_erased import MongoErased
from shared.runtime.erasure import Erasure
from shared.runtime.outbox import OutboxEntry
from shared.runtime.waiting import Backoff
from tests.local.scripted_smtp_server import ScriptedServer
from tests.local.smtp_sink import SmtpSink
from tests.services.notify.builders import SEALS, SENT, Clock, a_letter
from tests.services.notify.fakes import InMemoryDeadAddresses, InMemoryLetters, finish_in

pytestmark = pytest.mark.anyio


class OutcomesThatNotify(MongoOutcomes):
    """Tells the test when a letter has an outcome, so that nothing has to be waited for by the clock."""

    def __init__(self, database: Database) -> None:
        self.added = asyncio.Event()
        self.of_letter: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        super().__init__(database, announce=self._note)

    def _note(self, event: OutboxEntry) -> None:
        self.added.set()
        self.of_letter[event.document_id].set()


class LettersThatCount(MongoLetters):
    """Remembers which letters' bytes were read."""

    def __init__(self, database: Database, seals: LetterSeals) -> None:
        super().__init__(database, seals)
        self.read: list[str] = []

    async def content(self, letter_id: str) -> bytes:
        self.read.append(letter_id)
        return await super().content(letter_id)


class Process:
    """One notify process, as far as delivering goes."""

    def __init__(
        self,
        database: Database,
        sink: SmtpSink | ScriptedServer,
        new_letters: NewLetters | None = None,
        seals: LetterSeals = SEALS,
    ) -> None:
        self.letters = LettersThatCount(database, seals)
        self.outcomes = OutcomesThatNotify(database)
        self.clock, self.new_letters, self.failed = Clock(), new_letters or NewLetters(), list[str]()
        self.without_key: list[int] = []
        deliver = DeliverLetter(
            worker=uuid4().hex,
            letters=self.letters,
            attempts=MongoAttempts(database),
            is_dead=_never,
            is_withheld=WithholdLetter(InMemoryDeadAddresses()),
            is_erased=Erasure(MongoErased(database), NotifyHoldings(database, utc_now).forget).is_erased,
            now=self.clock,
            pause=asyncio.sleep,
        )
        self.new_connection: Callable[[], SmtpConnection] = lambda: SmtpConnection(
            MailServer.from_url(sink.url), "agency.example"
        )
        self.dispatcher = MailDispatcher(
            self.letters,
            deliver,
            FinishLetter(self.letters, self.outcomes, self._on_failed, WithholdLetter(InMemoryDeadAddresses())),
            new_connection=self.new_connection,
            new_letters=self.new_letters,
            now=self.clock,
            count_without_key=self.without_key.append,
            backoff=Backoff((0.01,)),
        )

    async def _on_failed(self, request_id: str) -> None:
        self.failed.append(request_id)

    async def write(self, *names: str, hand_over: bool = False) -> None:
        for name in names:
            letter, content = a_letter(id=name), [f"Subject: {name}\r\n\r\nhello\r\n".encode()]
            await self.letters.add(letter, content)
            if hand_over:
                self.new_letters.hand_over(letter, content)

    async def sent(self, name: str) -> None:
        """When the letter has an outcome."""
        async with asyncio.timeout(20):
            await self.outcomes.of_letter[name].wait()

    async def deliver_due(self) -> None:
        """What one connection does until nothing is due."""
        connection = self.new_connection()
        try:
            await self.dispatcher.deliver_due(connection)
            await self.dispatcher._beside.ended(20)  # noqa: SLF001
        finally:
            await connection.close()


async def _never(_worker: str) -> bool:
    return False


def uncounted(_letters: int) -> None:
    """Nothing is sealed here."""


def a_connection() -> SmtpConnection:
    return SmtpConnection(MailServer.from_url("smtp://mail.example?plaintext=1"), "agency.example")


def subjects(sink: SmtpSink) -> list[str]:
    return sorted(str(mail["Subject"]) for mail in sink.messages())


async def test_four_connections_of_two_processes_send_each_letter_once(database: Database, smtp_sink: SmtpSink) -> None:
    here, there = Process(database, smtp_sink), Process(database, smtp_sink)
    names = [f"letter-{number:02d}" for number in range(20)]
    await here.write(*names)

    await asyncio.gather(here.deliver_due(), here.deliver_due(), there.deliver_due(), there.deliver_due())

    assert subjects(smtp_sink) == names


async def test_a_new_letter_is_taken_at_once(database: Database, smtp_sink: SmtpSink) -> None:
    """Also in the half second in which nobody looks for letters that are due."""
    process = Process(database, smtp_sink)

    async with process.dispatcher.running():
        await process.write("one")
        await process.sent("one")
        await process.write("two", hand_over=True)
        await process.sent("two")

    assert subjects(smtp_sink) == ["one", "two"]
    assert process.letters.read == ["one"]


async def test_a_new_letter_that_cannot_be_sent_now_goes_out_later_like_any_other(
    database: Database, smtp_sink: SmtpSink
) -> None:
    process = Process(database, smtp_sink)
    await smtp_sink.close()

    with capture_logs() as lines:
        async with process.dispatcher.running():
            await process.write("one", hand_over=True)
            while not any(line["event"] == "letters wait" for line in lines):  # noqa: ASYNC110  # a log line is no event
                await asyncio.sleep(0.01)
            await smtp_sink.open()
            await process.sent("one")

    assert subjects(smtp_sink) == ["one"]


async def test_more_new_letters_than_there_is_room_for_are_found_by_looking(
    database: Database, smtp_sink: SmtpSink
) -> None:
    process = Process(database, smtp_sink, NewLetters(most=5))
    names = [f"letter-{number:02d}" for number in range(8)]
    await process.write(*names, hand_over=True)

    async with process.dispatcher.running():
        for name in names:
            await process.sent(name)

    assert subjects(smtp_sink) == names
    assert sorted(process.letters.read) == names[5:]


async def test_a_new_letter_whose_content_there_is_no_room_for_waits_in_turn_and_is_only_read_again(
    database: Database, smtp_sink: SmtpSink
) -> None:
    """To look for it, to read its steps and to claim it were three commands more, for a third of a burst's letters."""
    process = Process(database, smtp_sink, NewLetters(most_bytes=40))
    names = ["one", "two"]
    await process.write(*names, hand_over=True)
    waiting = set(process.new_letters.ids)

    async with process.dispatcher.running():
        for name in names:
            await process.sent(name)

    assert waiting == set(names)
    assert subjects(smtp_sink) == names
    assert process.letters.read == ["two"]
    assert await database["attempts"].count_documents({"step": "claim"}) == 0


async def test_what_letters_share_takes_no_room(database: Database, smtp_sink: SmtpSink) -> None:
    process = Process(database, smtp_sink, NewLetters(most_bytes=40))
    content: Pieces = [b"Subject: one\r\n\r\n", SharedPiece.of(b"brochure\r\n" * 10)]
    await process.letters.add(a_letter(id="one"), content)
    process.new_letters.hand_over(a_letter(id="one"), content)

    async with process.dispatcher.running():
        await process.sent("one")

    assert process.letters.read == []


async def test_new_letters_leave_while_many_others_are_due() -> None:
    """Those that were found by looking came first as long as there were any: after an outage, the newest never left."""
    letters, new_letters, delivered = InMemoryLetters(), NewLetters(), list[str]()
    for number in range(20):
        await letters.add(a_letter(id=f"due-{number:02d}"), [b""])
    await letters.add(a_letter(id="new"), [b""])
    new_letters.hand_over(a_letter(id="new"), [b""])
    done = asyncio.Event()

    async def deliver(letter: Letter, _connection: MailConnection, _content: bytes | None) -> Delivered:
        delivered.append(letter.id)
        if len(delivered) == 21:
            done.set()
        return Delivered(has_answered=True, end=SENT)

    dispatcher = MailDispatcher(
        letters,
        deliver,
        finish_in(letters),
        new_connection=a_connection,
        new_letters=new_letters,
        now=Clock(),
        count_without_key=uncounted,
    )
    async with dispatcher.running(), asyncio.timeout(20):
        await done.wait()

    assert delivered.index("new") < 10


async def test_letters_wait_while_the_mail_server_is_away_and_go_out_once_when_it_is_back(
    database: Database, smtp_sink: SmtpSink
) -> None:
    process = Process(database, smtp_sink)
    await smtp_sink.close()
    await process.write("one", "two")
    with pytest.raises(Unavailable):
        await process.deliver_due()

    await smtp_sink.open()
    await process.deliver_due()

    outcomes = await database["outcomes"].find({}).to_list(None)
    assert subjects(smtp_sink) == ["one", "two"]
    assert [outcome["attempts"] for outcome in outcomes] == [1, 1]


async def test_a_running_dispatcher_outlives_an_outage_of_the_mail_server(
    database: Database, smtp_sink: SmtpSink
) -> None:
    process = Process(database, smtp_sink)
    await smtp_sink.close()
    await process.write("one")

    async with process.dispatcher.running():
        await smtp_sink.open()
        async with asyncio.timeout(10):
            await process.outcomes.added.wait()

    assert subjects(smtp_sink) == ["one"]


async def test_a_letter_that_the_server_refuses_for_now_does_not_hold_up_the_others(
    database: Database, smtp_sink: SmtpSink
) -> None:
    process = Process(database, smtp_sink)
    smtp_sink.replies.append("451 4.7.1 come back later")
    await process.write("one", "two")

    await process.deliver_due()
    first_time = subjects(smtp_sink)
    process.clock.advance(seconds=30)
    await process.deliver_due()

    assert len(first_time) == 1
    assert subjects(smtp_sink) == ["one", "two"]


async def test_an_accepted_letter_whose_answer_was_lost_goes_out_again_byte_for_byte(
    database: Database, smtp_sink: SmtpSink
) -> None:
    process = Process(database, smtp_sink)
    smtp_sink.replies.append("drop")
    await process.write("one")

    await process.deliver_due()
    process.clock.advance(seconds=30)
    await process.deliver_due()

    first, second = smtp_sink.accepted
    [outcome] = await database["outcomes"].find({}).to_list(None)
    assert first.content == second.content
    assert outcome["ambiguous"] is True


async def test_a_refused_recipient_is_told_and_never_tried_again(database: Database, smtp_sink: SmtpSink) -> None:
    process = Process(database, smtp_sink)
    smtp_sink.recipient_replies[a_letter().recipient] = "550 5.1.1 no such user"
    await process.write("one")

    await process.deliver_due()
    process.clock.advance(hours=99)
    await process.deliver_due()

    [outcome] = await database["outcomes"].find({}).to_list(None)
    assert (outcome["sent"], outcome["code"], outcome["attempts"]) == (False, 550, 1)
    assert process.failed == [a_letter().request_id]


async def test_a_letter_that_meets_a_bug_is_postponed_and_the_next_goes_out() -> None:
    letters, clock = InMemoryLetters(), Clock()
    await letters.add(a_letter(id="cursed"), [b""])
    await letters.add(a_letter(id="fine"), [b""])
    delivered = []

    async def deliver(letter: Letter, _connection: MailConnection, _content: bytes | None) -> Delivered:
        if letter.id == "cursed":
            raise ZeroDivisionError
        delivered.append(letter.id)
        return Delivered(has_answered=True, end=SENT)

    await MailDispatcher(
        letters,
        deliver,
        finish_in(letters),
        new_connection=a_connection,
        new_letters=NewLetters(),
        now=clock,
        count_without_key=uncounted,
    ).deliver_due(a_connection())

    assert delivered == ["fine"]
    assert await letters.next_due(clock(), ()) is None
    assert await letters.pending() == 1


async def test_two_connections_that_look_at_the_same_moment_take_different_letters() -> None:
    class SlowToAnswer(InMemoryLetters):
        async def next_due(self, now: datetime, excluding: Collection[str]) -> Letter | None:
            letter = await InMemoryLetters.next_due(self, now, tuple(excluding))
            await asyncio.sleep(0)
            return letter

    letters, taken = SlowToAnswer(), list[str]()
    for name in ("one", "two"):
        await letters.add(a_letter(id=name), [b""])

    async def deliver(letter: Letter, _connection: MailConnection, _content: bytes | None) -> Delivered:
        taken.append(letter.id)
        await asyncio.sleep(0)
        return Delivered(has_answered=True, end=SENT)

    dispatcher = MailDispatcher(
        letters,
        deliver,
        finish_in(letters),
        new_connection=a_connection,
        new_letters=NewLetters(),
        now=Clock(),
        count_without_key=uncounted,
    )

    await asyncio.gather(dispatcher.deliver_due(a_connection()), dispatcher.deliver_due(a_connection()))
    await dispatcher._beside.ended(20)  # noqa: SLF001

    assert sorted(taken) == ["one", "two"]


async def test_letters_that_a_wrong_setting_held_up_leave_when_it_is_mended(database: Database) -> None:
    """A real ledger and a server that wants a log-in. An error is logged once, the metric says that we wait."""
    async with ScriptedServer({"MAIL": "530 5.7.0 Authentication required"}) as server:
        process = Process(database, server)
        await process.write("first", "second")

        with capture_logs() as lines:
            async with process.dispatcher.running():
                await server.until(lambda: server.commands.count("RSET") > 8)
                waiting = REGISTRY.get_sample_value("mail_connections_waiting")
                server.replies.clear()
                await server.until(lambda: len(server.contents) == 2)

    assert waiting
    assert process.failed == []
    assert len(server.contents) == 2
    errors = [line for line in lines if line["log_level"] == "error"]
    assert {line["reason"] for line in errors} == {"smtp refuses us (530)"}
    assert len(errors) == 1
