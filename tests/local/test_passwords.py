"""The passwords that the launcher keeps for the servers behind the services."""

from pathlib import Path

import pytest

from local.passwords import ensure_passwords
from shared.errors import Invalid


def test_passwords_are_made_once_and_only_what_is_missing_later(tmp_path: Path) -> None:
    first = ensure_passwords(tmp_path / "passwords.json", ["intake"])

    assert ensure_passwords(tmp_path / "passwords.json", ["intake", "rating"]).items() > first.items()


@pytest.mark.parametrize("content", ["", '{"intake": "a'], ids=["empty", "half"])
def test_a_broken_file_of_passwords_is_named_with_what_to_do(content: str, tmp_path: Path) -> None:
    """After a power cut the file was empty: `mitsumori run` ended with a traceback about JSON."""
    path = tmp_path / "passwords.json"
    path.write_text(content, "ascii")

    with pytest.raises(Invalid, match=r"passwords\.json が壊れています。削除すると"):
        ensure_passwords(path, ["intake"])
