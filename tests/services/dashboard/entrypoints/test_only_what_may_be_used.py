"""No page shows a link or a button that its reader may not use, and who tries all the same is told whom to ask."""

import html
import re
from collections.abc import Iterator, Sequence

import pytest
from httpx import AsyncClient

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.roles import FROM, Role
from services.dashboard.domain.saved_view import SavedView
from services.dashboard.entrypoints.web.staff_wording import PERMISSIONS
from tests.services.dashboard.builders import (
    BY_DESK,
    REQUEST,
    a_closing,
    a_dead_letter,
    a_referral,
    a_request,
    an_approval_asked,
    an_offer,
)
from tests.services.dashboard.entrypoints.test_access import FROM_ROLE, OPEN
from tests.services.dashboard.fakes import FROM_OWN_PAGE, PASSWORD, InMemoryDashboard, get, text

pytestmark = pytest.mark.anyio

PAGES = ("/", "/?tab=all", f"/cases/{REQUEST}", "/figures", "/backlog", "/account", "/account/passkeys", "/help")
CASES: list[Sequence[Fact]] = [
    (a_request(), an_offer()),
    (a_request(suspicions=("honeypot",)),),
    (a_request(product=BY_DESK.slug), an_offer()),
    (a_request(), a_referral()),
    (a_request(), an_offer(), an_approval_asked()),
    (a_request(), a_closing()),
]
ROUTES = {route: re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(route))) for route in (*FROM_ROLE, *OPEN)}
WITHOUT_ROUTE = re.compile(r"#.*|https?://.*|/static/.*")


def offered(page: str, path: str) -> Iterator[str]:
    """Every link and form of a page, as `GET /path`."""
    for tag in re.findall(r"<(?:a|form|button)\b[^>]*>", page):
        found = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if tag.startswith("<form"):
            yield f"{found.get('method', 'get').upper()} {re.split('[?#]', found.get('action', path))[0]}"
        elif "href" in found and not WITHOUT_ROUTE.fullmatch(found["href"]):
            yield f"GET {found['href'].partition('?')[0].partition('#')[0]}"


def needed(offer: str) -> Role:
    found = [FROM_ROLE.get(route, Role.viewer) for route, pattern in ROUTES.items() if pattern.fullmatch(offer)]
    assert found, offer
    # A literal path comes before one with a name in it; both are reached by the same address.
    return min(found, key=list(Role).index)


def beyond(role: Role, offer: str) -> bool:
    return list(Role).index(needed(offer)) > list(Role).index(role)


async def pages_of(browser: AsyncClient, role: Role) -> list[tuple[str, str]]:
    opened = [path for path in PAGES if not beyond(role, f"GET {path.partition('?')[0]}")]
    return [(path, (await browser.get(path)).text) for path in opened]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("facts", CASES, ids=["offer", "held", "by desk", "referral", "approval", "closed"])
async def test_a_page_offers_only_what_its_reader_may_do(role: Role, facts: Sequence[Fact]) -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.roles["desk"] = role
    view = SavedView(id="v", owner="desk", name="a", address="/?tab=all", is_shared=True)
    await dashboard.saved_views.add(view)
    letter = a_dead_letter()
    dashboard.dead_letters.letters[letter.id] = letter
    for fact in facts:
        await dashboard.cases.add(fact)

    async with dashboard.browser() as browser:
        pages = await pages_of(browser, role)

    assert {(path, offer) for path, page in pages for offer in offered(page, path) if beyond(role, offer)} == set()


async def test_who_only_looks_sees_what_was_done_and_what_is_next() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.roles["desk"] = Role.viewer

    page = text(await get(f"/cases/{REQUEST}", a_request(), an_offer(), a_closing(), dashboard=dashboard))

    assert "次にすること" in page
    assert "対応の記録" in page


async def test_customers_addresses_leave_the_desk_only_with_who_answers_customers() -> None:
    dashboard = InMemoryDashboard()
    await dashboard.cases.add(a_request())
    answers = {}

    async with dashboard.browser() as browser:
        for role in (Role.viewer, Role.desk):
            dashboard.accounts.roles["desk"] = role
            answers[role] = await browser.get("/export/cases.csv")
        figures = await browser.get("/export/figures/days.csv")

    assert {role: answer.status_code for role, answer in answers.items()} == {Role.viewer: 403, Role.desk: 200}
    assert figures.status_code == 200
    acts = [act for act, *_ in dashboard.audit.acts if act.startswith("exported")]
    assert acts == ["exported-cases", "exported-figures"]


async def test_the_refusal_says_what_is_missing_and_whom_to_ask() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes |= {"boss": f"plain:{PASSWORD}", "gone": f"plain:{PASSWORD}"}
    dashboard.accounts.roles |= {"desk": Role.viewer, "boss": Role.admin, "gone": Role.admin}
    dashboard.accounts.disabled["gone"] = dashboard.time

    async with dashboard.browser() as browser:
        page = text(await browser.get("/backlog"))
        posted = text(await browser.post(f"/cases/{REQUEST}/release", headers=FROM_OWN_PAGE))

    for refusal in (page, posted):
        assert "必要な役割 窓口（お客さまへの対応）" in refusal
        assert "あなたの役割 閲覧（見るだけ）" in refusal
        assert "管理者（boss）に、役割の変更をご依頼ください" in refusal


def test_every_permission_has_words() -> None:
    assert set(PERMISSIONS) == set(FROM)
