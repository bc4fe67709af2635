"""`mitsumori keys`: the keys of the parcels (docs/adr/0003-parcels.md) and of the signatures (0015-who-is-who.md)."""

from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA
from local.keys import NewKey, add_keys, ensure_keys

app = typer.Typer(help="パーセルと署名の鍵 (keys of parcels and signatures)", no_args_is_help=True)


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
        print("すべての鍵があります (nothing to do)")
    elif not missing:
        print("読む側のサービスは、再起動しなくても新しい鍵を読みます。以前の鍵はそのまま残してください。")


def _told(key: NewKey) -> str:
    purpose = "署名" if key.kind.signs else "パーセル"
    return f"{key.id}({purpose}): {'、'.join(key.kind.writers)} が、次の起動から使います"
