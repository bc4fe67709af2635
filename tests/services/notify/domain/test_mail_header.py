"""No stranger's text writes a header of our mail, nor its body, whatever it looks like."""

import base64
import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.attachment import pdf_part, quote_file_name
from services.notify.domain.mail_header import check_head, one_line, quoted_address
from services.notify.domain.message import NamedAddress, encode
from services.notify.domain.pieces import joined
from shared.errors import Invalid
from tests.services.notify.domain.test_message import EMAIL

_HEADS_OF_PARTS = [
    ["Content-Type"],
    *[["Content-Type", "Content-Transfer-Encoding"]] * 2,
    ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"],
]
_HEADERS = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
_WORD = re.compile(r"=\?utf-8\?b\?([A-Za-z0-9+/=]+)\?=")
_ATTACK = base64.b64encode(b"x\r\nSubject:Alert\r\nContent-Type:text/html\r\n\r\n<a href=//e.vil>Pay").decode()


def head_lines(content: bytes) -> list[bytes]:
    """As the simplest program reads it: lines until the first empty one, those with a blank in front belong before."""
    head = content[: content.index(b"\r\n\r\n")]
    return head.replace(b"\r\n ", b" ").split(b"\r\n")


def strictly_decoded(line: bytes) -> str:
    """The encoded words of a header by RFC 2047 alone; what is none of them must be plain."""
    value = line.decode("ascii").partition(": ")[2].partition(" <")[0]
    words = value.split(" ")
    assert all(_WORD.fullmatch(word) and len(word) <= 75 for word in words), value
    return "".join(base64.b64decode(match[1], validate=True).decode() for match in map(_WORD.fullmatch, words) if match)


def mailed_to(name: str) -> bytes:
    """Wherever a mail repeats what was typed: in three headers, the title of its HTML, and the name of a file."""
    email = replace(
        EMAIL,
        to=NamedAddress(name, "yoshida@customer.example"),
        reply_to=NamedAddress(name, "yoshida@customer.example"),
        subject=f"受付 {name}",
        attachments=(pdf_part(quote_file_name(date(2026, 11, 25), name, "K7M2P4XR-1"), b"%PDF-1.7 sample"),),
    )
    return joined(encode(email))


def heads_of_parts(content: bytes) -> list[list[str]]:
    """Read by one that looks for boundaries, and for nothing else."""
    parts = [part.split(b"\r\n\r\n")[0] for part in re.split(rb"--=_\S+\r\n", content)[1:]]
    return [
        [line.partition(b":")[0].decode() for line in part.replace(b"\r\n ", b" ").split(b"\r\n")] for part in parts
    ]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(f"=?utf-8?b?{_ATTACK}?=", id="the attack that worked"),
        pytest.param(f"=?UTF-8?B?{_ATTACK}?= 様", id="in capital letters"),
        pytest.param(f"=\u200b?utf-8?b?{_ATTACK}?\u200b=", id="parted by what nobody sees"),
        pytest.param(f"=\u202e?utf-8?b?{_ATTACK}?=", id="parted by a mark of direction"),
        pytest.param("=?utf-8?q?x=0D=0ABcc:_everyone@evil.example?=", id="quoted-printable"),
        pytest.param("=?utf-8?b?=?utf-8?b?eA==?=?=", id="one in another"),
        pytest.param("a\r\n =?utf-8?b?eA==?=\r\n\r\nbody", id="with line ends"),
        pytest.param('"=?us-ascii?q?x?=" <a@b.example>', id="in quotes, with an address"),
    ],
)
def test_an_encoded_word_in_a_name_stays_text(name: str) -> None:
    """A name of 96 characters made "To: x", "Subject:Alert", "Content-Type:text/html" and a body of its own.

    The package's header parser decoded the word and wrote the line ends out, so that anybody could send a page of
    theirs to anybody under the agency's name (CPython before 3.11.10).
    """
    content = mailed_to(name)

    mail = message_from_bytes(content, policy=policy.default)
    assert [line.partition(b":")[0].decode() for line in head_lines(content)] == _HEADERS
    assert mail.keys() == _HEADERS
    assert [address.addr_spec for address in mail["To"].addresses] == ["yoshida@customer.example"]
    assert strictly_decoded(head_lines(content)[1]) == one_line(name)
    assert mail["Subject"] == f"受付 {one_line(name)}"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == EMAIL.text.splitlines()


