"""Going on elsewhere and asking a colleague: two browsers, and the mail between them."""

import re

import pytest

from local.maildir import Maildir
from tests.journeys.browser import Person, a_page
from tests.journeys.world import CANARIES, Accepted, World, a_quote, until

START = "/cyber-security/"
PORTABLE = "mobile.bird@tweet.example.jp"


def link_in_the_mail(world: World, recipient: str) -> tuple[str, str]:
    """The link in the newest mail to *recipient*, and the whole text."""
    box = Maildir(world.folder / "maildir")
    mails = (box.read(name) for name in box.names())
    text = next((mail.text for mail in mails if recipient in str(mail.message["to"])), "")
    found = re.search(r"http\S+/resume/\S+", text)
    return (found[0], text) if found else ("", "")


def request_of(world: World, reception_no: str) -> Accepted:
    with world.mongo() as client:
        found = client["mitsumori_intake"]["requests"].find_one({"reception_no": reception_no})
    assert found is not None
    return Accepted(found["_id"], reception_no)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_form_begun_on_one_machine_is_sent_from_another(world: World, *, script: bool) -> None:
    answers = a_quote(email=f"{script}.{PORTABLE}".lower())
    with a_page(script=script) as page:
        person = Person(page, answers)
        page.goto(f"{world.form}{START}")
        person.press("入力をはじめる")
        person.answer()
        person.press("途中保存して後で続ける")
        person.answer()
        person.press("リンクをメールで送る")
        told = page.locator("main").inner_text()

    link, text = until(lambda: found if (found := link_in_the_mail(world, str(answers["email"])))[0] else None)

    with a_page(width=320, script=script) as page:
        person = Person(page, answers)
        page.goto(link)
        seen = page.locator("main").inner_text()
        person.press("続きから再開する")
        person.go_through()
        reception_no = person.send()
        page.goto(link)
        used = page.locator("main").inner_text()

    assert "リンクをお送りしました" in told
    assert not [word for word in (*CANARIES, str(answers["email"])) if word in text or word in seen]
    assert "このリンクは使えません" in used
    world.ends(request_of(world, reception_no), "quoted", {"receipt", "quote", "desk"})


def test_a_colleague_answers_the_pages_of_their_role_in_a_browser_of_their_own(world: World) -> None:
    answers = a_quote()
    with a_page() as page:
        person = Person(page, answers)
        person.go_to(f"{world.form}{START}", "policy")
        person.press("IT担当の方に聞く")
        person.press("リンクを作る")
        link = page.locator("#link").input_value()
        asker = page.context.storage_state()

    with a_page(width=320) as page:
        colleague = Person(page, answers)
        page.goto(link)
        shown = page.locator("main").inner_text()
        while page.locator("form [data-go]").count():
            colleague.answer()
            colleague.go_on()
        thanks = page.locator("main").inner_text()

    with a_page(state=asker) as page:
        person = Person(page, answers)
        page.goto(f"{world.form}{START}policy")
        heard = page.locator("main").inner_text()
        person.go_through()
        reception_no = person.send()

    assert not [word for word in CANARIES if word in shown]
    assert "回答を送りました" in thanks
    assert "回答が届きました" in heard
    world.ends(request_of(world, reception_no), "quoted", {"receipt", "quote", "desk"})
