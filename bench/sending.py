"""Sends forms at a pace and waits for their quotes' mails: what the sections that follow a form have in common."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import cycle
from statistics import quantiles
from typing import Any, Final

from pymongo import MongoClient
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.load import post_once
from bench.samples import next_request
from local.system import System
from shared.clock import utc_now

AT_ONCE: Final = 64
"""Connections that may be open at the same time. The times count from the acceptance, not from the connection."""
_STUCK_S: Final = 60


def send(system: System, forms: int, rate: float, ports: Sequence[int] = ()) -> list[float]:
    """Send *forms* at *rate* a second, and return when the mail server has each quote: milliseconds from each 202.

    With *ports*, they go to these processes of intake in turn.

    Raises `RuntimeError` when one is not accepted, and `TimeoutError` when no further quote is mailed for a minute.
    """
    since = utc_now()
    asyncio.run(_post(ports or [system.services["intake"].port], forms, rate))
    return _wait(system, forms, since)


def middle_and_worst(times: list[float]) -> tuple[float, float]:
    """The 50th and 99th percentile."""
    cuts = quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[98]


async def _post(ports: Sequence[int], forms: int, rate: float) -> None:
    body = next_request()
    started = time.perf_counter()
    places = asyncio.Semaphore(AT_ONCE)

    async def post(port: int) -> int:
        async with places:
            return await post_once(port, "/api/v1/requests", body())

    posts = []
    for number, port in zip(range(forms), cycle(ports)):
        await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
        posts.append(asyncio.ensure_future(post(port)))
    if set(await asyncio.gather(*posts)) != {202}:
        raise RuntimeError("not every request was accepted")


def _wait(system: System, forms: int, since: datetime) -> list[float]:
    """Milliseconds from each acceptance to the end of its quote's delivery, as intake's database has them."""
    columns = (TextColumn("quotes mailed"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        MongoClient[dict[str, Any]](system.mongo, tz_aware=True) as client,
        Progress(*columns, console=Console(stderr=True), transient=True) as progress,
    ):
        database, bar = client["mitsumori_intake"], progress.add_task("", total=forms)
        quotes = {"letter": "quote", "fate": "sent", "at": {"$gte": since}}
        mailed, moved = 0, time.monotonic()
        while mailed < forms:
            before, mailed = mailed, database["outcomes"].count_documents(quotes)
            progress.update(bar, completed=mailed)
            if mailed > before:
                moved = time.monotonic()
            elif time.monotonic() - moved > _STUCK_S:
                raise TimeoutError(f"{mailed} of {forms} quotes were mailed")
            time.sleep(0.5)
        requests = database["requests"].find({"accepted_at": {"$gte": since}}, {"accepted_at": 1})
        accepted = {request["_id"]: request["accepted_at"] for request in requests}
        return [
            (letter["at"] - accepted[letter["request_id"]]) / timedelta(milliseconds=1)
            for letter in database["outcomes"].find(quotes)
        ]
