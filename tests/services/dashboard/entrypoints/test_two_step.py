"""The second step of a log-in, on pages: turned on with an app, needed at every log-in, and never a way around."""

import re
from datetime import timedelta

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.lockout import ALLOWED_TRIES
from services.dashboard.domain.roles import Role
from services.dashboard.domain.second_step import code_of, from_text
from tests.services.dashboard.fakes import FROM_OWN_PAGE, PASSWORD, InMemoryDashboard, log_in, text

pytestmark = pytest.mark.anyio

PAGE = "/account/two-step"


async def post(browser: AsyncClient, path: str = PAGE, **form: str) -> Response:
    return await browser.post(path, data=form, headers=FROM_OWN_PAGE)


def code_at(dashboard: InMemoryDashboard, key: str) -> str:
    whole = from_text(key)
    assert whole
    return code_of(whole, int(dashboard.time.timestamp()) // 30)


async def turn_on(dashboard: InMemoryDashboard, browser: AsyncClient, **other: str) -> tuple[str, Response]:
    """The key that the page showed, and the answer."""
    page = await browser.get(PAGE)
    [key] = re.findall(r'name="key" value="([A-Z2-7]{32})"', page.text)
    form = {"act": "on", "key": key, "code": code_at(dashboard, key), "password": PASSWORD} | other
    return key, await post(browser, **form)


def recovery_codes(page: Response) -> list[str]:
    return re.findall(r"\b[a-z2-7]{4}(?:-[a-z2-7]{4}){3}\b", text(page))


async def test_the_page_shows_the_key_as_a_picture_and_in_letters() -> None:
    async with InMemoryDashboard().browser() as browser:
        page = await browser.get(PAGE)

    [key] = re.findall(r'name="key" value="([A-Z2-7]{32})"', page.text)
    assert f'<span class="code">{key}</span>' in page.text
    assert page.text.count("<svg") == 1
    assert "style=" not in page.text


async def test_once_it_is_on_a_password_alone_lets_nobody_in() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser, dashboard.browser(logged_in=False) as other:
        key, done = await turn_on(dashboard, browser)
        dashboard.time += timedelta(seconds=30)
        without = await log_in(other)
        wrong = await log_in(other, code="000000")
        right = await log_in(other, code=code_at(dashboard, key))

    assert (done.status_code, len(recovery_codes(done))) == (200, 10)
    assert [answer.status_code for answer in (without, wrong, right)] == [403, 403, 303]
    assert dashboard.audit.acts.count(("two-step-on", "desk", None)) == 1


async def test_a_right_password_without_its_code_looks_like_a_wrong_password() -> None:
    """Whoever guesses must not learn when they have guessed half."""
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser, dashboard.browser(logged_in=False) as other:
        await turn_on(dashboard, browser)
        half = await log_in(other, password=PASSWORD, code="000000")
        nothing = await log_in(other, password="wrong", code="000000")

    assert half.text == nothing.text
    assert half.status_code == nothing.status_code


async def test_a_code_works_once() -> None:
    """Who looks over a shoulder sees a code that is still good for half a minute."""
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser, dashboard.browser(logged_in=False) as other:
        key, _ = await turn_on(dashboard, browser)
        of_setting_up = await log_in(other, code=code_at(dashboard, key))
        dashboard.time += timedelta(seconds=30)
        first, again = [await log_in(other, code=code_at(dashboard, key)) for _ in range(2)]

    assert [answer.status_code for answer in (of_setting_up, first, again)] == [403, 303, 403]


async def test_a_wrong_password_uses_no_code_up() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser, dashboard.browser(logged_in=False) as other:
        key, done = await turn_on(dashboard, browser)
        recovery = recovery_codes(done)[0]
        dashboard.time += timedelta(seconds=30)
        for code in (code_at(dashboard, key), recovery):
            await log_in(other, password="wrong", code=code)
        answers = [await log_in(other, code=code) for code in (code_at(dashboard, key), recovery)]

    assert [answer.status_code for answer in answers] == [303, 303]


async def test_each_recovery_code_works_once_and_is_recorded() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser, dashboard.browser(logged_in=False) as other:
        _, done = await turn_on(dashboard, browser)
        code = recovery_codes(done)[3]
        first, again = await log_in(other, code=code.upper()), await log_in(other, code=code)
        page = await browser.get(PAGE)

    assert (first.status_code, again.status_code) == (303, 403)
    assert "あと 9 個" in text(page)
    assert ("recovery-code-used", "desk", None) in dashboard.audit.acts


async def test_wrong_codes_lock_like_wrong_passwords() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser, dashboard.browser(logged_in=False) as other:
        key, _ = await turn_on(dashboard, browser)
        dashboard.time += timedelta(seconds=30)
        wrong = [(await log_in(other, code=f"00000{number}")).status_code for number in range(ALLOWED_TRIES)]
        locked = await log_in(other, code=code_at(dashboard, key))

    assert (wrong, locked.status_code) == ([403] * ALLOWED_TRIES, 429)


@pytest.mark.parametrize(
    "wrong",
    [{"password": "wrong"}, {"code": "000000"}, {"key": "A"}, {"act": "other"}],
    ids=lambda form: next(iter(form)),
)
async def test_it_is_turned_on_only_with_the_password_and_a_code_of_the_key(wrong: dict[str, str]) -> None:
    """With a key that was never in an app, the account would be closed to its owner."""
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        _, answer = await turn_on(dashboard, browser, **wrong)

    assert answer.status_code in {400, 409}
    assert dashboard.accounts.two_step == {}


async def test_an_open_screen_is_not_enough_to_turn_it_off_or_to_get_codes() -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        await turn_on(dashboard, browser)
        before = dashboard.accounts.two_step["desk"]
        refused = [await post(browser, act=act, password="wrong") for act in ("off", "codes")]
        again = await turn_on_over(dashboard, browser)
        kept = dashboard.accounts.two_step["desk"]
        codes = await post(browser, act="codes", password=PASSWORD)
        off = await post(browser, act="off", password=PASSWORD)

    assert [answer.status_code for answer in (*refused, again)] == [409, 409, 400]
    assert kept == before
    assert len(recovery_codes(codes)) == 10
    assert (off.status_code, dashboard.accounts.two_step) == (303, {})


async def turn_on_over(dashboard: InMemoryDashboard, browser: AsyncClient) -> Response:
    """With a key of one's own, over the one that there is."""
    key = "A" * 32
    return await post(browser, act="on", key=key, code=code_at(dashboard, key), password=PASSWORD)


async def test_a_role_that_needs_it_sets_it_up_before_anything_else() -> None:
    dashboard = InMemoryDashboard(two_step_roles=frozenset({Role.admin}))

    async with dashboard.browser() as browser:
        before = await browser.get("/")
        page = await browser.get(PAGE)
        await turn_on(dashboard, browser)
        after = await browser.get("/")

    assert (before.status_code, before.headers["location"]) == (303, PAGE)
    assert "2段階認証の設定が必要です" in text(page)
    assert after.status_code == 200


async def test_an_admin_turns_it_off_for_who_has_lost_everything() -> None:
    dashboard = InMemoryDashboard()
    dashboard.accounts.hashes["tanaka"] = f"plain:{PASSWORD}"

    async with dashboard.browser() as admin, dashboard.browser(logged_in=False) as other:
        await log_in(other, "tanaka")
        await turn_on(dashboard, other)
        await post(admin, "/accounts/tanaka", act="two-step-off")
        answer = await log_in(other, "tanaka")

    assert answer.status_code == 303
    assert dashboard.audit.abouts == [("two-step-off", "desk", "tanaka")]
