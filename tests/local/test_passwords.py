"""The passwords that the launcher keeps for the servers behind the services."""

from pathlib import Path

import pytest

from local.passwords import ensure_passwords, secret_of_container
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


def test_a_command_finds_an_address_in_the_file_that_its_variable_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the one beside the keys: it was said on purpose."""
    (tmp_path / "mitsumori_mongo").write_text("mongodb://beside-the-keys/", "ascii")
    (tmp_path / "operator").write_text("mongodb://operator:secret@mongo/\n", "ascii")
    monkeypatch.setenv("MITSUMORI_KEYS", str(tmp_path))
    beside_the_keys = secret_of_container("mongo")

    monkeypatch.setenv("MITSUMORI_MONGO_FILE", str(tmp_path / "operator"))

    assert beside_the_keys == "mongodb://beside-the-keys/"
    assert secret_of_container("mongo") == "mongodb://operator:secret@mongo/"


def test_a_command_names_the_variable_whose_file_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MITSUMORI_KAFKA_FILE", "no-such-file")

    with pytest.raises(Invalid, match=r"MITSUMORI_KAFKA_FILE .* cannot be read \(FileNotFoundError\)"):
        secret_of_container("kafka")
