"""`mitsumori backup`: all four databases in one file that only the holder of another key can open. For a timer."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from cli.errors import told
from cli.moments import in_japan, iso
from cli.options import DEFAULT_DATA, AsJson, Data, Mongo, running_mongo
from local.backup.back_up import BackUp
from local.backup.backup_keys import public_key
from shared.clock import utc_now
from shared.errors import Unavailable

_PROBLEMS: Final = {
    "no-public-key": (
        "バックアップの公開鍵(backup-<番号>.pub)を --key または MITSUMORI_BACKUP_KEY に指定してください。"
        "鍵の組は mitsumori keys backup で作ります。秘密鍵(.key)は、このサーバーに置きません。"
    ),
}
_TOO_SLOW: Final = (
    "バックアップに、MongoDB が過去を読める時間(minSnapshotHistoryWindowInSeconds)より長くかかりました。"
    "docs/operating/backup.md の 6 のとおりに、その時間を延ばしてください。"
)


def backup(
    folder: Annotated[Path, typer.Argument(envvar="MITSUMORI_BACKUPS", help="バックアップを置くフォルダ")],
    *,
    key: Annotated[Path, typer.Option("--key", envvar="MITSUMORI_BACKUP_KEY", help="公開鍵のファイル (.pub)")],
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    as_json: AsJson = False,
) -> None:
    """動作中のまま、すべてのデータベースを一つのファイルに保存する。鍵は含まない (encrypted; for a timer)."""
    with told(_PROBLEMS):
        try:
            made = BackUp(mongo=mongo or running_mongo(data), key=public_key(key), now=utc_now)(folder)
        except Unavailable as reason:
            raise Unavailable(_TOO_SLOW if str(reason) == "too-slow" else str(reason)) from None
    if as_json:
        print(json.dumps(asdict(made) | {"file": str(made.file)}, ensure_ascii=False, indent=2, default=iso))
        return
    for one in made.counted:
        if one.count:
            print(f"{one.service}.{one.name}\t{one.count:,} 件")
    print(f"{made.file}\t{made.size / 1e6:,.1f} MB\t{in_japan(made.at)} 時点\nSHA-256 {made.sha256}")
