"""What the launcher needs of every process of the system, and the choice of the broker."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

from rich.markup import escape

from local.children import CannotStart, Child
from local.embedded_broker import EmbeddedBroker
from local.kafka import Kafka

BrokerChoice = Literal["auto", "kafka", "embedded"]
ReportProgress = Callable[[str], None]
"""Shows one line, which may have rich's markup, to the person at the keyboard."""


class Component(Protocol):
    """A process of the system: a service, or something that services need."""

    @property
    def child(self) -> Child:
        """The process of the last start."""
        ...

    def spawn(self) -> None:
        """Start the process and return at once: it may not be able to work yet."""
        ...

    def wait_until_ready(self) -> None:
        """Return when it can do its work. Raises `CannotStart`."""
        ...


class Broker(Component, Protocol):
    """Apache Kafka, or its replacement in memory."""

    @property
    def address(self) -> str:
        """`host:port` for the operator and their tools."""
        ...

    def address_of(self, service: str, /) -> str:
        """What *service* is told as `MITSUMORI_KAFKA`."""
        ...


def choose_broker(
    choice: BrokerChoice, folder: Path, report: ReportProgress
) -> tuple[Broker, Literal["kafka", "embedded"]]:
    """The broker and its name. With `auto`: Apache Kafka; where it cannot run, *report* gets the reason.

    Raises `CannotStart` when the choice is `kafka` and it cannot run.
    """
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
