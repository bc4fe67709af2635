"""Facts come in from Kafka: each is stored once, and what is personal stays encrypted."""

import pytest
from faststream.kafka import KafkaBroker, TestKafkaBroker
from structlog.testing import capture_logs

from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.domain.case import Case, case_of
from services.dashboard.domain.facts import Fact, fact_id, moment_of
from services.dashboard.entrypoints.consumer import subscribe
from shared.events import Envelope, Event, RequestErased, event_id
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.builders import (
    ANSWERS,
    CONTACT,
    NOON,
    REASONS,
    REQUEST,
    a_letter_asked_for,
    a_letter_copied,
    a_link_failed,
    a_link_sent,
    a_referral,
    a_request,
    a_whole_story,
)
from tests.services.dashboard.fakes import InMemoryCases, InMemoryLetterCopies, consuming
from tests.shared.runtime.builders import headers_of
from tests.shared.runtime.fakes import InMemoryErased, a_consumer

pytestmark = pytest.mark.anyio


def case_of_story() -> Case:
    case = case_of(a_whole_story())
    assert isinstance(case, Case)
    return case


async def publish(broker: KafkaBroker, event: Event, document_id: str) -> None:
    envelope = Envelope(
        id=event_id(document_id, event.type), type=event.type, source="/test", subject=event.request_id, time=NOON
    )
    await broker.publish(
        event.to_json(), event.topic, key=event.request_id.encode(), headers=headers_of(event, envelope)
    )


async def receive(cases: InMemoryCases | MongoCases, *facts: Fact) -> None:
    broker = KafkaBroker()
    subscribe(a_consumer(broker), *consuming(cases))
    async with TestKafkaBroker(broker):
        for fact in facts:
            await publish(broker, fact, fact_id(fact))


async def test_a_case_is_joined_from_all_four_topics() -> None:
    cases = InMemoryCases()

    await receive(cases, *a_whole_story())

    case = await cases.find(REQUEST)
    assert isinstance(case, Case)
    assert [step.at for step in case.timeline] == sorted(moment_of(fact) for fact in a_whole_story())


async def test_a_record_delivered_twice_does_not_double_a_case(database: Database) -> None:
    cases = MongoCases(database)

    await receive(cases, *a_whole_story(), *a_whole_story())

    assert await cases.ids_after("", 9) == [REQUEST]
    case, once = await cases.find(REQUEST), case_of(a_whole_story())
    assert isinstance(case, Case)
    assert isinstance(once, Case)
    assert (case.timeline, case.letters) == (once.timeline, once.letters)


async def test_a_copy_of_a_letter_is_kept_beside_the_facts() -> None:
    cases, copies = InMemoryCases(), InMemoryLetterCopies()
    broker = KafkaBroker()
    subscribe(a_consumer(broker), *consuming(cases, copies))

    async with TestKafkaBroker(broker):
        await publish(broker, a_letter_copied(), "copy-1")

    assert [set(one.parcels) for one in copies.copied.values()] == [{"desk"}]
    assert cases.facts == {}


async def test_what_comes_after_its_request_was_erased_is_recorded_without_what_is_sealed() -> None:
    """The yen count, and no parcel is taken in again: not from the topics, and not after a backup."""
    cases, copies, erased = InMemoryCases(), InMemoryLetterCopies(), InMemoryErased()
    broker = KafkaBroker()
    subscribe(a_consumer(broker), *consuming(cases, copies, erased))

    async with TestKafkaBroker(broker):
        await publish(broker, RequestErased(request_id=REQUEST, erased_at=NOON), REQUEST)
        forgotten = list(erased.forgotten)
        for fact in a_whole_story():
            await publish(broker, fact, fact_id(fact))
        await publish(broker, a_letter_copied(), "copy-1")

    case = await cases.find(REQUEST)
    assert isinstance(case, Case)
    assert forgotten == [REQUEST]
    assert (case.erased_at, case.premium_yen) == (NOON, case_of_story().premium_yen)
    assert [one for one in cases.facts.values() if getattr(one, "parcels", None)] == []
    assert copies.copied == {}


async def test_facts_that_are_for_other_readers_are_let_through() -> None:
    cases = InMemoryCases()
    broker = KafkaBroker()
    subscribe(a_consumer(broker), *consuming(cases))

    async with TestKafkaBroker(broker):
        await publish(broker, a_letter_asked_for(), "copy-1")

    assert cases.facts == {}


async def test_a_letter_to_somebody_who_goes_on_later_makes_no_case_and_is_not_kept(database: Database) -> None:
    cases = MongoCases(database)

    await receive(cases, a_request(), a_link_sent(), a_link_failed())

    assert await cases.ids_after("", 9) == [REQUEST]
    assert await cases.find("an-asking") is None
    assert await database["letters"].count_documents({}) == 0


async def test_the_ledger_and_the_logs_hold_nothing_personal_in_clear(database: Database) -> None:
    with capture_logs() as lines:
        await receive(MongoCases(database), *a_whole_story(), a_referral(revision=3))

    names = await database.list_collection_names()
    ledger = str([await database[name].find().to_list(None) for name in names])
    personal = [*CONTACT.values(), ANSWERS["incidents_note"], "incidents", *(reason["message"] for reason in REASONS)]
    assert {"requests", "quotes", "letters", "decisions"} <= set(names)
    assert not [words for words in personal if words in ledger + str(lines)]


async def test_only_the_desks_own_parcel_is_kept(database: Database) -> None:
    """The others cannot be opened here, and would only be more to lose."""
    await receive(MongoCases(database), a_request())

    document = await database["requests"].find_one({"_id": REQUEST})
    assert document is not None
    assert list(document["event"]["parcels"]) == ["desk"]
