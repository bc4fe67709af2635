"""`mitsumori backup` and `restore`: from the key to the file and back, as an operator types it."""

import json
from pathlib import Path

from tests.cli.builders import mitsumori


def test_a_backup_is_made_by_the_settings_of_a_timer_and_checked_with_the_other_key(
    tmp_path: Path, mongo_uri: str
) -> None:
    keys, backups = tmp_path / "keys", tmp_path / "backups"
    pair = mitsumori("keys", "backup", keys)
    settings = {
        "MITSUMORI_MONGO": mongo_uri,
        "MITSUMORI_BACKUPS": str(backups),
        "MITSUMORI_BACKUP_KEY": str(keys / "backup-1.pub"),
    }

    made = mitsumori("backup", "--json", **settings)
    checked = mitsumori("restore", *backups.iterdir(), "--key", keys, "--check")

    assert pair.returncode == 0, pair.stderr
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert [str(path) for path in backups.iterdir()] == [told["file"]]
    assert told["size"] == Path(told["file"]).stat().st_size
    assert checked.returncode == 0, checked.stderr
    assert f"{sum(one['count'] for one in told['counted']):,} 件" in checked.stdout


def test_what_an_operator_mistakes_is_told_in_a_sentence(tmp_path: Path, mongo_uri: str) -> None:
    mitsumori("keys", "backup", tmp_path)
    secret, other = tmp_path / "backup-1.key", tmp_path / "other.txt"
    other.write_text("no backup")
    settings = {"MITSUMORI_MONGO": mongo_uri, "MITSUMORI_BACKUPS": str(tmp_path / "backups")}

    ends = [
        mitsumori("backup", "--key", secret, **settings),
        mitsumori("restore", other, "--key", secret, "--check"),
        mitsumori("restore", other, "--key", tmp_path / "backup-1.pub", "--check"),
        mitsumori("restore", other, "--key", secret, **settings),
    ]

    assert [end.returncode for end in ends] == [2, 2, 2, 2]
    said = [end.stderr for end in ends]
    assert "公開鍵(backup-<番号>.pub)" in said[0]
    assert "バックアップのファイルではない" in said[1]
    assert "秘密鍵(backup-<番号>.key)" in said[2]
    assert "Kafka の接続先" in said[3]
    assert not (tmp_path / "backups").exists()
