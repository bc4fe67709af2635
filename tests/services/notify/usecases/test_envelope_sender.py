"""Where reports about a letter go: to an address of its own, while its reader sees the agency's."""

from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from services.notify.domain.return_path import ReturnPath
from tests.services.notify.builders import a_request
from tests.services.notify.fakes import LETTERHEAD, Writing

pytestmark = pytest.mark.anyio
RETURN_PATH = ReturnPath("bounces@agency.example", {"notify-1": b"k" * 32})


async def test_each_letter_has_a_return_path_of_its_own_and_shows_the_same_sender_as_before(tmp_path: Path) -> None:
    writing = Writing(tmp_path, return_path=RETURN_PATH)

    await writing.write(a_request(parcel=writing.keys.parcel()))

    assert writing.letters.heads
    for letter in writing.letters.heads.values():
        mail = message_from_bytes(writing.letters.contents[letter.id], policy=policy.default)
        assert RETURN_PATH.letter_of(letter.sender) == letter.id
        assert mail["from"].addresses[0].addr_spec == LETTERHEAD.mail_from
        assert "return-path" not in mail


async def test_a_letter_that_is_written_keeps_its_return_path(tmp_path: Path) -> None:
    """A report may come days later, when another return path is set."""
    writing = Writing(tmp_path, return_path=RETURN_PATH)
    request = a_request(parcel=writing.keys.parcel())
    await writing.write(request)
    before = dict(writing.letters.heads)

    writing.return_path = replace(RETURN_PATH, address="returned@agency.example")
    await writing.write(request)

    assert writing.letters.heads == before


async def test_without_a_return_path_reports_go_to_the_sender(tmp_path: Path) -> None:
    writing = Writing(tmp_path)

    await writing.write(a_request(parcel=writing.keys.parcel()))

    assert {letter.sender for letter in writing.letters.heads.values()} == {LETTERHEAD.mail_from}
