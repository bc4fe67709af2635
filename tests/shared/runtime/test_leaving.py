"""A process that stops tells the proxy first, and waits no longer than that takes."""

from dataclasses import dataclass, field

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from shared.runtime.leaving import LOOKED_AT, MOST_S, TOLD_S, Leaving
from tests.architecture.repository import ROOT

pytestmark = pytest.mark.anyio


@dataclass
class Process:
    """Answers as a service does that has no such file. A test says what time it is, and when it shall stop."""

    is_stopping: bool = False
    time_s: float = 1_000.0
    leaving: Leaving = field(init=False)

    def __post_init__(self) -> None:
        self.leaving = Leaving(self._app, lambda: self.is_stopping, lambda: self.time_s)

    async def answer(self, path: str) -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.leaving), base_url="http://form") as client:
            return (await client.get(path)).status_code

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 404 if scope["path"].startswith("/static/") else 200
        await PlainTextResponse(status_code=status)(scope, receive, send)


async def test_only_the_proxys_look_is_answered_otherwise_while_it_stops() -> None:
    process = Process()
    before = [await process.answer(LOOKED_AT), await process.answer("/")]
    process.is_stopping = True

    answers = [await process.answer(path) for path in (LOOKED_AT, "/", "/static/form.css")]

    assert (before, answers) == ([404, 200], [503, 200, 404])


async def test_the_port_is_closed_a_moment_after_the_proxy_has_learned_of_it() -> None:
    process = Process()
    await process.answer(LOOKED_AT)
    process.is_stopping = True
    at_once = process.leaving.may_close()
    process.time_s += 0.25
    await process.answer(LOOKED_AT)
    told = process.leaving.may_close()
    process.time_s += TOLD_S

    assert (at_once, told, process.leaving.may_close()) == (False, False, True)


async def test_more_looks_do_not_put_it_off() -> None:
    process = Process(is_stopping=True)
    await process.answer(LOOKED_AT)
    process.leaving.may_close()
    process.time_s += TOLD_S
    await process.answer(LOOKED_AT)

    assert process.leaving.may_close()


async def test_where_no_proxy_looks_it_is_closed_at_once() -> None:
    """`make run` has none, and nobody who presses Ctrl-C shall wait; nor for one that has gone."""
    never, no_more = Process(), Process()
    await no_more.answer(LOOKED_AT)
    no_more.time_s += 60

    assert never.leaving.may_close()
    assert no_more.leaving.may_close()


async def test_a_proxy_that_does_not_look_again_is_waited_for_a_few_seconds() -> None:
    process = Process()
    await process.answer(LOOKED_AT)
    process.leaving.may_close()
    process.time_s += MOST_S

    assert process.leaving.may_close()


def test_the_proxy_looks_there_and_several_times_before_the_port_is_closed() -> None:
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")

    assert f"\thealth_uri {LOOKED_AT}\n\thealth_status 404\n\thealth_interval 250ms\n" in caddyfile
    assert TOLD_S >= 3 * 0.25
