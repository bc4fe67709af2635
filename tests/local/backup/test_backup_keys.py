"""The keys of backups: a pair for each number, and the half that opens has no business where backups are made."""

from pathlib import Path

import pytest

from local.backup.backup_keys import add_backup_key, public_key, secret_keys
from shared.errors import Invalid


def test_another_pair_leaves_the_one_before_as_it_was(tmp_path: Path) -> None:
    public, secret = add_backup_key(tmp_path)
    kept = secret.read_bytes()

    newer, _ = add_backup_key(tmp_path)

    assert (public.name, newer.name) == ("backup-1.pub", "backup-2.pub")
    assert secret.read_bytes() == kept
    assert secret.stat().st_mode & 0o077 == 0
    assert sorted(secret_keys(tmp_path)) == ["backup-1", "backup-2"]
    assert sorted(secret_keys(secret)) == ["backup-1"]
    assert public_key(public)[0] == "backup-1"


def test_no_backup_is_made_with_the_half_that_opens_it(tmp_path: Path) -> None:
    public, secret = add_backup_key(tmp_path)

    with pytest.raises(Invalid, match="no-public-key"):
        public_key(secret)
    for wrong in (public, tmp_path / "missing.key", tmp_path.parent):
        with pytest.raises(Invalid, match="no-secret-key"):
            secret_keys(wrong)
