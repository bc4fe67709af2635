"""What an attached file is called: in Japanese, so that every system keeps it and every mail program shows it."""

import re
from datetime import date
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings

from services.notify.domain.attachment import FileName, in_file_name, pdf_part, quote_file_name, titled_file_name
from services.notify.domain.pieces import joined
from tests.hostile_texts import RANDOM_TEXTS, SENT_AND_PRINTED

DAY = date(2026, 11, 25)
PDF = b"%PDF-1.7 sample"


def part_called(name: FileName) -> bytes:
    return joined(pdf_part(name, PDF))


def read(part: bytes) -> EmailMessage:
    return message_from_bytes(b"MIME-Version: 1.0\r\n" + part, policy=policy.strict)


def extended(part: bytes) -> str:
    """`filename*` by RFC 2231 alone, read by no library: the parts in their order, from the first to the last."""
    found = re.findall(rb"filename\*(?:(\d+)\*)?=([^;\r]+)", part)
    assert [int(number or 0) for number, _ in found] == list(range(len(found)))
    charset, _, value = b"".join(value for _, value in found).decode("ascii").partition("''")
    assert charset == "UTF-8"
    return unquote(value, errors="strict")


def in_encoded_words(part: bytes) -> str:
    [words] = re.findall(rb' name="([^"]+)"', part)
    return str(make_header(decode_header(words.decode("ascii"))))


def test_a_quotation_is_filed_by_its_day_its_addressee_and_its_number() -> None:
    assert quote_file_name(DAY, "株式会社見本", "K7M2P4XR-1") == FileName(
        "20261125_御見積書_株式会社見本_K7M2P4XR-1.pdf", "mitsumori-K7M2P4XR-1.pdf"
    )


@pytest.mark.parametrize("addressee", ["", " . ", "\u202e\u200b", "\x00\n"])
def test_without_an_addressee_the_day_and_the_number_are_enough(addressee: str) -> None:
    assert quote_file_name(DAY, addressee, "K7M2P4XR-1").shown == "20261125_御見積書_K7M2P4XR-1.pdf"


def test_a_title_of_which_nothing_can_be_shown_gives_way_to_the_plain_name() -> None:
    assert titled_file_name("...", "cyber-security-1.pdf").shown == "cyber-security-1.pdf"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param('A/B\\C:D*E?F"G<H>I|J', "A_B_C_D_E_F_G_H_I_J", id="what Windows forbids"),
        pytest.param("商会\u202efdp.exe", "商会fdp.exe", id="a mark that turns the direction"),
        pytest.param("見\x00本\u200b商\ufeff会", "見本商会", id="what nobody sees"),
        pytest.param("見本　\t商会\r\n東京", "見本 商会東京", id="blanks, and line ends"),
        pytest.param(" ..見本 Inc. ", "見本 Inc", id="dots and blanks at the ends"),
        pytest.param("か\u3099き", "がき", id="as a Mac writes it"),
        pytest.param("見" * 41, "見" * 40, id="too long"),
        pytest.param("見" + "葛\U000e0100" * 20, "見" + "葛\U000e0100" * 16, id="too long, in whole characters"),
        pytest.param("あ" * 39 + ". 株", "あ" * 39, id="too long, with a dot where it ends"),
    ],
)
def test_of_a_name_is_kept_what_every_system_takes(typed: str, kept: str) -> None:
    assert in_file_name(typed) == kept


@given(RANDOM_TEXTS)
@settings(max_examples=200)
@example("a" * 120)
@example("".join(sent for sent, _ in SENT_AND_PRINTED.values())[:300])
@example("=?utf-8?b?eA==?=")
@example("x''y%41;*=\"\\")
def test_every_mail_program_reads_the_same_name_whatever_was_typed(typed: str) -> None:
    """Python's package, which is strict here, and RFC 2231 and RFC 2047 by the letter."""
    name = quote_file_name(DAY, typed, "K7M2P4XR-1")

    part = part_called(name)

    mail = read(part)
    assert mail.keys() == ["MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition"]
    assert mail.get_filename() == name.shown
    assert (extended(part), in_encoded_words(part)) == (name.shown, name.shown)
    assert b'filename="mitsumori-K7M2P4XR-1.pdf"' in part
    assert mail.defects == []
    assert (mail.get_content_type(), mail.get_content()) == ("application/pdf", PDF)
    assert part.isascii()
    assert max(map(len, part.split(b"\r\n"))) <= 78
    assert re.fullmatch(r"20261125_[^\\/:*?\"<>|\x00-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+\.pdf", name.shown)
    assert len(name.shown.encode()) <= 200


@pytest.mark.parametrize("typed", SENT_AND_PRINTED)
def test_names_that_once_cost_a_paper_do_not_cost_the_name_of_its_file(typed: str) -> None:
    name = quote_file_name(DAY, SENT_AND_PRINTED[typed][0], "K7M2P4XR-1")

    assert read(part_called(name)).get_filename() == name.shown


def test_a_plain_name_is_written_once() -> None:
    part = part_called(FileName("guide.pdf", "guide.pdf"))

    assert part.startswith(b"Content-Type: application/pdf\r\n")
    assert part.count(b"guide.pdf") == 1
