"""Which address a report is about: that of the letter, or one behind it, of which the letter knows nothing."""

import pytest

from services.notify.domain.bounce import Bounce, meaning
from services.notify.domain.inbound_mail import InboundMail
from tests.services.notify.builders import a_letter
from tests.services.notify.domain.test_bounce import hard, soft


@pytest.mark.parametrize(
    ("final", "expected"),
    [
        ("rfc822; Yoshida@customer.example", hard("no-such-address", "5.1.1")),
        ("rfc822;<yoshida@customer.example>", hard("no-such-address", "5.1.1")),
        ("", hard("no-such-address", "5.1.1")),
        ("rfc822; tanaka@customer.example", soft("other", "5.1.1")),
        ("rfc822; not-yoshida@customer.example", soft("other", "5.1.1")),
    ],
)
def test_an_address_is_dead_only_if_it_is_itself_the_one_that_failed(final: str, expected: Bounce) -> None:
    """One person behind info@ has left: the letter has arrived at the others."""
    original = "rfc822;yoshida@customer.example"
    status = {"action": "failed", "status": "5.1.1", "final-recipient": final, "original-recipient": original}

    assert meaning(InboundMail(statuses=(status,)), a_letter()) == expected


@pytest.mark.parametrize(
    ("headers", "text", "expected"),
    [
        ({"x-failed-recipients": "a@b.example, yoshida@customer.example"}, "user unknown", hard("no-such-address")),
        ({"x-failed-recipients": "tanaka@customer.example"}, "yoshida@customer.example: user unknown", soft("other")),
        ({}, "<yoshida@customer.example>: 550 user unknown", hard("no-such-address", None, 550)),
        ({}, "<tanaka@customer.example>: 550 user unknown", soft("other", None, 550)),
    ],
)
def test_a_report_in_words_must_name_whom_the_letter_went_to(
    headers: dict[str, str], text: str, expected: Bounce
) -> None:
    of_server = {"from": "MAILER-DAEMON@mx.agency.example", "subject": "failure notice"}

    assert meaning(InboundMail(headers={**of_server, **headers}, text=text), a_letter()) == expected


def test_words_without_a_code_make_no_address_dead() -> None:
    of_server = {"from": "MAILER-DAEMON@mx.agency.example", "subject": "failure notice"}

    assert meaning(InboundMail(headers=of_server, text="user unknown")) == soft("no-such-address")
