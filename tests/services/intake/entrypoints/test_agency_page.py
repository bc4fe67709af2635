"""The agency's own page posts an ordinary HTML form to us."""

import re
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.services.intake.builders import CONTACT, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio
SUBMIT = "/cyber-security/submit"
AGENCY = {"Origin": "https://agency.example", "Sec-Fetch-Site": "cross-site"}


async def test_a_form_of_the_agency_becomes_a_request(client: httpx.AsyncClient, scene: Scene) -> None:
    reply = await client.post(SUBMIT, data={**answers(), "button": "送信"}, headers=AGENCY)

    [request] = scene.requests
    assert reply.status_code == 303
    assert request.event.reception_no in (await client.get(reply.headers["Location"])).text
    assert scene.opened(request, "desk")["answers"]["d3_22"] == ["pmark", "isms"]


@pytest.mark.parametrize("key", [{}, {"idempotency_key": "k-1"}])
async def test_the_same_form_twice_is_one_request(client: httpx.AsyncClient, scene: Scene, key: dict[str, str]) -> None:
    first = await client.post(SUBMIT, data={**answers(), **key})
    again = await client.post(SUBMIT, data={**answers(), **key})

    assert first.headers["Location"] == again.headers["Location"]
    assert len(scene.requests) == 1


async def test_another_form_with_the_same_key_is_a_conflict(client: httpx.AsyncClient) -> None:
    await client.post(SUBMIT, data=answers(idempotency_key="k-1"))

    assert (await client.post(SUBMIT, data=brochure_only(idempotency_key="k-1"))).status_code == 409


async def test_errors_come_back_as_one_page_with_every_question_and_word(client: httpx.AsyncClient) -> None:
    typed: dict[str, Any] = {**answers(incidents="yes"), "email": "canary@", "idempotency_key": "k-1"}

    reply = await client.post(SUBMIT, data=typed, headers=AGENCY)

    assert reply.status_code == 422
    assert "<title>エラー：" in reply.text
    assert 'value="canary@"' in reply.text
    assert f'value="{CONTACT["person"]}"' in reply.text
    assert f'action="{SUBMIT}"' in reply.text
    assert 'name="idempotency_key" value="k-1"' in reply.text
    assert reply.text.count('class="error"') == 2
    assert len(re.findall(r'name="d3_\d\d" value="yes" checked', reply.text)) == 20


async def test_while_the_ledger_is_away_the_form_comes_back_to_be_sent_again(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    scene.ledger.away = True

    reply = await client.post(SUBMIT, data=answers())

    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert f'value="{CONTACT["company"]}"' in reply.text
    assert "再送信する" in reply.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://[", "https://agency.example.evil.example"])
async def test_a_page_that_nobody_allowed_is_turned_away(client: httpx.AsyncClient, scene: Scene, origin: str) -> None:
    reply = await client.post(SUBMIT, data=answers(), headers={"Origin": origin})

    assert reply.status_code == 403
    assert scene.requests == []


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        pytest.param(b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413, id="too long"),
        pytest.param(urlencode([("a", "b")] * 401).encode(), "application/x-www-form-urlencoded", 400, id="too many"),
        pytest.param(b"company=%83%8A", "application/x-www-form-urlencoded", 400, id="Shift_JIS"),
        pytest.param(b"company=\xff", "application/x-www-form-urlencoded", 400, id="raw bytes"),
        pytest.param(b"--x--", "multipart/form-data; boundary=x", 415, id="a form with files"),
        pytest.param(
            b"idempotency_key=%00", "application/x-www-form-urlencoded", 400, id="a key of control characters"
        ),
    ],
)
async def test_what_cannot_be_read_is_a_page_that_says_so(
    client: httpx.AsyncClient, content: bytes, media_type: str, status: int
) -> None:
    reply = await client.post(SUBMIT, content=content, headers={"Content-Type": media_type})

    assert reply.status_code == status
    assert "<h1>" in reply.text


async def test_reloading_the_address_starts_afresh(client: httpx.AsyncClient) -> None:
    assert (await client.get(SUBMIT)).headers["Location"] == "/cyber-security/"
