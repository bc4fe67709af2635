"""Two windows of one browser show the same form: neither loses what was typed in the other without a word."""

import asyncio
import re

import httpx
import pytest

from tests.services.intake.browser import FORM, browser, fields_of, fill, mark, post, send, send_as_shown
from tests.services.intake.builders import CONTACT, DISCLOSURE, answers
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


async def test_the_window_that_is_sent_last_does_not_win_without_a_word(client: httpx.AsyncClient) -> None:
    await fill(client, answers())
    first = second = await mark(client, "contact")
    await client.post(f"{FORM}contact", data={**CONTACT, **first, "company": "はじめの見本商会"})

    reply = await post(client, f"{FORM}contact", {**CONTACT, **second, "company": "あとの見本商会"})

    assert reply.url.path == f"{FORM}contact"
    assert "別の画面では「はじめの見本商会」と入力されています。" in reply.text
    assert 'value="あとの見本商会"' in reply.text
    assert (await client.get(f"{FORM}confirm")).headers["Location"] == f"{FORM}contact"


async def test_the_customer_chooses_which_one_is_right(client: httpx.AsyncClient) -> None:
    await fill(client, answers())
    first = second = await mark(client, "contact")
    await client.post(f"{FORM}contact", data={**CONTACT, **first, "company": "はじめの見本商会"})
    theirs = {**CONTACT, **second, "company": "あとの見本商会"}
    await client.post(f"{FORM}contact", data=theirs)

    again = {**theirs, **await mark(client, "contact")}
    chosen = await post(client, f"{FORM}contact", {**again, "_action": "instead:company"})
    kept = await post(client, f"{FORM}contact", again)

    assert 'value="はじめの見本商会"' in chosen.text
    assert "別の画面では" not in chosen.text
    assert "別の画面では「はじめの見本商会」" in kept.text


async def test_whoever_has_read_it_and_sends_the_same_again_means_it(client: httpx.AsyncClient) -> None:
    await fill(client, answers())
    first = second = await mark(client, "contact")
    await client.post(f"{FORM}contact", data={**CONTACT, **first, "company": "はじめの見本商会"})
    theirs = {**CONTACT, "company": "あとの見本商会"}
    await client.post(f"{FORM}contact", data={**theirs, **second})

    await client.post(f"{FORM}contact", data={**theirs, **await mark(client, "contact")})

    assert "あとの見本商会" in (await client.get(f"{FORM}confirm")).text


async def test_a_choice_is_named_by_its_words(client: httpx.AsyncClient) -> None:
    await fill(client, answers())
    second = await mark(client, "wishes")
    await client.post(f"{FORM}wishes", data={"brochure": "post", "quote": "yes"})

    reply = await post(client, f"{FORM}wishes", {"brochure": "none", "quote": "yes", **second})

    assert "別の画面では「郵送で希望」と入力されています。" in reply.text


async def test_the_same_page_twice_is_no_contradiction(client: httpx.AsyncClient) -> None:
    """A double click, and the browser's own back button."""
    await fill(client, answers())
    seen = await mark(client, "contact")

    replies = [await client.post(f"{FORM}contact", data={**CONTACT, **seen}) for _ in range(2)]

    assert {reply.headers["Location"] for reply in replies} == {f"{FORM}wishes"}


async def test_two_windows_that_were_open_before_anything_was_typed(client: httpx.AsyncClient) -> None:
    """Both were opened by an address of the form, without a draft: the second took the place of the first, unseen."""
    text = (await client.get(f"{FORM}contact")).text
    shown = dict(re.findall(r'<input type="hidden" name="(_begun)" value="([^"]*)">', text))
    await client.post(f"{FORM}contact", data={**CONTACT, **shown, "company": "はじめの見本商会"})

    reply = await post(client, f"{FORM}contact", {**CONTACT, **shown, "company": "あとの見本商会"})

    assert reply.url.path == f"{FORM}contact"
    assert "別の画面では「はじめの見本商会」と入力されています。" in reply.text


async def test_what_is_typed_after_another_window_has_sent_the_form_is_not_said_to_be_received(
    client: httpx.AsyncClient,
) -> None:
    """Whoever corrected a page in a second window read 受け付けました, and the correction was nowhere."""
    await fill(client, answers())
    seen = await mark(client, "contact")
    await send(client)

    late = await post(client, f"{FORM}contact", {**CONTACT, **seen, "company": "あとの見本商会"})
    same = await post(client, f"{FORM}contact", {**fields_of("contact", answers()), **seen})

    assert "受け付けた内容に含まれていません" in late.text
    assert "受け付けた内容に含まれていません" not in same.text


