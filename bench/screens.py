"""How soon a new request stands on the screens of twenty members of staff, each with the list open."""

import asyncio
import secrets
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Final

import httpx

from bench.processes import cpu_s
from bench.results import Figures, Missed
from bench.samples import next_request
from local.staff import add_staff
from local.system import System

SCREENS: Final = 20
REQUESTS: Final = 20
GOAL_S: Final = 1.0
PATIENCE_S: Final = 60.0
_FROM_OWN_PAGE: Final = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Screen:
    """A list that is open, and when each row came."""

    came_at: dict[str, float] = field(default_factory=dict)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def watch(self, response: httpx.Response, wanted: dict[str, float]) -> None:
        """Note when a row of *wanted* is first told, for as long as the answer goes on."""
        async for line in response.aiter_lines():
            told = [one for one in wanted if one not in self.came_at and f"case-{one}" in line]
            if told:
                self.came_at |= dict.fromkeys(told, time.perf_counter())
                async with self.news:
                    self.news.notify_all()

    async def shows(self, request_id: str) -> float:
        """When it came, once it has."""
        async with self.news:
            await self.news.wait_for(lambda: request_id in self.came_at)
        return self.came_at[request_id]


def report(system: System) -> Figures:
    """From the moment at which intake has accepted a request; with what the dashboard uses meanwhile."""
    return asyncio.run(_report(system))


async def _report(system: System) -> Figures:
    accepted: dict[str, float] = {}
    pid = system.services["dashboard"].child.pid
    async with AsyncExitStack() as stack, asyncio.timeout(PATIENCE_S * 5):
        screens = [await _open(stack, system, number, accepted) for number in range(SCREENS)]
        intake = await stack.enter_async_context(httpx.AsyncClient(base_url=system.services["intake"].url))
        body, used, began = next_request(), cpu_s(pid), time.perf_counter()
        times: list[float] = []
        for _ in range(REQUESTS):
            reply = await intake.post("/api/v1/requests", json=body())
            request_id = reply.raise_for_status().json()["request_id"]
            accepted[request_id] = time.perf_counter()
            came = await asyncio.gather(*(screen.shows(request_id) for screen in screens))
            times += [moment - accepted[request_id] for moment in came]
        cpu, took = cpu_s(pid) - used, time.perf_counter() - began
    figures = {
        "new row p50 ms": median(times) * 1000,
        "new row p95 ms": quantiles(times, n=20, method="inclusive")[18] * 1000,
        "new row p95 x goal": quantiles(times, n=20, method="inclusive")[18] / GOAL_S,
        "dashboard CPU ms per request": cpu / REQUESTS * 1000,
        "dashboard CPU % of a core": cpu / took * 100,
    }
    told = (
        f"screens: a new row on {SCREENS} open lists after {figures['new row p50 ms']:.0f} ms,"
        f" p95 {figures['new row p95 ms']:.0f} ms (goal {GOAL_S * 1000:.0f});"
        f" the dashboard uses {figures['dashboard CPU ms per request']:.0f} ms of CPU for each request,"
        f" {figures['dashboard CPU % of a core']:.0f} % of a core"
    )
    print(told)
    if figures["new row p95 x goal"] > 1:
        raise Missed(told, figures)
    return figures


async def _open(stack: AsyncExitStack, system: System, number: int, wanted: dict[str, float]) -> Screen:
    """Log somebody in, and open the list's stream as their page does."""
    name = f"screen-{number}"
    password = await add_staff(system.mongo, name, secrets.token_urlsafe(15))
    client = await stack.enter_async_context(
        httpx.AsyncClient(base_url=system.services["dashboard"].url, headers=_FROM_OWN_PAGE, timeout=PATIENCE_S)
    )
    answer = await client.post("/login", data={"name": name, "password": password})
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise RuntimeError(answer.status_code)
    response = await stack.enter_async_context(client.stream("GET", "/events"))
    response.raise_for_status()
    screen = Screen()
    watching = asyncio.ensure_future(screen.watch(response, wanted))
    stack.callback(watching.cancel)
    return screen
