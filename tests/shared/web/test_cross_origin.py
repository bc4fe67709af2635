"""What another site's page can make a browser send changes nothing here."""

import pytest
from httpx import ASGITransport, AsyncClient
from httpx import Response as Reply
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from structlog.testing import capture_logs

from shared.web.cross_origin import CrossOriginMiddleware
from shared.web.problems import HttpProblem

pytestmark = pytest.mark.anyio

OURS = "https://desk.example.jp"


async def answer(_request: Request) -> Response:
    return PlainTextResponse("done")


def refusal(_request: Request, problem: HttpProblem) -> Response:
    return PlainTextResponse(f"refused: {problem.code}", problem.status)


async def send(method: str, headers: dict[str, str], *, strict: bool, path: str = "/cases") -> Reply:
    app = Starlette(routes=[Route("/{rest:path}", answer, methods=[method])])
    guarded = CrossOriginMiddleware(
        app, origins={OURS}, render=refusal, strict=strict, exempt=("/api/{rest:path}", "/{product}/submit")
    )
    async with AsyncClient(transport=ASGITransport(guarded), base_url="https://10.0.0.7:8081") as client:
        return await client.request(method, path, headers=headers)


@pytest.mark.parametrize(
    ("method", "headers", "strict", "public"),
    [
        pytest.param("GET", {"Sec-Fetch-Site": "cross-site"}, 200, 200, id="a link on another site may lead here"),
        pytest.param("HEAD", {"Sec-Fetch-Site": "cross-site"}, 200, 200, id="or be looked at"),
        pytest.param("OPTIONS", {"Origin": "https://evil.example"}, 200, 200, id="and a browser may ask what it may"),
        pytest.param("POST", {"Sec-Fetch-Site": "same-origin"}, 200, 200, id="our own form"),
        pytest.param("POST", {"Sec-Fetch-Site": "none"}, 200, 200, id="what a person typed or kept as a bookmark"),
        pytest.param("POST", {"Sec-Fetch-Site": "cross-site"}, 403, 403, id="a form of another site"),
        pytest.param("POST", {"Sec-Fetch-Site": "same-site"}, 403, 403, id="a form of a neighbour"),
        pytest.param("POST", {"Sec-Fetch-Site": ""}, 403, 403, id="a site that is no site"),
        pytest.param("POST", {"Sec-Fetch-Site": "cross-site", "Origin": OURS}, 403, 403, id="the newer header decides"),
        pytest.param("POST", {"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200, 200, id="in both directions"),
        pytest.param("PUT", {"Sec-Fetch-Site": "cross-site"}, 403, 403, id="putting"),
        pytest.param("PATCH", {"Sec-Fetch-Site": "cross-site"}, 403, 403, id="patching"),
        pytest.param("DELETE", {"Sec-Fetch-Site": "cross-site"}, 403, 403, id="deleting"),
        pytest.param("FROB", {"Sec-Fetch-Site": "cross-site"}, 403, 403, id="a method that nobody knows"),
        pytest.param("POST", {"Origin": OURS}, 200, 200, id="our own form in an older browser"),
        pytest.param("POST", {"Origin": "https://evil.example"}, 403, 403, id="another site in an older browser"),
        pytest.param("POST", {"Origin": "null"}, 403, 403, id="a page that hides where it is from"),
        pytest.param(
            "POST", {"Origin": "https://desk.example.jp.evil.example"}, 403, 403, id="a name that begins alike"
        ),
        pytest.param("POST", {"Origin": "http://desk.example.jp"}, 403, 403, id="our name without encryption"),
        pytest.param("POST", {"Origin": "https://10.0.0.7:8081"}, 403, 403, id="the host that was asked"),
        pytest.param("POST", {}, 403, 200, id="no browser's page at all"),
    ],
)
async def test_only_our_own_pages_may_change_something(
    method: str, headers: dict[str, str], strict: int, public: int
) -> None:
    """Strict behind a log-in, where a session could be misused; a public form also takes what programs send."""
    assert (await send(method, headers, strict=True)).status_code == strict
    assert (await send(method, headers, strict=False)).status_code == public


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/api/v1/requests", 200, id="everything below a prefix"),
        pytest.param("/cyber-security/submit", 200, id="one page of any product"),
        pytest.param("/cyber-security/submit/", 200, id="with a slash too many"),
        pytest.param("/cyber-security/submit/more", 403, id="not what is below that page"),
        pytest.param("/cyber/security/submit", 403, id="nor what only ends like it"),
        pytest.param("/", 403, id="nor anything else"),
    ],
)
async def test_routes_that_check_for_themselves_are_exempt(path: str, status: int) -> None:
    reply = await send("POST", {"Sec-Fetch-Site": "cross-site"}, strict=True, path=path)

    assert reply.status_code == status


async def test_the_service_writes_the_refusal_and_the_log_says_no_more_than_that_there_was_one() -> None:
    with capture_logs() as lines:
        reply = await send("POST", {"Origin": "https://evil.example"}, strict=True)

    assert reply.text == "refused: other-site"
    assert lines == [{"event": "request refused", "log_level": "warning", "method": "POST", "status": 403}]
