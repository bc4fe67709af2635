"""Staff read a letter as it was sent: its bytes are in notify's ledger, and taken apart only when somebody asks."""

import base64
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from services.notify.domain.attachment import FileName, pdf_part
from services.notify.domain.copy import KEPT_FOR, MOST_BYTES
from services.notify.domain.pieces import SharedPiece, joined
from shared.events.parcels import LetterCopyForDesk
from shared.runtime.parcels import UnknownKey
from tests.services.notify.builders import (
    CONTACT,
    NOON,
    a_failed_end,
    a_letter,
    a_request,
    an_asking_for_a_copy,
    an_offer,
)
from tests.services.notify.fakes import Writing

pytestmark = pytest.mark.anyio

KAFKA_TAKES: Final = 1_000_000


@pytest.fixture
async def writing(tmp_path: Path) -> Writing:
    """Everything has been written that a request with a quote and brochures makes due."""
    writing = Writing(tmp_path)
    await writing.receive(a_request(brochure="email", parcel=writing.keys.parcel()), an_offer())
    return writing


async def copy_of(writing: Writing, kind: str) -> LetterCopyForDesk:
    letter = next(letter for letter in writing.letters.heads.values() if letter.kind == kind)
    await writing.copy(an_asking_for_a_copy(letter_id=letter.id, copy_id=kind))
    return writing.opened(kind)


@pytest.mark.parametrize("kind", ["receipt", "quote", "desk"])
async def test_a_copy_says_what_the_letter_says(writing: Writing, kind: str) -> None:
    mail, copy = writing.mail(kind), await copy_of(writing, kind)

    assert (copy.subject, copy.sender, copy.to) == (mail["subject"], mail["from"], mail["to"])
    assert copy.text.splitlines() == writing.text(kind).splitlines()
    assert "\r" not in copy.text
    assert copy.written_at == NOON


async def test_a_name_that_no_header_can_hold_as_it_is_comes_back_whole(writing: Writing) -> None:
    copy = await copy_of(writing, "receipt")

    assert CONTACT["person"] in copy.to
    assert copy.to.endswith(f"<{CONTACT['email']}>")


@pytest.mark.parametrize("kind", ["receipt", "quote"])
async def test_the_files_of_a_letter_are_in_its_copy_byte_for_byte(writing: Writing, kind: str) -> None:
    files = writing.pdfs(kind)

    copy = await copy_of(writing, kind)

    assert files
    assert {one.name: base64.b64decode(one.content or "") for one in copy.attachments} == files
    for one in copy.attachments:
        assert (one.media_type, one.size) == ("application/pdf", len(files[one.name]))
        assert one.sha256 == hashlib.sha256(files[one.name]).hexdigest()


async def test_what_is_too_large_for_an_event_is_named_and_the_rest_is_there(writing: Writing) -> None:
    """An insurer's brochure has some MB; its 見積書 must come all the same."""
    files = {"large.pdf": b"x" * (MOST_BYTES + 1), "first.pdf": b"y" * (MOST_BYTES - 1), "last.pdf": b"z" * 2}
    parts = [b"--b\r\n" + joined(pdf_part(FileName(name, name), content)) for name, content in files.items()]
    head = b"Subject: s\r\nFrom: a@b.example\r\nTo: c@d.example\r\nDate: Mon, 23 Nov 2026 03:00:00 +0000\r\n"
    mixed = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    await writing.letters.add(a_letter(), [head, mixed, SharedPiece.of(b"".join(parts)), b"--b--\r\n"])

    await writing.copy(an_asking_for_a_copy())

    copied = writing.copies.kept["copy-1"]
    whole = [one.content is not None for one in writing.opened("copy-1").attachments]
    assert whole == [False, True, False]
    assert len(copied.to_json()) < KAFKA_TAKES


async def test_a_letter_that_could_not_be_made_or_is_not_kept_any_more_has_no_copy(writing: Writing) -> None:
    unmade = a_letter(id="unmade")
    await writing.facts.outcomes.add(unmade, a_failed_end(attempts=0))
    await writing.letters.add(a_letter(id="erased"), [b""])
    del writing.letters.contents["erased"]

    for letter_id in ("unmade", "never heard of", "erased"):
        await writing.copy(an_asking_for_a_copy(letter_id=letter_id, copy_id=letter_id))

    assert [one.missing for one in writing.copies.kept.values()] == ["not-made", "gone", "gone"]
    assert not any(one.parcels for one in writing.copies.kept.values())


async def test_a_copy_of_a_letter_whose_key_is_not_there_waits_for_it(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its record is set aside until the key is there, as any other. The desk is not told that it is gone."""

    async def without_key(_letter_id: str) -> bytes:
        raise UnknownKey("notify-2")

    await writing.letters.add(a_letter(), [b"Subject: s\r\n\r\n"])
    monkeypatch.setattr(writing.letters, "content", without_key)

    with pytest.raises(UnknownKey):
        await writing.copy(an_asking_for_a_copy())

    assert writing.copies.kept == {}


async def test_a_letter_is_not_shown_under_another_request(writing: Writing) -> None:
    await writing.letters.add(a_letter(request_id="another"), [b"Subject: secret\r\n\r\n"])

    await writing.copy(an_asking_for_a_copy())

    assert writing.copies.kept["copy-1"].missing == "gone"


async def test_what_is_asked_for_twice_is_copied_once(writing: Writing) -> None:
    first = await copy_of(writing, "receipt")
    parcel = writing.copies.kept["receipt"].parcels

    assert await copy_of(writing, "receipt") == first
    assert writing.copies.kept["receipt"].parcels == parcel


async def test_what_was_asked_for_long_ago_is_not_copied_when_topics_are_read_again(writing: Writing) -> None:
    writing.clock.advance(seconds=(KEPT_FOR + timedelta(seconds=1)).total_seconds())

    await writing.copy(an_asking_for_a_copy())

    assert writing.copies.kept == {}
