"""The form in a real browser: with and without JavaScript, on a desk and on a phone."""

from pathlib import Path

import pytest

from tests.journeys.browser import Person, a_page
from tests.journeys.world import CANARY_COMPANY, Accepted, World, a_quote, brochure_only, until


def accepted(world: World, reception_no: str) -> Accepted:
    with world.mongo() as client:
        found = client["mitsumori_intake"]["requests"].find_one({"reception_no": reception_no})
    assert found is not None
    return Accepted(found["_id"], reception_no)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_person_asks_for_a_quote_and_both_mails_arrive(world: World, *, script: bool) -> None:
    with a_page(script=script) as page:
        person = Person(page, a_quote())
        person.fill_in(f"{world.form}/")
        checked = page.locator("main").inner_text()
        reception_no = person.send()

    assert CANARY_COMPANY in checked
    assert "500,000千円" in checked
    assert "5億円" in checked
    world.ends(accepted(world, reception_no), "quoted", {"receipt", "quote", "desk"})
    assert len(set(person.titles)) == len(person.titles) > 3


def test_a_person_who_wants_a_brochure_sees_two_pages_and_nothing_of_the_risk(world: World) -> None:
    with a_page(width=320) as page:
        person = Person(page, brochure_only(brochure="post"))
        person.fill_in(f"{world.form}/")
        reception_no = person.send()

    assert len(person.titles) == 2
    world.ends(accepted(world, reception_no), "documents_only", {"receipt", "desk"})


@pytest.mark.parametrize("width", [320, 1200])
def test_no_page_is_wider_than_the_screen(world: World, width: int) -> None:
    """WCAG 1.4.10: nobody should have to scroll sideways to read a question."""
    with a_page(width=width) as page:
        wide: list[str] = []

        def look(_frame: object = None) -> None:
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append(page.url)

        page.on("load", look)
        person = Person(page, a_quote())
        person.fill_in(f"{world.form}/")
        look()
        person.send()
        look()

    assert wide == []


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_is_wrong_is_said_all_at_once_and_nothing_typed_is_lost(world: World, *, script: bool) -> None:
    with a_page(script=script) as page:
        person = Person(page, brochure_only())
        person.go_to(f"{world.form}/cyber-security/", "contact")
        page.locator("[name=company]").fill(CANARY_COMPANY)
        page.locator("[name=email]").fill("これはメールではない")
        person.go_on()

        assert page.title().startswith("エラー：")
        summary = page.locator(".summary").inner_text()
        assert "担当者名を入力してください" in summary
        assert "メールアドレスは name@example.co.jp のように入力してください" in summary
        assert page.locator("[name=company]").input_value() == CANARY_COMPANY
        assert page.locator("[name=email]").input_value() == "これはメールではない"
        if script:
            assert page.evaluate("document.activeElement.className") == "summary"


def test_sending_twice_going_back_and_reloading_send_one_request(world: World) -> None:
    with a_page() as page:
        person = Person(page, brochure_only())
        person.fill_in(f"{world.form}/")
        reception_no = person.send()
        page.reload()
        after_reload = page.locator(".number").inner_text().split()[-1]
        page.go_back()
        page.reload()

    request = accepted(world, reception_no)
    assert after_reload == reception_no
    world.ends(request, "documents_only", {"receipt", "desk"})
    with world.mongo() as client:
        assert client["mitsumori_intake"]["requests"].count_documents({"reception_no": reception_no}) == 1


def test_while_mongo_is_down_the_page_keeps_what_was_typed_and_takes_it_afterwards(world: World) -> None:
    with a_page() as page:
        person = Person(page, brochure_only())
        person.go_to(f"{world.form}/cyber-security/", "contact")
        person.answer()
        world.system.components["mongod"].child.kill()
        try:
            person.go_on()
            kept = page.locator("[name=company]").input_value()
            told = page.locator("main").inner_text()
        finally:
            world.system.restart("mongod")
            world.system.components["mongod"].wait_until_ready()
        person.press("再送信する")
        went_on = until(lambda: page.url.endswith("/confirm"))

    assert kept == CANARY_COMPANY
    assert "入力された内容はこの画面に残っています" in told
    assert went_on


def test_staff_see_the_case_in_the_dashboard(world: World, staff_password: str, tmp_path: Path) -> None:
    request = world.submit(a_quote())
    world.ends(request, "quoted", {"receipt", "quote", "desk"})

    with a_page() as page:
        page.goto(world.system.dashboard_url)
        page.locator("input[type=text], input[name=name], input[name=account]").first.fill("journey")
        page.locator("input[type=password]").fill(staff_password)
        page.get_by_role("button").first.click()
        page.get_by_role("link", name=request.reception_no).first.click()
        page.screenshot(path=tmp_path / "case.png", full_page=True)
        shown = page.locator("main").inner_text()

    assert CANARY_COMPANY in shown
    assert "見積" in shown
