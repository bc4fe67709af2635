"""What all processes of the system have in common, and which broker this machine can run."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

from rich.markup import escape

from local.children import CannotStart, Child
from local.embedded_broker import EmbeddedBroker
from local.kafka import Kafka

BrokerChoice = Literal["auto", "kafka", "embedded"]
ReportProgress = Callable[[str], None]
"""Shows one line, with rich's markup, to the person at the keyboard."""


class Component(Protocol):
    """One process of the system: a service, or what services depend on."""

    @property
    def child(self) -> Child:
        """Its process."""
        ...

    def spawn(self) -> None:
        """Start it without waiting."""
        ...

    def wait_until_ready(self) -> None:
        """Return when it can do its work. Raises `CannotStart`."""
        ...


class Broker(Component, Protocol):
    """Apache Kafka, or its replacement in memory."""

    @property
    def address(self) -> str:
        """`host:port` for clients."""
        ...


def choose_broker(
    choice: BrokerChoice, folder: Path, report: ReportProgress
) -> tuple[Broker, Literal["kafka", "embedded"]]:
    """Apache Kafka where it can run; with `auto` the report gives the reason when it cannot."""
    if choice != "embedded":
        try:
            kafka = Kafka(folder / "kafka", report=report)
        except CannotStart as reason:
            if choice == "kafka":
                raise
            report(f"[yellow]内蔵ブローカーを使います[/]: {escape(str(reason))}")
        else:
            report("ブローカー: Apache Kafka (KRaft)")
            return kafka, "kafka"
    return EmbeddedBroker(folder / "broker"), "embedded"
