"""Saved views: a list with a name, for oneself or for everybody."""

import pytest
from httpx import Response

from services.dashboard.domain.roles import Role
from services.dashboard.domain.saved_view import LONGEST_NAME, MOST_OF_ONE, SavedView
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, get, text

pytestmark = pytest.mark.anyio

CHOSEN = "/?tab=check&state=referred&order=due"


async def save(dashboard: InMemoryDashboard, **fields: str) -> Response:
    async with dashboard.browser() as browser:
        return await browser.post("/views", data=fields, headers=FROM_OWN_PAGE)


async def test_a_saved_list_opens_with_one_click() -> None:
    dashboard = InMemoryDashboard()

    saved = await save(dashboard, name="  今日の 確認 ", address=CHOSEN)

    page = await get("/", dashboard=dashboard)
    assert (saved.status_code, saved.headers["location"]) == (303, CHOSEN)
    assert f'<a href="{CHOSEN.replace("&", "&amp;")}">今日の 確認</a>' in page.text


async def test_only_what_is_shared_is_seen_by_others() -> None:
    dashboard = InMemoryDashboard()
    for view_id, is_shared in (("mine", False), ("ours", True)):
        view = SavedView(id=view_id, name=view_id, address=CHOSEN, owner="boss", is_shared=is_shared)
        await dashboard.saved_views.add(view)

    page = text(await get("/", dashboard=dashboard))

    assert "ours （共有 ：boss ）" in page.replace("  ", " ") or "ours （共有：boss）" in page
    assert "mine" not in page


@pytest.mark.parametrize(
    "address", ["https://evil.example/?tab=check", "//evil.example", "javascript:alert(1)", "/accounts", ""]
)
async def test_nothing_but_a_list_of_ours_becomes_a_link(address: str) -> None:
    dashboard = InMemoryDashboard()

    saved = await save(dashboard, name="x", address=address)

    [view] = dashboard.saved_views.views.values()
    assert view.address == saved.headers["location"]
    assert view.address in {"/", "/?tab=check"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "名前を入力してから、もう一度保存してください"),
        ("  ", "名前を入力してから、もう一度保存してください"),
        ("x" * (LONGEST_NAME + 1), "名前は40文字以内で入力してください"),
    ],
)
async def test_a_view_needs_a_name_that_can_be_shown(name: str, why: str) -> None:
    """A name of blanks passes the browser, and the page said that something had changed meanwhile."""
    dashboard = InMemoryDashboard()

    page = await save(dashboard, name=name, address=CHOSEN)

    assert page.status_code == 409
    assert why in text(page)
    assert f'href="{CHOSEN.replace("&", "&amp;")}">ご依頼一覧へ' in page.text
    assert dashboard.saved_views.views == {}


async def test_nobody_saves_more_than_can_be_found_again() -> None:
    dashboard = InMemoryDashboard()
    for number in range(MOST_OF_ONE):
        await save(dashboard, name=str(number), address=CHOSEN)

    page = await save(dashboard, name="x", address=CHOSEN)

    assert page.status_code == 409
    assert "1人50件までです" in text(page)


@pytest.mark.parametrize("address", ["http://[", "/?" + "&".join(["a=1"] * 201)])
async def test_an_address_that_cannot_be_read_is_not_saved_as_the_list_of_all(address: str) -> None:
    dashboard = InMemoryDashboard()

    assert (await save(dashboard, name="x", address=address)).status_code == 409
    assert dashboard.saved_views.views == {}


@pytest.mark.parametrize(("role", "left"), [(Role.admin, {"private"}), (Role.manager, {"private", "shared"})])
async def test_an_admin_removes_what_somebody_shared_who_may_have_left(role: Role, left: set[str]) -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.roles["desk"] = role
    for view_id in ("private", "shared"):
        view = SavedView(id=view_id, name=view_id, address=CHOSEN, owner="left", is_shared=view_id == "shared")
        await dashboard.saved_views.add(view)

    async with dashboard.browser() as browser:
        page = await browser.get("/")
        for view_id in ("private", "shared"):
            await browser.post(f"/views/{view_id}/remove", headers=FROM_OWN_PAGE)

    assert set(dashboard.saved_views.views) == left
    assert ("/views/shared/remove" in page.text) == (role is Role.admin)


async def test_who_saves_shares_or_removes_a_view_is_recorded() -> None:
    dashboard = InMemoryDashboard()

    for shared in ("", "1"):
        await save(dashboard, name="x", address=CHOSEN, shared=shared)
    async with dashboard.browser() as browser:
        for view_id in (*dashboard.saved_views.views, "unknown"):
            await browser.post(f"/views/{view_id}/remove", headers=FROM_OWN_PAGE)

    acts = [act for act, _, _ in dashboard.audit.abouts]
    assert acts == ["saved-view", "shared-view", "removed-view", "removed-view"]


async def test_one_forgets_ones_own_views_and_nobody_elses() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.roles["desk"] = Role.manager
    for owner in ("desk", "boss"):
        view = SavedView(id=owner, name=owner, address=CHOSEN, owner=owner, is_shared=True)
        await dashboard.saved_views.add(view)

    async with dashboard.browser() as browser:
        for view_id in ("desk", "boss"):
            await browser.post(f"/views/{view_id}/remove", headers=FROM_OWN_PAGE)

    assert set(dashboard.saved_views.views) == {"boss"}
