"""An account is unlinked from the company's account, by its owner or by an admin; then that one is a stranger's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.lockout import ALLOWED_TRIES
from services.dashboard.domain.roles import Role
from tests.services.dashboard.entrypoints.test_company_pages import a_dashboard, by_company, invite
from tests.services.dashboard.fakes import (
    FROM_OWN_PAGE,
    PASSWORD,
    InMemoryDashboard,
    InMemoryIdentities,
    InMemorySessions,
    log_in,
    text,
)
from tests.services.dashboard.oidc_server import real_provider

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with real_provider() as address:
        yield address


async def unlink(browser: AsyncClient, password: str = PASSWORD) -> Response:
    return await browser.post("/account/company", data={"password": password}, headers=FROM_OWN_PAGE)


async def act(admin: AsyncClient, name: str, act: str) -> Response:
    return await admin.post(f"/accounts/{name}", data={"act": act}, headers=FROM_OWN_PAGE)


def a_linked_dashboard(issuer: str, name: str = "hanako") -> InMemoryDashboard:
    dashboard = a_dashboard(issuer)
    dashboard.accounts.hashes[name] = f"plain:{PASSWORD}"
    dashboard.accounts.identities[issuer, f"of-{name}"] = name
    return dashboard


@pytest.mark.parametrize("by", ["its owner", "an admin"])
async def test_after_unlinking_the_companys_account_is_unknown_and_whoever_it_let_in_is_out(
    issuer: str, by: str
) -> None:
    dashboard = a_linked_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        before = await by_company(browser, "of-hanako")
        unlinked = await (unlink(browser) if by == "its owner" else act(admin, "hanako", "company-off"))
        page = await browser.get("/account")
        after = await by_company(browser, "of-hanako")
        with_password = await log_in(browser, "hanako")

    assert (before.status_code, unlinked.status_code, page.status_code) == (200, 303, 303)
    assert (after.status_code, "結び付いていません" in text(after)) == (403, True)
    assert with_password.status_code == 303
    who = "hanako" if by == "its owner" else "desk"
    assert [by for act, by, _ in dashboard.audit.acts if act == "company-account-unlinked"] == [who]


async def test_who_has_unlinked_is_told_how_they_log_in_from_now_on(issuer: str) -> None:
    dashboard = a_linked_dashboard(issuer)

    async with dashboard.browser(logged_in=False) as browser:
        await by_company(browser, "of-hanako")
        unlinked = await unlink(browser)
        page = text(await browser.get(unlinked.headers["location"]))

    assert "結び付きを解除しました。パスワードでログインしてください" in page


async def test_only_a_new_invitation_links_again(issuer: str) -> None:
    """A link that an admin made before, for a password, would link the same account again at once."""
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        await invite(admin)
        await by_company(browser, "again")
        await act(admin, "hanako", "link")
        await act(admin, "hanako", "company-off")
        without = await by_company(browser, "again")
        await act(admin, "hanako", "link")
        invited = await by_company(browser, "again")

    assert (without.status_code, invited.status_code) == (403, 200)
    assert list(dashboard.identities.owners.values()) == ["hanako"]


async def test_somebody_elses_account_at_the_company_can_be_linked_afterwards(issuer: str) -> None:
    """Who gets another account at the company keeps theirs here."""
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        await invite(admin)
        await by_company(browser, "first-one")
        await act(admin, "hanako", "company-off")
        await act(admin, "hanako", "link")
        entered = await by_company(browser, "second-one")

    assert (entered.status_code, list(dashboard.identities.owners)) == (200, [(issuer, "second-one")])


async def test_an_open_screen_is_not_enough_to_unlink() -> None:
    dashboard = a_linked_dashboard("https://id.example", "desk")

    async with dashboard.browser() as browser:
        wrong = [await unlink(browser, f"wrong-{number}") for number in range(ALLOWED_TRIES)]
        locked = await unlink(browser)
        page = await browser.get("/account")

    assert [answer.status_code for answer in wrong] == [409] * ALLOWED_TRIES
    assert "現在のパスワードが違います" in text(wrong[0])
    assert (locked.status_code, page.status_code) == (429, 200)
    assert list(dashboard.identities.owners.values()) == ["desk"]
    assert "company-account-unlinked" not in [act for act, *_ in dashboard.audit.acts]


async def test_who_has_no_password_is_told_what_they_need_before_they_can_unlink(issuer: str) -> None:
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        await invite(admin)
        await by_company(browser, "no-password")
        page = await browser.get("/account")
        refused = await unlink(browser, "")

    assert "パスワードがないため、結び付きを解除できません" in text(page)
    assert "管理者に「パスワード設定用のリンク」をご依頼ください" in text(page)
    assert 'action="/account/company"' not in page.text
    assert (refused.status_code, list(dashboard.identities.owners.values())) == (409, ["hanako"])


async def test_an_admin_without_a_password_does_not_lock_themselves_out(issuer: str) -> None:
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        await invite(admin)
        dashboard.accounts.roles["hanako"] = Role.admin
        await by_company(browser, "an-admin")
        page = await browser.get("/accounts/hanako")
        refused = await act(browser, "hanako", "company-off")
        of_somebody_else = text(await admin.get("/accounts/hanako"))

    assert ('value="company-off"' in page.text, "先に「パスワード設定用のリンク」を作って" in text(page)) == (
        False,
        True,
    )
    assert (refused.status_code, "先に、パスワード設定用のリンク" in text(refused)) == (409, True)
    assert list(dashboard.identities.owners.values()) == ["hanako"]
    assert "解除したあとは「パスワード設定用のリンク」を渡すまでログインできません" in of_somebody_else


async def test_an_account_that_is_not_linked_has_nothing_to_unlink() -> None:
    async with InMemoryDashboard().browser() as browser:
        pages = [await browser.get(path) for path in ("/account", "/accounts/desk")]

    assert [page.text.count("解除する") for page in pages] == [0, 0]


async def test_who_is_let_in_by_the_company_alone_is_no_longer_called_invited_and_may_be_given_cases(
    issuer: str,
) -> None:
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        await invite(admin)
        dashboard.accounts.roles["hanako"] = Role.desk
        before = text(await admin.get("/accounts")), await dashboard.staff.workers()
        await by_company(browser, "worker")
        after = text(await admin.get("/accounts")), await dashboard.staff.workers()

    assert ("招待中" in before[0], before[1]) == (True, ["desk"])
    assert ("招待中" in after[0], after[1]) == (False, ["desk", "hanako"])


@dataclass
class UnlinkedMeanwhile(InMemorySessions):
    """Somebody unlinks, and ends all sessions, just before a new one begins."""

    identities: InMemoryIdentities | None = None

    async def begin(
        self, digest: str, account: str, at: datetime, until: datetime, *, network: str = "", browser: str = ""
    ) -> None:
        if self.identities:
            await self.identities.unlink(account)
            await self.end_all(account, at)
        await super().begin(digest, account, at, until, network=network, browser=browser)


async def test_who_logs_in_at_the_moment_of_unlinking_is_not_let_in(issuer: str) -> None:
    dashboard = a_linked_dashboard(issuer)
    dashboard.sessions = UnlinkedMeanwhile(identities=dashboard.identities)

    async with dashboard.browser(logged_in=False) as browser:
        answer = await by_company(browser, "of-hanako")
        page = await browser.get("/account")

    assert (answer.status_code, page.status_code) == (403, 303)
    assert all(until <= dashboard.time for _, until in dashboard.sessions.begun.values())
