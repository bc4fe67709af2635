"""Signed letters, checked by another library than the one that signs."""

from dataclasses import replace
from pathlib import Path

import pytest

from local.dkim import add_dkim_key
from services.notify.adapters.dkim_keys import load_dkim
from services.notify.domain.attachment import FileName, pdf_part
from services.notify.domain.dkim import NOT_SIGNED, Dkim
from services.notify.domain.message import Email, NamedAddress, encode
from services.notify.domain.pieces import SharedPiece, joined
from tests.services.notify.builders import NOON, a_letter
from tests.services.notify.receiver import accepts_signature

EMAIL = Email(
    letter_id=a_letter().id,
    sender=NamedAddress("株式会社ファーストプレイス", "noreply@agency.example"),
    reply_to=NamedAddress("株式会社ファーストプレイス", "desk@agency.example"),
    to=NamedAddress("𠮷田 葛彦 様", "yoshida@customer.example"),
    subject="【受付番号 K7M2P4XR】サイバーセキュリティ保険のお見積り(概算)をお送りします",
    text="𠮷田様\n.\nお見積りをお送りします。\n",
    attachments=(
        pdf_part(FileName("見積書.pdf", "mitsumori-K7M2P4XR.pdf"), b"%PDF-1.7 sample"),
        (SharedPiece.of(b"Content-Type: text/plain\r\n\r\nbrochure\r\n"),),
    ),
    created_at=NOON,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def records(folder: Path) -> dict[str, str]:
    """What the DNS says: a key of before, a new one beside it, and one of the other kind."""
    return {
        "202611": add_dkim_key(folder, "202611"),
        "202705": add_dkim_key(folder, "202705"),
        "short": add_dkim_key(folder, "short", ed25519=True),
    }


@pytest.fixture(scope="module")
def signer(folder: Path, records: dict[str, str]) -> Dkim:
    assert len(records) == 3
    return load_dkim(folder / "notify", "noreply@agency.example")


@pytest.mark.parametrize("signature", range(3))
def test_a_receiver_finds_each_signature_right(signer: Dkim, records: dict[str, str], signature: int) -> None:
    mail = joined(signer.signed(encode(EMAIL)))

    assert accepts_signature(mail, records, signature)


def test_a_letter_without_files_is_signed_too(signer: Dkim, records: dict[str, str]) -> None:
    assert accepts_signature(joined(signer.signed(encode(replace(EMAIL, attachments=())))), records)


def test_a_letter_without_text_is_signed_too(signer: Dkim, records: dict[str, str]) -> None:
    """Of an empty body one line end is signed, which is in no piece of it."""
    assert accepts_signature(joined(signer.signed(encode(replace(EMAIL, text="", attachments=())))), records)


def test_one_changed_byte_breaks_every_signature(signer: Dkim, records: dict[str, str]) -> None:
    mail = joined(signer.signed(encode(EMAIL)))
    places = range(mail.index(b"\r\nFrom:") + 2, len(mail), 37)
    changed = [mail[:place] + bytes([mail[place] ^ 1]) + mail[place + 1 :] for place in places]

    unnoticed = [place for place, other in zip(places, changed, strict=True) if accepts_signature(other, records)]

    assert len(changed) > 30
    assert unnoticed == []


@pytest.mark.parametrize("header", ["From", "To", "Reply-To", "Subject"])
def test_a_second_header_that_programs_would_show_breaks_the_signature(
    signer: Dkim, records: dict[str, str], header: str
) -> None:
    mail = joined(signer.signed(encode(EMAIL)))

    assert not accepts_signature(f"{header}: evil@evil.example\r\n".encode() + mail, records)
    assert accepts_signature(b"X-Relay: seen\r\n" + mail, records)


def test_a_relay_may_fold_the_lines_of_the_head_anew(signer: Dkim, records: dict[str, str]) -> None:
    mail = joined(signer.signed(encode(EMAIL)))

    folded = mail.replace(b"\r\nMIME-Version: 1.0\r\n", b"\r\nMIME-Version:\r\n\t1.0\r\n", 1)

    assert folded != mail
    assert accepts_signature(folded, records)


def test_the_same_letter_has_the_same_signatures_and_no_long_line(signer: Dkim) -> None:
    mail = joined(signer.signed(encode(EMAIL)))

    assert joined(signer.signed(encode(EMAIL))) == mail
    assert max(map(len, mail.split(b"\r\n"))) <= 78
    assert mail.endswith(joined(encode(EMAIL)))


def test_what_is_kept_once_for_many_letters_stays_so(signer: Dkim) -> None:
    """A signature that joined the pieces would store every brochure once for each letter."""
    pieces = signer.signed(encode(EMAIL))

    assert list(pieces[1:]) == list(encode(EMAIL))


def test_without_a_key_nothing_is_signed() -> None:
    letter = encode(EMAIL)

    assert NOT_SIGNED.signed(letter) is letter
