"""No body is read further than a form of ours is long, whatever it says of itself and whoever reads it."""

import json
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

import pytest
from starlette.types import ASGIApp, Message

from shared.web.body_limit import MAX_BODY_BYTES
from tests.security.fakes import SITES, visitor

pytestmark = pytest.mark.anyio

CHUNK = 16 * 1024
ROUTES = [
    pytest.param("form", "/cyber-security/start", id="a page of the form"),
    pytest.param("form", "/cyber-security/submit", id="the agency's own page"),
    pytest.param("form", "/api/v1/requests", id="the API"),
    pytest.param("form", "/nowhere", id="a page that does not exist"),
    pytest.param("form", "/", id="a page that nothing is posted to"),
    pytest.param("form", "/static/form.css", id="a file"),
    pytest.param("dashboard", "/login", id="the log-in page"),
    pytest.param("dashboard", "/logout", id="a page that reads no form"),
    pytest.param("mailbox", "/", id="the mailbox"),
]
TYPES = [
    pytest.param(None, id="without a type"),
    pytest.param("application/x-www-form-urlencoded", id="as a form"),
    pytest.param("application/json", id="as JSON"),
    pytest.param("text/plain", id="as text"),
    pytest.param("multipart/form-data; boundary=x", id="with files"),
]


@dataclass
class Upload:
    """A request that an app is given directly, so that what it asks for can be counted."""

    chunks: Iterable[bytes]
    asked_bytes: int = 0
    answer: list[Message] = field(default_factory=list)

    async def receive(self) -> Message:
        chunk = next(self._rest, None)
        if chunk is None:
            return {"type": "http.request", "body": b"", "more_body": False}
        self.asked_bytes += len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def send(self, message: Message) -> None:
        self.answer.append(message)

    async def to(self, app: ASGIApp, site: str, path: str, headers: dict[str, str | None], method: str = "POST") -> int:
        self._rest = iter(self.chunks)
        sent = {"host": SITES[site][1].partition("://")[2], "sec-fetch-site": "same-origin", **headers}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "http_version": "1.1",
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "headers": [(name.encode(), value.encode()) for name, value in sent.items() if value is not None],
        }
        await app(scope, self.receive, self.send)
        status: int = self.answer[0]["status"]
        return status

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.answer[0]["headers"])


@pytest.mark.parametrize(("site", "path"), ROUTES)
@pytest.mark.parametrize("content_type", TYPES)
async def test_what_says_that_it_is_too_long_is_not_read_at_all(site: str, path: str, content_type: str | None) -> None:
    """300 MB without a `Content-Type` once took 700 MB of memory, and then a 415."""
    upload = Upload([b"x" * CHUNK] * 100)

    status = await upload.to(
        SITES[site][0](), site, path, {"content-length": "314572800", "content-type": content_type}
    )

    assert status == 413
    assert upload.asked_bytes == 0
    assert upload.headers[b"connection"] == b"close"


@pytest.mark.parametrize(("site", "path"), ROUTES)
@pytest.mark.parametrize("content_type", TYPES)
async def test_what_does_not_say_how_long_it_is_is_counted(site: str, path: str, content_type: str | None) -> None:
    upload = Upload([b"x" * CHUNK] * 100)

    status = await upload.to(
        SITES[site][0](), site, path, {"transfer-encoding": "chunked", "content-type": content_type}
    )

    assert status == 413
    assert upload.asked_bytes <= MAX_BODY_BYTES + CHUNK


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "FROB", "GET", "HEAD", "OPTIONS"])
async def test_every_method_is_counted(method: str) -> None:
    upload = Upload([b"x" * CHUNK] * 100)

    status = await upload.to(SITES["form"][0](), "form", "/", {"transfer-encoding": "chunked"}, method)

    assert status == 413
    assert upload.asked_bytes <= MAX_BODY_BYTES + CHUNK


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"content-length": "x"}, 400, id="no number"),
        pytest.param({"content-length": "-1"}, 400, id="less than nothing"),
        pytest.param({"content-length": "+5"}, 400, id="a sign"),
        pytest.param({"content-length": "1_0"}, 400, id="what Python takes for a number"),
        pytest.param({"content-length": "5, 6"}, 400, id="two lengths in one header"),
        pytest.param({"content-length": "5", "transfer-encoding": "chunked"}, 400, id="a length and chunks"),
        pytest.param({"content-length": "9" * 5000}, 413, id="5,000 digits"),
        pytest.param({"content-length": "0" * 5000 + "9"}, 415, id="a short one with 5,000 zeros"),
    ],
)
async def test_a_length_that_two_servers_could_read_differently_is_refused(
    headers: dict[str, str | None], status: int
) -> None:
    upload = Upload([b"x" * 9])

    assert (
        await upload.to(SITES["form"][0](), "form", "/cyber-security/start", {**headers, "content-type": "text/plain"})
        == status
    )


