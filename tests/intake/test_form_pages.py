"""The form as a browser without scripts sees it."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest

from tests.intake.fakes import CANARY, CONTACT, IT, Scene, a_product, answers, brochure_only, browser

pytestmark = pytest.mark.anyio
FORM = "/cyber-security/"


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
async def client(scene: Scene) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(scene) as client:
        yield client


def fields_of(slug: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    page = next(page for page in a_product().form.pages if page.slug == slug)
    return {question.key: typed[question.key] for question in page.questions if question.key in typed}


async def fill(client: httpx.AsyncClient, typed: Mapping[str, Any]) -> list[str]:
    """Go through the form from its start, page by page; the slugs of the pages that it led through."""
    reply = await client.post(f"{FORM}start")
    passed = []
    while (slug := reply.headers["Location"].removeprefix(FORM)) != "confirm":
        passed.append(slug)
        reply = await client.post(f"{FORM}{slug}", data=fields_of(slug, typed))
        assert reply.status_code == 303, (slug, errors(reply))
    return passed


async def send(client: httpx.AsyncClient) -> httpx.Response:
    return await client.post(f"{FORM}confirm", data={"privacy_consent": a_product().privacy.version})


def errors(reply: httpx.Response) -> list[str]:
    return [unescape(found) for found in re.findall(r'<span class="error"[^>]*>＊([^<]*)</span>', reply.text)]


async def test_the_front_door_leads_to_the_first_product(client: httpx.AsyncClient) -> None:
    assert (await client.get("/")).headers["Location"] == FORM
    assert "所要時間" in (await client.get(FORM)).text


async def test_a_quote_goes_through_every_page_and_ends_with_a_reception_number(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    passed = await fill(client, answers(**IT, rider_it="yes"))
    done = await send(client)

    [request] = scene.requests
    assert passed == ["contact", "wishes", "history", "policy", "technology", "operation", "cover", "it-work"]
    assert done.headers["Location"] == f"{FORM}done/{request.id}"
    assert request.event.reception_no in (await client.get(done.headers["Location"])).text
    assert scene.opened(request, "desk")["contact"] == CONTACT
    assert scene.opened(request, "rating")["answers"]["d4_7"] == ["mfa", "sso"]


async def test_a_request_for_documents_takes_two_pages(client: httpx.AsyncClient, scene: Scene) -> None:
    passed = await fill(client, brochure_only())
    await send(client)

    assert passed == ["contact", "wishes"]
    assert scene.requests[0].event.wishes.quote is False


async def test_all_errors_of_a_page_are_shown_at_once_above_and_beside_their_fields(client: httpx.AsyncClient) -> None:
    reply = await client.post(f"{FORM}contact", data={"company": "見本商会", "phone": "abc"})

    assert reply.status_code == 422
    assert "<title>エラー：" in reply.text
    assert len(errors(reply)) == 6
    for sentence in errors(reply):
        assert re.search(f'<li><a href="#[a-z_]+">{sentence}</a></li>', reply.text)
    assert 'value="見本商会"' in reply.text
    assert 'value="abc"' in reply.text
    assert reply.text.count('aria-invalid="true"') == 6


async def test_what_was_typed_is_shown_as_text_and_never_as_markup(client: httpx.AsyncClient) -> None:
    script = '"><script>alert(1)</script>'

    reply = await client.post(f"{FORM}contact", data={"company": script, "email": script})

    assert "<script>alert" not in reply.text
    assert "&lt;script&gt;" in reply.text


async def test_nothing_is_chosen_in_advance_but_what_the_source_form_does_not_ask(client: httpx.AsyncClient) -> None:
    await fill(client, answers())

    for slug in ("wishes", "history", "policy"):
        async with browser(Scene()) as fresh:
            reply = await fresh.post(f"{FORM}{slug}", data={})
            assert "checked" not in reply.text
    reply = await client.get(f"{FORM}cover")
    assert re.search(r'<option value="100000000" selected>1億円</option>', reply.text)


async def test_a_link_to_a_page_that_is_not_due_yet_leads_to_the_one_that_is(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{FORM}policy")).headers["Location"] == f"{FORM}contact"
    assert (await client.get(f"{FORM}confirm")).headers["Location"] == f"{FORM}contact"

    await client.post(f"{FORM}contact", data=CONTACT)

    assert (await client.get(f"{FORM}confirm")).headers["Location"] == f"{FORM}wishes"
    assert (await client.get(f"{FORM}contact")).status_code == 200


async def test_what_was_typed_is_there_on_the_way_back_as_it_was_typed(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}contact", data={**CONTACT, "phone": "０３－９８７６－５４３２", "person": "𠮷田 髙子"})

    reply = await client.get(f"{FORM}contact")

    assert 'value="０３－９８７６－５４３２"' in reply.text
    assert 'value="𠮷田 髙子"' in reply.text


async def test_the_confirmation_shows_every_answer_in_words_with_a_way_to_change_it(client: httpx.AsyncClient) -> None:
    await fill(client, answers(d3_17="no", person="𠮷田 髙子", company="㈱見本"))

    shown = (await client.get(f"{FORM}confirm")).text

    assert "500,000千円（5億円）" in shown
    assert "いずれかをしていない" in shown
    assert "プライバシーマーク、ISMS(ISO/IEC 27001・JIS Q 27001)" in shown
    assert "𠮷田 髙子" in shown
    assert "㈱見本" in shown
    assert f'href="{"policy"}?back=confirm#d3_01_a"' in shown
    assert a_product().privacy.text.split("\n")[0] in shown
    assert "checked" not in shown


async def test_a_change_comes_back_to_the_confirmation(client: httpx.AsyncClient) -> None:
    await fill(client, answers())

    changed = {**CONTACT, "company": "新しい商会"}
    reply = await client.post(f"{FORM}contact?back=confirm", data=changed)

    assert reply.headers["Location"] == f"{FORM}confirm"
    assert "新しい商会" in (await client.get(f"{FORM}confirm")).text


async def test_a_change_that_asks_for_more_leads_through_what_is_new(client: httpx.AsyncClient) -> None:
    await fill(client, brochure_only())

    reply = await client.post(f"{FORM}wishes?back=confirm", data={"brochure": "email", "quote": "yes"})

    assert reply.headers["Location"] == f"{FORM}history?back=confirm"


async def test_a_page_that_the_answers_no_longer_lead_to_is_not_sent(client: httpx.AsyncClient, scene: Scene) -> None:
    """Nobody would have seen its answers on the confirmation."""
    await fill(client, answers(**IT, rider_it="yes"))
    await client.post(f"{FORM}cover?back=confirm", data=fields_of("cover", answers(rider_it="no")))

    assert "CISO" not in (await client.get(f"{FORM}confirm")).text
    await send(client)

    assert not [key for key in scene.opened(scene.requests[0], "desk")["answers"] if key.startswith("d4_")]


async def test_nothing_is_sent_without_consent(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, brochure_only())

    reply = await client.post(f"{FORM}confirm", data={})

    assert reply.status_code == 422
    assert errors(reply) == ["「個人情報の利用目的に同意する」にチェックを入れてください"]
    assert scene.requests == []


async def test_a_double_click_a_reload_and_a_way_back_send_once(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, brochure_only())
    before = dict(client.cookies)

    first, again = await send(client), await send(client)
    scene.ledger.drafts.boxes.clear()
    client.cookies.update(before)

    assert first.headers["Location"] == again.headers["Location"]
    assert len(scene.requests) == 1


async def test_two_clicks_at_once_are_one_request(client: httpx.AsyncClient, scene: Scene) -> None:
    """Both posts read the draft before either has marked it as sent."""
    await fill(client, brochure_only())
    drafts = dict(scene.ledger.drafts.boxes)

    first = await send(client)
    scene.ledger.drafts.boxes = drafts
    second = await send(client)

    assert first.headers["Location"] == second.headers["Location"]
    assert len(scene.requests) == 1


async def test_after_sending_every_page_leads_to_the_last_and_a_new_start_is_a_new_form(
    client: httpx.AsyncClient,
) -> None:
    await fill(client, brochure_only())
    done = (await send(client)).headers["Location"]

    assert (await client.get(f"{FORM}contact")).headers["Location"] == done
    assert (await client.get(f"{FORM}confirm")).headers["Location"] == done
    await client.post(f"{FORM}start")
    assert CANARY["company"] not in (await client.get(f"{FORM}contact")).text


async def test_while_the_ledger_is_away_the_page_keeps_what_was_typed(client: httpx.AsyncClient, scene: Scene) -> None:
    await client.post(f"{FORM}start")
    scene.ledger.away = True

    reply = await client.post(f"{FORM}contact", data=CONTACT)

    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert all(f'value="{typed}"' in reply.text for typed in CONTACT.values())
    assert "再送信する" in reply.text
    scene.ledger.away = False
    assert (await client.post(f"{FORM}contact", data=CONTACT)).headers["Location"] == f"{FORM}wishes"


async def test_while_the_ledger_is_away_a_page_in_the_middle_keeps_its_answers_too(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await fill(client, answers())
    scene.ledger.away = True

    reply = await client.post(f"{FORM}operation", data={"d3_13": "no", "d3_15": "sometimes", "d3_15_a": "yes"})

    assert reply.status_code == 503
    assert len(re.findall(r"<input[^>]* checked", reply.text)) == 3


async def test_while_the_ledger_is_away_the_consent_can_be_sent_again(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, brochure_only())
    scene.ledger.away = True

    reply = await send(client)

    assert reply.status_code == 503
    assert f'name="privacy_consent" value="{a_product().privacy.version}"' in reply.text
    assert scene.requests == []


async def test_a_draft_that_is_too_old_costs_no_more_than_a_new_start(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, answers())
    scene.clock.forward(timedelta(hours=24))

    reply = await client.post(f"{FORM}contact", data=CONTACT)

    assert reply.headers["Location"] == f"{FORM}wishes"


async def test_another_site_cannot_post_for_the_customer(client: httpx.AsyncClient) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        reply = await client.post(f"{FORM}contact", data=CONTACT, headers=headers)
        assert reply.status_code == 403
    own = {"Origin": "http://intake.test"}
    assert (await client.post(f"{FORM}contact", data=CONTACT, headers=own)).status_code == 303


@pytest.mark.parametrize("path", [FORM, f"{FORM}contact", f"{FORM}nowhere", "/nobody/", f"{FORM}done/nobody"])
async def test_every_page_wears_the_same_headers(client: httpx.AsyncClient, path: str) -> None:
    reply = await client.get(path)

    assert reply.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in reply.headers["Content-Security-Policy"]
    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?! src)|style=|on[a-z]+=", reply.text)


async def test_the_cookie_is_for_this_product_and_no_script(scene: Scene) -> None:
    scene.public_url = "https://intake.test"
    async with browser(scene) as client:
        cookie = (await client.post(f"{FORM}start")).headers["Set-Cookie"]

    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/cyber-security/"} <= {part.strip() for part in cookie.split(";")}


async def test_pages_that_are_not_there_say_so(client: httpx.AsyncClient) -> None:
    for path in (f"{FORM}nowhere", "/nobody/", "/nobody/contact", f"{FORM}done/nobody"):
        assert (await client.get(path)).status_code == 404


async def test_the_look_and_the_comforts_are_files_of_our_own(client: httpx.AsyncClient) -> None:
    for name in ("form.css", "form.js", "favicon.svg"):
        assert (await client.get(f"/static/{name}")).status_code == 200
