"""Secrets from a reader's private keys: one for each purpose, and still there when the key is not."""

from pathlib import Path
from typing import get_args

import pytest

from shared.runtime.derived_keys import Purpose, derived_keys, to_keep
from shared.runtime.key_files import read_key
from shared.runtime.parcels import new_key_pair


def a_key(folder: Path, number: int) -> Path:
    path = folder / f"notify-{number}.key"
    path.write_text(new_key_pair("notify", number).secret, "ascii")
    return path


def test_a_derived_key_is_of_one_key_and_one_purpose_and_opens_nothing(tmp_path: Path) -> None:
    keys = [a_key(tmp_path, 2), a_key(tmp_path, 10)]

    made = {purpose: derived_keys(tmp_path, "notify", purpose) for purpose in get_args(Purpose)}

    assert {tuple(one) for one in made.values()} == {("notify-2", "notify-10")}
    assert made["return-path"] == derived_keys(tmp_path, "notify", "return-path")
    secrets = {secret for one in made.values() for secret in one.values()}
    assert len(secrets) == 2 * len(get_args(Purpose))
    assert secrets.isdisjoint(read_key(path) for path in keys)


def test_what_was_derived_from_a_key_is_the_same_after_the_key_has_gone(tmp_path: Path) -> None:
    """Links in old mails, and what says that somebody wants no news, must outlive it."""
    first, _ = a_key(tmp_path, 1), a_key(tmp_path, 2)
    before = {purpose: derived_keys(tmp_path, "notify", purpose) for purpose in get_args(Purpose)}
    (tmp_path / "notify-1.derived").write_text(to_keep(read_key(first)), "ascii")
    beside_it = {purpose: derived_keys(tmp_path, "notify", purpose) for purpose in get_args(Purpose)}

    first.unlink()

    assert {purpose: derived_keys(tmp_path, "notify", purpose) for purpose in get_args(Purpose)} == before == beside_it
    assert {tuple(one) for one in before.values()} == {("notify-1", "notify-2")}, "the newest is not the last one"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"return-path": "QUJD"}', '{"return-path": 1}', "\udcff"])
def test_a_broken_file_stops_the_start_and_is_named(tmp_path: Path, content: str) -> None:
    """With half of the secrets, half of the links would be refused without a word."""
    a_key(tmp_path, 2)
    (tmp_path / "notify-1.derived").write_text(content, "utf-8", errors="surrogateescape")

    with pytest.raises(ValueError, match=r"notify-1\.derived lacks the secret return-path"):
        derived_keys(tmp_path, "notify", "return-path")


def test_without_a_key_nothing_can_be_derived(tmp_path: Path) -> None:
    (tmp_path / "notify-1.derived").write_text("{}", "ascii")

    with pytest.raises(FileNotFoundError, match=r"no notify-<number>\.key"):
        derived_keys(tmp_path, "notify", "return-path")