async def test_a_button_without_fields_needs_no_type() -> None:
    """A form with nothing but its button has an empty body, and browsers may leave the type out."""
    async with visitor("form") as client:
        reply = await client.post("/cyber-security/start")

    assert reply.status_code == 303


async def test_a_short_body_without_a_type_is_no_form() -> None:
    async with visitor("form") as client:
        reply = await client.post("/cyber-security/start", content=b"a=b")

    assert reply.status_code == 415


async def test_a_body_in_tiny_pieces_costs_no_more_than_its_length() -> None:
    """Joining what grows with every piece takes the square of the number of pieces."""
    upload = Upload([b"x"] * MAX_BODY_BYTES)
    started = time.process_time()

    status = await upload.to(SITES["form"][0](), "form", "/cyber-security/start", {"transfer-encoding": "chunked"})

    assert status == 415
    assert time.process_time() - started < 1


async def test_a_visitor_who_goes_away_is_not_answered() -> None:
    gone = Upload([])

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    gone.receive = receive  # type: ignore[method-assign]  # the one thing that this visitor does
    with pytest.raises(IndexError):
        await gone.to(SITES["form"][0](), "form", "/cyber-security/start", {"content-length": "10"})
    assert gone.answer == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * 60_000, id="a deep list"),
        pytest.param(b'{"a":' * 10_000, id="a deep object"),
        pytest.param(b'{"product":' + b"1" * 60_000 + b"}", id="a number of 60,000 digits"),
        pytest.param(b'{"product":-1e' + b"1" * 60_000 + b"}", id="a power of 60,000 digits"),
        pytest.param(b'{"product":0.' + b"1" * 60_000 + b"}", id="a fraction of 60,000 digits"),
        pytest.param(b'"' + b"\\u0041" * 10_000 + b'"', id="10,000 escapes"),
        pytest.param(b"{" + b",".join(b'"%x":1' % n for n in range(6_000)) + b"}", id="6,000 keys"),
        pytest.param(b"[" + b"0," * 30_000 + b"0]", id="30,000 values"),
        pytest.param(b" " * 60_000, id="blanks"),
        pytest.param(b'{"a":1,' * 8_000, id="keys without an end"),
    ],
)
async def test_no_json_costs_more_than_it_is_long(body: bytes) -> None:
    async with visitor("form") as client:
        started = time.process_time()
        reply = await client.post("/api/v1/requests", content=body, headers={"Content-Type": "application/json"})
        took_s = time.process_time() - started

    assert reply.status_code == 400
    assert took_s < 0.2


async def test_json_may_begin_with_a_byte_order_mark() -> None:
    """Programs on Windows write it (RFC 8259, 8.1: a reader may ignore it)."""
    body = "\ufeff" + json.dumps({"product": "cyber-security", "answers": {}})
    async with visitor("form") as client:
        reply = await client.post(
            "/api/v1/requests", content=body.encode(), headers={"Content-Type": "application/json"}
        )

    assert reply.json()["type"] == "urn:mitsumori:problem:bad-answers"


async def test_a_json_body_of_unknown_length_is_taken_as_any_other() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"product": "cyber-security", '
        yield b'"answers": {}}'

    async with visitor("form") as client:
        reply = await client.post("/api/v1/requests", content=pieces(), headers={"Content-Type": "application/json"})

    assert reply.status_code == 422
