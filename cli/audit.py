"""`mitsumori audit`: whether the record of what staff saw and did is as it was written."""

import asyncio
import re
from typing import Annotated, Final

import typer

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, Data, Mongo, running_mongo
from local.staff import verify_staff_audit
from shared.errors import Invalid

app = typer.Typer(help="職員の操作の記録 (what staff saw and did)", no_args_is_help=True)

_ENTRY: Final = re.compile(r"[0-9]{1,18}:[0-9a-f]{64}")
_WHY: Final = {
    "changed": "内容が、記録されたときと違います",
    "does-not-follow": "直前の記録につながっていません。直前かこの記録が、別のものに置き換えられています",
    "missing": "保存期間が過ぎていない記録が、なくなっています",
    "added": "鎖につながっていない記録が、加えられています",
}


@app.callback()
def audit() -> None:
    """Keep `verify` a command of its own: a group with one command would be that command."""


@app.command()
@exit_on_error()
def verify(
    known: Annotated[
        str | None, typer.Option("--known", help="以前の verify が最後に示した「番号:ハッシュ」。末尾の削除が分かる")
    ] = None,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
) -> None:
    """記録の鎖をすべて確かめ、最初に壊れている箇所を示す (check every entry; exit 1 names the first broken one)."""
    if known and not _ENTRY.fullmatch(known):
        raise Invalid("--known には、以前の verify が示した「番号:ハッシュ」を指定してください。")
    found = asyncio.run(verify_staff_audit(mongo or running_mongo(data), known))
    if found.broken:
        print(f"記録 {found.broken.id}: {_WHY[found.broken.why]}。")
        raise typer.Exit(1)
    print(f"{found.entries:,} 件の記録を確かめました。欠けや変更はありません。")
    if found.head:
        print(f"最後の記録: {found.head}")
        print("次に確かめるとき --known に指定すると、末尾の削除も分かります。別の場所に控えてください。")
