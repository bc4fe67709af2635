"""The in-memory broker inside librdkafka, for machines without Java: it speaks Kafka's protocol over TCP.

One life: what it holds is gone when it stops. That is enough on one machine, because the ledger is Mongo. It knows
no CreateTopics and gives every topic that is asked for four partitions.
Run as a process of its own, `python -m local.embedded_broker ADDRESS_FILE`.
"""

import signal
import sys
from pathlib import Path

from local.children import Child, environment, python_module
from shared.events import TOPICS

_START_TIMEOUT_S = 20


class EmbeddedBroker:
    """The broker's process; *folder* holds its log and, while it runs, its address."""

    def __init__(self, folder: Path) -> None:
        self._address = folder / "address"
        order = python_module("local.embedded_broker", self._address)
        self.child = Child("内蔵ブローカー", order, folder / "broker.log", environment())

    @property
    def address(self) -> str:
        """`host:port` for clients; another one after every start."""
        return self._address.read_text("ascii")

    @property
    def pid(self) -> int:
        """The process id."""
        return self.child.pid

    def launch(self) -> None:
        """Start the process without waiting for it."""
        self._address.parent.mkdir(parents=True, exist_ok=True)
        self._address.unlink(missing_ok=True)
        self.child.start()

    def wait(self) -> None:
        """Return when it takes connections."""
        self.child.wait_until(self._address.exists, _START_TIMEOUT_S)

    def start(self) -> None:
        """Start it and return when it takes connections."""
        self.launch()
        self.wait()

    def stop(self) -> None:
        """End it. Safe to repeat."""
        self.child.stop()

    def kill(self) -> None:
        """End it as a crash would."""
        self.child.kill()


def main() -> None:
    """Serve until SIGTERM."""
    from confluent_kafka import Producer  # noqa: PLC0415  # only this process needs the C library

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    keeper = Producer({"test.mock.num.brokers": 1})
    (broker,) = keeper.list_topics(timeout=10).brokers.values()
    for topic in TOPICS:
        keeper.list_topics(topic, timeout=10)  # Asking makes it.
    address = Path(sys.argv[1])
    address.with_suffix(".part").write_text(f"{broker.host}:{broker.port}", "ascii")
    address.with_suffix(".part").rename(address)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
