"""Accounts on pages: invited, given a role, closed; each gives themselves a password that nobody else knows."""

import re
from datetime import timedelta

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.lockout import ALLOWED_TRIES
from services.dashboard.domain.roles import Role
from tests.services.dashboard.fakes import FROM_OWN_PAGE, ORIGIN, PASSWORD, InMemoryDashboard, log_in, text
from tests.services.dashboard.specs import a_key

pytestmark = pytest.mark.anyio

NEW = "long-enough-and-new"


async def post(browser: AsyncClient, path: str, **form: str) -> Response:
    return await browser.post(path, data=form, headers=FROM_OWN_PAGE)


async def invite(browser: AsyncClient, name: str = "tanaka", role: str = "desk") -> str:
    """The path of the link that the page shows."""
    page = await post(browser, "/accounts", name=name, role=role)
    [link] = re.findall(rf'value="{ORIGIN}(/reset/[\w-]+)"', page.text)
    return str(link)


async def accept(browser: AsyncClient, link: str, password: str = NEW) -> Response:
    return await post(browser, link, new=password, repeated=password)


async def test_who_is_invited_sets_a_password_and_logs_in_with_their_role() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as other:
        link = await invite(admin, "tanaka", "viewer")
        before = await log_in(other, "tanaka", "")
        page = await other.get(link)
        accepted = await accept(other, link)
        no_session = await other.get("/")
        after = await log_in(other, "tanaka", NEW)
        listed = text(await admin.get("/accounts"))

    assert (before.status_code, "tanaka" in page.text) == (403, True)
    assert (accepted.headers["location"], no_session.status_code) == ("/login?done=password", 303)
    assert after.status_code == 303
    assert dashboard.accounts.roles["tanaka"] is Role.viewer
    assert "tanaka 閲覧（見るだけ）" in listed
    assert dashboard.audit.abouts == [("account-added", "desk", "tanaka=viewer"), ("link-made", "desk", "tanaka")]
    assert ("password-changed", "tanaka", None) in dashboard.audit.acts


async def test_a_link_works_once() -> None:
    dashboard = InMemoryDashboard()
    async with dashboard.browser() as browser:
        link = await invite(browser)

        first, again, page = await accept(browser, link), await accept(browser, link, "another-one-that-is-long"), None
        page = await browser.get(link)

    assert (first.status_code, again.status_code, page.status_code) == (303, 404, 404)
    assert dashboard.accounts.hashes["tanaka"] == f"plain:{NEW}"


async def test_a_link_works_for_72_hours() -> None:
    dashboard = InMemoryDashboard()
    async with dashboard.browser() as browser:
        link = await invite(browser)
        dashboard.time += timedelta(hours=72, seconds=-1)
        before = await browser.get(link)
        dashboard.time += timedelta(seconds=1)
        after = await browser.get(link)

    assert (before.status_code, after.status_code) == (200, 404)


async def test_a_password_that_is_refused_leaves_the_link_as_it_was() -> None:
    async with InMemoryDashboard().browser() as browser:
        link = await invite(browser)

        weak = await accept(browser, link, "tanaka-tanaka-1")
        unlike = await post(browser, link, new=NEW, repeated=f"{NEW}x")
        right = await accept(browser, link)

    assert (weak.status_code, unlike.status_code, right.status_code) == (409, 409, 303)
    assert "ログイン名を含めないでください" in text(weak)
    assert "2回の入力が一致しません" in text(unlike)


async def test_nobody_gets_in_by_a_link_of_an_account_that_was_closed() -> None:
    """A forgotten link would open an account for whoever was sent away."""
    dashboard = InMemoryDashboard()
    async with dashboard.browser() as browser:
        link = await invite(browser)
        await accept(browser, link)
        await post(browser, "/accounts/tanaka", act="link")
        [digest] = dashboard.invitations.links
        await post(browser, "/accounts/tanaka", act="disable")

        made = await post(browser, "/accounts/tanaka", act="link")

    assert digest not in dashboard.invitations.links
    assert (made.status_code, dashboard.invitations.links) == (409, {})


async def test_a_new_password_by_link_ends_every_session_of_the_account() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes["tanaka"] = f"plain:{PASSWORD}"
    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as other:
        await log_in(other, "tanaka")
        page = await post(admin, "/accounts/tanaka", act="link")
        [link] = re.findall(rf'value="{ORIGIN}(/reset/[\w-]+)"', page.text)
        before = await other.get("/")
        await accept(admin, link)
        after = await other.get("/")

    assert (before.status_code, after.status_code) == (200, 303)


@pytest.mark.parametrize(
    ("form", "outcome"),
    [
        pytest.param({"act": "role", "role": "manager"}, "role-changed", id="another role"),
        pytest.param({"act": "end-sessions"}, "sessions-ended", id="logged out everywhere"),
        pytest.param({"act": "disable"}, "account-disabled", id="disabled"),
        pytest.param({"act": "enable"}, "account-enabled", id="enabled"),
        pytest.param({"act": "remove"}, "account-removed", id="removed"),
    ],
)
async def test_what_is_done_to_an_account_is_recorded_with_who_did_it(form: dict[str, str], outcome: str) -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes["tanaka"] = f"plain:{PASSWORD}"

    async with dashboard.browser() as admin:
        response = await post(admin, "/accounts/tanaka", **form)

    [(act, who, about)] = dashboard.audit.abouts
    assert (response.status_code, act, who) == (303, outcome, "desk")
    assert about.startswith("tanaka")


