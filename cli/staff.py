"""`mitsumori staff`: who may log in to the dashboard."""

import asyncio
from typing import Annotated, Final

import typer

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, Data, Mongo, running_mongo
from local.staff import add_staff
from shared.errors import Invalid

app = typer.Typer(help="管理画面の職員アカウント (staff accounts)", no_args_is_help=True)

_PROBLEMS: Final = {
    "bad-name": "ユーザー名は、英小文字・数字・「.」「_」「-」で 32 文字までとしてください(先頭は英数字)。",
    "name-taken": "このユーザー名はすでに使われています。パスワードを作り直すには --reset を付けてください。",
}


@app.command()
@exit_on_error()
def add(
    name: Annotated[str, typer.Argument(help="ユーザー名(英小文字・数字・ . _ - )")],
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    reset: Annotated[bool, typer.Option("--reset", help="既存のアカウントのパスワードを作り直す")] = False,  # noqa: FBT002  # a flag
) -> None:
    """職員のアカウントを作り、パスワードを表示する (make a staff account and print its password)."""
    try:
        print(asyncio.run(add_staff(mongo or running_mongo(data), name, reset=reset)))
    except Invalid as reason:
        raise Invalid(_PROBLEMS.get(str(reason), str(reason))) from None
