"""Requests come in from Kafka: each record ends as one quote, or is set aside, and the next one is read."""

import pytest
from faststream.kafka import TestKafkaBroker
from structlog.testing import capture_logs

from services.rating.entrypoints.consumer import subscribe
from shared.events import Envelope, Event, Parcel, RequestErased, event_id
from shared.runtime.broker import new_broker
from shared.runtime.erasure import Erasure
from tests.pricing.builders import NOON, answers
from tests.services.rating.builders import a_decision, a_release, a_request, rate_request, revise_quote
from tests.services.rating.fakes import InMemoryEditions, InMemoryQuotes
from tests.shared.runtime.builders import headers_of
from tests.shared.runtime.fakes import InMemoryErased, a_consumer

pytestmark = pytest.mark.anyio


class DeadLetters:
    def __init__(self) -> None:
        self.reasons: list[str] = []

    async def add(self, letter: dict[str, str]) -> bool:
        self.reasons.append(letter["reason"])
        return True


async def publish(*events: Event, quotes: InMemoryQuotes, erased: InMemoryErased | None = None) -> list[str]:
    """Why records were set aside."""
    erased = InMemoryErased() if erased is None else erased
    erase = Erasure(erased, erased.forget)
    dead_letters = DeadLetters()
    broker = new_broker("nowhere:9092", "rating")
    editions = InMemoryEditions()
    rate, revise = erase.guard(rate_request(quotes, editions)), erase.guard(revise_quote(quotes, editions))
    subscribe(a_consumer(broker, dead_letters), rate, revise, erase)
    async with TestKafkaBroker(broker):
        for event in events:
            envelope = Envelope(
                id=event_id(event.request_id, event.type),
                type=event.type,
                source="/test",
                subject=event.request_id,
                time=NOON,
            )
            key = event.request_id.encode()
            await broker.publish(event.to_json(), event.topic, key=key, headers=headers_of(event, envelope))
    return dead_letters.reasons


async def test_a_record_delivered_twice_makes_one_quote() -> None:
    quotes = InMemoryQuotes()
    request = a_request()

    dead = await publish(request, request, quotes=quotes)

    assert (quotes.premiums(), dead) == ([92_800], [])


async def test_a_broken_parcel_is_set_aside_and_the_next_request_is_quoted() -> None:
    quotes = InMemoryQuotes()
    broken = a_request(parcels={"rating": Parcel(key="rating-1", box="AAAA")})

    dead = await publish(broken, a_request(), quotes=quotes)

    assert (quotes.premiums(), dead) == ([92_800], ["broken-parcel"])


async def test_a_decision_of_the_desk_makes_another_revision_and_a_release_none() -> None:
    quotes = InMemoryQuotes()
    request = a_request()

    dead = await publish(
        request, a_decision(request.request_id, premium=80_000), a_release(request.request_id), quotes=quotes
    )

    assert (quotes.premiums(), dead) == ([92_800, 80_000], [])


async def test_facts_for_other_readers_are_let_through() -> None:
    quotes = InMemoryQuotes()

    dead = await publish(a_release("r"), quotes=quotes)

    assert (quotes.kept, dead) == ({}, [])


async def test_an_erased_request_is_forgotten_and_gets_no_price_when_it_is_read_again() -> None:
    """A parcel that cannot be opened any more is no dead letter then either."""
    quotes, erased, request = InMemoryQuotes(), InMemoryErased(), a_request()
    broken = request.model_copy(update={"parcels": {"rating": Parcel(key="rating-1", box="AAAA")}})
    gone = RequestErased(request_id=request.request_id, erased_at=NOON)

    dead = await publish(gone, request, broken, a_decision(request.request_id), quotes=quotes, erased=erased)

    assert (quotes.kept, dead) == ({}, [])
    assert set(erased.forgotten) == {request.request_id}


async def test_the_logs_tell_of_a_quote_without_a_single_answer() -> None:
    with capture_logs() as lines:
        await publish(a_request(), a_request(answers(incidents="yes", turnover=777_777)), quotes=InMemoryQuotes())

    offered, referred = [line for line in lines if line["event"].startswith("quote")]
    assert offered.keys() == {"event", "log_level", "quote_id", "request_id", "tariff", "premium_yen"}
    assert referred.keys() == {"event", "log_level", "quote_id", "request_id", "tariff", "count"}
