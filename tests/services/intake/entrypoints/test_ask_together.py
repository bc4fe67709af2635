"""IT担当の方に聞く: one link leads to all pages that one role can answer."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.services.intake.browser import FORM, browser, come_to, fields_of, mark, mark_on, post, slug_of
from tests.services.intake.builders import CONTACT, IT, a_product, answers
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio
ANSWERS = answers(**IT, rider_it="yes")
LAST = a_product().form.pages[-1].slug
ROLE = next(page.role for page in a_product().form.pages if page.slug == "policy")


def pages_of_role(typed: dict[str, Any]) -> list[str]:
    """The pages for one colleague, where these are the answers."""
    asks_it = typed.get("rider_it") == "yes"
    return [page.slug for page in a_product().form.pages if page.role == ROLE and (asks_it or page.slug != "it-work")]


async def asked_together(client: httpx.AsyncClient, typed: dict[str, Any] = ANSWERS) -> str:
    """The path of the link, where everything before the last page is answered."""
    await come_to(client, LAST if typed.get("rider_it") == "yes" else "operation", typed)
    reply = await post(client, f"{FORM}ask/policy", {"pages": "together"})
    [link] = re.findall(r'value="(http[^"]+/help/[^"]+)"', reply.text)
    return urlsplit(str(link)).path


async def answer_oneself(client: httpx.AsyncClient, slug: str) -> None:
    """As whoever asked, although a colleague was asked."""
    await client.post(f"{FORM}{slug}", data={**await mark(client, slug), **fields_of(slug, ANSWERS)})


def title_of(slug: str) -> str:
    return next(page.title for page in a_product().form.pages if page.slug == slug)


async def answer_all(client: httpx.AsyncClient, path: str, pages: Sequence[str], **changes: str) -> httpx.Response:
    """Page by page, as each leads to the next."""
    reply = await client.get(path)
    for slug in pages:
        assert f'name="_page" value="{slug}"' in reply.text
        typed = fields_of(slug, {**ANSWERS, **changes})
        reply = await post(client, path, {**mark_on(reply), **typed, "_page": slug})
    return reply


@pytest.mark.parametrize("typed", [ANSWERS, answers()], ids=["with the IT rider", "without it"])
async def test_one_link_leads_through_all_pages_of_the_role_as_far_as_they_are_asked(
    client: httpx.AsyncClient, scene: Scene, typed: dict[str, Any]
) -> None:
    path = await asked_together(client, typed)

    async with browser(scene) as colleague:
        thanks = await answer_all(colleague, path, pages_of_role(typed))
        shown = (await colleague.get(path)).text

    assert "回答を送りました" in thanks.text
    assert not [word for word in CONTACT.values() if word in shown]


async def test_what_was_answered_reaches_the_form_when_all_of_it_was_sent(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    path, pages = await asked_together(client), pages_of_role(ANSWERS)
    async with browser(scene) as colleague:
        await answer_all(colleague, path, pages[:-1], d3_04="no")
        meanwhile = (await client.get(f"{FORM}policy")).text
        await colleague.post(path, data={**fields_of(pages[-1], ANSWERS), "_page": pages[-1]})

    page = (await client.get(f"{FORM}policy")).text

    assert "回答待ち" in meanwhile
    assert "回答が届きました" in page
    assert re.search(r'name="d3_04" value="no" checked', page)


async def test_a_colleague_who_comes_back_finds_what_was_given(client: httpx.AsyncClient, scene: Scene) -> None:
    """With a script each answer is saved as it is given; without one each button saves the page."""
    path, pages = await asked_together(client), pages_of_role(ANSWERS)
    async with browser(scene) as colleague:
        await answer_all(colleague, path, pages[:1])
        second = await colleague.get(path)
        fields = {**mark_on(second), "_page": pages[1]}
        saved = await colleague.post(f"{path}/keep", data={**fields, "d3_06": "no"})

    async with browser(scene.after_release(scene.product)) as later:
        again = await later.get(path)
        back = await post(later, path, {**mark_on(again), **fields, "d3_06": "no", "d3_07": "yes", "_action": "back"})
        forth = await later.get(f"{path}?page={pages[1]}")

    assert saved.json() == {"saved": "12:00", "elsewhere": []}
    assert f'name="_page" value="{pages[1]}"' in again.text
    assert re.search(r'name="d3_06" value="no" checked', again.text)
    assert f'name="_page" value="{pages[0]}"' in back.text
    assert re.search(r'name="d3_07" value="yes" checked', forth.text)


async def test_nothing_is_sent_while_a_page_is_missing(client: httpx.AsyncClient, scene: Scene) -> None:
    path, pages = await asked_together(client), pages_of_role(ANSWERS)

    async with browser(scene) as colleague:
        last = await colleague.get(f"{path}?page={pages[-1]}")
        reply = await post(colleague, path, {**fields_of(pages[-1], ANSWERS), "_page": pages[-1]})

    assert "data-go>次へ進む</button>" in last.text
    assert f'name="_page" value="{pages[0]}"' in reply.text


async def test_two_colleagues_with_one_link_lose_nothing_of_each_other(client: httpx.AsyncClient, scene: Scene) -> None:
    path = await asked_together(client)
    async with browser(scene) as first, browser(scene) as second:
        seen = mark_on(await first.get(path))
        await first.post(f"{path}/keep", data={**seen, "_page": "policy", "d3_01": "yes"})

        reply = await second.post(f"{path}/keep", data={**seen, "_page": "policy", "d3_01": "no", "d3_04": "yes"})
        page = (await second.get(path)).text

    assert reply.json()["elsewhere"] == ["d3_01"]
    assert re.search(r'name="d3_01" value="yes" checked', page)
    assert re.search(r'name="d3_04" value="yes" checked', page)


async def test_whoever_answers_one_page_after_all_still_gets_the_others(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    path, pages = await asked_together(client), pages_of_role(ANSWERS)
    await answer_oneself(client, "policy")

    async with browser(scene) as colleague:
        await answer_all(colleague, path, pages[1:], d3_06="no")

    assert re.search(r'name="d3_01" value="yes" checked', (await client.get(f"{FORM}policy")).text)
    assert re.search(r'name="d3_06" value="no" checked', (await client.get(f"{FORM}technology")).text)


async def test_a_colleague_is_told_which_pages_nobody_waits_for_any_more_and_is_not_promised_them(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    path, pages = await asked_together(client), pages_of_role(ANSWERS)
    async with browser(scene) as colleague:
        await answer_all(colleague, path, pages[:1], d3_01="no")
        await answer_oneself(client, "policy")
        shown = (await colleague.get(path)).text
        thanks = (await answer_all(colleague, path, pages[1:])).text

    said = f"「{title_of('policy')}」へのご回答は不要になりました"
    assert said in shown
    assert f"{len(pages) - 1}ページの質問" in shown
    assert said in thanks
    assert f"「{title_of('policy')}」へのご回答は、依頼した方の入力画面に届きます" not in thanks
    assert f"「{title_of(pages[-1])}」へのご回答は、依頼した方の入力画面に届きます" in thanks


async def test_what_a_colleague_sends_of_a_page_that_was_taken_back_changes_no_other(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """It was open at the colleague's when whoever asked answered it."""
    path = await asked_together(client)
    async with browser(scene) as colleague:
        seen = mark_on(await colleague.get(f"{path}?page=technology"))
        await colleague.post(f"{path}/keep", data={**seen, "_page": "technology", "d3_06": "no"})
        opened = {**mark_on(await colleague.get(path)), "_page": "policy", "d3_01": "no"}
        await answer_oneself(client, "policy")

        kept = await colleague.post(f"{path}/keep", data=opened)
        led_on = await post(colleague, path, opened)

    assert kept.status_code == 404
    assert 'name="_page" value="technology"' in led_on.text
    assert re.search(r'name="d3_06" value="no" checked', led_on.text)