async def test_who_is_logged_out_by_an_admin_sees_nothing_more() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes["tanaka"] = f"plain:{PASSWORD}"

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as other:
        await log_in(other, "tanaka")
        await post(admin, "/accounts/tanaka", act="end-sessions")
        pages = [(await browser.get("/")).status_code for browser in (admin, other)]

    assert pages == [200, 303]


@pytest.mark.parametrize("form", [{"act": "role", "role": "manager"}, {"act": "disable"}, {"act": "remove"}])
async def test_the_last_admin_stays_one(form: dict[str, str]) -> None:
    """Nobody could invite anybody any more, without the command line."""
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes["tanaka"] = f"plain:{PASSWORD}"
    dashboard.accounts.roles["tanaka"] = Role.manager

    async with dashboard.browser() as admin:
        response = await post(admin, "/accounts/desk", **form)

    account = await dashboard.accounts.find("desk")
    assert (response.status_code, "最後の管理者" in text(response)) == (409, True)
    assert account
    assert (account.role, account.disabled_at) == (Role.admin, None)


@pytest.mark.parametrize(("name", "says"), [("Desk!", "英小文字"), ("desk", "すでに使われています")])
async def test_a_name_that_cannot_be_had_is_said_to_be_so(name: str, says: str) -> None:
    dashboard = InMemoryDashboard()
    async with dashboard.browser() as browser:
        response = await post(browser, "/accounts", name=name, role="desk")

    assert (response.status_code, says in text(response)) == (409, True)
    assert dashboard.accounts.hashes.keys() == {"desk"}


async def test_an_account_that_does_not_exist_is_not_found() -> None:
    async with InMemoryDashboard().browser() as browser:
        responses = await browser.get("/accounts/nobody"), await post(browser, "/accounts/nobody", act="disable")

    assert [response.status_code for response in responses] == [404, 404]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        pytest.param("/accounts/desk/email", {"email": "right@agency.example.jp"}, id="another mail address"),
        pytest.param("/accounts/desk", {"act": "end-sessions"}, id="logged out everywhere"),
        pytest.param(
            "/account/password", {"current": PASSWORD, "new": NEW, "repeated": NEW}, id="their own new password"
        ),
    ],
)
async def test_a_link_that_went_to_somebody_else_ends_with(path: str, form: dict[str, str]) -> None:
    """An invitation was mailed to a mistyped address; the address was corrected, and the stranger logged in."""
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        page = await post(browser, "/accounts/desk", act="link")
        [link] = re.findall(rf'value="{ORIGIN}(/reset/[\w-]+)"', page.text)
        done = await post(browser, path, **form)
        used = await accept(browser, link, "the-password-of-a-stranger")

    assert (done.status_code, used.status_code) == (303, 404)


async def change(browser: AsyncClient, current: str = PASSWORD, new: str = NEW) -> Response:
    return await post(browser, "/account/password", current=current, new=new, repeated=new)


async def test_an_own_password_is_changed_by_who_knows_the_current_one() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.temporary.add("desk")

    async with dashboard.browser() as browser, dashboard.browser() as elsewhere:
        wrong = await change(browser, "wrong")
        same = await change(browser, PASSWORD, PASSWORD)
        right = await change(browser)
        after = [(await each.get("/")).status_code for each in (browser, elsewhere)]
        again = await log_in(browser, "desk", NEW)
        page = await browser.get("/")

    assert (wrong.status_code, same.status_code, right.status_code) == (409, 409, 303)
    assert after == [303, 303]
    assert (again.status_code, page.status_code) == (303, 200)


async def test_an_open_screen_is_no_place_to_guess_a_password() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        wrong = [(await change(browser, f"wrong-{number}")).status_code for number in range(ALLOWED_TRIES)]
        locked = await change(browser)

    assert (wrong, locked.status_code) == ([409] * ALLOWED_TRIES, 429)
    assert dashboard.accounts.hashes["desk"] == f"plain:{PASSWORD}"


async def test_no_link_can_be_read_from_the_ledger() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        link = await invite(browser)

    assert link.rpartition("/")[2] not in str((dashboard.invitations.links, dashboard.audit))


@pytest.mark.parametrize(("chosen", "left"), [({"drop_passkeys": "1"}, 0), ({}, 1)])
async def test_who_sets_a_password_by_a_link_may_drop_the_keys_too(chosen: dict[str, str], left: int) -> None:
    """A stolen device, or somebody else's key: a new password alone does not keep them out."""
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes["tanaka"] = "plain:before"
    await dashboard.passkeys.add("tanaka", a_key("one"))

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as other:
        page = await post(admin, "/accounts/tanaka", act="link")
        [link] = re.findall(rf'value="{ORIGIN}(/reset/[\w-]+)"', page.text)
        form = await other.get(link)
        await post(other, link, new=NEW, repeated=NEW, **chosen)

    assert "登録済みのパスキーもすべて削除する" in text(form)
    assert len(await dashboard.passkeys.of("tanaka")) == left


async def test_who_left_is_followed_by_nobody_of_the_same_name() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes["tanaka"] = "plain:before"

    async with dashboard.browser() as admin:
        await post(admin, "/accounts/tanaka", act="remove")
        dashboard.audit.acts.clear()
        again = await post(admin, "/accounts", name="tanaka", role="desk")

    assert (again.status_code, "以前に使われていた" in text(again)) == (409, True)
    assert dashboard.belongings.removed == ["tanaka"]
    assert "account-added" not in [act for act, _, _ in dashboard.audit.acts]