async def test_a_confirmation_that_another_window_has_overtaken_is_not_said_to_be_received(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """Two confirmations are open, and one is sent: whoever presses the other must not read only 受け付けました."""
    await fill(client, answers())
    first = await mark(client, "confirm")
    await client.post(f"{FORM}contact?back=confirm", data={**CONTACT, "company": "あとの見本商会"})
    second = await mark(client, "confirm")
    await send_as_shown(client, second)

    same = await client.get((await send_as_shown(client, second)).headers["Location"])
    other = await client.get((await send_as_shown(client, first)).headers["Location"])

    assert len(scene.requests) == 1
    assert "受け付けた内容と異なります" in other.text
    assert "受け付けた内容と異なります" not in same.text


async def test_what_a_colleague_has_answered_meanwhile_is_not_overwritten_unseen(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await fill(client, answers())
    seen = await mark(client, "policy")
    await client.post(f"{FORM}ask/policy")
    key = (await client.get(f"{FORM}ask/policy")).text.partition("/help/")[2].partition('"')[0]
    async with browser(scene) as colleague:
        theirs = {**fields_of("policy", DISCLOSURE), "d3_01": "no"}
        await colleague.post(f"{FORM}help/{key}", data=theirs)

    reply = await post(client, f"{FORM}policy", {**fields_of("policy", DISCLOSURE), **seen})

    assert "別の画面では「いいえ」と入力されています。" in reply.text


async def test_pages_that_are_sent_at_the_same_moment_are_all_kept(scene: Scene) -> None:
    """Each one read the draft, added its page and saved the whole: the last one put the others' pages out."""
    async with browser(scene) as client:
        await client.post(f"{FORM}start")
        await client.post(f"{FORM}contact", data=CONTACT)
        await client.post(f"{FORM}wishes", data={"brochure": "none", "quote": "yes"})
        pages = ("history", "policy", "technology", "operation")
        scene.ledger.drafts.is_slow = True

        replies = await asyncio.gather(
            *(client.post(f"{FORM}{page}", data=fields_of(page, DISCLOSURE)) for page in pages)
        )

        assert {reply.status_code for reply in replies} == {303}
        assert (await client.get(f"{FORM}confirm")).headers["Location"] == f"{FORM}cover"


async def test_what_was_answered_in_two_windows_of_one_page_is_all_there(client: httpx.AsyncClient) -> None:
    """The second window had none of it, so its blanks took the place of what the first had saved."""
    await client.post(f"{FORM}start")
    first = second = await mark(client, "contact")
    upper = {key: CONTACT[key] for key in ("company", "department", "person")}
    await client.post(f"{FORM}contact", data={**dict.fromkeys(CONTACT, ""), **first, **upper})

    lower = {**CONTACT, **second, **dict.fromkeys(upper, "")}
    reply = await post(client, f"{FORM}contact", lower)
    again = await post(client, f"{FORM}contact", {**CONTACT, **await mark(client, "contact")})

    assert all(f'value="{CONTACT[key]}"' in reply.text for key in CONTACT)
    assert f"別の画面では「{CONTACT['company']}」と入力されています。" in reply.text
    assert again.url.path == f"{FORM}wishes"


async def test_a_contradiction_is_shown_also_beside_what_is_wrong(client: httpx.AsyncClient) -> None:
    """The errors came first, and the next click forgot what the other window had answered."""
    await fill(client, answers())
    first = second = await mark(client, "contact")
    await client.post(f"{FORM}contact", data={**CONTACT, **first, "company": "はじめの見本商会"})

    reply = await post(client, f"{FORM}contact", {**CONTACT, **second, "company": "あとの見本商会", "phone": "abc"})

    assert "<title>エラー：" in reply.text
    assert "別の画面では「はじめの見本商会」と入力されています。" in reply.text


async def test_what_a_colleague_answers_takes_no_saved_answer_away_unseen(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """Whoever had begun the page themselves found the colleague's answers in place of their own, and no word of it."""
    await fill(client, answers())
    await client.post(f"{FORM}ask/policy")
    key = (await client.get(f"{FORM}ask/policy")).text.partition("/help/")[2].partition('"')[0]
    async with browser(scene) as colleague:
        await colleague.post(f"{FORM}help/{key}", data={**fields_of("policy", DISCLOSURE), "d3_04": "no"})

    confirmation = await client.get(f"{FORM}confirm")
    page = (await client.get(f"{FORM}policy")).text

    assert confirmation.headers["Location"] == f"{FORM}policy"
    assert re.search(r'name="d3_04" value="no" checked', page)
    assert page.count("以前は「はい」と入力されていました。") == 2
