"""Brochures by post: labels and letters of one day in one PDF, and exactly those are posted."""

import re
from collections.abc import Sequence
from typing import Final

import pytest
from httpx import AsyncClient

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.postal import MOST
from shared.events import BrochurePosted
from tests.services.dashboard.builders import CONTACT, a_closing, a_posting, a_request
from tests.services.dashboard.fakes import FROM_OWN_PAGE, PASSWORD, InMemoryDashboard, log_in, text

pytestmark = pytest.mark.anyio

WAITING: Final = [
    a_request(f"case-{number:02}", reception_no=f"K7M2P4X{number}", brochure="post", quote=False) for number in range(3)
]


async def a_desk(*facts: Fact) -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    for fact in facts:
        await dashboard.cases.add(fact)
    return dashboard


async def batch(browser: AsyncClient, address: str = "/?tab=post") -> str:
    answer = await browser.post("/post", data={"address": address}, headers=FROM_OWN_PAGE)
    return str(answer.headers["location"])


async def mark_as_posted(dashboard: InMemoryDashboard, browser: AsyncClient, page: str) -> None:
    await browser.post(f"/bulk/{page.rpartition('/')[2]}", headers=FROM_OWN_PAGE)
    assert dashboard.bulk
    await dashboard.bulk.finished()


def posted(dashboard: InMemoryDashboard) -> list[str]:
    return sorted(fact.request_id for fact in dashboard.cases.facts.values() if isinstance(fact, BrochurePosted))


def numbers(dashboard: InMemoryDashboard) -> Sequence[Sequence[str]]:
    return [sorted(one.reception_no for one in made) for made in dashboard.papers.made]


async def test_what_was_printed_is_posted_in_one_press_and_nothing_that_came_later() -> None:
    dashboard = await a_desk(*WAITING)

    async with dashboard.browser() as browser:
        page = await batch(browser)
        await dashboard.cases.add(a_request("case-99", reception_no="LATER234", brochure="post", quote=False))
        shown = text(await browser.get(page))
        pdf = await browser.get(f"{page}/cyber-security.pdf")
        await mark_as_posted(dashboard, browser, page)
        after = text(await browser.get(page))

    assert "宛名ラベル 1枚と送付状 3枚" in shown
    assert "3件すべて郵送済みにする" in shown
    assert (pdf.headers["content-type"], pdf.content) == ("application/pdf", b"%PDF-")
    assert numbers(dashboard) == [["K7M2P4X0", "K7M2P4X1", "K7M2P4X2"]]
    assert posted(dashboard) == ["case-00", "case-01", "case-02"]
    assert "郵送済みの処理をしました" in after


async def test_only_open_postal_cases_of_the_list_are_meant() -> None:
    others: list[Fact] = [
        a_request("by-mail", brochure="email"),
        a_request("posted", brochure="post"),
        a_posting("posted"),
        a_request("closed", brochure="post"),
        a_closing("closed"),
    ]
    dashboard = await a_desk(*WAITING, *others)

    async with dashboard.browser() as browser:
        everything = text(await browser.get("/post"))
        narrowed = text(await browser.get("/post?assignee=hanako"))
        await browser.get(f"{await batch(browser, '/')}/cyber-security.pdf")

    assert "郵送待ちのご依頼は 3件です" in everything
    assert "郵送する資料はありません" in narrowed
    assert numbers(dashboard) == [["K7M2P4X0", "K7M2P4X1", "K7M2P4X2"]]


async def test_nothing_is_posted_to_an_address_that_may_be_somebodys_joke() -> None:
    held = a_request("held", reception_no="HELD2345", brochure="post", suspicions=("honeypot",))
    dashboard = await a_desk(*WAITING, held.model_copy(update={"is_held": True}))

    async with dashboard.browser() as browser:
        page = await batch(browser)
        await browser.get(f"{page}/cyber-security.pdf")

    assert numbers(dashboard) == [["K7M2P4X0", "K7M2P4X1", "K7M2P4X2"]]


async def test_a_case_that_was_closed_in_between_gets_no_label() -> None:
    dashboard = await a_desk(*WAITING)

    async with dashboard.browser() as browser:
        page = await batch(browser)
        await dashboard.cases.add(a_closing("case-01"))
        await browser.get(f"{page}/cyber-security.pdf")

    assert numbers(dashboard) == [["K7M2P4X0", "K7M2P4X2"]]


