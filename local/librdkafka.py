"""The process of the embedded broker: `python -m local.librdkafka ADDRESS_FILE TOPIC…`.

It is a file of its own because only this process needs the C library, and it needs nothing else of ours.
"""

import signal
import sys
from pathlib import Path

from confluent_kafka import Producer


def main() -> None:
    """Run the broker until SIGTERM; it exists as long as this producer does."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    producer = Producer({"test.mock.num.brokers": 1})
    (broker,) = producer.list_topics(timeout=10).brokers.values()
    for topic in sys.argv[2:]:
        producer.list_topics(topic, timeout=10)  # librdkafka creates the topic when it is asked for it.
    address = Path(sys.argv[1])
    address.with_suffix(".part").write_text(f"{broker.host}:{broker.port}", "ascii")
    address.with_suffix(".part").rename(address)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
