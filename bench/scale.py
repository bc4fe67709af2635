"""One, two and three processes of each service on one Kafka and MongoDB: what a form costs, and who does the work.

More processes are not quicker on a machine whose cores are busy. What counts is that a form costs the same, that every
process has its share, and that no letter goes out twice.
"""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from statistics import mean
from typing import Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from bench.letters import sent_twice
from bench.processes import cpu_s
from bench.results import Figures, Missed
from bench.sending import middle_and_worst, send
from local.children import free_port
from local.services import ServiceProcess
from local.system import System

MOST: Final = 3
"""Processes of each service."""
FORMS: Final = 300
RATE: Final = 10
WARM_UP: Final = 50
"""For each process."""
GOAL: Final = 1.15
"""What a form may cost with several processes, as a multiple of its cost with one, at a rate that both keep.

At once is another matter: the longer the queue of one process is, the more forms it works on together.
"""
LEAST_SHARE: Final = 0.5
"""Of what each process would do if all did the same. Keys fall on partitions by chance, a few per cent more or less."""

Processes = Mapping[str, list[ServiceProcess]]
"""By service."""


def report(system: System) -> Figures:
    """Cost and share with each number of processes. Raises `Missed` when one has no share, or a letter came twice."""
    processes = {name: [first] for name, first in system.services.items()}
    figures: Figures = {}
    wrong: list[str] = []
    with ExitStack() as stack:
        for number in range(1, MOST + 1):
            if number > 1:
                _add_one_of_each(processes, number, stack)
            found, idle = _measured(system, processes)
            figures |= {f"{name} with {number}": figure for name, figure in found.items()}
            wrong += [f"{name} of {number} had next to nothing to do" for name in idle]
        if twice := sent_twice(system.maildir):
            wrong.append(f"{len(twice)} letters came twice")
    costs = [figures[f"cpu ms at {RATE}/s with {number}"] for number in range(1, MOST + 1)]
    print(f"scale: a form costs at most {max(costs) / costs[0]:.2f} x as much as with one process (goal ≤ {GOAL})")
    if wrong:
        raise Missed(", ".join(wrong), figures)
    return figures


def _add_one_of_each(processes: Processes, number: int, stack: ExitStack) -> None:
    more = []
    for name, [first, *_] in processes.items():
        log = first.child.log.with_name(f"{name}-{number}.log")
        more.append(ServiceProcess(name, free_port(), log, first.settings))
    for process in more:
        stack.callback(process.child.stop)
        process.spawn()
        processes[process.name].append(process)
    for process in more:
        process.wait_until_ready()


def _measured(system: System, processes: Processes) -> tuple[Figures, list[str]]:
    """Figures, and the services of which a process had next to nothing to do."""
    ports = [process.port for process in processes["intake"]]
    # Until then Kafka has dealt out the partitions anew.
    send(system, WARM_UP * len(ports), RATE, ports)
    _wait_for_rest(processes)
    records, cpu = _records(processes), _cpu_s(system, processes)
    began = time.perf_counter()
    send(system, FORMS, 1_000_000, ports)
    took = time.perf_counter() - began
    _wait_for_rest(processes)
    cpu_at_once = _cpu_s(system, processes)
    middle, worst = middle_and_worst(send(system, FORMS, RATE, ports))
    _wait_for_rest(processes)
    cpu_at_rate = _cpu_s(system, processes)
    shares = {
        name: [after - before for before, after in zip(records[name], counts, strict=True)]
        for name, counts in _records(processes).items()
    }
    at_once = {name: (cpu_at_once[name] - cpu[name]) * 1_000 / FORMS for name in cpu}
    at_rate = {name: (cpu_at_rate[name] - cpu_at_once[name]) * 1_000 / FORMS for name in cpu}
    figures = {
        "forms/s": FORMS / took,
        "cpu ms at once": sum(at_once.values()),
        f"cpu ms at {RATE}/s": sum(at_rate.values()),
        **{f"cpu ms at once: {name}": milliseconds for name, milliseconds in at_once.items()},
        **{f"cpu ms at {RATE}/s: {name}": milliseconds for name, milliseconds in at_rate.items()},
        f"p50 ms at {RATE}/s": middle,
        f"p99 ms at {RATE}/s": worst,
    }
    _print(figures, shares, processes)
    return figures, [name for name, done in shares.items() if min(done) < LEAST_SHARE * mean(done)]


def _print(figures: Figures, shares: Mapping[str, list[float]], processes: Processes) -> None:
    number = len(processes["intake"])
    print(
        f"scale: {number} of each service: {FORMS} forms at once mailed at {figures['forms/s']:.1f} forms/s; at"
        f" {RATE} forms/s p50 {figures[f'p50 ms at {RATE}/s']:.0f} ms, p99 {figures[f'p99 ms at {RATE}/s']:.0f} ms"
    )
    for when in ("at once", f"at {RATE}/s"):
        by_service = ", ".join(f"{name} {figures[f'cpu ms {when}: {name}']:.1f}" for name in processes)
        cost = figures[f"cpu ms {when}"]
        print(f"scale: {number} of each service: {cost:.0f} ms of CPU a form {when} ({by_service})")
    for name, done in shares.items():
        percent = "/".join(f"{100 * count / sum(done):.0f}" for count in done)
        partitions = "/".join(f"{len(_samples(process, 'consumer_lag'))}" for process in processes[name])
        print(f"scale: {number} of {name}: {percent} % of {sum(done):.0f} records, from {partitions} partitions")


def _cpu_s(system: System, processes: Processes) -> dict[str, float]:
    """By component; of a service all its processes."""
    pids = {name: [component.child.pid] for name, component in system.components.items()}
    pids |= {name: [process.child.pid for process in all_of_it] for name, all_of_it in processes.items()}
    return {name: sum(map(cpu_s, of)) for name, of in pids.items()}


def _records(processes: Processes) -> dict[str, list[float]]:
    """How many records each process has worked on."""
    return {name: [sum(_samples(process, "records_total")) for process in of] for name, of in processes.items()}


def _wait_for_rest(processes: Processes) -> None:
    """Return when nothing has been read for a while: the last quote is mailed before the desk's letter is."""
    before = None
    while (now := _records(processes)) != before:
        before = now
        time.sleep(2)


def _samples(process: ServiceProcess, name: str) -> list[float]:
    """The values of a metric, with every set of labels."""
    text = httpx.get(process.metrics, trust_env=False).raise_for_status().text
    families = text_string_to_metric_families(text)
    return [sample.value for family in families for sample in family.samples if sample.name == name]
