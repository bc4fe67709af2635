"""Durable accepts per second: intake against a bare FastAPI + Motor insert of the same document, in turns."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from bson.json_util import dumps
from pymongo import MongoClient

from bench.load import Load, closed_loop
from bench.processes import cpu_s
from bench.results import Figures
from bench.samples import next_request
from bench.sending import middle_and_worst
from local.children import LOOPBACK, free_port
from local.system import System

CLIENTS = 16
SECONDS = 5.0
ROUNDS = 5
GOAL = 0.55
GOAL_CPU_MS = 1.2
GOAL_P99_MS = 60


def report(system: System) -> Figures:
    """Print accepts per second. The other services are stopped: their work with the events is not measured here."""
    for name in ("rating", "notify", "dashboard"):
        system.services[name].child.stop()
    intake = system.services["intake"]
    with _bare(system.mongo) as bare:
        ours, theirs, cpu_ms = [], [], []
        for _ in range(ROUNDS):
            theirs.append(_round(bare, "/requests"))
            before = cpu_s(intake.child.pid)
            load = _round(intake.port, "/api/v1/requests")
            _drain(system)
            cpu_ms.append((cpu_s(intake.child.pid) - before) * 1000 / len(load.times))
            ours.append(load)
    mine, baseline = median(load.per_second for load in ours), median(load.per_second for load in theirs)
    rounds = [a.per_second / b.per_second for a, b in zip(ours, theirs, strict=True)]
    ratio, ratios = median(rounds), ", ".join(f"{each:.2f}" for each in rounds)
    worst = middle_and_worst([took * 1000 for load in ours for took in load.times])[1]
    print(
        f"accept: {mine:.0f} durable accepts/s = {ratio:.2f} x a bare FastAPI + Motor insert of the same"
        f" document ({baseline:.0f}/s; goal {GOAL}; rounds {ratios}), {median(cpu_ms):.2f} ms of CPU each (goal"
        f" {GOAL_CPU_MS}), p99 {worst:.0f} ms with {CLIENTS} clients (goal {GOAL_P99_MS})"
    )
    return {"accepts/s": mine, "x the bare insert": ratio, "cpu ms": median(cpu_ms), "p99 ms": worst}


def _round(port: int, path: str) -> Load:
    load = asyncio.run(closed_loop(port, path, next_request(), clients=CLIENTS, seconds=SECONDS))
    if set(load.statuses) != {202}:
        raise RuntimeError(f"not every request was accepted: {load.statuses}")
    return load


@contextmanager
def _bare(mongo: str) -> Iterator[int]:
    """Run the baseline in a process of its own, as intake is, and yield its port."""
    with tempfile.TemporaryDirectory() as folder, MongoClient[dict[str, Any]](mongo) as client:
        document = client["mitsumori_intake"]["requests"].find_one() or {}
        path = Path(folder) / "document.json"
        path.write_text(dumps(document), "utf-8")
        port = free_port()
        process = subprocess.Popen([sys.executable, "-m", "bench.bare", mongo, str(port), path])  # noqa: S603  # our own module
        try:
            while not _answers(port):
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            process.wait()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://{LOOPBACK}:{port}/", timeout=1, trust_env=False).status_code > 0
    except httpx.HTTPError:
        return False


def _drain(system: System) -> None:
    """Wait until intake's relay is done, so that it does not work while the baseline is measured."""
    with MongoClient[dict[str, Any]](system.mongo) as client:
        while client["mitsumori_intake"]["requests"].count_documents({"relay.state": "pending"}):
            time.sleep(0.1)
