"""What one form costs: CPU of each process, MongoDB's work, Kafka's records and memory, against bench/budget.yaml."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from aiokafka import AIOKafkaConsumer
from pymongo import MongoClient

from bench.processes import cpu_s, service_memory_mb
from bench.results import Figures, Missed
from bench.sending import send
from bench.yardstick import keeping_pace
from local.system import System
from shared.events import TOPICS
from shared.runtime.kafka_address import KafkaAddress

FORMS: Final = 1_000
RATE: Final = 10
WARM_UP: Final = 50
TOLERANCE: Final = 1.15
"""A figure above its budget by no more than this is still kept: two runs on one machine differ by as much."""
_CPU: Final = "cpu ms"
COMMANDS: Final = ("insert", "find", "update", "delete", "aggregate", "findAndModify", "getMore", "bulkWrite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Everything that is counted, at one moment."""

    cpu_s: dict[str, float]
    commands: dict[str, int]
    syncs: int
    journal_bytes: int
    records: int


def report(system: System) -> Figures:
    """The cost of a form. Raises `Missed` when a budget is exceeded."""
    send(system, WARM_UP, RATE)
    resident, before = service_memory_mb(system), _counters(system)
    with keeping_pace() as pace:
        send(system, FORMS, RATE)
    after, grown = _counters(system), service_memory_mb(system)
    figures = {
        **dict(_per_form(before, after)),
        **{f"memory MB: {name}": size for name, size in grown.items()},
        "yardstick µs": pace.us,
    }
    budget = {
        f"{group}: {name}": most * (pace.factor if group == _CPU else 1.0)
        for group, of in _budget().items()
        for name, most in of.items()
    }
    print(
        f"budget: the yardstick takes {pace.us:.1f} µs on this machine now = {pace.factor:.2f} x what it took where the"
        " budgets of CPU were measured, which grow with it"
    )
    for name, figure in figures.items():
        most = budget.get(name)
        print(f"budget: {name} {figure:.1f}" + (f" (budget {most:.1f})" if most else ""))
    shown = ", ".join(f"{name} {resident[name]:.0f} → {grown[name]:.0f} MB" for name in grown)
    print(f"budget: memory before and after {FORMS:,} forms: {shown}")
    above = [name for name, most in budget.items() if figures[name] > most * TOLERANCE]
    if above:
        raise Missed(f"above the budget: {', '.join(above)}", figures)
    return figures


def _per_form(before: Counters, after: Counters) -> Iterator[tuple[str, float]]:
    """Name and figure, for each form."""
    cpu = {name: (seconds - before.cpu_s[name]) * 1000 / FORMS for name, seconds in after.cpu_s.items()}
    for name, milliseconds in cpu.items():
        yield f"{_CPU}: {name}", milliseconds
    yield f"{_CPU}: all", sum(cpu.values())
    commands = {name: (after.commands[name] - before.commands[name]) / FORMS for name in COMMANDS}
    for name, count in commands.items():
        yield f"mongo: {name}", count
    yield "mongo: commands", sum(commands.values())
    yield "mongo: journal syncs", (after.syncs - before.syncs) / FORMS
    yield "mongo: journal kB", (after.journal_bytes - before.journal_bytes) / 1000 / FORMS
    yield "kafka: records", (after.records - before.records) / FORMS


def _budget() -> dict[str, dict[str, float]]:
    budget: dict[str, dict[str, float]] = yaml.safe_load(Path(__file__).with_name("budget.yaml").read_text("utf-8"))
    return budget


def _counters(system: System) -> Counters:
    with MongoClient[dict[str, Any]](system.mongo) as client:
        status = client["admin"].command("serverStatus")
    commands, log = status["metrics"]["commands"], status["wiredTiger"]["log"]
    return Counters(
        cpu_s={name: cpu_s(component.child.pid) for name, component in system.components.items()},
        commands={name: int(commands.get(name, {}).get("total", 0)) for name in COMMANDS},
        syncs=int(log["log sync operations"]),
        journal_bytes=int(log["log bytes written"]),
        records=asyncio.run(_records(system)),
    )


async def _records(system: System) -> int:
    """How many records were ever written to the topics."""
    consumer: Any = AIOKafkaConsumer(*TOPICS, **KafkaAddress.parse(system.broker.address).client_options)
    await consumer.start()
    try:
        return sum((await consumer.end_offsets(consumer.assignment())).values())
    finally:
        await consumer.stop()
