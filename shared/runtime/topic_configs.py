"""How the topics are configured: for whoever creates them, and for a service that makes its own again."""

from datetime import timedelta
from typing import Final

from shared.events import KEPT_FOR_GOOD

RETENTION: Final = timedelta(days=14)
"""How long a record stays on a topic, unless its topic is kept for good."""


def topic_configs(name: str) -> dict[str, str]:
    """What the topic *name* is configured with; all else is as the broker has it."""
    retention_ms = RETENTION // timedelta(milliseconds=1)
    return {
        "retention.ms": "-1" if name in KEPT_FOR_GOOD else str(retention_ms),
        # Kafka unpacks what producers compress: a record that our readers have no codec for would block its partition.
        "compression.type": "uncompressed",
    }
