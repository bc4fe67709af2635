"""Key files: each service has those that it needs and no others."""

from pathlib import Path

from local.keys import add_keys, ensure_keys


def test_intake_gets_public_keys_only_and_every_file_is_private(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "keys")

    made = {str(path.relative_to(tmp_path / "keys")): path for path in (tmp_path / "keys").glob("*/*")}
    assert sorted(made) == [
        "dashboard/desk-1.key",
        "dashboard/rating-1.pub",
        "intake/desk-1.pub",
        "intake/notify-1.pub",
        "intake/rating-1.pub",
        "notify/desk-1.pub",
        "notify/notify-1.key",
        "rating/desk-1.pub",
        "rating/notify-1.pub",
        "rating/rating-1.key",
        "rating/rating-1.pub",
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

    assert added == ["rating-2", "notify-2", "desk-2"]
    assert (tmp_path / "keys" / "rating" / "rating-1.key").read_text() == first
