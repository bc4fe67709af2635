"""Logging in with the company's account, at a real OpenID provider that runs beside the test."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from httpx import AsyncClient, Response

from local.children import free_port
from services.dashboard.adapters.oidc import OidcProvider
from tests.services.dashboard.fakes import FROM_OWN_PAGE, PASSWORD, InMemoryDashboard, log_in, text
from tests.services.dashboard.oidc_server import BACK, CLIENT, SECRET, real_provider

pytestmark = pytest.mark.anyio

MAIL = "hanako@agency.example"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with real_provider() as address:
        yield address


def a_dashboard(issuer: str) -> InMemoryDashboard:
    """Its time is the provider's: tokens of now are looked at now."""
    dashboard = InMemoryDashboard(time=datetime.now(UTC))  # noqa: TID251  # the provider is real, and so is its clock
    dashboard.provider = OidcProvider(
        issuer=issuer, client_id=CLIENT, client_secret=SECRET, redirect_uri=BACK, now=dashboard.now
    )
    return dashboard


async def at_the_provider(address: str, subject: str, *, email: str = MAIL, verified: bool = True) -> str:
    """Log in there as *subject*; where the browser is sent back to."""
    issuer = f"http://{urlsplit(address).netloc}"
    async with AsyncClient() as browser:
        await browser.put(f"{issuer}/users/{subject}", json={"email": email, "email_verified": verified})
        answer = await browser.post(address, data={"sub": subject})
    return str(answer.headers["location"])


async def by_company(browser: AsyncClient, subject: str, *, email: str = MAIL, verified: bool = True) -> Response:
    begun = await browser.get("/login/company")
    return await browser.get(await at_the_provider(begun.headers["location"], subject, email=email, verified=verified))


async def invite(admin: AsyncClient, name: str = "hanako", email: str = MAIL) -> None:
    await admin.post("/accounts", data={"name": name, "role": "viewer", "email": email}, headers=FROM_OWN_PAGE)


async def test_who_is_invited_logs_in_with_the_companys_account_and_is_known_from_then_on(issuer: str) -> None:
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        await invite(admin)
        first = await by_company(browser, "invited-1")
        page = await browser.get("/")
        await browser.post("/logout", headers=FROM_OWN_PAGE)
        again = await by_company(browser, "invited-1", email="moved@agency.example")
        page_again = text(await browser.get("/account"))

    assert (first.status_code, page.status_code, again.status_code) == (200, 200, 200)
    assert "自分のアカウント hanako" in page_again
    assert "閲覧（見るだけ）" in page_again
    assert {act for act, who, _ in dashboard.audit.acts if who == "hanako"} >= {"company-account-linked", "logged-in"}
    assert dashboard.invitations.links == {}


async def test_who_has_no_invitation_is_told_whom_to_ask(issuer: str) -> None:
    dashboard = a_dashboard(issuer)
    dashboard.addresses.addresses["desk"] = MAIL

    async with dashboard.browser(logged_in=False) as browser:
        refused = await by_company(browser, "stranger")
        page = await browser.get("/")

    assert (refused.status_code, page.status_code) == (403, 303)
    assert "管理者に、会社と同じメールアドレスでの招待をご依頼ください" in text(refused)
    assert dashboard.sessions.begun == {}


@pytest.mark.parametrize(
    ("email", "verified"),
    [
        pytest.param(MAIL, False, id="an address that the provider did not verify"),
        pytest.param("other@agency.example", True, id="another address"),
    ],
)
async def test_an_invitation_is_for_its_verified_address_only(issuer: str, email: str, *, verified: bool) -> None:
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        await invite(admin)
        refused = await by_company(browser, f"not-invited-{verified}", email=email, verified=verified)

    assert (refused.status_code, dashboard.identities.owners) == (403, {})


async def test_an_invitation_that_is_over_opens_nothing(issuer: str) -> None:
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        dashboard.time -= timedelta(hours=72)
        await invite(admin)
        dashboard.time += timedelta(hours=72)
        refused = await by_company(browser, "too-late")

    assert (refused.status_code, dashboard.identities.owners) == (403, {})


async def test_a_password_reset_is_no_invitation(issuer: str) -> None:
    """Anybody may ask for one: it must not open an account to whoever has its address at the provider."""
    dashboard = a_dashboard(issuer)
    dashboard.addresses.addresses["desk"] = MAIL

    async with dashboard.browser(logged_in=False) as browser:
        await browser.post("/reset", data={"account": "desk"}, headers=FROM_OWN_PAGE)
        refused = await by_company(browser, "resetting")

    assert (len(dashboard.staff_mails.kept), refused.status_code) == (1, 403)


async def test_two_accounts_with_one_address_are_nobodys(issuer: str) -> None:
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        await invite(admin, "hanako")
        await invite(admin, "jiro")
        refused = await by_company(browser, "one-of-two")

    assert (refused.status_code, dashboard.identities.owners) == (403, {})


