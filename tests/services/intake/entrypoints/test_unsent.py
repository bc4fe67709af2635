"""Whatever a person sends while the ledger is away comes back, to be sent once more as it was."""

import re
from html import unescape
from typing import Any

import httpx
import pytest

from tests.services.intake.browser import FORM, fill, mark
from tests.services.intake.builders import a_product, answers
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("path", "fields", "leads_to"),
    [
        pytest.param("start", {}, "confirm", id="on with the form"),
        pytest.param("start", {"afresh": "1", "brochure": "post"}, "contact?begun=1", id="a new form"),
        pytest.param("confirm", {"privacy_consent": a_product().privacy.version}, "done/", id="the request"),
        pytest.param("save", {"email": "hanako@example.jp"}, "saved", id="a link by mail"),
        pytest.param("ask/policy", {}, "ask/policy", id="a link for a colleague"),
        pytest.param("ask/policy", {"withdraw": "1"}, "policy", id="no link any more"),
        pytest.param("forget", {}, "?forgotten=1", id="nothing is to stay"),
    ],
)
async def test_what_was_sent_can_be_sent_again(
    client: httpx.AsyncClient, scene: Scene, path: str, fields: dict[str, Any], leads_to: str
) -> None:
    await fill(client, answers())
    seen = await mark(client, "confirm")
    scene.ledger.away = True

    unsent = await client.post(f"{FORM}{path}", data={**fields, **seen})
    scene.ledger.away = False
    [action] = re.findall(r'<form method="post" action="([^"]*)"', unsent.text)
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', unsent.text)
    again = await client.post(action, data={unescape(key): unescape(value) for key, value in hidden})

    assert unsent.status_code == 503
    assert int(unsent.headers["Retry-After"]) > 0
    assert "入力された内容は残っています" in unsent.text
    assert again.headers["Location"].startswith(f"{FORM}{leads_to}")


async def test_what_came_several_times_comes_back_as_often_and_never_as_markup(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    scene.ledger.away = True

    unsent = await client.post(f"{FORM}start", data={"brochure": ["a", '"><script>b']})

    hidden = re.findall(r'<input type="hidden" name="brochure" value="([^"]*)">', unsent.text)
    assert [unescape(value) for value in hidden] == ["a", '"><script>b']
    assert "<script>b" not in unsent.text


async def test_a_page_that_cannot_be_shown_sends_nothing(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, answers())
    scene.ledger.away = True

    reply = await client.get(f"{FORM}confirm")

    assert reply.status_code == 503
    assert "再送信する" not in reply.text
