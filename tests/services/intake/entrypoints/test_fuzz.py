"""Whatever is posted to the form: no failure of ours, no markup of theirs, and nothing kept that was not asked."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import quote_plus, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.domain.draft_encryption import decrypt
from tests.services.intake.browser import FORM, browser, fields_of, fill, send
from tests.services.intake.builders import a_product, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio

URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}${7*7}"
PAGES = [page.slug for page in a_product().form.pages]
KEYS = [question.key for question in a_product().form.questions]
PATHS = [*PAGES, "start", "confirm", "submit", "save", "forget", "ask/policy", "help/nobody", "resume/nobody"]

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
HOSTILE = st.sampled_from(
    [SCRIPT, "\x00", "\x1b[31m", "\u202e", "\ufffe", "a" * 9_000, "\r\nSet-Cookie: x=1", "-1", "1e9"]
)
VALUES = st.one_of(ANY_TEXT, HOSTILE, st.sampled_from(["yes", "no", "unknown", "", "address", "save", "ask"]))
NAMES = st.one_of(st.sampled_from([*KEYS, "_action", "_page", "idempotency_key", "homepage", "afresh"]), ANY_TEXT)


class Markup(HTMLParser):
    """The tags and attributes that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(name for name, _ in attrs)}


def is_harmless(reply: httpx.Response) -> bool:
    if "html" not in reply.headers.get("content-type", ""):
        return True
    return not Markup(reply.text).found & {"img", "onerror", "iframe", "style"} and not re.search(r"\b49\b", reply.text)


async def swallow(client: httpx.AsyncClient, path: str, body: bytes, headers: dict[str, str] | None = None) -> None:
    reply = await client.post(f"{FORM}{path}", content=body, headers=headers or URLENCODED, follow_redirects=True)

    assert reply.status_code < 500, (path, reply.status_code)
    assert is_harmless(reply), path


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PATHS), st.lists(st.tuples(NAMES, VALUES), max_size=12), st.integers(1, 2))
async def test_any_fields_to_any_page(path: str, fields: list[tuple[str, str]], times: int) -> None:
    async with browser(Scene()) as client:
        await client.post(f"{FORM}start")

        await swallow(client, path, urlencode(fields * times).encode())


@pytest.mark.parametrize("path", PATHS)
async def test_every_field_twice(client: httpx.AsyncClient, path: str) -> None:
    """Then it is a list, wherever a word was expected."""
    await client.post(f"{FORM}start")
    names = [*KEYS, "_action", "_page", "email", "idempotency_key", "homepage", "afresh", "privacy_consent"]

    await swallow(client, path, urlencode([(name, "yes") for name in names] * 2).encode())


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PATHS), st.binary(max_size=400))
async def test_any_bytes_to_any_page(path: str, body: bytes) -> None:
    async with browser(Scene()) as client:
        await swallow(client, path, body)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"company=" + b"x" * 10_000_000, id="10 MB"),
        pytest.param(urlencode([(f"k{number}", "v") for number in range(5_000)]).encode(), id="5,000 fields"),
        pytest.param(urlencode([("company", "v")] * 300).encode(), id="one key 300 times"),
        pytest.param(b"company=%FF%FE&person=%C0%80", id="broken UTF-8"),
        pytest.param(b"company=%ED%A0%80", id="a lone surrogate"),
        pytest.param(b"company=%00&person=%00", id="NUL"),
        pytest.param(b"&&&===%%%", id="nothing but signs"),
    ],
)
@pytest.mark.parametrize("path", ["contact", "submit", "confirm"])
async def test_bodies_that_no_browser_sends(client: httpx.AsyncClient, path: str, body: bytes) -> None:
    await swallow(client, path, body)


@pytest.mark.parametrize("control", [chr(code) for code in (*range(32), 127, *range(128, 160), 0x2028, 0x2029)])
async def test_no_control_character_reaches_a_request(client: httpx.AsyncClient, scene: Scene, control: str) -> None:
    body = urlencode(brochure_only(company=f"見本{control}商会", person=f"見本{control}"))

    await swallow(client, "submit", body.encode())

    kept = [scene.opened(request, "desk") for request in scene.requests]
    assert control not in "".join(json.dumps(one["contact"], ensure_ascii=False) for one in kept) or control == "\t"


@pytest.mark.parametrize("page", PAGES)
async def test_a_script_in_every_field_of_a_page_is_text(client: httpx.AsyncClient, page: str) -> None:
    await client.post(f"{FORM}start")
    body = "&".join(f"{key}={quote_plus(SCRIPT)}" for key in fields_of(page, dict.fromkeys(KEYS, "")))

    await swallow(client, page, body.encode())


async def test_a_script_in_every_answer_is_text_on_the_confirmation_and_in_the_desk_s_parcel(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    texts = dict.fromkeys(("company", "department", "person", "address", "building", "incidents_note"), SCRIPT)
    await fill(client, answers(**texts, incidents="yes"))

    shown = await client.get(f"{FORM}confirm")
    await send(client)

    assert is_harmless(shown)
    assert scene.opened(scene.requests[0], "desk")["contact"]["company"] == SCRIPT


async def test_nothing_is_kept_that_was_not_asked(client: httpx.AsyncClient, scene: Scene) -> None:
    extra = {"is_admin": "1", "premium": "1", "reception_no": "AAAA", "$where": "1", "d3_99": "yes", "turnover": "5"}

    await client.post(f"{FORM}start", data=extra)
    for page in ("contact", "wishes"):
        await client.post(f"{FORM}{page}", data={**fields_of(page, brochure_only()), **extra})
    key = client.cookies["mitsumori_draft"]
    [(encrypted, _)] = scene.ledger.drafts.kept.values()
    draft = decrypt(key, encrypted)
    await send(client)

    assert draft is not None
    assert draft["typed"].keys() == {*fields_of("contact", brochure_only()), *fields_of("wishes", brochure_only())}
    desk = scene.opened(scene.requests[0], "desk")
    assert not {*desk["contact"], *desk["answers"], *desk["typed"]} & extra.keys()


async def test_a_check_that_sees_no_markup_would_see_this() -> None:
    """The negative control of `is_harmless`."""
    evil = httpx.Response(200, html=f"<p>{SCRIPT}</p>")

    assert not is_harmless(evil)
