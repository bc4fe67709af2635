"""The time from the 202 until the mail server has accepted the quote, at a steady rate; and each service's memory."""

import asyncio
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from pymongo import MongoClient

from bench.load import post_once
from bench.samples import next_request
from local.system import System
from shared.clock import utc_now

RATES = (5, 10)
"""Forms a second. The goal is set for the higher one."""
SECONDS = 20
WARM_UP = 20
GOALS = "goal at 10 forms/s: p50 < 150 ms, p99 < 1000 ms"
MEMORY_GOAL_MB = 120


def report(system: System) -> None:
    """Print the time until the quote's mail, and then the resident memory of each service."""
    asyncio.run(_send(system, WARM_UP, RATES[0]))
    _wait(system, WARM_UP)
    for rate in RATES:
        since, forms = utc_now(), rate * SECONDS
        asyncio.run(_send(system, forms, rate))
        cuts = quantiles(_wait(system, forms, since), n=100, method="inclusive")
        print(
            f"journey: 202 → quote accepted by the mail server at {rate} forms/s, {forms} forms:"
            f" p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms ({GOALS})"
        )
    memory = {name: _resident_mb(service.child.pid) for name, service in system.services.items()}
    shown = ", ".join(f"{name} {megabytes:.0f} MB" for name, megabytes in memory.items())
    print(f"memory: {shown} (goal < {MEMORY_GOAL_MB} MB each)")


async def _send(system: System, forms: int, rate: int) -> None:
    port = system.services["intake"].port
    body = next_request()
    started = time.perf_counter()
    posts = []
    for number in range(forms):
        await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
        posts.append(asyncio.ensure_future(post_once(port, "/api/v1/requests", body())))
    if set(await asyncio.gather(*posts)) != {202}:
        raise RuntimeError("not every request was accepted")


def _wait(system: System, forms: int, since: datetime | None = None) -> list[float]:
    """Milliseconds from each acceptance to the end of its quote's delivery, as intake's database has them."""
    deadline = time.monotonic() + 60
    with MongoClient[dict[str, Any]](system.mongo, tz_aware=True) as client:
        begin = since or utc_now() - timedelta(minutes=5)
        while True:
            requests = client["mitsumori_intake"]["requests"].find({"accepted_at": {"$gte": begin}}, {"accepted_at": 1})
            accepted = {request["_id"]: request["accepted_at"] for request in requests}
            sent = client["mitsumori_intake"]["outcomes"].find(
                {"letter": "quote", "fate": "sent", "request_id": {"$in": list(accepted)}}
            )
            times = [(letter["at"] - accepted[letter["request_id"]]).total_seconds() * 1000 for letter in sent]
            if len(times) >= forms:
                return times
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(times)} of {forms} quotes were mailed")
            time.sleep(0.2)


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    kilobytes = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    return kilobytes / 1024
