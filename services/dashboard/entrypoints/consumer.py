"""The Kafka entrypoint: all topics, because a case is joined from all of them."""

from collections.abc import Awaitable, Callable

from services.dashboard.domain.facts import FACTS, Fact, belongs_to_case
from services.dashboard.usecases.record_fact import RecordFact
from shared.events import FormCounted
from shared.runtime.consumer import Consumer

KeepCount = Callable[[FormCounted], Awaitable[None]]


def subscribe(consumer: Consumer, record_fact: RecordFact, keep_count: KeepCount) -> None:
    """Record every fact of a case, and what intake counts of its forms.

    One reader for all topics: a dashboard needs no more connections than that.
    """

    async def record(fact: Fact) -> None:
        if belongs_to_case(fact):
            await record_fact(fact)

    consumer.follow({**dict.fromkeys(FACTS, record), FormCounted: keep_count})
