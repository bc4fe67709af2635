"""`mitsumori keys`: the keys of the parcels (docs/adr/0003-parcels.md)."""

from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA
from local.keys import add_keys

app = typer.Typer(help="パーセルの鍵 (keys of the parcels)", no_args_is_help=True)


@app.command()
@exit_on_error()
def new(folder: Annotated[Path, typer.Argument(help="鍵のフォルダ")] = DEFAULT_DATA / "keys") -> None:
    """新しい鍵の組を加える。次の起動から使われる (add a key pair for every reader)."""
    for key_id in add_keys(folder):
        print(key_id)
