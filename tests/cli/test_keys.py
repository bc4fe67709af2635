"""`mitsumori keys new` says who must be started again."""

from pathlib import Path

from local.keys import ensure_keys
from tests.cli.builders import mitsumori


def test_each_new_key_is_told_with_the_services_that_use_it_from_their_next_start(tmp_path: Path) -> None:
    """The command said «次の起動から» of all, and an operator restarted services that need none."""
    ensure_keys(tmp_path / "keys")

    ended = mitsumori("keys", "new", tmp_path / "keys")

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == [
        "rating-2(パーセル): intake、rating、dashboard が、次の起動から使います",
        "notify-2(パーセル): intake、rating、dashboard が、次の起動から使います",
        "desk-2(パーセル): intake、rating、notify、dashboard が、次の起動から使います",
        "rating-2(署名): rating が、次の起動から使います",
        "dashboard-2(署名): dashboard が、次の起動から使います",
        "読む側のサービスは、再起動しなくても新しい鍵を読みます。以前の鍵はそのまま残してください。",
    ]


def test_only_what_is_missing_is_made(tmp_path: Path) -> None:
    first = mitsumori("keys", "new", "--missing", tmp_path / "keys")
    second = mitsumori("keys", "new", "--missing", tmp_path / "keys")

    assert len(first.stdout.splitlines()) == 5
    assert second.stdout == "すべての鍵があります (nothing to do)\n"


def test_a_key_for_mails_is_made_with_the_record_that_publishes_it(tmp_path: Path) -> None:
    made = mitsumori("keys", "dkim", "202611", tmp_path)
    again = mitsumori("keys", "dkim", "202611", tmp_path)
    nameless = mitsumori("keys", "dkim", "../key", tmp_path)

    assert (made.returncode, again.returncode, nameless.returncode) == (0, 2, 2)
    assert made.stdout.splitlines()[1].startswith("v=DKIM1; k=rsa; p=MIIB")
    assert [path.name for path in tmp_path.rglob("*.pem")] == ["mitsumori_dkim_202611.pem"]
    assert (tmp_path / "notify" / "mitsumori_dkim_202611.pem").stat().st_mode & 0o777 == 0o600
    assert "別のセレクタ" in again.stderr
