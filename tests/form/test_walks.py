"""The whole form with every 告知, as those go through it who press no mouse, enlarge the page or run no scripts."""

from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from tests.form.customer import ANSWERS
from tests.form.guide import Guide
from tests.form.site import Site
from tests.form.stops import BY_NAME
from tests.journeys.browser import Person
from tests.judges.look import look
from tests.judges.window import DESK, HEIGHT, PHONE, a_window

_MOST_STOPS: Final = 120
"""Of the Tab key on one page."""
_ZOOMED: Final = {"viewport": {"width": DESK // 2, "height": HEIGHT // 2}, "device_scale_factor": 2}


def press_tab(page: Page) -> dict[str, Any]:
    """What has the focus next; it must be seen there."""
    page.keyboard.press("Tab")
    here: dict[str, Any] = look(page, "focused")
    assert here, (page.url, "the focus has left the page before its button")
    assert here["ringed"], (page.url, here)
    assert here["visible"], (page.url, here)
    return here


def answer_by_keyboard(page: Page, here: dict[str, Any]) -> None:
    wanted = ANSWERS.get(here["name"])
    if wanted is None or here["readonly"]:
        return
    wished = {str(one) for one in (wanted if isinstance(wanted, list) else [wanted])}
    if here["type"] == "radio":
        if here["value"] in wished:
            page.keyboard.press("Space")
        while look(page, "focused")["value"] not in wished:
            page.keyboard.press("ArrowDown")
    elif here["type"] == "checkbox":
        if here["value"] in wished:
            page.keyboard.press("Space")
    elif here["tag"] == "select":
        page.keyboard.press("Home")
        while look(page, "focused")["value"] not in wished:
            page.keyboard.press("ArrowDown")
    elif here["tag"] in {"input", "textarea"} and not here["value"]:
        page.keyboard.insert_text(str(wanted))


def go_on_by_keyboard(page: Page) -> None:
    """Answer each field of this page as the focus comes to it, and press its button."""
    for _ in range(_MOST_STOPS):
        here = press_tab(page)
        if here["goes"]:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        answer_by_keyboard(page, here)
    raise AssertionError(page.url, "the button is never reached")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_nobody_needs_a_mouse(site: Site, browser: Browser, width: int) -> None:
    """WCAG 2.1.1, 2.1.2, 2.4.7, 2.4.11."""
    with a_window(browser, width=width) as page:
        page.goto(site.url)
        seen = []
        while not page.locator(".number").count():
            seen.append(page.url)
            go_on_by_keyboard(page)

    assert len(seen) == len(set(seen)) > len(ANSWERS) // 10
    assert f"{site.url}it-work" in seen


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(_ZOOMED, id="at 200 %"),
        pytest.param({"width": PHONE, "java_script_enabled": False}, id="no script"),
    ],
)
def test_every_question_can_be_answered(site: Site, browser: Browser, settings: dict[str, Any]) -> None:
    with a_window(browser, **settings) as page:
        person = Person(page, ANSWERS)
        person.fill_in(site.url)
        checked = page.locator("main").inner_text()
        person.send()

        assert page.url.startswith(f"{site.url}done/")
    assert "告知事項 4" in checked


def test_a_question_that_hangs_on_an_answer_appears_with_it_without_a_script(guide: Guide, browser: Browser) -> None:
    with a_window(browser, java_script_enabled=False) as page:
        guide.bring(page, BY_NAME["policy"])
        parent, child = page.locator("[name=d3_01]"), page.locator("[name=d3_01_a]").first
        seen = [child.is_visible()]
        for answer in ("yes", "no"):
            parent.and_(page.locator(f"[value={answer}]")).check()
            seen.append(child.is_visible())

    assert seen == [False, True, False]


@pytest.mark.parametrize("name", ["policy", "confirm"])
def test_paper_has_what_was_asked_and_nothing_to_press(guide: Guide, browser: Browser, name: str) -> None:
    with a_window(browser) as page:
        guide.bring(page, BY_NAME[name])
        asked = page.locator("legend").filter(visible=True).count() + page.locator("dt").count()
        page.emulate_media(media="print")

        assert page.locator("main").locator("button, a").filter(visible=True).count() == 0
        assert page.locator("legend, dt").filter(visible=True).count() == asked > 1


def test_answers_are_folded_on_the_screen_alone(guide: Guide, browser: Browser) -> None:
    """Whoever runs no script, or looks at paper, has every answer before them."""
    with a_window(browser) as page, a_window(browser, java_script_enabled=False) as plain:
        for window in (page, plain):
            guide.bring(window, BY_NAME["confirm"])
        shown, everything = page.locator("dt").filter(visible=True).count(), page.locator("dt").count()
        without_script = plain.locator("dt").filter(visible=True).count()
        page.get_by_role("button", name="すべての回答を開く").click()

        assert 8 < shown < everything // 2
        assert without_script == everything
        assert page.locator("dt").filter(visible=True).count() == everything
