"""The form as a browser without scripts sees it."""

import re
from datetime import timedelta

import httpx
import pytest

from tests.services.intake.browser import FORM, browser, errors, fill, post, send
from tests.services.intake.builders import CONTACT, IT, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


async def test_the_root_leads_to_the_first_product(client: httpx.AsyncClient) -> None:
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


async def test_a_button_promises_the_confirmation_only_where_no_answer_can_lead_elsewhere(
    client: httpx.AsyncClient,
) -> None:
    typed = answers(**IT, rider_it="yes")
    await fill(client, typed)

    pages = ["wishes", "history", "cover", "it-work"]
    promised = [page for page in pages if "確認画面へ</button>" in (await client.get(f"{FORM}{page}")).text]

    assert promised == ["it-work"]


async def test_the_usual_departments_are_offered_and_any_other_may_be_typed(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}start")

    page = (await client.get(f"{FORM}contact")).text
    [offered] = re.findall(r'<datalist id="department-suggestions">(.*?)</datalist>', page)
    await fill(client, brochure_only(department="お客様相談室"))
    told = (await client.get(f"{FORM}confirm")).text

    assert 'list="department-suggestions"' in page
    assert re.findall(r'value="(.+?)"', offered)[:2] == ["総務部", "管理部"]
    assert "お客様相談室" in told


async def test_all_errors_of_a_page_are_shown_at_once_above_and_beside_their_fields(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}start")

    reply = await post(client, f"{FORM}contact", {"company": "見本商会", "phone": "abc"})

    assert "<title>エラー：" in reply.text
    assert len(errors(reply)) == 6
    for sentence in errors(reply):
        [field] = re.findall(f'<li><a href="#([a-z_]+)">{sentence}</a></li>', reply.text)
        assert f'id="{field}"' in reply.text
    assert 'value="見本商会"' in reply.text
    assert 'value="abc"' in reply.text
    assert reply.text.count('aria-invalid="true"') == 6


async def test_reloading_a_page_with_errors_sends_nothing_again(client: httpx.AsyncClient) -> None:
    """Post, redirect, get: also for errors."""
    reply = await client.post(f"{FORM}contact", data={"company": "見本商会"})

    assert reply.status_code == 303
    assert errors(await client.get(reply.headers["Location"]))


async def test_each_page_says_where_one_is_how_long_it_takes_and_what_to_have_at_hand(
    client: httpx.AsyncClient,
) -> None:
    await fill(client, answers())

    page = (await client.get(f"{FORM}history")).text

    assert "3 / 9" in page
    assert "約2分" in page
    assert "決算書" in page


async def test_a_link_may_bring_harmless_answers_along_and_nothing_else(client: httpx.AsyncClient) -> None:
    start = await client.get(f"{FORM}?brochure=email&plan=gold&company=canary&quote=yes&src=flyer")
    brought = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([a-z]+)">', start.text))
    await client.post(f"{FORM}start", data=brought | {"company": "canary"})
    await client.post(f"{FORM}contact", data=CONTACT)

    page = (await client.get(f"{FORM}wishes")).text

    assert brought == {"brochure": "email", "quote": "yes"}
    assert len(re.findall(r"<input[^>]* checked", page)) == 2
    assert "canary" not in start.text


async def test_a_form_that_was_begun_can_be_thrown_away(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, answers())
    assert "入力を続ける" in (await client.get(FORM)).text

    await client.post(f"{FORM}start", data={"afresh": "1"})

    assert CONTACT["company"] not in (await client.get(f"{FORM}contact")).text
    assert len(scene.ledger.drafts.kept) == 1


async def test_a_browser_without_cookies_is_told_so_before_it_types_anything(scene: Scene) -> None:
    async with browser(scene) as client:
        begun = await client.post(f"{FORM}start")
    async with browser(scene) as without:
        reply = await without.get(begun.headers["Location"])

    assert reply.status_code == 400
    assert "Cookie" in reply.text


async def test_what_was_typed_is_shown_as_text_and_never_as_markup(client: httpx.AsyncClient) -> None:
    script = '"><script>alert(1)</script>'

    reply = await post(client, f"{FORM}contact", {"company": script, "email": script})

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
    assert (await client.get(f"{FORM}policy")).headers["Location"] == f"{FORM}contact?lost=1"
    assert (await client.get(f"{FORM}confirm")).headers["Location"] == f"{FORM}contact?lost=1"

    await client.post(f"{FORM}contact", data=CONTACT)

    assert (await client.get(f"{FORM}confirm")).headers["Location"] == f"{FORM}wishes"
    assert (await client.get(f"{FORM}contact")).status_code == 200

    await client.post(f"{FORM}wishes", data={"brochure": "none", "quote": "yes"})

    assert (await client.get(f"{FORM}policy")).headers["Location"] == f"{FORM}history"


async def test_what_was_typed_is_there_on_the_way_back_as_it_was_typed(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}contact", data={**CONTACT, "phone": "０３－９８７６－５４３２", "person": "𠮷田 髙子"})

    reply = await client.get(f"{FORM}contact")

    assert 'value="０３－９８７６－５４３２"' in reply.text
    assert 'value="𠮷田 髙子"' in reply.text


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


async def test_a_draft_that_is_too_old_costs_no_more_than_a_new_start(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, answers())
    scene.clock.forward(timedelta(hours=24))

    reply = await post(client, f"{FORM}contact", CONTACT)

    assert reply.url.path == f"{FORM}wishes"
    assert "保存期間が過ぎました" in reply.text


async def test_a_cookie_that_opens_nothing_is_not_used_again(client: httpx.AsyncClient) -> None:
    """Whoever put it into the browser must not read what is typed next."""
    planted = {"Cookie": "mitsumori_draft=planted"}

    reply = await client.post(f"{FORM}contact", data=CONTACT, headers=planted)

    assert "planted" not in reply.headers["Set-Cookie"]


async def test_another_site_cannot_post_for_the_customer(client: httpx.AsyncClient) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        reply = await client.post(f"{FORM}contact", data=CONTACT, headers=headers)
        assert reply.status_code == 403
    own = {"Origin": "http://intake.test"}
    assert (await client.post(f"{FORM}contact", data=CONTACT, headers=own)).status_code == 303


@pytest.mark.parametrize("path", [FORM, f"{FORM}contact", f"{FORM}nowhere", "/nobody/", f"{FORM}done/nobody"])
async def test_every_page_has_the_same_headers(client: httpx.AsyncClient, path: str) -> None:
    reply = await client.get(path)

    assert reply.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in reply.headers["Content-Security-Policy"]
    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?! src)| style=| on[a-z]+=", reply.text)


async def test_the_cookie_is_for_this_product_and_no_script(scene: Scene) -> None:
    scene.public_url = "https://intake.test"
    async with browser(scene) as client:
        cookie = (await client.post(f"{FORM}start")).headers["Set-Cookie"]

    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/cyber-security/"} <= {
        part.strip() for part in cookie.split(";")
    }


async def test_pages_that_are_not_there_say_so(client: httpx.AsyncClient) -> None:
    for path in (f"{FORM}nowhere", "/nobody/", "/nobody/contact", f"{FORM}done/nobody"):
        assert (await client.get(path)).status_code == 404


async def test_the_look_and_the_comforts_are_files_of_our_own(client: httpx.AsyncClient) -> None:
    for name in ("form.css", "form.js", "favicon.svg"):
        assert (await client.get(f"/static/{name}")).status_code == 200
