"""From the first log-in to the first case, and what every word means to somebody who is new here."""

import pytest

from services.dashboard.domain.listing import Tab
from services.dashboard.domain.roles import Role
from services.dashboard.entrypoints.web.list_wording import EMPTY_TABS
from tests.services.dashboard.builders import REQUEST, a_request
from tests.services.dashboard.fakes import FORM, InMemoryDashboard, get, text

pytestmark = pytest.mark.anyio

WORDS = ("状態", "期限", "要確認", "郵送", "メール停止中", "送付保留")


async def test_an_empty_desk_leads_to_the_first_case() -> None:
    page = await get("/")

    steps = ['href="/account/password"', 'href="/accounts"', f'href="{FORM}"', "数秒でここに表示されます"]
    assert sorted(steps, key=page.text.index) == steps


async def test_who_may_not_invite_is_not_sent_to_do_it() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.roles["desk"] = Role.desk

    page = await get("/", dashboard=dashboard)

    assert 'href="/accounts"' not in page.text
    assert "招待は、管理者が行います" in page.text


async def test_with_the_first_case_the_steps_are_gone() -> None:
    assert "はじめに" not in text(await get("/", a_request()))


async def test_a_filter_that_finds_nothing_is_no_empty_desk() -> None:
    page = text(await get("/?premium_from=1"))

    assert "はじめに" not in page
    assert "条件を外す" in page


def test_every_empty_tab_says_what_will_appear() -> None:
    assert {tab for tab, words in EMPTY_TABS.items() if "表示されます" in words} == set(Tab) - {Tab.ALL}


@pytest.mark.parametrize("path", ["/?tab=all", f"/cases/{REQUEST}", "/help"])
async def test_the_words_are_explained_where_they_are_read(path: str) -> None:
    page = await get(path, a_request())

    assert [word for word in WORDS if f"<dt>{word}</dt>" in page.text] == list(WORDS)


async def test_every_page_leads_to_the_help_and_no_page_does_before_the_log_in() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser, dashboard.browser(logged_in=False) as stranger:
        pages = [await browser.get(path) for path in ("/", "/figures", "/account", "/help")]
        log_in = await stranger.get("/login")

    assert all('<a href="/help">使い方</a>' in page.text for page in pages)
    assert "/help" not in log_in.text
