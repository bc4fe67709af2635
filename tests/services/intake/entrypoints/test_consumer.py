from collections.abc import Awaitable, Callable

import pytest
from faststream.kafka import KafkaBroker, TestKafkaBroker

from services.intake.domain.outcome import Status
from services.intake.entrypoints.consumer import subscribe
from services.intake.usecases.submit import Accepted
from shared.events import Envelope, Event, event_id
from tests.services.intake.builders import NOON, a_product, a_tariff, accepted_answers, letter_sent, offered
from tests.services.intake.fakes import Scene
from tests.shared.runtime.builders import headers_of
from tests.shared.runtime.fakes import a_consumer

pytestmark = pytest.mark.anyio


async def test_intake_reads_quotes_letters_and_tariffs_like_any_other_reader() -> None:
    scene = Scene()
    accepted = await scene.submit(a_product(), accepted_answers(), "key-1")
    assert isinstance(accepted, Accepted)
    broker = KafkaBroker()
    subscribe(a_consumer(broker), scene.follow, scene.ledger.tariffs.keep)

    async with TestKafkaBroker(broker):
        publish = _publisher(broker)
        await publish(offered(accepted.request_id))
        await publish(letter_sent(accepted.request_id))
        await publish(letter_sent(accepted.request_id))
        await publish(a_tariff())

    found = await scene.dependencies.get_status(accepted.request_id)
    assert found is not None
    assert found[1] == Status("quoted", {"receipt": "sent"})
    assert await scene.ledger.tariffs.newest("cyber-security") == a_tariff()


def _publisher(broker: KafkaBroker) -> Callable[[Event], Awaitable[None]]:
    async def publish(event: Event) -> None:
        envelope = Envelope(
            id=event_id("d", event.type), type=event.type, source="/test", subject=event.request_id, time=NOON
        )
        await broker.publish(
            event.to_json(), event.topic, key=event.request_id.encode(), headers=headers_of(event, envelope)
        )

    return publish
