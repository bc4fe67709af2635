"""One table from kinds of error to answers, for pages and for programs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import pytest
from fastapi import FastAPI, Form, Query, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from httpx import ASGITransport, AsyncClient
from starlette.exceptions import HTTPException
from starlette.requests import Request
from structlog.testing import capture_logs

from shared.errors import Invalid, Unavailable
from shared.web.app import new_app
from shared.web.problems import HttpProblem, Renderer, json_renderer

pytestmark = pytest.mark.anyio

ERRORS = {
    "invalid": Invalid("bad-answers"),
    "unavailable": Unavailable("mongo"),
    "problem": HttpProblem(409, "conflict", headers={"X-Why": "because"}, errors=[{"key": "turnover"}]),
    "titled": HttpProblem(410, "over", title="終わりました"),
    "flood": HttpProblem(429, "too-many"),
    "gone": HTTPException(410, "a detail for developers"),
    "bug": ZeroDivisionError("a secret"),
}


@asynccontextmanager
async def never_started(_app: FastAPI) -> AsyncIterator[None]:
    yield


def as_page(request: Request, problem: HttpProblem) -> Response:
    return HTMLResponse(f"<h1>{problem.code}</h1><p>{request.url.path}", problem.status)


@asynccontextmanager
async def browser(render: Renderer) -> AsyncIterator[AsyncClient]:
    app = new_app("any", "any", never_started, render=render)

    @app.get("/raise/{name}")
    async def fail(name: str) -> None:
        raise ERRORS[name]

    @app.post("/form")
    async def form(number: Annotated[int, Form()], _page: Annotated[int, Query()] = 1) -> int:
        return number

    @app.get("/broken-off")
    async def broken_off() -> Response:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"half a page"
            raise ZeroDivisionError

        return StreamingResponse(chunks())

    async with AsyncClient(transport=ASGITransport(app), base_url="http://any.test") as client:
        yield client


TABLE = [
    pytest.param("/raise/invalid", 422, "invalid", None, id="what was sent can never be worked on"),
    pytest.param("/raise/unavailable", 503, "unavailable", "5", id="the ledger is away: come back soon"),
    pytest.param("/raise/problem", 409, "conflict", None, id="a route says so"),
    pytest.param("/raise/flood", 429, "too-many", "3600", id="too often: come back in an hour"),
    pytest.param("/raise/gone", 410, "gone", None, id="the framework says so"),
    pytest.param("/nowhere", 404, "not-found", None, id="no such page"),
    pytest.param("/form", 405, "method-not-allowed", None, id="a form is not for reading"),
    pytest.param("/raise/bug", 500, "internal-server-error", None, id="a bug of ours"),
]


@pytest.mark.parametrize(("path", "status", "code", "retry_after"), TABLE)
async def test_an_error_is_a_problem_for_programs(path: str, status: int, code: str, retry_after: str | None) -> None:
    """RFC 9457."""
    async with browser(json_renderer()) as client:
        reply = await client.get(path)

    body = reply.json()
    assert (reply.status_code, reply.headers["Content-Type"]) == (status, "application/problem+json")
    assert (body["type"], body["status"]) == (f"urn:mitsumori:problem:{code}", status)
    assert body["title"]
    assert reply.headers.get("Retry-After") == retry_after


@pytest.mark.parametrize(("path", "status", "code", "retry_after"), TABLE)
async def test_the_same_error_is_a_page_for_people(path: str, status: int, code: str, retry_after: str | None) -> None:
    async with browser(as_page) as client:
        reply = await client.get(path)

    assert (reply.status_code, reply.text) == (status, f"<h1>{code}</h1><p>{path}")
    assert reply.headers.get("Retry-After") == retry_after


@pytest.mark.parametrize(
    ("path", "title"),
    [
        pytest.param("/raise/invalid", "bad-answers", id="the machine word that the error brings"),
        pytest.param("/raise/titled", "終わりました", id="the words that the problem brings"),
        pytest.param("/raise/problem", "すでに送信されています", id="the service's words for the code"),
        pytest.param("/raise/gone", "Gone", id="or else HTTP's own"),
    ],
)
async def test_a_problem_says_in_a_title_what_it_is(path: str, title: str) -> None:
    async with browser(json_renderer({"conflict": "すでに送信されています"})) as client:
        assert (await client.get(path)).json()["title"] == title


async def test_a_problem_may_say_more_and_has_headers_of_its_own() -> None:
    async with browser(json_renderer()) as client:
        reply = await client.get("/raise/problem")

    assert reply.json()["errors"] == [{"key": "turnover"}]
    assert reply.headers["X-Why"] == "because"


async def test_the_frameworks_own_headers_stay() -> None:
    async with browser(as_page) as client:
        assert (await client.get("/form")).headers["Allow"] == "POST"


async def test_a_form_that_cannot_be_read_is_a_problem_that_does_not_repeat_it() -> None:
    async with browser(json_renderer()) as client:
        reply = await client.post("/form", data={"number": "金糸雀 花子"})

    assert (reply.status_code, reply.json()["type"]) == (422, "urn:mitsumori:problem:invalid")
    assert "金糸雀" not in reply.text


async def test_a_bug_is_logged_and_not_told() -> None:
    async with browser(json_renderer()) as client:
        with capture_logs() as lines:
            reply = await client.get("/raise/bug")

    assert "secret" not in reply.text
    assert [(line["event"], line.get("error"), line.get("status")) for line in lines] == [
        ("request served", None, 500),
        ("page failed", "ZeroDivisionError", None),
    ]


async def test_an_answer_that_has_begun_breaks_off_instead_of_ending_as_if_it_were_whole() -> None:
    async with browser(as_page) as client:
        with pytest.raises(ZeroDivisionError):
            await client.get("/broken-off")
