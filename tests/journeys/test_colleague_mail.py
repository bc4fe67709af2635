"""A colleague is asked by a mail of ours, and whoever asked learns by another that all is answered."""

import re

from local.maildir import Mail, Maildir
from tests.journeys.browser import Person, a_page
from tests.journeys.world import CANARIES, World, a_quote, until

START = "/cyber-security/"
COLLEAGUE = "jiro.it@colleague.example.jp"
SECRETS = (*CANARIES, COLLEAGUE, "jiro.it")


def mails_to(world: World, recipient: str) -> list[Mail]:
    box = Maildir(world.folder / "maildir")
    mails = [box.read(name) for name in box.names()]
    return [mail for mail in mails if recipient in str(mail.message["to"])]


def address_in(mail: Mail) -> str:
    [found] = re.findall(r"http\S+", mail.text)
    return str(found)


def up_to_what_is_asked(person: Person) -> None:
    """Everything but the page that a colleague is asked about, where the form then waits."""
    while not person.page.url.endswith("/policy"):
        person.answer()
        person.go_on()


def test_a_colleague_is_mailed_and_answers_and_who_asked_is_mailed_and_sends(world: World) -> None:
    answers = a_quote()
    with a_page() as page:
        asker = Person(page, answers)
        asker.go_to(f"{world.form}{START}", "policy")
        asker.press("IT担当の方に聞く")
        page.get_by_label("このページだけ聞く").check(force=True)
        asker.press("リンクを作る")
        shown = page.locator("#link").input_value()
        page.locator("#email").fill(COLLEAGUE)
        asker.press("リンクをメールで送る")
        said = page.locator("[role=status].panel").inner_text()
        page.get_by_role("link", name="ほかのページの入力を続ける").click()
        up_to_what_is_asked(asker)
        waiting = page.locator("main").inner_text()
        before = page.context.storage_state()

    [asking] = until(lambda: mails_to(world, COLLEAGUE))
    with a_page(width=320, script=False) as page:
        colleague = Person(page, answers)
        page.goto(address_in(asking))
        colleague.answer()
        colleague.go_on()
        thanks = page.locator("main").inner_text()
        page.reload()

    [telling] = until(lambda: mails_to(world, str(answers["email"])))
    with a_page(state=before) as page:
        asker = Person(page, answers)
        page.goto(address_in(telling))
        asker.press("入力を続ける")
        asker.go_through()
        reception_no = asker.send()
        request_id = page.url.rpartition("/")[2]

    assert "リンクをメールでお送りしました" in said
    assert "回答待ち" in waiting
    assert address_in(asking) == shown
    assert "回答を送りました" in thanks
    assert reception_no
    until(lambda: world.http.get(f"{world.form}/api/v1/requests/{request_id}").json()["state"] == "quoted" or None)
    assert len(mails_to(world, COLLEAGUE)) == 1
    assert [mail.text for mail in mails_to(world, str(answers["email"])) if "回答がそろいました" in mail.text] == [
        telling.text
    ]
    assert not [word for word in SECRETS if word in asking.text or word in telling.text]
    assert not [(name, word) for name, seen in world.everything_shown() for word in SECRETS if word.encode() in seen]
