"""Links to a password by mail: an invitation, and for who has forgotten theirs. Nobody learns who has an account."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.lockout import ALLOWED_TRIES_OF_A_NETWORK, TRIES_COUNT_FOR
from services.dashboard.usecases.ask_reset import ALLOWED_OF_AN_ACCOUNT
from shared.events import Parcel, PasswordResetAsked, StaffInvited, StaffMail
from tests.services.dashboard.builders import OPENER_OF_NOTIFY
from tests.services.dashboard.fakes import FROM_OWN_PAGE, ORIGIN, PASSWORD, InMemoryDashboard, log_in, text

pytestmark = pytest.mark.anyio

NEW = "long-enough-and-new"
MAIL = "hanako@agency.example"


async def post(browser: AsyncClient, path: str, **form: str) -> Response:
    return await browser.post(path, data=form, headers=FROM_OWN_PAGE)


def with_an_address() -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    dashboard.addresses.addresses["desk"] = MAIL
    return dashboard


def opened(mail: StaffMail) -> dict[str, str]:
    assert isinstance(mail, StaffInvited | PasswordResetAsked)
    assert set(mail.parcels) == {"notify"}
    parcel: Parcel = mail.parcels["notify"]
    return OPENER_OF_NOTIFY.open(parcel)


async def test_an_invitation_with_an_address_is_mailed_and_shown() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as admin:
        page = await post(admin, "/accounts", name="tanaka", role="desk", email=MAIL)

    [mail] = dashboard.staff_mails.kept
    [shown] = re.findall(rf'value="({ORIGIN}/reset/[\w-]+)"', page.text)
    assert opened(mail) == {"email": MAIL, "url": shown}
    assert isinstance(mail, StaffInvited)
    assert mail.expires_at == dashboard.time + timedelta(hours=72)
    assert "メールでも送ります" in text(page)


async def test_without_an_address_the_link_is_only_shown() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as admin:
        page = await post(admin, "/accounts", name="tanaka", role="desk")

    assert dashboard.staff_mails.kept == []
    assert "メールでも送ります" not in text(page)


async def test_what_is_no_address_is_said_to_be_none_before_anything_is_kept() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as admin:
        invited = await post(admin, "/accounts", name="tanaka", role="desk", email="nowhere")
        changed = await post(admin, "/accounts/desk/email", email="nowhere")

    assert [(page.status_code, "メールアドレスの形" in text(page)) for page in (invited, changed)] == [(409, True)] * 2
    assert (set(dashboard.accounts.hashes), dashboard.addresses.addresses) == ({"desk"}, {})


async def test_an_admin_gives_an_account_an_address_and_takes_it_away() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as admin:
        await post(admin, "/accounts/desk/email", email=MAIL)
        page = text(await admin.get("/accounts/desk"))
        await post(admin, "/accounts/desk/email", email="")
        nobody = await post(admin, "/accounts/nobody/email", email=MAIL)

    assert MAIL in page
    assert (dashboard.addresses.addresses, nobody.status_code) == ({}, 404)
    assert [act for act, *_ in dashboard.audit.acts if act == "address-changed"] == ["address-changed"] * 2


@pytest.mark.parametrize("typed", ["desk", " Desk ", MAIL, MAIL.upper()])
async def test_who_has_forgotten_a_password_sets_another_by_the_mailed_link(typed: str) -> None:
    dashboard = with_an_address()

    async with dashboard.browser() as elsewhere, dashboard.browser(logged_in=False) as browser:
        await post(browser, "/reset", account=typed)
        [mail] = dashboard.staff_mails.kept
        link = urlsplit(opened(mail)["url"]).path
        old_still_works = (await log_in(browser)).status_code
        await post(browser, link, new=NEW, repeated=NEW)
        again = await browser.get(link)
        ended = await elsewhere.get("/")
        new_works = (await log_in(browser, "desk", NEW)).status_code

    assert isinstance(mail, PasswordResetAsked)
    assert (old_still_works, again.status_code, ended.status_code, new_works) == (303, 404, 303, 303)
    assert ("reset-asked", "desk", None) in dashboard.audit.acts


async def test_a_mailed_link_works_for_half_an_hour() -> None:
    dashboard = with_an_address()

    async with dashboard.browser(logged_in=False) as browser:
        await post(browser, "/reset", account="desk")
        link = urlsplit(opened(dashboard.staff_mails.kept[0])["url"]).path
        dashboard.time += timedelta(minutes=30, seconds=-1)
        before = await browser.get(link)
        dashboard.time += timedelta(seconds=1)
        after = await browser.get(link)

    assert (before.status_code, after.status_code) == (200, 404)


async def test_who_is_invited_and_has_no_link_any_more_needs_a_new_one_and_the_page_says_so() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as admin:
        await post(admin, "/accounts", name="tanaka", role="desk", email="wrong@agency.example")
        open_link = text(await admin.get("/accounts/tanaka"))
        await post(admin, "/accounts/tanaka/email", email=MAIL)
        no_link = text(await admin.get("/accounts/tanaka"))
        await post(admin, "/accounts/tanaka", act="link")
        new_link = text(await admin.get("/accounts/tanaka"))

    said = "使えるリンクがありません。「パスワード設定用のリンクを作る」で、新しいリンクを渡してください"
    assert [said in page for page in (open_link, no_link, new_link)] == [False, True, False]
    assert opened(dashboard.staff_mails.kept[-1])["email"] == MAIL


@pytest.mark.parametrize("typed", ["nobody", "nobody@agency.example", "", "invited", "closed", "unreachable"])
async def test_the_page_is_the_same_for_who_has_no_account_and_nothing_is_sent(typed: str) -> None:
    dashboard = with_an_address()
    dashboard.accounts.invited.add("invited")
    dashboard.accounts.hashes |= {"closed": f"plain:{PASSWORD}", "unreachable": f"plain:{PASSWORD}"}
    dashboard.accounts.disabled["closed"] = dashboard.time
    dashboard.addresses.addresses |= {"invited": "a@agency.example", "closed": "b@agency.example"}

    async with dashboard.browser(logged_in=False) as browser:
        nothing = await post(browser, "/reset", account=typed)
        kept = list(dashboard.staff_mails.kept)
        something = await post(browser, "/reset", account="desk")

    assert (nothing.status_code, nothing.text) == (something.status_code, something.text)
    assert (kept, len(dashboard.staff_mails.kept)) == ([], 1)


async def test_nobody_fills_a_mailbox_by_asking_again_and_again() -> None:
    dashboard = with_an_address()
    sent = []

    for number in range(ALLOWED_OF_AN_ACCOUNT + 2):
        async with dashboard.browser(logged_in=False, address=f"203.0.113.{number}") as browser:
            sent.append(await post(browser, "/reset", account=("desk", MAIL)[number % 2]))
    assert len(dashboard.staff_mails.kept) == ALLOWED_OF_AN_ACCOUNT
    dashboard.time += TRIES_COUNT_FOR
    async with dashboard.browser(logged_in=False) as browser:
        await post(browser, "/reset", account="desk")

    assert len(dashboard.staff_mails.kept) == ALLOWED_OF_AN_ACCOUNT + 1
    assert len({page.text for page in sent}) == 1


async def test_one_network_asks_for_so_many_accounts_and_no_more() -> None:
    dashboard = InMemoryDashboard()
    names = [f"clerk-{number}" for number in range(ALLOWED_TRIES_OF_A_NETWORK + 5)]
    dashboard.accounts.hashes |= dict.fromkeys(names, f"plain:{PASSWORD}")
    dashboard.addresses.addresses |= {name: f"{name}@agency.example" for name in names}

    async with dashboard.browser(logged_in=False) as browser:
        for name in names:
            await post(browser, "/reset", account=name)

    assert len(dashboard.staff_mails.kept) == ALLOWED_TRIES_OF_A_NETWORK


async def test_asking_changes_no_password_and_ends_no_session() -> None:
    dashboard = with_an_address()

    async with dashboard.browser() as browser:
        await post(browser, "/reset", account="desk")
        page = await browser.get("/")

    assert page.status_code == 200
    assert dashboard.accounts.hashes["desk"] == f"plain:{PASSWORD}"


async def test_no_link_and_no_address_can_be_read_from_what_is_published() -> None:
    dashboard = with_an_address()

    async with dashboard.browser(logged_in=False) as browser:
        await post(browser, "/reset", account="desk")

    [mail] = dashboard.staff_mails.kept
    body = mail.to_text()
    assert not [part for part in (MAIL, "hanako", "/reset/", *dashboard.invitations.links) if part in body]
