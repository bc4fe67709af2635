"""An address at bounce.example takes every mail and sends it back, as the notify of this machine understands it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.bounces import Bounces
from local.maildir import Maildir
from services.notify.domain.bounce import Bounce, meaning
from services.notify.domain.inbound_mail import taken_apart
from services.notify.domain.return_path import ReturnPath
from shared.events import BounceReason

LETTER = "5c0e2a3e-0b3f-5a51-9c58-2d5d7e6a9b10"
RETURN_PATH = ReturnPath("bounces@agency.example", {"notify-1": b"k" * 32})
MAIL = f"From: desk@agency.example\r\nMessage-ID: <{LETTER}@agency.example>\r\n\r\nhello\r\n".encode()


def sent_back(folder: Path, *recipients: str, sender: str = RETURN_PATH.of_letter(LETTER)) -> list[bytes]:
    maildir = Maildir(folder)
    Bounces(maildir, lambda: datetime(2026, 11, 27, tzinfo=UTC)).send_back(sender, recipients, MAIL)
    return [maildir.read(name).content for name in maildir.names()]


@pytest.mark.parametrize(
    ("recipient", "reason"),
    [
        ("nobody@bounce.example", "no-such-address"),
        ("Full.mailbox@Bounce.example", "mailbox-full"),
        ("spam@bounce.example", "blocked"),
    ],
)
def test_a_mail_to_the_domain_comes_back_to_the_return_path(
    tmp_path: Path, recipient: str, reason: BounceReason
) -> None:
    [content] = sent_back(tmp_path, recipient)

    mail = taken_apart(content)
    meant = meaning(mail)
    assert isinstance(meant, Bounce)
    assert meant.reason == reason
    assert RETURN_PATH.letter_of(mail.addressed_to[0]) == LETTER
    assert mail.letter_ids("agency.example") == (LETTER,)


def test_other_mails_and_reports_do_not_come_back(tmp_path: Path) -> None:
    """A report about a report would go round for ever (RFC 5321, 6.1)."""
    assert sent_back(tmp_path, "hanako@customer.example", "x@notbounce.example") == []
    assert sent_back(tmp_path, "nobody@bounce.example", sender="") == []
