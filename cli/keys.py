"""`mitsumori keys`: keys of parcels (docs/adr/0003-parcels.md), of signatures (0015-who-is-who.md) and of mails."""

from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.key_rotation import reseal, retire, rotate
from cli.options import DEFAULT_DATA
from local.backup.backup_keys import add_backup_key
from local.dkim import add_dkim_key
from local.keys import NewKey, add_keys, ensure_keys

app = typer.Typer(help="パーセル、署名、メールの鍵 (keys of parcels, signatures and mails)", no_args_is_help=True)
for _command in (rotate, reseal, retire):
    app.command()(_command)


@app.command()
@exit_on_error()
def new(
    folder: Annotated[Path, typer.Argument(help="鍵のフォルダ")] = DEFAULT_DATA / "keys",
    missing: Annotated[bool, typer.Option("--missing", help="足りない鍵だけを作る")] = False,  # noqa: FBT002  # a flag
) -> None:
    """新しい鍵の組を加え、再起動が必要なサービスを示す (add a key pair of every kind; tells who must be restarted)."""
    made = ensure_keys(folder) if missing else add_keys(folder)
    for key in made:
        print(_told(key))
    if not made:
        print("新しく作る鍵はありません。公開鍵は、必要とするサービスのすべてにあります (no key was missing)")
    elif not missing:
        print("読む側のサービスは、再起動しなくても新しい鍵を読みます。以前の鍵はそのまま残してください。")


@app.command()
@exit_on_error()
def dkim(
    selector: Annotated[str, typer.Argument(help="鍵の名前 (例: 202611)")],
    folder: Annotated[Path, typer.Argument(help="鍵のフォルダ")] = DEFAULT_DATA / "keys",
    ed25519: Annotated[bool, typer.Option("--ed25519", help="RSA の鍵に加えて使う、短い鍵を作る")] = False,  # noqa: FBT002  # a flag
) -> None:
    """メールに署名する鍵を加え、DNS に登録する TXT レコードを示す (add a DKIM key; prints its DNS record)."""
    record = add_dkim_key(folder, selector, ed25519=ed25519)
    print(
        f"次の TXT レコードを、MITSUMORI_MAIL_FROM のドメインの DNS に登録してください (名前: {selector}._domainkey)。"
    )
    print(record)
    print("登録を mitsumori doctor mail で確かめてから、notify を再起動してください。すべてのメールに署名します。")


@app.command()
@exit_on_error()
def backup(folder: Annotated[Path, typer.Argument(help="鍵の組を置くフォルダ")]) -> None:
    """バックアップの鍵の組を作る。秘密鍵はサーバーに置かない (a key pair for `mitsumori backup` and `restore`)."""
    public, secret = add_backup_key(folder)
    print(f"{public}\tサーバーに置き、mitsumori backup --key に指定します。")
    print(
        f"{secret}\tサーバーとは別の場所に、二つ以上保管し、ここからは削除します。なければ、バックアップを開けません。"
    )


def _told(key: NewKey) -> str:
    purpose = "署名" if key.kind.signs else "パーセル"
    return f"{key.id}({purpose}): {'、'.join(key.kind.writers)} が、次の起動から使います"