async def test_what_a_colleague_has_posted_in_between_is_not_posted_again() -> None:
    """Two printed the same labels; the second was told so when the envelopes were gone."""
    dashboard = await a_desk(*WAITING)
    dashboard.accounts.hashes["mika"] = f"plain:{PASSWORD}"

    async with dashboard.browser() as browser, dashboard.browser(logged_in=False) as colleague:
        await log_in(colleague, "mika")
        page = await batch(browser)
        other = await batch(colleague)
        await dashboard.cases.add(a_posting("case-00").model_copy(update={"decided_by": "mika"}))
        shown = text(await browser.get(page))
        await browser.get(f"{page}/cyber-security.pdf")
        await mark_as_posted(dashboard, colleague, other)
        nothing_left = text(await browser.get(page))
        again = await browser.get(f"{page}/cyber-security.pdf")

    assert "印刷には含めていません。 K7M2P4X0 （mika）" in shown
    assert ("送付状 2枚" in shown, "2件すべて郵送済みにする" in shown) == (True, True)
    assert (numbers(dashboard), again.status_code) == ([["K7M2P4X1", "K7M2P4X2"]], 404)
    assert "郵送するご依頼は残っていません" in nothing_left


async def test_what_one_has_posted_oneself_from_another_page_is_not_printed_again_either() -> None:
    dashboard = await a_desk(*WAITING)

    async with dashboard.browser() as browser:
        page, same = await batch(browser), await batch(browser)
        await mark_as_posted(dashboard, browser, page)
        answer = await browser.get(f"{same}/cyber-security.pdf")

    assert (answer.status_code, numbers(dashboard)) == (404, [])


async def test_what_one_has_posted_is_printed_again_from_the_same_page() -> None:
    """A label tears, or the printer has eaten one."""
    dashboard = await a_desk(*WAITING)

    async with dashboard.browser() as browser:
        page = await batch(browser)
        await mark_as_posted(dashboard, browser, page)
        await browser.get(f"{page}/cyber-security.pdf")

    assert numbers(dashboard) == [["K7M2P4X0", "K7M2P4X1", "K7M2P4X2"]]


async def test_each_product_has_a_file_of_its_own_and_what_cannot_be_printed_is_named() -> None:
    of_other = a_request("other", reception_no="OTHER234", brochure="post", product="by-desk")
    dashboard = await a_desk(*WAITING, of_other, a_request("gone", brochure="post", product="gone"))

    async with dashboard.browser() as browser:
        page = await batch(browser)
        shown = (await browser.get(page)).text
        await browser.get(f"{page}/by-desk.pdf")

    assert sorted(re.findall(r'href="/post/\w+/([\w-]+).pdf"', shown)) == ["by-desk", "cyber-security"]
    assert 'href="/cases/gone"' in shown
    assert numbers(dashboard) == [["OTHER234"]]


async def test_a_title_is_not_said_twice() -> None:
    request = a_request(brochure="post", company="株式会社カナリア商会 御中", person="金糸雀 花子様")
    dashboard = await a_desk(request)

    async with dashboard.browser() as browser:
        await browser.get(f"{await batch(browser)}/cyber-security.pdf")

    [[recipient]] = dashboard.papers.made
    assert (recipient.company, recipient.person) == ("株式会社カナリア商会", "金糸雀 花子")
    assert recipient.address == CONTACT["address"]


async def test_who_printed_is_recorded_with_the_cases_before_anything_is_given_out() -> None:
    dashboard = await a_desk(*WAITING)

    async with dashboard.browser() as browser:
        page = await batch(browser)
        await browser.get(f"{page}/cyber-security.pdf")
        dashboard.audit.away = True
        refused = await browser.get(f"{page}/cyber-security.pdf")

    assert ("printed-post", "desk", None) in dashboard.audit.acts
    assert sorted(dashboard.audit.seen[-1][1]) == ["case-00", "case-01", "case-02"]
    assert refused.status_code == 503
    assert len(dashboard.papers.made) == 1


async def test_a_paper_that_cannot_be_made_says_so_and_nothing_is_posted() -> None:
    dashboard = await a_desk(*WAITING)
    dashboard.papers.fails = True

    async with dashboard.browser() as browser:
        answer = await browser.get(f"{await batch(browser)}/cyber-security.pdf")

    assert answer.status_code == 500
    assert "郵送済みにはなっていません" in text(answer)
    assert posted(dashboard) == []


async def test_too_many_at_once_are_asked_to_be_narrowed() -> None:
    dashboard = await a_desk(*(a_request(f"case-{number}", brochure="post") for number in range(MOST + 1)))

    async with dashboard.browser() as browser:
        page = text(await browser.get("/post"))
        answer = await browser.post("/post", data={"address": "/?tab=post"}, headers=FROM_OWN_PAGE)

    assert f"一度に作成できるのは{MOST}件までです" in page
    assert answer.status_code == 409


async def test_the_list_of_postal_cases_leads_there_with_its_filter() -> None:
    dashboard = await a_desk(*WAITING)

    async with dashboard.browser() as browser:
        of_post = (await browser.get("/?tab=post&brochure=post")).text
        of_all = (await browser.get("/")).text

    assert 'href="/post?tab=post&amp;brochure=post"' in of_post
    assert 'href="/post' not in of_all
