"""Staff in a real Chromium: passkeys, with an authenticator of its own, and what a small screen shows."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from playwright.sync_api import Browser, CDPSession, Page

from services.dashboard.adapters.oidc import OidcProvider
from services.dashboard.domain.roles import Role
from tests.journeys.browser import a_browser
from tests.served import served
from tests.services.dashboard.fakes import FROM_OWN_PAGE, PASSWORD, InMemoryDashboard
from tests.services.dashboard.oidc_server import CLIENT, SECRET, real_provider

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@dataclass
class Desk:
    """The dashboard on a port, and a window with a device that makes keys."""

    dashboard: InMemoryDashboard
    page: Page
    device: CDPSession
    device_id: str

    def log_in(self) -> None:
        self.page.goto(f"{self.dashboard.address}/login")
        self.page.get_by_label("ログイン名").fill("desk")
        self.page.get_by_label("パスワード", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="ログインする", exact=True).click()
        self.page.wait_for_url("**/")

    def make_key(self, password: str = PASSWORD) -> None:
        self.page.goto(f"{self.dashboard.address}/account/passkeys")
        self.page.get_by_label("名前（どの機器かが分かるように）").fill("事務所のパソコン")
        self.page.get_by_label("現在のパスワード").fill(password)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="この機器を登録する").click()

    def log_out(self) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="ログアウト").click()

    def use_key(self) -> dict[str, str]:
        """What the browser sent, once the answer is there."""
        with self.page.expect_request("**/login/passkey") as sent, self.page.expect_navigation():
            self.page.get_by_role("button", name="パスキーでログインする").click()
        return {name: values[0] for name, values in parse_qs(sent.value.post_data or "").items()}

    def verify_nobody(self) -> None:
        """The device no longer recognises its user."""
        self.device.send("WebAuthn.setUserVerified", {"authenticatorId": self.device_id, "isUserVerified": False})


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    with a_desk(browser) as desk:
        yield desk


@contextmanager
def a_desk(browser: Browser, issuer: str = "") -> Iterator[Desk]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        dashboard = InMemoryDashboard(address=f"http://localhost:{listener.getsockname()[1]}")
        if issuer:
            dashboard.time = datetime.now(UTC)  # noqa: TID251  # the provider is real, and so is its clock
            back = f"{dashboard.address}/login/company/back"
            dashboard.provider = OidcProvider(
                issuer=issuer, client_id=CLIENT, client_secret=SECRET, redirect_uri=back, now=dashboard.now
            )
        with served(dashboard.app(), listener):
            window = browser.new_context(locale="ja-JP")
            page = window.new_page()
            device = window.new_cdp_session(page)
            device.send("WebAuthn.enable")
            made: Any = device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
            yield Desk(dashboard, page, device, made["authenticatorId"])
            window.close()


def post(desk: Desk, form: dict[str, str]) -> httpx.Response:
    return httpx.post(f"{desk.dashboard.address}/login/passkey", data=form, headers=FROM_OWN_PAGE)


def test_a_key_that_was_made_with_the_password_logs_in_without_it(desk: Desk) -> None:
    problems: list[str] = []
    desk.page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    desk.log_in()
    desk.make_key()
    listed = desk.page.locator("main").inner_text()
    desk.log_out()

    desk.use_key()

    assert "事務所のパソコン" in listed
    assert desk.page.url == f"{desk.dashboard.address}/"
    assert "ログイン中：desk" in desk.page.locator("header").inner_text()
    acts = [act for act, *_ in desk.dashboard.audit.acts]
    assert (acts.count("passkey-added"), acts.count("logged-in")) == (1, 2)
    assert problems == []


def test_a_wrong_password_adds_no_key(desk: Desk) -> None:
    """Who sits down at an open screen must not be able to come back whenever they like."""
    desk.log_in()

    desk.make_key("wrong")

    assert "現在のパスワードが違います" in desk.page.locator("main").inner_text()
    assert desk.dashboard.passkeys.keys == {}


def test_an_answer_works_once(desk: Desk) -> None:
    desk.log_in()
    desk.make_key()
    desk.log_out()
    sent = desk.use_key()

    again = post(desk, sent)

    assert (again.status_code, "set-cookie" in again.headers) == (403, False)


def test_an_answer_that_comes_too_late_or_is_changed_lets_nobody_in(desk: Desk) -> None:
    desk.log_in()
    desk.make_key()
    desk.log_out()
    desk.page.route("**/login/passkey", lambda route: route.abort())
    with desk.page.expect_request("**/login/passkey") as first:
        desk.page.get_by_role("button", name="パスキーでログインする").click()
    sent = {name: values[0] for name, values in parse_qs(first.value.post_data or "").items()}

    changed = post(desk, sent | {"credential": sent["credential"].replace('"signature":"', '"signature":"AA')})
    desk.dashboard.time += timedelta(minutes=5)
    late = post(desk, sent)

    assert [answer.status_code for answer in (changed, late)] == [403, 403]


def test_a_device_that_does_not_recognise_its_user_logs_nobody_in(desk: Desk) -> None:
    """The key stands for password and code, so the device alone must not be enough."""
    desk.log_in()
    desk.make_key()
    desk.log_out()
    desk.verify_nobody()

    desk.page.get_by_role("button", name="パスキーでログインする").click()

    desk.page.get_by_text("パスキーを使えませんでした").wait_for()
    assert desk.page.url.endswith("/login")


def test_a_closed_account_has_no_way_in_by_its_key(desk: Desk) -> None:
    desk.log_in()
    desk.make_key()
    desk.log_out()
    desk.dashboard.accounts.disabled["desk"] = desk.dashboard.time

    desk.use_key()

    assert "このパスキーではログインできません" in desk.page.locator("main").inner_text()


def test_a_removed_key_no_longer_logs_in(desk: Desk) -> None:
    desk.log_in()
    desk.make_key()
    with desk.page.expect_navigation():
        desk.page.get_by_role("button", name="事務所のパソコン を削除する").click()
    desk.log_out()

    desk.use_key()

    assert "このパスキーではログインできません" in desk.page.locator("main").inner_text()


def test_where_there_is_no_script_the_form_works_without_a_key(desk: Desk, browser: Browser) -> None:
    window = browser.new_context(java_script_enabled=False)
    page = window.new_page()
    page.goto(f"{desk.dashboard.address}/login")

    assert page.get_by_role("button", name="パスキーでログインする").count() == 0
    page.get_by_label("ログイン名").fill("desk")
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="ログインする", exact=True).click()
    page.wait_for_url("**/")
    window.close()


@pytest.mark.parametrize("sent", ["", "{}", "[]", "null", "x", '{"id":"a","rawId":"a","response":{}}'])
def test_what_is_no_answer_is_refused_like_a_wrong_one(desk: Desk, sent: str) -> None:
    assert post(desk, {"credential": sent}).status_code == 403


def test_a_key_keeps_the_role_of_its_account(desk: Desk) -> None:
    desk.dashboard.accounts.roles["desk"] = Role.viewer
    desk.log_in()
    desk.make_key()
    desk.log_out()

    desk.use_key()
    desk.page.goto(f"{desk.dashboard.address}/accounts")

    assert "この操作の権限がありません" in desk.page.locator("main").inner_text()


@pytest.mark.parametrize(
    "path",
    [
        "/login",
        "/account",
        "/accounts",
        "/accounts/desk",
        "/account/password",
        "/account/two-step",
        "/account/passkeys",
    ],
)
def test_no_page_is_wider_than_a_small_telephone(desk: Desk, path: str) -> None:
    if path != "/login":
        desk.log_in()
    desk.page.set_viewport_size({"width": 320, "height": 640})

    desk.page.goto(f"{desk.dashboard.address}{path}")

    assert desk.page.evaluate("document.documentElement.scrollWidth") == 320


def test_what_was_typed_is_sent_from_the_page_that_kept_it(desk: Desk) -> None:
    """The browser repeats the form itself (307): with all its fields, also those of several lines."""
    desk.log_in()
    desk.page.set_content(
        f'<form method="post" action="{desk.dashboard.address}/cases/x/release">'
        '<textarea name="quote_id">一行目\n二行目</textarea><button>送る</button></form>'
    )
    desk.dashboard.time += timedelta(minutes=61)
    desk.page.get_by_role("button").click()
    desk.page.get_by_text("入力した内容は残っています").wait_for()
    desk.page.get_by_label("ログイン名").fill("desk")
    desk.page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    desk.page.get_by_role("button", name="ログインする", exact=True).click()

    with desk.page.expect_request("**/cases/x/release") as sent:
        desk.page.get_by_role("button", name="この内容で実行する").click()

    assert parse_qs(sent.value.post_data or "") == {"quote_id": ["一行目\r\n二行目"]}


def test_who_comes_back_from_the_companys_provider_is_logged_in_at_once(browser: Browser) -> None:
    """The provider is another site: its redirect brings no strict cookie along, and a page of ours must follow."""
    mail = "hanako@agency.example"
    with real_provider() as issuer, a_desk(browser, issuer) as desk:
        dashboard = desk.dashboard
        dashboard.addresses.addresses["desk"] = mail
        httpx.put(f"{issuer}/users/u-1", json={"email": mail, "email_verified": True})
        dashboard.invitations.links["digest"] = ("desk", dashboard.time + timedelta(hours=1))
        dashboard.invitations.by_admin.add("digest")
        desk.page.goto(f"{dashboard.address}/login")
        desk.page.get_by_role("link", name="会社のアカウントでログイン").click()
        desk.page.get_by_placeholder("sub").fill("u-1")
        desk.page.get_by_role("button", name="Authorize").click()
        desk.page.wait_for_url(f"{dashboard.address}/")
        header = desk.page.locator("header").inner_text()

    assert "ログイン中：desk" in header
