"""What the parts of the system have in common, and which broker this machine can run."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

from rich.markup import escape

from local.children import CannotStart, Child
from local.embedded_broker import EmbeddedBroker
from local.kafka import Kafka

BrokerChoice = Literal["auto", "kafka", "embedded"]
Say = Callable[[str], None]


class Part(Protocol):
    """One process of the system."""

    @property
    def child(self) -> Child:
        """Its process."""
        ...

    def launch(self) -> None:
        """Start it without waiting."""
        ...

    def wait(self) -> None:
        """Return when it can do its work. Raises `CannotStart`."""
        ...


class Broker(Part, Protocol):
    """Apache Kafka, or what stands in for it."""

    @property
    def address(self) -> str:
        """`host:port` for clients."""
        ...


def choose_broker(choice: BrokerChoice, folder: Path, say: Say) -> tuple[Broker, Literal["kafka", "embedded"]]:
    """Apache Kafka where it can run; `auto` says why when it cannot."""
    if choice != "embedded":
        try:
            kafka = Kafka(folder / "kafka", say=say)
        except CannotStart as reason:
            if choice == "kafka":
                raise
            say(f"[yellow]内蔵ブローカーを使います[/]: {escape(str(reason))}")
        else:
            say("ブローカー: Apache Kafka (KRaft)")
            return kafka, "kafka"
    return EmbeddedBroker(folder / "broker"), "embedded"
