"""Which facts notify consumes, and what it leaves to others."""

from pathlib import Path

import pytest
from faststream.kafka import KafkaBroker, TestKafkaBroker

from services.notify.entrypoints.consumer import subscribe
from shared.errors import Unavailable
from shared.events import REQUESTS, CaseReopened, Envelope, Event, RequestErased
from tests.services.notify.builders import (
    NOON,
    REQUEST_ID,
    a_colleague_answered,
    a_colleague_asked,
    a_link,
    a_referral,
    a_release,
    a_request,
    a_request_release,
    an_asking_for_a_copy,
    an_offer,
)
from tests.services.notify.fakes import Writing
from tests.shared.runtime.builders import headers_of
from tests.shared.runtime.fakes import InMemoryDeadLetters, a_consumer

pytestmark = pytest.mark.anyio


async def publish(broker: KafkaBroker, event: Event) -> None:
    envelope = Envelope(id="id", type=event.type, source="/mitsumori/test", subject=event.request_id, time=NOON)
    await broker.publish(
        event.to_json(), event.topic, key=event.request_id.encode(), headers=headers_of(event, envelope)
    )


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    return Writing(tmp_path, release="desk")


async def test_requests_quotes_and_releases_become_letters(writing: Writing) -> None:
    broker = KafkaBroker()
    subscribe(a_consumer(broker), *writing.use_cases)

    async with TestKafkaBroker(broker):
        for event in (a_request(parcel=writing.keys.parcel()), an_offer(), a_referral(quote_id="second", revision=2)):
            await publish(broker, event)
        await publish(broker, a_release())

    assert writing.kinds() == ["desk", "desk", "quote", "receipt", "referral"]


async def test_a_held_request_that_staff_let_go_becomes_letters(writing: Writing) -> None:
    broker = KafkaBroker()
    subscribe(a_consumer(broker), *writing.use_cases)

    async with TestKafkaBroker(broker):
        await publish(broker, a_request(quote=False, is_held=True, parcel=writing.keys.parcel()))
        before = writing.kinds()
        await publish(broker, a_request_release())

    assert (before, writing.kinds()) == (["desk"], ["desk", "receipt"])


async def test_a_link_that_somebody_asks_for_becomes_a_letter(writing: Writing) -> None:
    broker = KafkaBroker()
    subscribe(a_consumer(broker), *writing.use_cases)

    async with TestKafkaBroker(broker):
        await publish(broker, a_link(writing.keys.link()))
        await publish(broker, a_colleague_asked(writing.keys.link(), request_id="asked"))
        await publish(broker, a_colleague_answered(writing.keys.link(), request_id="answered"))

    assert writing.kinds() == ["colleague-answered", "colleague-asked", "resume"]


async def test_a_letter_that_staff_ask_for_is_copied_and_no_other(writing: Writing) -> None:
    """Nothing is copied while letters are written: a copy costs as much as a letter."""
    broker = KafkaBroker()
    subscribe(a_consumer(broker), *writing.use_cases)

    async with TestKafkaBroker(broker):
        await publish(broker, a_request(quote=False, parcel=writing.keys.parcel()))
        unasked = dict(writing.copies.kept)
        receipt = next(letter for letter in writing.letters.heads.values() if letter.kind == "receipt")
        await publish(broker, an_asking_for_a_copy(letter_id=receipt.id))

    assert unasked == {}
    assert [copied.letter_id for copied in writing.copies.kept.values()] == [receipt.id]


async def test_an_erased_request_is_forgotten_and_nothing_of_it_is_written_again(writing: Writing) -> None:
    """Its parcels are on the topics until their retention is over, and may be read again."""
    broker, request = KafkaBroker(), a_request(parcel=writing.keys.parcel(news="yes"))
    subscribe(a_consumer(broker), *writing.use_cases)

    async with TestKafkaBroker(broker):
        await publish(broker, RequestErased(request_id=REQUEST_ID, erased_at=NOON))
        forgotten = list(writing.erased.forgotten)
        for again in (request, an_offer(), a_release(), an_asking_for_a_copy()):
            await publish(broker, again)

    assert forgotten == [REQUEST_ID]
    assert (writing.kinds(), writing.copies.kept, writing.news.kept) == ([], {}, {})


async def test_whether_news_are_wanted_is_kept_before_the_receipt_says_where_they_are_stopped(
    writing: Writing,
) -> None:
    """The link may be pressed as soon as the mail is there."""
    broker, request = KafkaBroker(), a_request(parcel=writing.keys.parcel(news="yes"))
    subscribe(a_consumer(broker), *writing.use_cases)
    writing.news.is_away = True

    async with TestKafkaBroker(broker):
        with pytest.raises(Unavailable):
            await publish(broker, request)
        before = writing.kinds()
        writing.news.is_away = False
        await publish(broker, request)

    assert (before, writing.kinds()) == ([], ["receipt"])
    assert list(writing.news.kept) == [REQUEST_ID]


async def test_other_facts_on_the_same_topics_are_for_others(writing: Writing) -> None:
    broker = KafkaBroker()
    subscribe(a_consumer(broker), *writing.use_cases)

    async with TestKafkaBroker(broker):
        await publish(
            broker, CaseReopened(request_id=REQUEST_ID, decision_id="d-1", decided_at=NOON, decided_by="desk")
        )

    assert writing.kinds() == []


async def test_a_record_that_is_no_event_has_opted_out(writing: Writing) -> None:
    broker, dead = KafkaBroker(), InMemoryDeadLetters()
    subscribe(a_consumer(broker, dead), *writing.use_cases)

    async with TestKafkaBroker(broker):
        await broker.publish(b"garbage", REQUESTS)

    assert [letter["reason"] for letter in dead.letters.values()] == ["not-an-event"]
