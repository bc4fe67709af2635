"""Nothing is sent that the confirmation has not shown: the customer declares (告知) what they have read."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.services.intake.browser import (
    FORM,
    browser,
    come_to,
    errors,
    fields_of,
    fill,
    mark,
    mark_on,
    send,
    send_as_shown,
)
from tests.services.intake.builders import (
    CANARY,
    CONTACT,
    DISCLOSURE,
    NEW_LABEL,
    NEW_NOTICE,
    NEW_PURPOSE_TEXT,
    NEW_PURPOSE_VERSION,
    NO_BUILDING,
    Edit,
    a_product,
    a_release,
    answers,
)
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio
AGAIN = "まだ送信されていません。内容をもう一度ご確認ください"


def listed(reply: httpx.Response) -> list[str]:
    """What the notice names as changed."""
    notice = reply.text.partition('role="alert"')[2].partition("</div>")[0]
    return [unescape(words) for words in re.findall(r'<li><a href="#[^"]*">([^<]*)</a></li>', notice)]


def agreed(reply: httpx.Response) -> list[str]:
    return re.findall(r'name="(privacy_consent|news_opt_in)" value="[^"]*" checked', reply.text)


async def ask_colleague(client: httpx.AsyncClient, page: str) -> str:
    await client.post(f"{FORM}ask/{page}")
    return (await client.get(f"{FORM}ask/{page}")).text.partition(FORM + "help/")[2].partition('"')[0]


async def answer_as_colleague(scene: Scene, link: str, fields: dict[str, Any]) -> httpx.Response:
    async with browser(scene) as colleague:
        return await colleague.post(f"{FORM}help/{link}", data=fields)


@asynccontextmanager
async def after_release(
    scene: Scene, client: httpx.AsyncClient, folder: Path, edits: list[Edit]
) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(scene.after_release(a_release(folder, edits))) as later:
        later.cookies = client.cookies
        yield later


async def test_what_a_colleague_answers_after_the_confirmation_was_shown_is_not_sent_unread(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """The post took the colleague's answers over and sent them: a 告知 that the customer had never seen."""
    await fill(client, answers())
    link = await ask_colleague(client, "policy")
    theirs = fields_of("policy", DISCLOSURE)
    await answer_as_colleague(scene, link, theirs)
    shown = await mark(client, "confirm")
    # Asked once more, because the first answers were not what the customer expected.
    link = await ask_colleague(client, "policy")
    await answer_as_colleague(scene, link, {**theirs, "d3_01": "no"})

    reply = await send_as_shown(client, shown, news_opt_in="yes")
    asked_back = await client.get(reply.headers["Location"])

    assert scene.requests == []
    assert reply.headers["Location"] == f"{FORM}policy"
    assert "以前は「はい」と入力されていました。" in asked_back.text

    await client.post(f"{FORM}policy", data={**theirs, "d3_01": "no", **mark_on(asked_back)})
    await send(client)

    assert scene.opened(scene.requests[0], "desk")["answers"]["d3_01"] == "no"


