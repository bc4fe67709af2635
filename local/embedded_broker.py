"""The in-memory broker inside librdkafka, for machines without Java: it speaks Kafka's protocol over TCP.

One life: what it holds is gone when it stops. That is enough on one machine, because the ledger is Mongo. It knows
no CreateTopics and gives every topic that is asked for four partitions.
"""

from pathlib import Path

from local.children import Child, environment, python_module

_START_TIMEOUT_S = 20


class EmbeddedBroker:
    """The broker's process; *folder* holds its log and, while it runs, its address."""

    def __init__(self, folder: Path) -> None:
        self._address = folder / "address"
        command = python_module("local.librdkafka", self._address)
        self.child = Child("内蔵ブローカー", command, folder / "broker.log", environment())

    @property
    def address(self) -> str:
        """`host:port` for clients; another one after every start."""
        return self._address.read_text("ascii")

    @property
    def pid(self) -> int:
        """The process id."""
        return self.child.pid

    def spawn(self) -> None:
        """Start the process without waiting for it."""
        self._address.parent.mkdir(parents=True, exist_ok=True)
        self._address.unlink(missing_ok=True)
        self.child.start()

    def wait_until_ready(self) -> None:
        """Return when it takes connections."""
        self.child.wait_until(self._address.exists, _START_TIMEOUT_S)

    def start(self) -> None:
        """Start it and return when it takes connections."""
        self.spawn()
        self.wait_until_ready()

    def stop(self) -> None:
        """End it. Safe to repeat."""
        self.child.stop()

    def kill(self) -> None:
        """End it as a crash would."""
        self.child.kill()