async def test_a_page_that_another_colleague_is_asked_for_is_not_shown_to_the_first_any_more(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    path, pages = await asked_together(client), pages_of_role(ANSWERS)
    await client.post(f"{FORM}ask/policy", data={"pages": "single"})

    async with browser(scene) as colleague:
        thanks = await answer_all(colleague, path, pages[1:], d3_06="no")

    assert "回答を送りました" in thanks.text
    assert re.search(r'name="d3_06" value="no" checked', (await client.get(f"{FORM}technology")).text)
    assert "回答待ち" in (await client.get(f"{FORM}policy")).text


async def test_a_page_that_the_answers_do_not_lead_to_any_more_holds_up_no_other(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """Without the IT rider nobody asks about IT work, and nothing on the way to the confirmation waits for it."""
    path = await asked_together(client)
    await post(client, f"{FORM}cover", fields_of("cover", answers()))

    async with browser(scene) as colleague:
        thanks = await answer_all(colleague, path, pages_of_role(answers()))
    confirmation = await client.get(f"{FORM}confirm")

    assert "回答を送りました" in thanks.text
    assert f"「{title_of('it-work')}」へのご回答は不要になりました" in thanks.text
    assert confirmation.status_code == 200
    assert "回答が届きました" in (await client.get(f"{FORM}technology")).text


async def test_all_pages_that_are_wanted_arrive_also_when_they_were_sent_before_the_rest_was_given_up(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    path = await asked_together(client)
    async with browser(scene) as colleague:
        await answer_all(colleague, path, pages_of_role(answers()), d3_06="no")

        await post(client, f"{FORM}cover", fields_of("cover", answers()))

        assert "回答を送りました" in (await colleague.get(path)).text
    assert re.search(r'name="d3_06" value="no" checked', (await client.get(f"{FORM}technology")).text)


async def test_a_page_that_is_asked_again_meanwhile_is_the_colleague_s_again_with_what_was_typed(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    path = await asked_together(client)
    async with browser(scene) as colleague:
        await colleague.post(path, data={**fields_of("it-work", ANSWERS), "_page": "it-work"})
        await post(client, f"{FORM}cover", fields_of("cover", answers()))
        without = (await colleague.get(path)).text

        await post(client, f"{FORM}cover", fields_of("cover", ANSWERS))
        thanks = await answer_all(colleague, path, pages_of_role(answers()))

    assert f"「{title_of('it-work')}」へのご回答は不要になりました" in without
    assert "回答を送りました" in thanks.text
    assert "不要になりました" not in thanks.text
    assert "回答が届きました" in (await client.get(f"{FORM}it-work")).text


async def test_taking_the_request_back_ends_the_link_for_all_pages(client: httpx.AsyncClient) -> None:
    path = await asked_together(client)

    await client.post(f"{FORM}ask/technology", data={"withdraw": "1"})

    assert (await client.get(path)).status_code == 410
    assert "回答待ち" not in (await client.get(f"{FORM}policy")).text


async def test_the_confirmation_says_what_the_colleague_has_answered_until_it_is_changed(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await come_to(client, "policy")
    reply = await post(client, f"{FORM}ask/policy", {})
    [link] = re.findall(r'value="http[^"]+(/cyber-security/help/[^"]+)"', reply.text)
    async with browser(scene) as colleague:
        await colleague.post(link, data=fields_of("policy", ANSWERS))
    while (slug := slug_of(await client.post(f"{FORM}start"))) != "confirm":
        await client.post(f"{FORM}{slug}", data=fields_of(slug, answers()))
    said = (await client.get(f"{FORM}confirm")).text.count(f"{ROLE}が回答")

    await client.post(f"{FORM}policy?back=confirm", data={**fields_of("policy", ANSWERS), "d3_04": "no"})

    assert said == len(fields_of("policy", ANSWERS))
    assert (await client.get(f"{FORM}confirm")).text.count(f"{ROLE}が回答") == said - 1


async def test_the_button_names_who_is_asked(client: httpx.AsyncClient) -> None:
    await come_to(client, "policy")
    policy = (await client.get(f"{FORM}policy")).text
    history = (await client.get(f"{FORM}history")).text

    assert f"{ROLE}に聞く" in policy
    assert "社内の担当者に聞く" in history