async def test_what_another_window_changes_after_the_confirmation_was_shown_is_not_sent_unread(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """Also a way back by the browser's own button, to a confirmation that it has kept."""
    await fill(client, answers())
    shown = await mark(client, "confirm")
    await client.post(f"{FORM}contact?back=confirm", data={**CONTACT, "company": "あとの見本商会"})

    again = await client.get((await send_as_shown(client, shown)).headers["Location"])

    assert scene.requests == []
    assert listed(again) == ["企業名"]
    assert '<div id="company">' in again.text
    assert "あとの見本商会" in again.text
    assert "<title>確認：" in again.text


async def test_an_answer_that_is_gone_since_is_told_too(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, answers())
    shown = await mark(client, "confirm")
    await client.post(f"{FORM}wishes?back=confirm", data={"brochure": "email", "quote": "no"})

    again = await client.get((await send_as_shown(client, shown)).headers["Location"])

    assert scene.requests == []
    assert listed(again) == ["お見積り"]


async def test_the_same_words_are_sent_whatever_was_typed_for_them(client: httpx.AsyncClient, scene: Scene) -> None:
    """Nobody is shown a page again because of a comma: the words on it are what was read."""
    await fill(client, answers(turnover="500,000"))
    shown = await mark(client, "confirm")
    await client.post(f"{FORM}history?back=confirm", data=fields_of("history", answers(turnover="500000")))

    reply = await send_as_shown(client, shown)

    assert reply.headers["Location"].startswith(f"{FORM}done/")
    assert len(scene.requests) == 1


@pytest.mark.parametrize(
    "seen",
    [{}, {"_seen": ""}, {"_seen": "1"}, {"_seen": ["a", "b"]}, {"_seen": "0123456789ab " * 4_000}],
    ids=["none", "empty", "another", "two", "long"],
)
async def test_a_page_without_a_mark_of_ours_is_shown_again(
    client: httpx.AsyncClient, scene: Scene, seen: dict[str, Any]
) -> None:
    """A page that was open across an update, and whoever posts without having read one: nobody knows what it showed."""
    await fill(client, answers())

    reply = await client.post(f"{FORM}confirm", data={"privacy_consent": a_product().privacy.version, **seen})
    again = await client.get(reply.headers["Location"])

    assert scene.requests == []
    assert AGAIN in again.text
    assert listed(again) == []
    assert agreed(again) == []
    assert sum(len(kept) for kept, _ in scene.ledger.drafts.kept.values()) < 16_000
    await send_as_shown(client, mark_on(again))
    assert len(scene.requests) == 1


async def test_the_mark_of_another_form_with_the_same_answers_is_worth_nothing(scene: Scene) -> None:
    async with browser(scene) as one, browser(scene) as other:
        for client in (one, other):
            await fill(client, answers())

        await send_as_shown(other, await mark(one, "confirm"))

    assert scene.requests == []


@pytest.mark.parametrize(
    "edits",
    [[NEW_PURPOSE_VERSION], [NEW_PURPOSE_TEXT], [NEW_PURPOSE_VERSION, NEW_PURPOSE_TEXT], [NEW_NOTICE]],
    ids=["version", "text", "both", "notice"],
)
async def test_a_consent_is_to_the_text_that_was_shown(
    client: httpx.AsyncClient, scene: Scene, tmp_path: Path, edits: list[Edit]
) -> None:
    """A text that was changed without its version counted as agreed to, although nobody had read it."""
    await fill(client, answers())
    shown = await mark(client, "confirm")

    async with after_release(scene, client, tmp_path, edits) as later:
        again = await later.get((await send_as_shown(later, shown)).headers["Location"])
        unticked = await later.post(f"{FORM}confirm", data=mark_on(again))
        refused = await later.get(unticked.headers["Location"])

    assert scene.requests == []
    assert listed(again) == ["個人情報の取扱い（もう一度お読みのうえ、同意をお願いします）"]
    assert 'id="terms"' in again.text
    assert agreed(again) == []
    assert errors(refused) == ["「個人情報の利用目的に同意する」にチェックを入れてください"]


@pytest.mark.parametrize(("edits", "named"), [([NEW_LABEL], ["法人の名称"]), ([NO_BUILDING], [])])
async def test_questions_that_a_release_has_changed_are_read_again(
    client: httpx.AsyncClient, scene: Scene, tmp_path: Path, edits: list[Edit], named: list[str]
) -> None:
    await fill(client, answers())
    shown = await mark(client, "confirm")

    async with after_release(scene, client, tmp_path, edits) as later:
        again = await later.get((await send_as_shown(later, shown)).headers["Location"])

    assert scene.requests == []
    assert AGAIN in again.text
    assert listed(again) == named


async def test_a_colleague_who_answers_after_sending_is_told_and_changes_nothing(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await fill(client, answers())
    link = await ask_colleague(client, "policy")
    await client.post(f"{FORM}policy", data=fields_of("policy", answers()))
    link = await ask_colleague(client, "policy")
    await answer_as_colleague(scene, link, fields_of("policy", DISCLOSURE))
    await send(client)
    copy = (await client.get(f"{FORM}copy.pdf")).text

    late = await answer_as_colleague(scene, link, {**fields_of("policy", DISCLOSURE), "d3_01": "no"})

    assert late.status_code == 410
    assert len(scene.requests) == 1
    assert (await client.get(f"{FORM}copy.pdf")).text == copy


async def test_a_colleagues_answers_are_kept_until_the_form_says_that_it_was_sent(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """Their draft was deleted first: when the database was away then, the repetition had lost what it should repeat."""
    await come_to(client, "policy")
    link = await ask_colleague(client, "policy")
    for page in ("technology", "operation", "cover"):
        await client.post(f"{FORM}{page}", data=fields_of(page, answers()))
    await answer_as_colleague(scene, link, {**fields_of("policy", DISCLOSURE), "d3_01": "no"})
    shown = await mark(client, "confirm")
    scene.ledger.drafts.saves_left = 0

    unsent = await send_as_shown(client, shown)
    scene.ledger.drafts.saves_left = None
    again = await send_as_shown(client, shown)

    assert unsent.status_code == 503
    assert again.headers["Location"].startswith(f"{FORM}done/")
    assert len(scene.requests) == 1
    assert len(scene.ledger.drafts.kept) == 1
    assert CANARY["company"] in (await client.get(f"{FORM}copy.pdf")).text
