"""Key files: each service has those that it needs and no others."""

from pathlib import Path

import pytest

from local.keys import add_keys, ensure_keys
from services.registry import SERVICES
from shared.errors import Invalid
from shared.runtime.signatures import load_verifier


def test_intake_gets_public_keys_only_and_every_file_is_private(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "keys")

    made = {str(path.relative_to(tmp_path / "keys")): path for path in (tmp_path / "keys").glob("*/*")}
    assert sorted(made) == [
        "dashboard/dashboard-1.sign",
        "dashboard/dashboard-1.verify",
        "dashboard/desk-1.key",
        "dashboard/desk-1.pub",
        "dashboard/notify-1.pub",
        "dashboard/rating-1.pub",
        "dashboard/rating-1.verify",
        "intake/desk-1.pub",
        "intake/notify-1.pub",
        "intake/rating-1.pub",
        "intake/rating-1.verify",
        "notify/dashboard-1.verify",
        "notify/desk-1.pub",
        "notify/notify-1.key",
        "notify/rating-1.verify",
        "rating/dashboard-1.verify",
        "rating/desk-1.pub",
        "rating/notify-1.pub",
        "rating/rating-1.key",
        "rating/rating-1.pub",
        "rating/rating-1.sign",
    ]
    assert {path.stat().st_mode & 0o777 for path in made.values()} == {0o600}


def test_a_service_that_has_come_to_need_a_key_gets_it_at_the_next_start(tmp_path: Path) -> None:
    """Data folders live longer than versions, and a service without a key that it needs does not start."""
    ensure_keys(tmp_path / "keys")
    missing = tmp_path / "keys" / "rating" / "notify-1.pub"
    missing.unlink()

    ensure_keys(tmp_path / "keys")

    assert missing.read_text("ascii") == (tmp_path / "keys" / "intake" / "notify-1.pub").read_text("ascii")


def test_keys_are_made_once_and_rotated_by_adding(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "keys")
    first = (tmp_path / "keys" / "rating" / "rating-1.key").read_text()

    ensure_keys(tmp_path / "keys")
    added = add_keys(tmp_path / "keys")

    assert [key.id for key in added] == ["rating-2", "notify-2", "desk-2", "rating-2", "dashboard-2"]
    assert (tmp_path / "keys" / "rating" / "rating-1.key").read_text() == first


def test_somebodys_copy_of_a_key_is_no_key(tmp_path: Path) -> None:
    """Services ignored `rating-1-old.key`; here it was handed out, and the next rotation ended with an error."""
    folder = tmp_path / "keys"
    ensure_keys(folder)
    (folder / "rating" / "rating-1-old.key").write_bytes((folder / "rating" / "rating-1.key").read_bytes())

    ensure_keys(folder)
    made = add_keys(folder)

    assert list(folder.glob("*/rating-1-old.pub")) == []
    assert "rating-2" in {key.id for key in made}


def test_only_who_writes_with_a_new_key_must_be_started_again(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "keys")

    added = add_keys(tmp_path / "keys")

    assert [(key.id, key.kind.signs, key.kind.writers) for key in added] == [
        ("rating-2", False, ("intake", "rating", "dashboard")),
        ("notify-2", False, ("intake", "rating", "dashboard")),
        ("desk-2", False, ("intake", "rating", "notify", "dashboard")),
        ("rating-2", True, ("rating",)),
        ("dashboard-2", True, ("dashboard",)),
    ]


def test_a_folder_of_the_version_before_gets_the_keys_of_signatures(tmp_path: Path) -> None:
    """It has keys of parcels only. They must stay: what was sealed with them is in the ledgers."""
    ensure_keys(tmp_path / "keys")
    parcels = {path: path.read_text("ascii") for path in tmp_path.glob("keys/*/*.[kp]*")}
    for path in [*tmp_path.glob("keys/*/*.sign"), *tmp_path.glob("keys/*/*.verify")]:
        path.unlink()

    made = ensure_keys(tmp_path / "keys")

    assert [key.id for key in made] == ["rating-1", "dashboard-1"]
    assert all(key.kind.signs for key in made)
    assert {path: path.read_text("ascii") for path in tmp_path.glob("keys/*/*.[kp]*")} == parcels


def test_folders_that_are_there_but_empty_are_filled(tmp_path: Path) -> None:
    """Compose mounts them before anything could make them."""
    for service in ("intake", "rating", "notify", "dashboard"):
        (tmp_path / service).mkdir()

    made = ensure_keys(tmp_path)

    assert len(made) == 5
    assert ensure_keys(tmp_path) == []


@pytest.mark.parametrize("lost", ["rating-1.verify", "dashboard-1.sign"])
def test_signing_keys_that_were_half_made_are_completed(tmp_path: Path, lost: str) -> None:
    """A crash between two files must not stop every later start."""
    ensure_keys(tmp_path / "keys")
    for path in tmp_path.glob(f"keys/*/{lost}"):
        path.unlink()

    ensure_keys(tmp_path / "keys")

    for service in SERVICES:
        load_verifier(tmp_path / "keys" / service.name, service.trusts)
    assert list(tmp_path.glob("keys/dashboard/dashboard-*.sign"))


def test_a_lost_secret_key_of_parcels_is_not_replaced_in_silence(tmp_path: Path) -> None:
    """Its parcels can be opened with the backup only; a new key would hide that until a customer waits."""
    ensure_keys(tmp_path / "keys")
    (tmp_path / "keys" / "notify" / "notify-1.key").unlink()

    assert ensure_keys(tmp_path / "keys") == []


def test_a_public_key_that_was_left_half_written_is_written_again(tmp_path: Path) -> None:
    """A launcher was killed while it wrote the file: it stayed empty, and at every later start notify ended at once."""
    ensure_keys(tmp_path / "keys")
    broken = tmp_path / "keys" / "notify" / "rating-1.verify"
    right = broken.read_text("ascii")
    broken.write_text("", "ascii")

    ensure_keys(tmp_path / "keys")

    assert broken.read_text("ascii") == right
    assert broken.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "AAAA", "鍵"], ids=["empty", "too short", "no key at all"])
@pytest.mark.parametrize(
    ("secret", "what_to_do"),
    [("rating/rating-1.sign", "削除すると"), ("notify/notify-1.key", "バックアップから戻して")],
    ids=["of signatures", "of parcels"],
)
def test_a_broken_secret_key_is_named_with_what_to_do(
    secret: str, what_to_do: str, content: str, tmp_path: Path
) -> None:
    """After a power cut the file was empty: `mitsumori run` ended with a traceback about the length of a seed."""
    ensure_keys(tmp_path / "keys")
    (tmp_path / "keys" / secret).write_text(content, "utf-8")

    with pytest.raises(Invalid, match=f"{secret} が壊れています。{what_to_do}"):
        ensure_keys(tmp_path / "keys")
