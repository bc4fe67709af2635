"""Anybody may send a mail to the return path: no bytes stop its reader, or keep it busy."""

import time
from typing import Final

import pytest

from services.notify.domain.bounce import meaning
from services.notify.domain.inbound_mail import MOST_READ, taken_apart

AT_ONCE_S: Final = 2.0
"""Of the processor, on a slow machine. Python alone takes 10 to 50 seconds for some of these."""


def nested(depth: int) -> bytes:
    return b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(depth))


HOSTILE: Final = {
    "encoded words": b"Subject: " + b"=?a?q?" * 20_000 + b"\n\n",
    "open addresses": b"To: " + b"<" * 100_000 + b"\n\n",
    "nested": nested(3_000),
    "tags": b"Content-Type: text/html\n\n" + b"<a " * 80_000,
    "charset": b"Content-Type: text/plain; charset=no-such\n\n\xff\xfe",
    "nul": b"Content-Type: text/plain; charset*=utf-8''%00\n\nx",
    "padding": b"Content-Transfer-Encoding: base64\nContent-Type: text/plain\n\n" + b"=" * 1_000,
    "punycode": b"Content-Type: text/plain; charset=punycode\n\n" + b"b" * 120_000,
    "8-bit punycode": b"Content-Type: text/plain; charset=punycode\n\n" + b"b" * 120_000 + b"\xff",
    "punycode in a header": b"Subject: =?punycode?q?" + b"b" * 200_000 + b"?=\n\n",
    "punycode in a parameter": b"Content-Type: multipart/mixed; boundary*=punycode''" + b"b" * 200_000 + b"\n\n",
    "quotes": b'Content-Type: text/plain; a="' + b'\\";' * 80_000 + b"\n\n",
    "nested and long": nested(200) + b"\n" * 240_000,
    "comments": b"To: " + b"(" * 1_900 + b"\n\n",
    "many comments": b"".join(b"To: " + b'"a,(<' * 500 + b"\n" for _ in range(60)) + b"\n",
    "no header": b"x" * (MOST_READ + 1),
    "nothing": b"",
}


def test_an_address_is_found_among_whatever_stands_around_it() -> None:
    headers = b'Delivered-To: <a@agency.example>\nTo: "B, b" <b@agency.example>, (c) c+d-1@agency.example\n\n'

    mail = taken_apart(headers)

    assert mail.addressed_to == ("a@agency.example", "b@agency.example", "c+d-1@agency.example")


def test_a_mail_in_a_charset_that_nobody_uses_is_read_as_utf_8() -> None:
    mail = taken_apart("Content-Type: text/plain; charset=punycode\n\n届きません".encode())

    assert mail.text == "届きません"


@pytest.mark.parametrize("name", HOSTILE)
def test_what_was_made_to_be_slow_or_to_break_a_parser_is_read_at_once(name: str) -> None:
    started = time.thread_time()
    mail = taken_apart(HOSTILE[name])
    found = meaning(mail)

    assert time.thread_time() - started < AT_ONCE_S
    assert len(mail.text) <= MOST_READ
    assert found == "other"
