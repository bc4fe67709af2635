"""`mitsumori staff`: who may log in to the dashboard."""

import asyncio
from typing import Annotated, Final

import typer

from cli.errors import exit_on_error, told
from cli.options import DEFAULT_DATA, Data, Mongo, running_mongo
from local.staff import add_staff, change_password, change_role, close_staff, list_staff
from services.dashboard.domain.roles import Role
from shared.clock import JST

app = typer.Typer(help="管理画面の職員アカウント (staff accounts)", no_args_is_help=True)

_PROBLEMS: Final = {
    "bad-name": "ユーザー名は、英小文字・数字・「.」「_」「-」で 32 文字までとしてください(先頭は英数字)。",
    "name-taken": "このユーザー名はすでに使われています。パスワードを作り直すには --reset を付けてください。",
    "no-such-account": "このユーザー名のアカウントはありません。mitsumori staff list で確認できます。",
    "last-account": "ログインできる最後のアカウントです。それでも続けるには --force を付けてください。",
}

Name = Annotated[str, typer.Argument(help="ユーザー名(英小文字・数字・ . _ - )")]
NewRole = Annotated[Role, typer.Argument(help="viewer 閲覧・desk 窓口・underwriter 引受・manager 責任者・admin 管理者")]
Force = Annotated[bool, typer.Option("--force", help="最後のアカウントでも続ける")]


@app.command("list")
@exit_on_error()
def list_accounts(data: Data = DEFAULT_DATA, mongo: Mongo = None) -> None:
    """職員のアカウントを一覧する (list the staff accounts)."""
    for account in asyncio.run(list_staff(mongo or running_mongo(data))):
        state = f"停止中({account.disabled_at.astimezone(JST):%Y-%m-%d %H:%M} から)" if account.disabled_at else "有効"
        print(f"{account.name}\t{state}\t{account.since.astimezone(JST):%Y-%m-%d %H:%M}\t{account.role}")


@app.command()
def add(
    name: Name,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    role: Annotated[Role | None, typer.Option("--role", help="役割。省略時は desk(最初のアカウントは admin)")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="既存のアカウントのパスワードを作り直す")] = False,  # noqa: FBT002  # a flag
) -> None:
    """職員のアカウントを作り、パスワードを表示する (make a staff account and print its password)."""
    with told(_PROBLEMS):
        print(asyncio.run(add_staff(mongo or running_mongo(data), name, role=role, reset=reset)))


@app.command()
def role(name: Name, role: NewRole, data: Data = DEFAULT_DATA, mongo: Mongo = None) -> None:
    """役割を変える。ログイン中の画面にもすぐに効く (change a role, also in running sessions)."""
    with told(_PROBLEMS):
        asyncio.run(change_role(mongo or running_mongo(data), name, role))


@app.command()
def passwd(name: Name, data: Data = DEFAULT_DATA, mongo: Mongo = None) -> None:
    """新しいパスワードを作って表示する。停止中のアカウントは再び使える (print a new password; enables the account)."""
    with told(_PROBLEMS):
        print(asyncio.run(change_password(mongo or running_mongo(data), name)))


@app.command()
def disable(name: Name, data: Data = DEFAULT_DATA, mongo: Mongo = None, force: Force = False) -> None:  # noqa: FBT002  # a flag
    """アカウントを停止し、ログイン中の画面もすぐに閉じる (disable an account and end its sessions)."""
    with told(_PROBLEMS):
        asyncio.run(close_staff(mongo or running_mongo(data), name, remove=False, force=force))


@app.command()
def remove(name: Name, data: Data = DEFAULT_DATA, mongo: Mongo = None, force: Force = False) -> None:  # noqa: FBT002  # a flag
    """アカウントを削除し、ログイン中の画面もすぐに閉じる (remove an account and end its sessions)."""
    with told(_PROBLEMS):
        asyncio.run(close_staff(mongo or running_mongo(data), name, remove=True, force=force))