_PIECES = st.sampled_from(
    ["=?", "?=", "=?utf-8?b?", "=?utf-8?q?", "?", "=", "\r\n", "\n", "\r", "\u2028", "\x00", "\u200b", "\u202e",
     "\ufeff", "\u00ad", " ", "\u3000", "_", "=0D=0A", "eA==", _ATTACK[:20], "Bcc: a@b.example", "<", ">", '"', "\\",
     ",", ";", ":", "@", "(", ")", "山", "𠮷", "か\u3099", "葛\U000e0100", "é", "A", "0"]
)  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=5), max_size=30).map("".join))
def test_no_name_whatever_writes_a_header(name: str) -> None:
    """Two readers agree: Python's, and one that only splits lines."""
    shown = "".join(character for character in name if not 0xD800 <= ord(character) <= 0xDFFF)

    content = mailed_to(shown)

    lines = head_lines(content)
    assert [line.partition(b":")[0].decode() for line in lines] == _HEADERS
    assert [head for head in heads_of_parts(content) if head != [""]] == _HEADS_OF_PARTS
    assert max(len(line) for line in content.split(b"\r\n")) <= 78
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert message_from_bytes(content, policy=policy.default).keys() == _HEADERS
    assert strictly_decoded(lines[3]) == f"受付 {one_line(shown)}".rstrip()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(" ".join(["abcあいう def", "漢字 Latin"] * 7), id="Latin and kana in turn"),
        pytest.param("𠮷野家 葛󠄀飾 " * 12, id="characters of four bytes and variants"),
        pytest.param("あ " * 50, id="a blank after each letter"),
    ],
)
def test_a_name_of_any_length_arrives_with_each_of_its_blanks(name: str) -> None:
    """The package lost one blank where the header was folded between an ASCII word and one that was encoded.

    Its address parser puts a blank between two encoded words in turn, against RFC 2047, so it is not asked here.
    """
    content = mailed_to(name)

    lines = head_lines(content)
    assert strictly_decoded(lines[1]) == one_line(name)
    assert str(make_header(decode_header(lines[1].decode()[4:]))).startswith(one_line(name))


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"To: a\r\nBcc: b", id="a header more"),
        pytest.param(b"Bcc: a", id="another header"),
        pytest.param(b"", id="none"),
        pytest.param(b"To: a\r\n\r\nbody", id="an empty line"),
        pytest.param(b"To: a\nBcc: b", id="a bare line feed"),
        pytest.param(b"To: a\rBcc: b", id="a bare carriage return"),
        pytest.param("To: 山".encode(), id="eight bits"),
        pytest.param(b"To: a\x00", id="a control character"),
        pytest.param(b"To: a\r\nTo: b", id="twice"),
    ],
)
def test_a_head_that_is_not_ours_is_never_sent(head: bytes) -> None:
    """The last look is at the bytes, so that no fault of the code before it can send a stranger's header."""
    with pytest.raises(Invalid, match="broken-head"):
        check_head(head, ["To"])


def test_the_head_that_is_ours_is_sent() -> None:
    check_head(b"To: a\r\n b", ["To"])


@pytest.mark.parametrize(
    ("known_as", "on_the_wire"),
    [
        pytest.param("taro.mihon@docomo.ne.jp", "taro.mihon@docomo.ne.jp", id="an ordinary one"),
        pytest.param("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp', id="two dots"),
        pytest.param("abc.@docomo.ne.jp", '"abc."@docomo.ne.jp', id="a dot before the @"),
        pytest.param(".abc@ezweb.ne.jp", '".abc"@ezweb.ne.jp', id="a dot in front"),
    ],
)
def test_an_address_of_an_old_phone_is_quoted_on_the_wire(known_as: str, on_the_wire: str) -> None:
    """Old phones were given names that RFC 5321 allows in quotes only; their owners were refused at the form."""
    content = joined(encode(replace(EMAIL, to=NamedAddress("山田 様", known_as))))

    assert quoted_address(known_as) == on_the_wire
    assert head_lines(content)[1].endswith(f" <{on_the_wire}>".encode())
