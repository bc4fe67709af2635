"""The postmen at work, over a real ledger and a real mail server."""

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from uuid import uuid4

import pytest

from services.notify.adapters.mongo import MongoLetters
from services.notify.adapters.mongo_attempts import MongoAttempts, MongoOutcomes
from services.notify.adapters.smtp import SmtpPost
from services.notify.domain.mail_server import MailServer
from services.notify.entrypoints.worker import News, Postmen
from services.notify.ports import Letter, Post
from services.notify.usecases.deliver import DeliverLetter
from shared.errors import Unavailable
from shared.runtime.adapters.mongo import Database
from tests.local.smtp_sink import SmtpSink
from tests.services.notify.builders import Clock, a_letter
from tests.services.notify.fakes import InMemoryLetters

pytestmark = pytest.mark.anyio


class OutcomesThatRing(MongoOutcomes):
    """Tells the test when a letter has met its fate, so that nothing has to be waited for by the clock."""

    def __init__(self, database: Database) -> None:
        self.settled = asyncio.Event()
        super().__init__(database, nudge=self.settled.set)


class Office:
    """One notify process, as far as delivering goes."""

    def __init__(self, database: Database, sink: SmtpSink) -> None:
        self.letters = MongoLetters(database)
        self.outcomes = OutcomesThatRing(database)
        self.clock, self.news, self.given_up = Clock(), News(), list[str]()
        deliver = DeliverLetter(
            uuid4().hex,
            self.letters,
            MongoAttempts(database),
            self.outcomes,
            self._give_up,
            _nobody,
            self.clock,
            asyncio.sleep,
        )
        self.new_post: Callable[[], SmtpPost] = lambda: SmtpPost(MailServer.from_url(sink.url), "agency.example")
        self.postmen = Postmen(self.letters, deliver, self.new_post, self.news, self.clock, waits_s=(0.01,))

    async def _give_up(self, request_id: str) -> None:
        self.given_up.append(request_id)

    async def write(self, *names: str) -> None:
        for name in names:
            await self.letters.keep(a_letter(id=name), f"Subject: {name}\r\n\r\nhello\r\n".encode())

    async def round(self) -> None:
        """What a postman does until nothing is due."""
        post = self.new_post()
        try:
            await self.postmen.round(post)
        finally:
            await post.hang_up()


async def _nobody(_worker: str) -> bool:
    return False


def a_post() -> SmtpPost:
    return SmtpPost(MailServer.from_url("smtp://mail.example"), "agency.example")


def subjects(sink: SmtpSink) -> list[str]:
    return sorted(str(mail["Subject"]) for mail in sink.messages())


async def test_four_postmen_of_two_processes_send_each_letter_once(database: Database, smtp_sink: SmtpSink) -> None:
    here, there = Office(database, smtp_sink), Office(database, smtp_sink)
    names = [f"letter-{number:02d}" for number in range(20)]
    await here.write(*names)

    await asyncio.gather(here.round(), here.round(), there.round(), there.round())

    assert subjects(smtp_sink) == names


async def test_a_new_letter_is_taken_at_once(database: Database, smtp_sink: SmtpSink) -> None:
    office = Office(database, smtp_sink)

    async with office.postmen.walking():
        await office.write("one")
        office.news.spread()
        async with asyncio.timeout(10):
            await office.outcomes.settled.wait()

    assert subjects(smtp_sink) == ["one"]


async def test_letters_wait_while_the_mail_server_is_away_and_go_out_once_when_it_is_back(
    database: Database, smtp_sink: SmtpSink
) -> None:
    office = Office(database, smtp_sink)
    await smtp_sink.close()
    await office.write("one", "two")
    with pytest.raises(Unavailable):
        await office.round()

    await smtp_sink.open()
    await office.round()

    outcomes = await database["outcomes"].find({}).to_list(None)
    assert subjects(smtp_sink) == ["one", "two"]
    assert [outcome["attempts"] for outcome in outcomes] == [1, 1]


async def test_walking_postmen_outlive_an_outage_of_the_mail_server(database: Database, smtp_sink: SmtpSink) -> None:
    office = Office(database, smtp_sink)
    await smtp_sink.close()
    await office.write("one")

    async with office.postmen.walking():
        await smtp_sink.open()
        async with asyncio.timeout(10):
            await office.outcomes.settled.wait()

    assert subjects(smtp_sink) == ["one"]


async def test_a_letter_that_the_server_refuses_for_now_does_not_hold_up_the_others(
    database: Database, smtp_sink: SmtpSink
) -> None:
    office = Office(database, smtp_sink)
    smtp_sink.replies.append("451 4.7.1 come back later")
    await office.write("one", "two")

    await office.round()
    first_round = subjects(smtp_sink)
    office.clock.advance(seconds=30)
    await office.round()

    assert len(first_round) == 1
    assert subjects(smtp_sink) == ["one", "two"]


async def test_an_accepted_letter_whose_answer_was_lost_goes_out_again_byte_for_byte(
    database: Database, smtp_sink: SmtpSink
) -> None:
    office = Office(database, smtp_sink)
    smtp_sink.replies.append("drop")
    await office.write("one")

    await office.round()
    office.clock.advance(seconds=30)
    await office.round()

    first, second = smtp_sink.accepted
    [outcome] = await database["outcomes"].find({}).to_list(None)
    assert first.content == second.content
    assert outcome["ambiguous"] is True


async def test_a_refused_recipient_is_told_and_never_tried_again(database: Database, smtp_sink: SmtpSink) -> None:
    office = Office(database, smtp_sink)
    smtp_sink.recipient_replies[a_letter().recipient] = "550 5.1.1 no such user"
    await office.write("one")

    await office.round()
    office.clock.advance(hours=99)
    await office.round()

    [outcome] = await database["outcomes"].find({}).to_list(None)
    assert (outcome["sent"], outcome["code"], outcome["attempts"]) == (False, 550, 1)
    assert office.given_up == [a_letter().request_id]


async def test_a_letter_that_trips_over_a_bug_is_set_aside_and_the_next_goes_out() -> None:
    letters, clock = InMemoryLetters(), Clock()
    await letters.keep(a_letter(id="cursed"), b"")
    await letters.keep(a_letter(id="fine"), b"")
    delivered = []

    async def deliver(letter: Letter, _post: Post) -> None:
        if letter.id == "cursed":
            raise ZeroDivisionError
        delivered.append(letter.id)
        await letters.done(letter)

    await Postmen(letters, deliver, a_post, News(), clock).round(a_post())

    assert delivered == ["fine"]
    assert await letters.next_due(clock(), ()) is None
    assert await letters.pending() == 1


async def test_two_postmen_who_look_at_the_same_moment_take_different_letters() -> None:
    class SlowToAnswer(InMemoryLetters):
        async def next_due(self, now: datetime, beside: Collection[str]) -> Letter | None:
            letter = await InMemoryLetters.next_due(self, now, tuple(beside))
            await asyncio.sleep(0)
            return letter

    letters, taken = SlowToAnswer(), list[str]()
    for name in ("one", "two"):
        await letters.keep(a_letter(id=name), b"")

    async def deliver(letter: Letter, _post: Post) -> None:
        taken.append(letter.id)
        await asyncio.sleep(0)
        await letters.done(letter)

    postmen = Postmen(letters, deliver, a_post, News(), Clock())

    await asyncio.gather(postmen.round(a_post()), postmen.round(a_post()))

    assert sorted(taken) == ["one", "two"]
