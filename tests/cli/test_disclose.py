"""`mitsumori disclose`: what it asks for, and what it says when it cannot tell everything."""

from pathlib import Path

import pytest

from tests.cli.builders import mitsumori


@pytest.mark.parametrize("words", [[], ["K7M2P4XR", "--mail", "taro@customer.example"]])
def test_it_wants_one_of_the_two(words: list[str]) -> None:
    ended = mitsumori("disclose", *words)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "どちらか一方" in ended.stderr


def test_without_the_keys_of_the_desk_it_says_where_they_belong(mongo_uri: str, tmp_path: Path) -> None:
    ended = mitsumori("disclose", "K7M2P4XR", "--keys", tmp_path, MITSUMORI_MONGO=mongo_uri)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "desk-<番号>.key" in ended.stderr
