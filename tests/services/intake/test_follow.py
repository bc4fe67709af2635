from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest
from faststream.kafka import KafkaBroker, TestKafkaBroker

from services.intake.domain.outcome import Status
from services.intake.entrypoints.consumer import subscribe
from services.intake.usecases.submit import Accepted
from shared.events import (
    Envelope,
    Event,
    LetterFailed,
    LetterSent,
    Option,
    QuoteOffered,
    QuoteReferred,
    TariffRef,
    event_id,
)
from tests.services.intake.fakes import NOON, Scene, a_product
from tests.services.intake.test_submit import valid

pytestmark = pytest.mark.anyio
HEAD = {"reception_no": "AC3EF4GH", "product": "cyber-security"}
TARIFF = TariffRef(id="2026-10-01", sha256="0")


def offered(request_id: str, minutes: int = 1) -> QuoteOffered:
    option = Option(
        plan="basic",
        liability_limit=1,
        cost_limit=1,
        liability_deductible=0,
        cost_deductible=0,
        riders=(),
        premium=67_000,
        chosen=True,
    )
    return QuoteOffered(
        **HEAD,
        request_id=request_id,
        quote_id=f"q-{minutes}",
        revision=minutes,
        tariff=TARIFF,
        engine="1.0.0",
        issued_at=NOON + timedelta(minutes=minutes),
        expires_on=date(2026, 12, 24),
        options=(option,),
        parcels={},
    )


def referred(request_id: str) -> QuoteReferred:
    return QuoteReferred(
        **HEAD,
        request_id=request_id,
        quote_id="q-0",
        revision=1,
        tariff=TARIFF,
        engine="1.0.0",
        issued_at=NOON,
        parcels={},
    )


def sent(request_id: str, kind: str = "receipt", minutes: int = 0) -> LetterSent:
    fact = {**HEAD, "request_id": request_id, "letter_id": kind, "kind": kind, "attempts": 1}
    return LetterSent.model_validate({**fact, "sent_at": NOON + timedelta(minutes=minutes)})


def failed(request_id: str, kind: str = "quote") -> LetterFailed:
    fact = {**HEAD, "request_id": request_id, "letter_id": kind, "kind": kind, "attempts": 1, "failed_at": NOON}
    return LetterFailed.model_validate(fact)


async def told(*events: Callable[[str], Event]) -> Status:
    scene = Scene()
    accepted = await scene.submit(a_product(), valid(), "key-1")
    assert isinstance(accepted, Accepted)
    for event in events:
        await scene.follow(event(accepted.request_id))
    found = await scene.intake.tell(accepted.request_id)
    assert found is not None
    return found[1]


async def test_a_request_is_received_until_rating_has_spoken() -> None:
    assert await told() == Status("received", {})


async def test_a_request_is_quoted_or_referred_as_rating_said() -> None:
    assert (await told(offered)).state == "quoted"
    assert (await told(referred)).state == "referred"


async def test_the_latest_word_counts_in_whatever_order_it_is_heard() -> None:
    assert (await told(offered, referred)).state == "quoted"
    assert (await told(failed, lambda one: sent(one, "quote", 5))).letters == {"quote": "sent"}


async def test_what_became_of_the_letters_is_told_by_kind() -> None:
    assert (await told(sent, failed)).letters == {"receipt": "sent", "quote": "failed"}


async def test_intake_hears_quotes_and_letters_like_any_other_reader() -> None:
    scene = Scene()
    accepted = await scene.submit(a_product(), valid(), "key-1")
    assert isinstance(accepted, Accepted)
    broker = KafkaBroker()
    subscribe(broker, scene.follow)

    async with TestKafkaBroker(broker):
        publish = _publisher(broker)
        await publish(offered(accepted.request_id))
        await publish(sent(accepted.request_id))
        await publish(sent(accepted.request_id))

    found = await scene.intake.tell(accepted.request_id)
    assert found is not None
    assert found[1] == Status("quoted", {"receipt": "sent"})


def _publisher(broker: KafkaBroker) -> Callable[[Event], Awaitable[None]]:
    async def publish(event: Event) -> None:
        envelope = Envelope(
            id=event_id("d", event.type), type=event.type, source="/test", subject=event.request_id, time=NOON
        )
        await broker.publish(event.to_json(), event.topic, key=event.request_id.encode(), headers=envelope.headers())

    return publish