async def test_a_linked_account_is_never_given_to_somebody_else(issuer: str) -> None:
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        await invite(admin)
        await by_company(browser, "owner-1")
        await admin.post("/accounts/hanako", data={"act": "link"}, headers=FROM_OWN_PAGE)
        other = await by_company(browser, "other-1")

    assert (other.status_code, list(dashboard.identities.owners.values())) == (403, ["hanako"])


async def test_an_answer_works_once(issuer: str) -> None:
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        await invite(admin)
        begun = await browser.get("/login/company")
        cookie = begun.headers["set-cookie"].partition(";")[0]
        back = await at_the_provider(begun.headers["location"], "once-1")
        first = await browser.get(back, headers={"Cookie": cookie})
        browser.cookies.clear()
        again = await browser.get(back, headers={"Cookie": cookie})

    assert (first.status_code, again.status_code) == (200, 403)
    assert sum(dashboard.failed.counts.values()) == 1
    assert "もう一度はじめから" in text(again)


async def test_an_answer_is_worth_nothing_in_another_browser(issuer: str) -> None:
    """Else anybody could log a colleague in as themselves, and read what is typed there."""
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as mine:
        await invite(admin)
        begun = await mine.get("/login/company")
        back = await at_the_provider(begun.headers["location"], "fixed-1")
        async with dashboard.browser(logged_in=False) as theirs:
            without = await theirs.get(back)
            await theirs.get("/login/company")
            with_their_own = await theirs.get(back)

    assert (without.status_code, with_their_own.status_code) == (403, 403)
    assert list(dashboard.sessions.begun) == list(dashboard.sessions.begun)[:1]  # the admin's


async def test_after_ten_minutes_an_answer_is_too_late(issuer: str) -> None:
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        await invite(admin)
        begun = await browser.get("/login/company")
        back = await at_the_provider(begun.headers["location"], "slow-1")
        dashboard.time += timedelta(minutes=10)
        late = await browser.get(back)

    assert late.status_code == 403


async def test_the_session_is_a_new_one(issuer: str) -> None:
    """What a browser had before, somebody else may have put there."""
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser() as browser:
        await invite(admin)
        before = browser.cookies["mitsumori-desk"]
        await by_company(browser, "fresh-1")
        after = browser.cookies["mitsumori-desk"]
        browser.cookies.set("mitsumori-desk", before, domain="desk.example.jp")
        with_the_old_one = await AsyncClient.get(browser, "/", headers={"Cookie": f"mitsumori-desk={before}"})

    assert before != after
    assert with_the_old_one.status_code == 303


async def test_a_disabled_account_stays_closed(issuer: str) -> None:
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        await invite(admin)
        await by_company(browser, "closed-1")
        await dashboard.accounts.disable("hanako", dashboard.time)
        refused = await by_company(browser, "closed-1")

    assert refused.status_code == 403


async def test_it_leads_to_the_page_that_was_wanted_and_never_to_another_site(issuer: str) -> None:
    dashboard = a_dashboard(issuer)

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as browser:
        await invite(admin)
        pages = []
        for wanted in ("/cases/abc-1", "https://evil.example/", "//evil.example"):
            begun = await browser.get("/login/company", params={"next": wanted})
            back = await at_the_provider(begun.headers["location"], "wanted-1")
            pages += re.findall(r'url=([^"]*)"', (await browser.get(back)).text)

    assert pages == ["/cases/abc-1", "/", "/"]


async def test_who_does_not_agree_at_the_provider_is_back_at_the_log_in(issuer: str) -> None:
    dashboard = a_dashboard(issuer)

    async with dashboard.browser(logged_in=False) as browser:
        begun = await browser.get("/login/company")
        async with AsyncClient() as at_provider:
            answer = await at_provider.post(begun.headers["location"], data={"action": "deny"})
        back = await browser.get(answer.headers["location"])

    assert (back.status_code, 'name="password"' in back.text) == (403, True)


async def test_a_provider_that_is_away_locks_nobody_out() -> None:
    dashboard = a_dashboard(f"http://127.0.0.1:{free_port()}")

    async with dashboard.browser(logged_in=False) as browser:
        away = await browser.get("/login/company")
        entered = await log_in(browser, "desk", PASSWORD)

    assert (away.status_code, entered.status_code) == (503, 303)
    assert "パスワードでログインするか" in text(away)


async def test_without_a_provider_there_is_no_button_and_no_page() -> None:
    async with InMemoryDashboard().browser(logged_in=False) as browser:
        page = await browser.get("/login")
        answers = [(await browser.get(path)).status_code for path in ("/login/company", "/login/company/back")]

    assert ("会社のアカウント" in page.text, answers) == (False, [404, 404])


async def test_with_one_the_log_in_page_has_a_button(issuer: str) -> None:
    async with a_dashboard(issuer).browser(logged_in=False) as browser:
        page = await browser.get("/login")

    assert 'href="/login/company?next=/"' in page.text
