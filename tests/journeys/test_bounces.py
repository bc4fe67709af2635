"""A letter comes back: from the customer's form to the desk's screen and mailbox, and who is named nowhere."""

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from typing import Final

import httpx
import pytest

from local.bounces import DOMAIN
from local.maildir import Maildir
from tests.journeys.test_requests import DESK
from tests.journeys.world import CANARY_DOMAIN, CANARY_MAIL, Accepted, World, a_quote, brochure_only, until
from tests.plain_http import a_client

FROM_OWN_PAGE: Final = {"Sec-Fetch-Site": "same-origin"}
NOBODY = f"canary.nobody@{DOMAIN}"
IN_TIME_S = 60.0


def shows(desk: httpx.Client, request: Accepted, words: str) -> str | None:
    """The page of the case, once it has *words*."""
    page = desk.get(f"/cases/{request.request_id}").text
    return page if words in page else None


def told(world: World, request: Accepted) -> list[str]:
    """What the desk was told of letters that came back."""
    return [mail.text for mail in world.mails(request) if "届いていません" in str(mail.message["subject"])]


@pytest.fixture
def desk(world: World, staff_password: str) -> Iterator[httpx.Client]:
    """A member of staff who is logged in."""
    with a_client(world.system.dashboard_url, headers=FROM_OWN_PAGE) as desk:
        desk.post("/login", data={"name": "journey", "password": staff_password})
        yield desk


def test_a_letter_that_comes_back_is_told_and_shown_and_arrives_at_the_corrected_address(
    world: World, desk: httpx.Client
) -> None:
    request = world.submit(brochure_only(email=NOBODY))

    [text] = until(lambda: told(world, request) or None, IN_TIME_S)
    until(lambda: world.status(request)["letters"].get("receipt") == "failed" or None)
    page = until(lambda: shows(desk, request, "届きませんでした（応答 550）"))

    assert "このメールアドレスは存在しない" in text
    assert "届かなかったメールがあります" in page
    assert "このメールアドレスはない、と相手のサーバーから通知がありました" in page
    assert list((world.folder / "bounces" / "new").iterdir()) == []

    [seen, *_] = re.findall(r'name="seen" value="(\d+)"', page)
    right = f"canary.right@{CANARY_DOMAIN}"
    desk.post(f"/cases/{request.request_id}/work", data={"kind": "address", "seen": seen, "email": right})

    until(lambda: world.mail_counts(request)[CANARY_MAIL] or None)
    assert len(told(world, request)) == 1


def test_a_dead_address_gets_no_letter_of_another_request(world: World) -> None:
    address = f"canary.gone@{DOMAIN}"
    first = world.submit(brochure_only(email=address))
    until(lambda: told(world, first) or None, IN_TIME_S)

    second = world.submit(a_quote(email=address))

    texts = until(lambda: (len(found := told(world, second)) == 2 and found) or None)
    assert all("送信しませんでした" in text for text in texts)
    assert set(world.mail_counts(second)) == {DESK}


def test_a_full_mailbox_is_no_dead_address(world: World) -> None:
    address = f"full.canary@{DOMAIN}"
    first = world.submit(brochure_only(email=address))
    until(lambda: told(world, first) or None, IN_TIME_S)

    second = world.submit(brochure_only(email=address))

    until(lambda: world.mail_counts(second)[address] or None)


def test_a_report_that_answers_no_letter_of_ours_is_set_aside_and_nobody_is_told(world: World) -> None:
    address = f"canary.bird@{CANARY_DOMAIN}"
    request = world.submit(brochure_only(email=address))
    until(lambda: world.mail_counts(request)[address] or None)
    forged = EmailMessage(policy=policy.SMTP)
    forged["From"], forged["To"] = "mailer-daemon@stranger.example", "bounces@agency.example"
    forged["Subject"] = "Undelivered Mail Returned to Sender"
    forged.set_content(f"<{address}>: user unknown")

    Maildir(world.folder / "bounces").add(bytes(forged))

    aside = world.folder / "bounces" / ".Aside" / "new"
    until(lambda: (aside.is_dir() and list(aside.iterdir())) or None)
    assert told(world, request) == []


def test_who_did_not_get_a_letter_is_named_in_no_log_metric_or_topic(world: World) -> None:
    request = world.submit(brochure_only(email=f"canary.unnamed@{DOMAIN}"))
    until(lambda: told(world, request) or None, IN_TIME_S)

    shown = list(world.everything_shown())

    assert [name for name, content in shown if DOMAIN.encode() in content or b"canary." in content] == []
    metrics = {name: content for name, content in shown if name == "metrics of notify"}
    assert b'letters_bounced_total{kind="receipt",type="hard"}' in metrics["metrics of notify"]
