"""Other programs on a page for admins: tokens and webhooks, each secret shown once, and who did what recorded."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.token import Scope
from services.dashboard.domain.webhook import WANTED, Message
from services.dashboard.entrypoints.web.program_wording import EVENTS, SCOPES
from services.dashboard.ports.api import Attempt, Delivery, PostAnswer
from tests.services.dashboard.builders import NOON, a_request, an_offer
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, text

pytestmark = pytest.mark.anyio

URL = "https://board.example.jp/hook"


async def post(browser: AsyncClient, path: str, **form: str | list[str]) -> Response:
    return await browser.post(path, data=form, headers=FROM_OWN_PAGE)


def secret_in(page: Response) -> str:
    [secret] = re.findall(r'id="secret"[^>]*value="([^"]+)"', page.text)
    return str(secret)


async def make(browser: AsyncClient, name: str = "board", days: str = "30", scope: str = "cases:read") -> Response:
    return await post(browser, "/programs/tokens", name=name, days=days, scope=[scope])


async def subscribe(browser: AsyncClient, name: str = "crm", url: str = URL, event: str = "case.*") -> Response:
    return await post(browser, "/programs/webhooks", name=name, url=url, event=[event])


async def test_a_token_is_shown_once_and_opens_the_api_until_it_is_revoked() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as program:
        secret = secret_in(await make(admin))
        listed = await admin.get("/programs")
        headers = {"Authorization": f"Bearer {secret}"}
        before = await program.get("/api/v1/cases", headers=headers)
        revoked = await post(admin, "/programs/tokens/board/revoke")
        after = await program.get("/api/v1/cases", headers=headers)
        again = text(await admin.get("/programs"))

    assert (before.status_code, revoked.status_code, after.status_code) == (200, 303, 401)
    assert (secret in listed.text, "board" in listed.text, "取消済" in again) == (False, True, True)
    assert dashboard.audit.abouts == [("token-made", "desk", "board=cases:read"), ("token-revoked", "desk", "board")]
    assert [token.made_by for token in await dashboard.tokens.all()] == ["desk"]


@pytest.mark.parametrize(
    ("name", "days", "scope", "says"),
    [
        pytest.param("Bad Name!", "30", "cases:read", "英小文字", id="a name"),
        pytest.param("board", "0", "cases:read", "1日から366日", id="no time"),
        pytest.param("board", "367", "cases:read", "1日から366日", id="too long"),
        pytest.param("board", "x", "cases:read", "1日から366日", id="no number"),
        pytest.param("board", "30", "cases:contact", "「ご依頼の状態を読む」も必要", id="contacts alone"),
        pytest.param("board", "30", "everything", "範囲を選んで", id="no scope of ours"),
    ],
)
async def test_a_token_that_cannot_be_made_says_why_and_keeps_what_was_typed(
    name: str, days: str, scope: str, says: str
) -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as admin:
        page = await make(admin, name, days, scope)

    assert (page.status_code, says in text(page), dashboard.tokens.tokens) == (409, True, {})
    assert f'name="days" inputmode="numeric" pattern="[0-9]*" maxlength="3" required value="{days}"' in page.text


async def test_a_subscription_is_made_with_a_secret_that_is_shown_once() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as admin:
        secret = secret_in(await subscribe(admin))
        pages = [await admin.get(path) for path in ("/programs", "/programs/webhooks/crm")]

    assert secret == await dashboard.subscriptions.secret("crm")
    assert [(secret in page.text, "crm" in page.text) for page in pages] == [(False, True)] * 2
    assert dashboard.audit.abouts == [("webhook-added", "desk", "crm=case.*")]


@pytest.mark.parametrize(
    ("url", "event", "says"),
    [
        pytest.param("ftp://a.example", "*", "https://", id="no web address"),
        pytest.param("https://user@a.example/", "*", "ユーザー名のない", id="a user in it"),
        pytest.param(URL, "staff.invited", "1つ以上選んで", id="no event of ours"),
    ],
)
async def test_a_subscription_that_cannot_be_made_says_why(url: str, event: str, says: str) -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as admin:
        page = await subscribe(admin, url=url, event=event)

    assert (page.status_code, says in text(page), dashboard.subscriptions.kept) == (409, True, {})


async def test_the_log_says_in_words_what_became_of_each_attempt() -> None:
    dashboard = InMemoryDashboard()
    message = Message(id="m-1", type="case.received", at=NOON, body="{}")
    delivery = Delivery(subscription="crm", message=message, tries=1, since=NOON)
    answers = (PostAnswer(204), PostAnswer(500), PostAnswer(None, "timed-out"))

    async with dashboard.browser() as admin:
        await subscribe(admin)
        empty = text(await admin.get("/programs/webhooks/crm"))
        for number, answer in enumerate(answers, 1):
            at = NOON + timedelta(minutes=number)
            head = {"subscription": "crm", "message_id": "m-1", "type": message.type}
            attempt = Attempt(**head, number=number, at=at, answer=answer)
            await dashboard.deliveries.settle(replace(delivery, tries=number), attempt, None)
        page = text(await admin.get("/programs/webhooks/crm"))

    assert "まだ何も送っていません" in empty
    assert page.index("宛先から応答がありません") < page.index("HTTP 500") < page.index("届きました")


async def test_a_program_is_told_again_from_a_day_on() -> None:
    dashboard = InMemoryDashboard(facts=(a_request(), an_offer()))

    async with dashboard.browser() as admin:
        await subscribe(admin)
        told = await post(admin, "/programs/webhooks/crm/replay", since="2026-11-01")
        too_early = await post(admin, "/programs/webhooks/crm/replay", since="0001-01-01")
        nonsense = await post(admin, "/programs/webhooks/crm/replay", since="yesterday")
        nobody = await post(admin, "/programs/webhooks/nobody/replay", since="2026-11-01")

    assert (told.status_code, "1件の知らせを、もう一度送ります" in text(told)) == (200, True)
    assert [page.status_code for page in (too_early, nonsense, nobody)] == [409, 409, 404]
    assert len(dashboard.deliveries.kept) == 1
    assert ("webhook-replayed", "desk", "crm=2026-11-01T00:00:00+09:00") in dashboard.audit.abouts


async def test_a_pause_says_since_when_it_is_how_many_wait_and_when_it_ends() -> None:
    dashboard = InMemoryDashboard(facts=(a_request(), an_offer()))

    async with dashboard.browser() as admin:
        await subscribe(admin, event="*")
        before = text(await admin.get("/programs/webhooks/crm"))
        paused = await post(admin, "/programs/webhooks/crm/pause")
        queued = text(await post(admin, "/programs/webhooks/crm/replay", since="2026-11-01"))
        dashboard.time += timedelta(minutes=5)
        listed, page = text(await admin.get("/programs")), text(await admin.get("/programs/webhooks/crm"))
        resumed = await post(admin, "/programs/webhooks/crm/resume")
        after = text(await admin.get("/programs/webhooks/crm"))

    assert (paused.status_code, resumed.status_code) == (303, 303)
    assert "2件の知らせを、再開したあとにもう一度送ります" in queued
    assert "一時停止中（11月23日 12:10 から）" in listed
    assert "一時停止中です（11月23日 12:10 から）。2件の知らせが順番を待っています" in page
    assert "11月23日 12:10 から、一時停止のため送っていません（2件が送信待ち）" in page
    assert "12月23日 12:10 に自動で再開します" in page
    assert ["一時停止する" in shown for shown in (before, page, after)] == [True, False, True]
    assert "送信待ち 2件" in after
    assert [act for act, who, _ in dashboard.audit.abouts if who == "desk"][1:] == [
        "webhook-paused",
        "webhook-replayed",
        "webhook-resumed",
    ]


async def test_a_program_that_is_removed_is_told_nothing_more() -> None:
    dashboard = InMemoryDashboard(facts=(a_request(),))

    async with dashboard.browser() as admin:
        await subscribe(admin)
        await post(admin, "/programs/webhooks/crm/replay", since="2026-11-01")
        removed = await post(admin, "/programs/webhooks/crm/remove")
        gone = [(await post(admin, "/programs/webhooks/crm/remove")).status_code]
        gone.append((await admin.get("/programs/webhooks/crm")).status_code)
        gone += [(await post(admin, f"/programs/webhooks/crm/{act}")).status_code for act in ("pause", "resume")]
        gone.append((await post(admin, "/programs/tokens/nobody/revoke")).status_code)

    assert (removed.status_code, gone) == (303, [404] * 5)
    assert (dashboard.subscriptions.kept, dashboard.deliveries.kept) == ({}, {})


async def test_an_empty_page_says_what_will_appear() -> None:
    async with InMemoryDashboard().browser() as admin:
        page = text(await admin.get("/programs"))

    assert "トークンはまだありません" in page
    assert "通知の登録はまだありません" in page


def test_every_scope_and_event_has_words() -> None:
    assert set(SCOPES) == set(Scope)
    assert set(EVENTS) == WANTED
