"""`mitsumori restore`: puts a backup back, while no service runs, and Kafka's topics in order with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from cli.errors import told
from cli.moments import in_japan
from cli.options import DEFAULT_DATA, Data, Kafka, Mongo
from local.backup.backup_keys import secret_keys
from local.backup.restore import RestoreBackup, Restored, check_backup
from local.backup.servers import servers_of
from shared.clock import utc_now
from shared.errors import Invalid

_PROBLEMS: Final[Mapping[str, str]] = {
    "no-secret-key": "バックアップの秘密鍵(backup-<番号>.key)のファイルかフォルダを --key に指定してください。",
    "no-backup": "バックアップのファイルではないか、読めません。",
    "newer-backup": "より新しいバージョンのバックアップです。それを書いたバージョン以降のもので復元してください。",
    "other-key": 'この鍵では開けません。ファイルの 1 行目の "key" が、必要な鍵の名前です。',
    "broken-backup": "ファイルが壊れています(途中で切れている、または書き換えられています)。何も書き込んでいません。",
    "not-empty": "データベースが空ではありません。今あるものをすべて捨てて復元するときは、--replace を付けてください。",
    "no-kafka": "Kafka の接続先を --kafka または MITSUMORI_KAFKA に指定してください。トピックも作り直すためです。",
}


def restore(
    file: Annotated[Path, typer.Argument(help="バックアップのファイル")],
    *,
    key: Annotated[Path, typer.Option("--key", help="秘密鍵のファイル (.key) か、そのフォルダ")],
    replace: Annotated[bool, typer.Option("--replace", help="今のデータベースの内容を、すべて捨てる")] = False,
    discard: Annotated[
        bool, typer.Option("--discard-unpublished", help="Kafka に渡していない記録も、捨ててよい")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="ファイルを最後まで調べるだけで、何も書き込まない")] = False,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    kafka: Kafka = None,
) -> None:
    """サービスを止めた状態で、バックアップを復元する。トピックも作り直す (services must be stopped; see the docs)."""
    with told(_PROBLEMS):
        keys = secret_keys(key)
        if check:
            head, count = check_backup(file, keys, print)
            print(f"壊れていません。{in_japan(head.at)} 時点、{count:,} 件、バージョン {head.version}")
            return
        with servers_of(data, mongo, kafka) as servers:
            try:
                put_back = RestoreBackup(keys=keys, mongo=servers.mongo, kafka=servers.kafka, report=print, now=utc_now)
                done = put_back(file, replace=replace, discard=discard)
            except Invalid as reason:
                raise Invalid(_told(str(reason))) from None
    _print(done)


def _told(reason: str) -> str:
    word, _, about = reason.partition(": ")
    if word == "services-run":
        return f"動いているサービスがあります: {about}。すべて止めてから(数秒待って)、もう一度実行してください。"
    if word == "unpublished":
        return (
            f"どのトピックにもまだない記録が {about} 件あります。受け付けたご依頼かもしれません。サービスを起動し、"
            "mitsumori check で渡し終えたのを確かめてから復元します。データベースが壊れていてできないときは、"
            "--discard-unpublished を付けると、捨てて復元します。"
        )
    return reason


def _print(done: Restored) -> None:
    print(f"復元しました。{in_japan(done.at)} 時点、{done.count:,} 件")
    print(
        f"トピックから戻したもの: ご依頼 {done.recovered.requests:,} 件、消去 {done.recovered.erasures:,} 件、"
        f"送付済みのメール {done.recovered.letters:,} 件"
    )
    if unknown := done.recovered.unknown:
        print(
            f"このバージョンの知らない記録 {unknown:,} 件は、「処理できなかった記録」に残しました。"
            "後のバージョンに更新すると、処理されます。"
        )
    print(
        "続きは docs/operating/restore.md の 4 です。サービスを起動する前に、消去と職員のアカウントを確かめてください。"
    )
