"""Counts quotes by day, for a dashboard of your own: reads the topic of quotes with a consumer group of its own.

KAFKA=localhost:9092 python -m examples.quote_reader
"""

import asyncio
import os
from collections import Counter
from typing import Any

from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker, KafkaMessage

GROUP = os.environ.get("GROUP", "somebodys-dashboard")  # Never the name of a service: it would lose its records.
OUTCOMES = {"mitsumori.quote.offered.v1": "offered", "mitsumori.quote.referred.v1": "referred"}

broker = KafkaBroker(os.environ.get("KAFKA", "localhost:9092"), client_id=GROUP)
seen: set[str] = set()  # In a real dashboard: a unique key of its database.
quotes = Counter[tuple[str, str]]()


@broker.subscriber(
    "mitsumori.quotes.v1",
    group_id=GROUP,
    auto_offset_reset="earliest",  # Begin with what is still on the topic.
    ack_policy=AckPolicy.ACK,  # Go on after a record that cannot be read.
    no_reply=True,
)
async def on_quote(body: dict[str, Any], message: KafkaMessage) -> None:
    """Count a quote once, though Kafka may bring it twice, and ignore types that come later."""
    outcome, event = OUTCOMES.get(str(message.headers.get("ce_type"))), str(message.headers.get("ce_id"))
    if outcome is None or event in seen:
        return
    seen.add(event)
    quotes[body["issued_at"][:10], outcome] += 1
    print(body["quote_id"], outcome, body.get("options", [{}])[0].get("premium", "-"), flush=True)


if __name__ == "__main__":
    asyncio.run(FastStream(broker).run())
