"""Every letter that the preview shows is a mail as it should be: these are all kinds, also to hostile names."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Final, get_args

import pytest

from services.notify.domain.message import encode
from services.notify.domain.pieces import joined
from shared.events import LetterKind
from tests.judges.mail_html import outlook_complaints
from tests.local.fakes import every_letter

MOST_BYTES_OF_HTML: Final = 8_000
"""Beside the text, so that a mail stays as light as it was."""
_MARK: Final = re.compile("^(?:■ |　?・|　　- )|^【|】$|^-{10,}$", re.MULTILINE)
_KNOWN_DEFECTS: Final = {
    "encoded word inside quoted string",
    "missing trailing whitespace after encoded-word",
    "duplicate parameter name; duplicate ignored",
}
"""Of the head of a file: its name in encoded words, and the plain one beside the extended one. Both are meant."""

each_letter = pytest.mark.parametrize("name", every_letter())


def sent(name: str) -> bytes:
    return joined(encode(every_letter()[name].email))


def received(name: str) -> EmailMessage:
    """As the strictest reader of Python's package takes it: it raises for what is not well formed."""
    return message_from_bytes(sent(name), policy=policy.strict)


def body(name: str, subtype: str) -> str:
    part = received(name).get_body((subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


class Shown(HTMLParser):
    """The words of a page, without its head."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words = ""
        self.feed(page.partition("<body")[2].partition(">")[2])
        self.close()

    def handle_data(self, data: str) -> None:
        self.words += data


def without_blanks(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_every_kind_of_letter_is_among_them() -> None:
    kinds = {name.partition(" ")[2] for name in every_letter()}

    assert set(get_args(LetterKind)) <= kinds


@each_letter
def test_a_mail_has_no_defect(name: str) -> None:
    mail = received(name)

    assert [defect for part in mail.walk() for defect in part.defects] == []
    assert [defect for header in mail.values() for defect in header.defects] == []
    of_files = {
        str(defect) for part in mail.iter_attachments() for header in part.values() for defect in header.defects
    }
    assert of_files <= _KNOWN_DEFECTS


@each_letter
def test_text_and_html_are_alternatives_and_the_better_one_comes_last(name: str) -> None:
    mail = received(name)

    kinds = [part.get_content_type() for part in mail.walk()]
    has_files = name.partition(" ")[2] in {"receipt", "quote", "quote-changed"}
    alternatives = ["multipart/alternative", "text/plain", "text/html"]
    assert kinds == (["multipart/mixed", *alternatives, "application/pdf"] if has_files else alternatives)


@each_letter
def test_no_boundary_is_the_beginning_of_another(name: str) -> None:
    """A reader need not look at more of a line than the boundary is long (RFC 2046, 5.1.1)."""
    boundaries = [boundary for part in received(name).walk() if (boundary := part.get_boundary())]

    assert not any(one != other and one.startswith(other) for one in boundaries for other in boundaries)


@each_letter
def test_the_html_says_the_words_of_the_text_and_no_others(name: str) -> None:
    """Whoever reads the one must know no more and no less than whoever reads the other."""
    assert without_blanks(Shown(body(name, "html")).words) == without_blanks(_MARK.sub("", body(name, "plain")))


@each_letter
def test_outlook_shows_all_of_it_and_nothing_is_fetched(name: str) -> None:
    assert outlook_complaints(body(name, "html")) == []


@each_letter
def test_the_html_weighs_little_beside_the_text(name: str) -> None:
    assert len(body(name, "html").encode()) - len(body(name, "plain").encode()) < MOST_BYTES_OF_HTML


@each_letter
def test_only_our_own_pages_can_be_opened_from_a_mail(name: str) -> None:
    followed = re.findall(r'href="([^"]*)"', body(name, "html"))

    assert all(re.match("https://(?:desk|form)\\.agency\\.example/", address) for address in followed)
    assert bool(followed) == (name.partition(" ")[2] not in {"receipt", "quote", "quote-changed", "referral"})


@each_letter
def test_a_mail_is_seven_bit_lines_of_moderate_length_and_the_same_each_time(name: str) -> None:
    content = sent(name)

    assert content.isascii()
    # An address stands on one line, however long it is.
    assert max(len(line) for line in content.split(b"\r\n") if b"@" not in line) <= 78
    assert content == sent(name)
