"""Pages that come alive: what they are sent, when, and that none of it prolongs a session."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.entrypoints.web import routes
from services.dashboard.ports.audit import Act
from services.dashboard.ports.live import Change
from services.dashboard.usecases.follow_changes import MOST_PAGES
from services.dashboard.usecases.log_in import SESSION_IDLE
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.builders import REQUEST, a_note, a_release, a_request, a_withdrawal, an_offer
from tests.services.dashboard.entrypoints.streams import Stream, stream
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryAudit, InMemoryDashboard, log_in

pytestmark = pytest.mark.anyio

VENDOR: Final = Path(routes.__file__).parent / "static" / "vendor" / "htmx"
SHA256: Final = {
    "htmx.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
    "hx-sse.min.js": "18ef2761356ec1fe0bb6d92612315b37517a7c1e9856b661c5ae81fef239d103",
}
TAB: Final = "a" * 32
CASE: Final = f"/cases/{REQUEST}"


@asynccontextmanager
async def an_open_page(
    dashboard: InMemoryDashboard, path: str, name: str = "desk"
) -> AsyncIterator[tuple[FastAPI, AsyncClient, Stream]]:
    dashboard.accounts.hashes.setdefault(name, dashboard.accounts.hashes["desk"])
    app = dashboard.app()
    async with dashboard.browser(logged_in=False) as browser:
        await log_in(browser, name)
        async with stream(app, browser, path) as found:
            yield app, browser, found


async def at_case(dashboard: InMemoryDashboard, name: str, **fields: str) -> int:
    dashboard.accounts.hashes.setdefault(name, dashboard.accounts.hashes["desk"])
    async with dashboard.browser(logged_in=False) as browser:
        await log_in(browser, name)
        answer = await browser.post(f"{CASE}/presence", data={"tab": TAB, **fields}, headers=FROM_OWN_PAGE)
    dashboard.hub.tell(Change(REQUEST))
    return answer.status_code


async def test_an_open_list_is_sent_at_once_and_again_when_a_case_comes() -> None:
    dashboard = InMemoryDashboard()

    async with an_open_page(dashboard, "/events") as (_, _, page):
        before = await page.part()
        await dashboard.cases.add(a_request())
        dashboard.hub.tell(Change(REQUEST, is_new=True))
        after = await page.part()

    assert "まだご依頼はありません" in before
    assert "新しいご依頼が" not in before
    assert f'id="case-{REQUEST}"' in after
    assert "新しいご依頼が1件あります" in after
    assert all(line.startswith("data: ") for line in after.splitlines() if line)


async def test_an_open_list_stays_with_the_tab_and_the_filter_of_its_address() -> None:
    dashboard = InMemoryDashboard()
    await dashboard.cases.add(a_request())

    async with an_open_page(dashboard, "/events?state=referred") as (_, _, page):
        part = await page.part()

    assert f'id="case-{REQUEST}"' not in part
    assert "ご依頼はありません" in part


async def test_who_sees_a_case_by_itself_is_noted_once_and_again_when_it_has_changed() -> None:
    dashboard = InMemoryDashboard()
    await dashboard.cases.add(a_request())

    async with an_open_page(dashboard, "/events") as (_, _, page):
        await page.part()
        await dashboard.cases.add(a_request("other", reception_no="OTHER111"))
        dashboard.hub.tell(Change("other", is_new=True))
        await page.part()
        await dashboard.cases.add(a_note())
        await at_case(dashboard, "taro")
        await page.part()

    assert dashboard.audit.seen == [("desk", [REQUEST]), ("desk", ["other"]), ("desk", [REQUEST])]


async def test_an_open_page_does_not_keep_a_session_and_ends_with_it() -> None:
    dashboard = InMemoryDashboard(check_s=0.0)
    await dashboard.cases.add(a_request())

    async with an_open_page(dashboard, "/events") as (_, browser, page):
        await page.part()
        dashboard.time += SESSION_IDLE / 2
        looked = await browser.post(f"{CASE}/presence", data={"tab": TAB}, headers=FROM_OWN_PAGE)
        dashboard.time += SESSION_IDLE / 2 + timedelta(seconds=1)
        dashboard.hub.tell(Change(None))
        sent = ""
        while "event: ended" not in sent:
            sent += await page.part()

    assert looked.status_code == 204
    assert "ログインし直してください" in sent
    assert REQUEST not in sent[sent.index("ログインし直してください") :]


async def test_an_open_page_ends_when_its_process_stops() -> None:
    dashboard = InMemoryDashboard()

    async with an_open_page(dashboard, "/events") as (_, _, page):
        await page.part()
        dashboard.is_stopping = True
        await page.end()

    assert page.is_over


async def test_an_account_has_only_so_many_live_pages_and_a_closed_one_makes_room() -> None:
    dashboard = InMemoryDashboard()

    async with an_open_page(dashboard, "/events") as (app, browser, first):
        await first.part()
        listeners = [dashboard.hub.listening("desk") for _ in range(MOST_PAGES - 1)]
        for one in listeners:
            one.__enter__()
        async with stream(app, browser, "/events") as refused:
            await refused.end()
        for one in listeners:
            one.__exit__(None, None, None)
        async with stream(app, browser, "/events") as second:
            part = await second.part()

    assert (refused.status, second.status) == (429, 200)
    assert part
    assert not dashboard.hub.is_full("desk")


async def test_a_burst_of_pages_gets_no_more_than_there_are_places() -> None:
    """Each was asked for before the others had begun, and found a free place."""
    dashboard = InMemoryDashboard()
    together = asyncio.Event()

    class Waits(InMemoryAudit):
        async def record(self, act: Act, at: datetime, account: str, *args: Any, **named: Any) -> None:  # noqa: ANN401  # the port's
            if act == "listed-cases":
                await together.wait()
            await super().record(act, at, account, *args, **named)

    dashboard.audit = Waits()
    await dashboard.cases.add(a_request())
    async with an_open_page(dashboard, "/events") as (app, browser, _), AsyncExitStack() as burst:
        pages = [await burst.enter_async_context(stream(app, browser, "/events")) for _ in range(MOST_PAGES + 5)]
        over = [page for page in pages[-6:] if await ended(page)]
        together.set()
        shown = await pages[0].part()

    assert (len(over), REQUEST in shown) == (6, True)


async def ended(page: Stream) -> bool:
    await page.end()
    return page.is_over


@pytest.mark.parametrize("how", ["disabled", "logged out"])
async def test_who_was_closed_out_a_moment_ago_is_shown_nothing_more(how: str) -> None:
    """For fifteen seconds more, a disabled account saw every change of the list."""
    dashboard = InMemoryDashboard(check_s=3_600.0)

    async with an_open_page(dashboard, "/events") as (_, _, page):
        await page.part()
        if how == "disabled":
            await dashboard.accounts.disable("desk", dashboard.time)
        else:
            await dashboard.sessions.end_all("desk", dashboard.time)
        await dashboard.cases.add(a_request())
        dashboard.hub.tell(Change(REQUEST, is_new=True))
        sent = await page.part()
        await page.end()

    assert "ログインし直してください" in sent
    assert REQUEST not in sent


async def test_a_list_goes_on_after_the_database_was_away() -> None:
    dashboard = InMemoryDashboard()

    async with an_open_page(dashboard, "/events") as (_, _, page):
        await page.part()
        dashboard.audit.away = True
        await dashboard.cases.add(a_request())
        dashboard.hub.tell(Change(REQUEST, is_new=True))
        await asyncio.sleep(0)
        dashboard.audit.away = False
        part = await page.part()

    assert f'id="case-{REQUEST}"' in part


async def test_who_else_looks_or_types_is_named_in_the_list_and_on_the_case() -> None:
    dashboard = InMemoryDashboard()
    await dashboard.cases.add(a_request())

    async with (
        an_open_page(dashboard, "/events") as (_, _, listed),
        an_open_page(dashboard, f"{CASE}/events?facts=1") as (_, _, case),
    ):
        nobody = await listed.part(), await case.part()
        await at_case(dashboard, "taro")
        looking = await listed.part(), await case.part()
        await at_case(dashboard, "taro", typing="1")
        typing = await listed.part(), await case.part()
        await at_case(dashboard, "taro", gone="1")
        gone = await listed.part(), await case.part()

    assert not [part for part in (*nobody, *gone) if "中：taro" in part or "taro が" in part]
    assert "閲覧中：taro" in looking[0]
    assert "taro がこのご依頼を見ています" in looking[1]
    assert "入力中：taro" in typing[0]
    assert "taro が入力中です" in typing[1]


async def test_pages_name_who_else_looks_without_scripts_too_and_never_oneself() -> None:
    dashboard = InMemoryDashboard()
    await dashboard.cases.add(a_request())
    await at_case(dashboard, "taro")
    await at_case(dashboard, "desk", typing="1")

    async with dashboard.browser() as browser:
        pages = [(await browser.get(path)).text for path in ("/", CASE)]
        dashboard.time += timedelta(seconds=16)
        later = [(await browser.get(path)).text for path in ("/", CASE)]

    assert "閲覧中：taro" in pages[0]
    assert "taro がこのご依頼を見ています" in pages[1]
    assert not [page for page in pages if "入力中" in page]
    assert not [page for page in later if "中：taro" in page or "taro が" in page]


async def test_a_look_at_a_case_that_is_not_there_or_from_no_tab_is_not_noted() -> None:
    dashboard = InMemoryDashboard()
    nowhere = await at_case(dashboard, "desk")
    await dashboard.cases.add(a_request())

    assert (nowhere, await at_case(dashboard, "desk", tab="../x")) == (404, 404)
    assert dashboard.looks.kept == {}


async def test_a_case_says_when_it_has_changed_since_it_was_opened() -> None:
    dashboard = InMemoryDashboard()
    await dashboard.cases.add(a_request())

    async with an_open_page(dashboard, f"{CASE}/events?facts=1") as (_, _, page):
        before = await page.part()
        await dashboard.cases.add(a_note())
        dashboard.hub.tell(Change(REQUEST))
        after = await page.part()

    assert "更新されました" not in before
    assert "この画面を開いたあとに更新されました" in after


async def test_a_case_says_so_too_when_a_decision_was_taken_back() -> None:
    """One fact less and one more were as many as before: the page went on to show what was stopped."""
    dashboard = InMemoryDashboard()
    for fact in (a_request(product="by-desk"), an_offer(), a_release()):
        await dashboard.cases.add(fact)

    async with dashboard.browser() as browser:
        [events] = re.findall(r'data-hx-sse-connect="([^"]+)"', (await browser.get(CASE)).text)
    async with an_open_page(dashboard, events) as (_, _, page):
        before = await page.part()
        await dashboard.decisions.withdraw(
            f"{REQUEST}:r1:released", a_withdrawal(), after=1, before=a_release().released_at
        )
        dashboard.hub.tell(Change(REQUEST))
        after = await page.part()

    assert "更新されました" not in before
    assert "この画面を開いたあとに更新されました" in after


async def test_a_case_of_which_not_everything_is_shown_says_so_too(database: Database) -> None:
    dashboard = InMemoryDashboard(stored=MongoCases(database, most=3))
    cases = dashboard.stored
    assert cases
    await cases.add(a_request())
    for number in range(9):
        await cases.add(a_note(minutes=number))

    async with dashboard.browser() as browser:
        shown = (await browser.get(CASE)).text
        [events] = re.findall(r'data-hx-sse-connect="([^"]+)"', shown)
    async with an_open_page(dashboard, events) as (_, _, page):
        before = await page.part()
        await cases.add(a_note(minutes=100))
        dashboard.hub.tell(Change(REQUEST))
        after = await page.part()

    assert "記録が非常に多いため" in shown
    assert "更新されました" not in before
    assert "この画面を開いたあとに更新されました" in after


async def test_each_page_asks_for_what_it_shows() -> None:
    dashboard = InMemoryDashboard()
    for fact in (a_request(), a_note()):
        await dashboard.cases.add(fact)

    async with dashboard.browser() as browser:
        pages = [(await browser.get(path)).text for path in ("/?tab=all&state=quoted", "/", CASE)]

    asked = [re.findall(r'data-hx-sse-connect="([^"]+)"', page) for page in pages]
    assert asked == [["/events?state=quoted"], ["/events"], [f"{CASE}/events?facts=2"]]


@pytest.mark.parametrize("name", SHA256)
def test_what_others_wrote_is_unchanged_and_has_its_licence_beside_it(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == SHA256[name]
    assert SHA256[name] in (VENDOR / "README.md").read_text("utf-8")
    assert "Zero-Clause BSD" in (VENDOR / "LICENSE").read_text("utf-8")


def test_the_keys_are_a_small_script() -> None:
    assert (VENDOR.parents[1] / "keys.js").stat().st_size <= 4_096
