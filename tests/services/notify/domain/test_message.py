"""A letter's bytes: what a stranger's text can and cannot do to them."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from services.notify.domain.attachment import FileName, pdf_part
from services.notify.domain.message import Email, NamedAddress, addr_spec, encode
from services.notify.domain.pieces import Base64Piece, Pieces, SharedPiece, joined, size
from shared.errors import Invalid
from tests.services.notify.builders import NOON, a_letter

AGENCY = NamedAddress("株式会社ファーストプレイス", "noreply@agency.example")
EMAIL = Email(
    letter_id=a_letter().id,
    sender=AGENCY,
    reply_to=NamedAddress("株式会社ファーストプレイス", "desk@agency.example"),
    to=NamedAddress("𠮷田 葛彦 様", "yoshida@customer.example"),
    subject="【受付番号 K7M2P4XR】サイバーセキュリティ保険のお見積り(概算)をお送りします",
    text="𠮷田様\n.\nお見積りをお送りします。\n",
    attachments=(pdf_part(FileName("見積書.pdf", "mitsumori-K7M2P4XR.pdf"), b"%PDF-1.7 sample"),),
    created_at=NOON,
)


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def test_the_same_letter_is_the_same_bytes() -> None:
    assert encode(EMAIL) == encode(EMAIL)


def test_a_letter_is_seven_bit_lines_of_moderate_length_with_crlf() -> None:
    content = joined(encode(EMAIL))

    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert max(len(line) for line in content.split(b"\r\n")) <= 78


def test_a_letter_says_what_it_is_and_whom_to_answer() -> None:
    mail = read(joined(encode(EMAIL)))

    assert mail["Message-ID"] == f"<{EMAIL.letter_id}@agency.example>"
    assert mail["Date"].datetime == NOON
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"].addresses[0].addr_spec == "desk@agency.example"
    assert mail["Subject"] == EMAIL.subject
    assert mail["To"].addresses[0].display_name == "𠮷田 葛彦 様"


def test_the_text_and_the_paper_arrive_as_they_were() -> None:
    mail = read(joined(encode(EMAIL)))
    body, papers = mail.get_body(("plain",)), list(mail.iter_attachments())

    assert body is not None
    assert body.get_content().splitlines() == EMAIL.text.splitlines()
    assert [paper.get_filename() for paper in papers] == ["見積書.pdf"]
    assert papers[0].get_content() == b"%PDF-1.7 sample"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("山田\r\nBcc: everyone@evil.example", id="line ends"),
        pytest.param("山田, <everyone@evil.example>, 太郎", id="commas and brackets"),
        pytest.param('山田"; everyone@evil.example', id="quotes"),
        pytest.param("山田\u2028Bcc: everyone@evil.example\u0085\x00\x1b", id="other line ends and controls"),
    ],
)
def test_a_name_can_neither_add_a_header_nor_a_recipient(name: str) -> None:
    content = joined(encode(replace(EMAIL, to=NamedAddress(name, "yoshida@customer.example"), subject=f"受付 {name}")))

    mail = read(content)

    assert [address.addr_spec for address in mail["To"].addresses] == ["yoshida@customer.example"]
    assert mail["Bcc"] is None
    assert sorted(mail.keys()) == sorted(read(joined(encode(EMAIL))).keys())
    assert "\x00" not in str(mail["To"])


@pytest.mark.parametrize("text", ["", "a", "a@", "@b.example", "a@b@c", "a b@c.example", "a@b.example, c@d.example",
    "<a@b.example>", "a\r\nb@c.example", "日本@example.jp", "a@日本.example"])  # fmt: skip
def test_only_one_plain_address_is_an_address(text: str) -> None:
    with pytest.raises(ValueError, match="must be one mail address"):
        addr_spec(text)
    with pytest.raises(Invalid, match="bad-address"):
        encode(replace(EMAIL, to=NamedAddress("山田", text)))


def test_a_letter_that_no_server_would_take_is_not_written() -> None:
    heavy = pdf_part(FileName("heavy.pdf", "heavy.pdf"), bytes(8_000_000))

    with pytest.raises(Invalid, match="letter-too-big"):
        encode(replace(EMAIL, attachments=(heavy,)))


def test_a_part_that_letters_share_stands_in_the_mail_as_if_it_were_its_own() -> None:
    own = pdf_part(FileName("ご案内.pdf", "cyber-security-guide.pdf"), b"%PDF-1.7 " + bytes(range(256)))
    brochure = SharedPiece.of(joined(own))

    shared = encode(replace(EMAIL, attachments=((brochure,),)))

    assert joined(shared) == joined(encode(replace(EMAIL, attachments=(own,))))
    assert brochure in shared


def test_what_is_sent_in_base64_is_kept_as_it_was() -> None:
    """Base64 is a third more, and MongoDB's journal cannot be compressed where it stands."""
    pieces = encode(EMAIL)

    assert Base64Piece(b"%PDF-1.7 sample") in pieces
    assert Base64Piece(EMAIL.text.replace("\n", "\r\n").encode()) in pieces


@pytest.mark.parametrize("length", [0, 1, 56, 57, 58, 114, 115, 1_000])
def test_the_size_of_a_letter_is_known_before_its_lines_are_made(length: int) -> None:
    pieces: Pieces = [b"head", Base64Piece(bytes(length))]

    assert 0 <= size(pieces) - len(joined(pieces)) < 78
