"""How long the server takes for the page of an estimate at a steady rate, beside its quickest answer (`/live`)."""

import asyncio
import time
from collections.abc import Callable
from itertools import count
from statistics import quantiles
from typing import Final
from urllib.parse import urlencode, urlsplit

import httpx

from bench.load import open_loop
from bench.results import Figures
from local.system import System

RATE: Final = 50
SECONDS: Final = 10
GOAL_MS: Final = 30
PATH: Final = "/cyber-security/estimate?"
_WAIT_S: Final = 30


def report(system: System) -> Figures:
    """Estimates of so many a second, each of another turnover. Raises `RuntimeError` when one is refused."""
    intake = system.services["intake"]
    _wait_for_tariff(intake.url)
    turnovers = count(100_000, 1_000)
    live = urlsplit(f"{intake.operations}/live")
    shown = _times(intake.port, lambda: PATH + urlencode(_asked(next(turnovers))))
    quickest = _times(live.port or 0, lambda: live.path)
    print(
        f"estimate: at {RATE} a second p50 {shown[9]:.1f} ms, p95 {shown[18]:.1f} ms (goal {GOAL_MS})"
        f" = {shown[18] / quickest[18]:.1f} x the same client's /live ({quickest[18]:.1f} ms)"
    )
    return {"p50 ms": shown[9], "p95 ms": shown[18], "p95 x /live": shown[18] / quickest[18]}


def _asked(turnover: int) -> dict[str, str]:
    return {"industry": "retail", "turnover": str(turnover), "plan": "basic"}


def _times(port: int, path: Callable[[], str]) -> list[float]:
    load = asyncio.run(open_loop(port, path, rate=RATE, seconds=SECONDS))
    if set(load.statuses) != {200}:
        raise RuntimeError(f"refused: {load.statuses}")
    return [each * 1000 for each in quantiles(load.times, n=20, method="inclusive")]


def _wait_for_tariff(url: str) -> None:
    """A fresh system has none for a moment: rating publishes it."""
    deadline = time.monotonic() + _WAIT_S
    with httpx.Client(trust_env=False) as client:
        while not client.get(f"{url}/api/v1/products/cyber-security/estimate", params=_asked(100_000)).is_success:
            if time.monotonic() > deadline:
                raise RuntimeError("no tariff has come")
            time.sleep(0.1)
