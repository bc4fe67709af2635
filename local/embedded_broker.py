"""The broker in memory that librdkafka has, for machines without Java. Clients connect to it as to Kafka, over TCP.

It loses all records when it stops. That is acceptable on one machine, because each event is also in MongoDB
(local/republish.py). It cannot create topics on request; a topic that a client asks for gets four partitions.
"""

from pathlib import Path

from local.backing_service import BackingService
from local.children import Child, environment, python_module
from shared.events import TOPICS

_START_TIMEOUT_S = 20


class EmbeddedBroker(BackingService):
    """The broker's process; *folder* holds its log and, while it runs, its address."""

    def __init__(self, folder: Path) -> None:
        self._address = folder / "address"
        command = python_module("local.librdkafka", self._address, *TOPICS)
        self.child = Child("内蔵ブローカー", command, folder / "broker.log", environment())

    @property
    def address(self) -> str:
        """`host:port` for clients; another one after every start."""
        return self._address.read_text("ascii")

    def address_of(self, _service: str) -> str:
        """The same for every service: it knows no users."""
        return self.address

    def spawn(self) -> None:
        """Start the process and return at once; the old address is removed first."""
        self._address.parent.mkdir(parents=True, exist_ok=True)
        self._address.unlink(missing_ok=True)
        self.child.start()

    def wait_until_ready(self) -> None:
        """Return when the broker accepts connections: its process writes the address then. Raises `CannotStart`."""
        self.child.wait_until(self._address.exists, _START_TIMEOUT_S)
