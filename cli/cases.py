"""`mitsumori cases`: the read model behind the dashboard's list."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, Data, Mongo, Products, running_mongo
from local.data_folder import DataFolder
from local.summaries import RebuildInProcesses

app = typer.Typer(help="管理画面の一覧のデータ (the dashboard's read model)", no_args_is_help=True)

DeskKeys = Annotated[
    Path | None,
    typer.Option("--keys", envvar="MITSUMORI_KEYS", help="管理画面の鍵のフォルダ。省略時は DATA/keys/dashboard"),
]


@app.command()
@exit_on_error()
def rebuild(
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    products: Products = None,
    desk_keys: DeskKeys = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="進み具合を表示しない")] = False,  # noqa: FBT002  # a flag
) -> None:
    """一覧のデータを、記録からすべて作り直す。管理画面は止めなくてよい (make every summary again)."""
    with Progress(console=Console(stderr=True), disable=quiet) as progress:
        task = progress.add_task("作り直しています", total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        keys = desk_keys or DataFolder(data).keys / "dashboard"
        rebuild_all = RebuildInProcesses(mongo=mongo or running_mongo(data), keys=keys, products=products)
        done = asyncio.run(rebuild_all(show))
    print(f"{done:,} 件のご依頼を作り直しました。")
