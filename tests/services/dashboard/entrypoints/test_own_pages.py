"""Where one is logged in, and what was typed when a session had ended: it is not lost, and nobody else sees it."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import pytest
from httpx import AsyncClient, Response

from services.dashboard.usecases.log_in import digest_of
from tests.services.dashboard.builders import COVER, REQUEST, a_request
from tests.services.dashboard.fakes import FROM_OWN_PAGE, PASSWORD, InMemoryDashboard, log_in, text

pytestmark = pytest.mark.anyio

NOTE = f"/cases/{REQUEST}/work"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Safari/537.36"
TYPED = "カナリアの件、15時に折り返し"


async def post(browser: AsyncClient, path: str, **form: str) -> Response:
    return await browser.post(path, data=form, headers=FROM_OWN_PAGE)


def session_of(browser: AsyncClient) -> str:
    return digest_of(browser.cookies["mitsumori-desk"])


async def test_one_sees_where_one_is_logged_in() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as here, dashboard.browser(logged_in=False, address="203.0.113.9") as there:
        there.headers["User-Agent"] = CHROME
        await log_in(there)
        page = text(await here.get("/account"))

    assert "Chrome（Windows） 11月23日 12:10 11月23日 12:10 203.0.113.0/24 ログアウトする" in page
    assert "198.51.100.0/24 このブラウザー" in page
    assert "203.0.113.9" not in page


async def test_one_logs_out_of_a_browser_elsewhere() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as here, dashboard.browser() as there:
        await post(here, "/account/sessions", session=session_of(there))
        pages = [(await browser.get("/")).status_code for browser in (here, there)]

    assert pages == [200, 303]
    assert ("session-ended", "desk", None) in dashboard.audit.acts


@pytest.mark.parametrize("session", ["", "0" * 64])
async def test_nothing_is_recorded_as_ended_that_was_no_session(session: str) -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        await post(browser, "/account/sessions", session=session)

    assert [act for act, _, _ in dashboard.audit.acts if act == "session-ended"] == []


async def logged_out_here(dashboard: InMemoryDashboard, browser: AsyncClient) -> None:
    del dashboard
    await post(browser, "/logout")


async def ended_elsewhere(dashboard: InMemoryDashboard, browser: AsyncClient) -> None:
    async with dashboard.browser() as there:
        await post(there, "/account/sessions", session=session_of(browser))


async def ended_by_an_admin(dashboard: InMemoryDashboard, browser: AsyncClient) -> None:
    async with dashboard.browser(logged_in=False) as there:
        dashboard.accounts.hashes["boss"] = dashboard.accounts.hashes["desk"]
        await log_in(there, "boss")
        await post(there, "/accounts/desk", act="end-sessions")
    del browser


async def over_after_twelve_hours(dashboard: InMemoryDashboard, browser: AsyncClient) -> None:
    for _ in range(13):
        dashboard.time += timedelta(minutes=55)
        await browser.get("/")
    dashboard.time += timedelta(minutes=25)


@pytest.mark.parametrize("end", [logged_out_here, ended_elsewhere, ended_by_an_admin, over_after_twelve_hours])
async def test_what_is_sent_after_a_session_has_ended_is_kept_for_its_owner_alone(
    end: Callable[[InMemoryDashboard, AsyncClient], Awaitable[None]],
) -> None:
    """It was lost without a word: the session was deleted, and with it whose text it was."""
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes["tanaka"] = f"plain:{PASSWORD}"

    async with dashboard.browser() as browser:
        await end(dashboard, browser)
        page = await browser.get("/")
        refused = await post(browser, NOTE, quote_id=TYPED)
        other = await log_in(browser, "tanaka")
        await post(browser, "/logout")
        owner = await log_in(browser)

    assert (page.status_code, refused.headers["location"]) == (303, "/login?done=kept")
    assert (other.headers["location"], owner.headers["location"]) == ("/", "/kept")
    assert [kept[0] for kept in dashboard.kept_posts.posts.values()] == ["desk"]


async def test_an_hour_after_its_end_nobody_knows_whose_a_session_was() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        await ended_elsewhere(dashboard, browser)
        dashboard.time += timedelta(minutes=61)
        refused = await post(browser, NOTE, quote_id=TYPED)

    assert (refused.headers["location"], dashboard.kept_posts.posts) == ("/login", {})


async def test_what_cannot_be_seen_in_a_kept_text_is_sent_as_it_was_typed() -> None:
    """It came back as the four characters that only show it: `〔U+200B〕`."""
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        dashboard.time += timedelta(minutes=61)
        await post(browser, NOTE, text='a\u200bb"<')
        await log_in(browser)
        page = await browser.get("/kept")

    assert 'value="a\u200bb&#34;&lt;"' in page.text
    assert "a〔U+200B〕b" in text(page)


async def test_nobody_logs_somebody_else_out() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes["tanaka"] = f"plain:{PASSWORD}"

    async with dashboard.browser() as desk, dashboard.browser(logged_in=False) as tanaka:
        await log_in(tanaka, "tanaka")
        await post(tanaka, "/account/sessions", session=session_of(desk))
        page = await desk.get("/")

    assert page.status_code == 200


FIELDS: Final = {"kind": "note", "seen": "2", "text": TYPED, "draft_source": "machine-word"}


async def idle_post(dashboard: InMemoryDashboard, browser: AsyncClient, path: str = NOTE) -> Response:
    """A form that is sent when nobody had touched anything for an hour."""
    dashboard.time += timedelta(minutes=61)
    return await post(browser, path, **FIELDS)


async def test_what_was_typed_before_an_idle_end_is_offered_after_the_log_in() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        refused = await idle_post(dashboard, browser)
        login = await browser.get(refused.headers["location"])
        logged_in = await log_in(browser)
        page = await browser.get("/kept")
        [action] = re.findall(r'action="(/kept/\w+)"', page.text)
        sent = await post(browser, action, **FIELDS)
        again = await post(browser, action, **FIELDS)
        empty = await browser.get("/kept")

    assert (refused.status_code, "入力した内容は残っています" in text(login)) == (303, True)
    assert logged_in.headers["location"] == "/kept"
    assert (TYPED in text(page), f'name="text" value="{TYPED}"' in page.text) == (True, True)
    assert (sent.status_code, sent.headers["location"]) == (307, f"{NOTE}#problems")
    assert again.status_code == 404
    assert TYPED not in empty.text
    assert not [act for act in dashboard.audit.acts if act[0] == "worked-on-case"]


async def test_what_was_typed_is_shown_to_nobody_else() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes["tanaka"] = f"plain:{PASSWORD}"

    async with dashboard.browser() as browser:
        await idle_post(dashboard, browser)
        [key] = dashboard.kept_posts.posts
        other = await log_in(browser, "tanaka")
        page, taken = await browser.get("/kept"), await post(browser, f"/kept/{key}")
        await post(browser, f"/kept/{key}/discard")

    assert other.headers["location"] == "/"
    assert TYPED not in page.text
    assert taken.status_code == 404
    assert list(dashboard.kept_posts.posts) == [key]


async def test_what_was_typed_is_kept_for_an_hour_and_can_be_discarded() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        await idle_post(dashboard, browser)
        await log_in(browser)
        [key] = dashboard.kept_posts.posts
        await post(browser, f"/kept/{key}/discard")
        discarded = dict(dashboard.kept_posts.posts)
        await idle_post(dashboard, browser)
        dashboard.time += timedelta(hours=1)
        late = await log_in(browser)

    assert (discarded, late.headers["location"]) == ({}, "/")


@pytest.mark.parametrize(
    "path", ["/account/password", "/accounts", "/logout", "/account/two-step", "/cases/x//evil.example/y"]
)
async def test_a_password_or_what_is_no_work_on_a_case_is_not_kept(path: str) -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        await idle_post(dashboard, browser, path)

    assert dashboard.kept_posts.posts == {}


async def test_what_comes_without_a_session_of_ours_is_not_kept() -> None:
    """Anybody could fill the database."""
    dashboard = InMemoryDashboard()

    async with dashboard.browser(logged_in=False) as browser:
        nobody = await idle_post(dashboard, browser)
        browser.cookies.set("mitsumori-desk", "invented")
        invented = await idle_post(dashboard, browser)

    assert [answer.headers["location"] for answer in (nobody, invented)] == ["/login"] * 2
    assert dashboard.kept_posts.posts == {}


async def test_a_button_alone_is_nothing_that_was_typed() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        dashboard.time += timedelta(minutes=61)
        answers = await post(browser, NOTE), await browser.head(NOTE)

    assert [answer.headers.get("location", "/login") for answer in answers] == ["/login"] * 2
    assert dashboard.kept_posts.posts == {}


async def test_one_session_cannot_fill_the_database() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        await idle_post(dashboard, browser)
        for _ in range(30):
            await post(browser, NOTE, **FIELDS)

    assert len(dashboard.kept_posts.posts) == 20


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        pytest.param(
            "work",
            FIELDS,
            f"メモを残す（株式会社カナリア商会、受付番号 K7M2P4XR） {{hint}} 内容 {TYPED} この内容で",
            id="a note",
        ),
        pytest.param(
            "work",
            {"kind": "contact", "outcome": "no-answer", "again_at": "2026-11-24T09:30", "text": ""},
            "お客さまへの連絡を記録する（株式会社カナリア商会、受付番号 K7M2P4XR）"
            " {hint} 結果 連絡がつかなかった 次に連絡する日時 2026-11-24 09:30 この内容で",
            id="a contact",
        ),
        pytest.param(
            "work",
            {"kind": "close", "outcome": "declined", "reason": "declined:industry"},
            "対応を終える（株式会社カナリア商会、受付番号 K7M2P4XR）"
            " {hint} 結果 お引受けできない 理由 業種が対象外である この内容で",
            id="an end",
        ),
        pytest.param(
            "decide",
            {"kind": "terms", "term-plan": "wide", "reason": "ご希望"},
            "条件を変えて見積もる（株式会社カナリア商会、受付番号 K7M2P4XR）"
            " {hint} プラン ワイド 理由 ご希望 この内容で",
            id="other terms",
        ),
        pytest.param(
            "release",
            {"quote_id": "machine-word"},
            "見積りをお客さまへ送付する（株式会社カナリア商会、受付番号 K7M2P4XR） {hint} この内容で",
            id="a release",
        ),
    ],
)
async def test_what_was_kept_is_told_in_the_words_of_its_form(path: str, fields: dict[str, str], said: str) -> None:
    hint = (
        "ログインが切れていたため、まだ実行されていません。 もとの画面"
        " で最新の内容を確かめてから、実行するか、破棄してください。"
    )
    dashboard = InMemoryDashboard()
    await dashboard.cases.add(a_request(answers=COVER))

    async with dashboard.browser() as browser:
        dashboard.time += timedelta(minutes=61)
        await post(browser, f"/cases/{REQUEST}/{path}", **fields)
        await log_in(browser)
        page = text(await browser.get("/kept"))

    assert said.format(hint=hint) in page
    assert "machine-word" not in page


async def test_the_case_that_it_is_about_is_opened_and_that_is_recorded() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        await idle_post(dashboard, browser)
        await log_in(browser)
        await dashboard.cases.add(a_request())
        await browser.get("/kept")

    assert ("opened-case", "desk", REQUEST) in dashboard.audit.acts


async def test_keys_can_be_switched_off_and_on_in_a_browser() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        before = (await browser.get("/")).text
        await post(browser, "/account/keys", keys="off")
        off, account = (await browser.get("/")).text, text(await browser.get("/account"))
        await post(browser, "/account/keys", keys="on")
        again = (await browser.get("/")).text

    for page, is_there in ((before, True), (off, False), (again, True)):
        assert ("/static/keys.js" in page) is is_there
        assert ("? キーボード操作" in page) is is_there
    assert "このブラウザーでは オフ です" in account
