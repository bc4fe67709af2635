"""`mitsumori disclose`: what it asks for, and what it says when it cannot tell everything."""

from pathlib import Path

import pytest

from cli.disclose import write
from shared.errors import Invalid
from tests.cli.builders import mitsumori


@pytest.mark.parametrize("words", [[], ["K7M2P4XR", "--mail", "taro@customer.example"]])
def test_it_wants_one_of_the_two(words: list[str]) -> None:
    ended = mitsumori("disclose", *words)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "どちらか一方" in ended.stderr


def test_a_paper_that_cannot_be_written_is_told_and_one_that_is_there_is_private(tmp_path: Path) -> None:
    """What was there before may have been readable for everybody."""
    there = tmp_path / "d.pdf"
    there.write_bytes(b"older")
    there.chmod(0o644)

    write(there, b"%PDF-1.7")

    assert (there.read_bytes(), there.stat().st_mode & 0o777) == (b"%PDF-1.7", 0o600)
    with pytest.raises(Invalid, match="に書けません"):
        write(tmp_path / "nowhere" / "d.pdf", b"%PDF-1.7")


def test_without_the_keys_of_the_desk_and_of_notify_it_says_where_they_belong(mongo_uri: str, tmp_path: Path) -> None:
    ended = mitsumori("disclose", "K7M2P4XR", "--keys", tmp_path, MITSUMORI_MONGO=mongo_uri)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "desk-<番号>.key" in ended.stderr
    assert "notify-<番号>.key" in ended.stderr
