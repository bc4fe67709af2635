"""`mitsumori tokens`: which programs may read the desk over its API (docs/api.md)."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Final

import typer

from cli.errors import exit_on_error, told
from cli.options import DEFAULT_DATA, Data, Mongo, running_mongo
from local.tokens import add_token, list_tokens, revoke_token
from services.dashboard.domain.token import ApiToken, Scope
from shared.clock import JST, utc_now

app = typer.Typer(help="他のプログラムのための API トークン (tokens for other programs)", no_args_is_help=True)

_PROBLEMS: Final = {
    "bad-name": "名前は、英小文字・数字・「.」「_」「-」で 32 文字までとしてください(先頭は英数字)。",
    "bad-scopes": "--scope を指定してください。cases:contact には cases:read も必要です。",
    "bad-end": "--days は 1 から 366 までとしてください。",
    "name-taken": "この名前はすでに使われています(取り消したトークンの名前も使えません)。",
    "no-such-token": "この名前の有効なトークンはありません。mitsumori tokens list で確認できます。",
}

Name = Annotated[str, typer.Argument(help="プログラムの名前(英小文字・数字・ . _ - )")]


@app.command()
def add(
    name: Name,
    scope: Annotated[list[Scope], typer.Option("--scope", help="読み取れる範囲。繰り返して指定できる")],
    days: Annotated[int, typer.Option("--days", help="有効期間(日)")] = 90,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
) -> None:
    """トークンを作って表示する。表示は一度だけ (make a token; it is shown once)."""
    with told(_PROBLEMS):
        print(asyncio.run(add_token(mongo or running_mongo(data), name, frozenset(scope), timedelta(days=days))))


@app.command("list")
@exit_on_error()
def list_all(data: Data = DEFAULT_DATA, mongo: Mongo = None) -> None:
    """トークンを一覧する (list the tokens)."""
    now = utc_now()
    for token in asyncio.run(list_tokens(mongo or running_mongo(data))):
        print("\t".join((token.name, _state(token, now), f"最終利用 {_day(token.used_at)}", *sorted(token.scopes))))


@app.command()
def revoke(name: Name, data: Data = DEFAULT_DATA, mongo: Mongo = None) -> None:
    """トークンを取り消す。次のリクエストから使えない (revoke a token)."""
    with told(_PROBLEMS):
        asyncio.run(revoke_token(mongo or running_mongo(data), name))


def _state(token: ApiToken, now: datetime) -> str:
    if token.revoked_at:
        return f"取消済({_day(token.revoked_at)})"
    return f"有効({_day(token.until)} まで)" if token.works_at(now) else f"期限切れ({_day(token.until)})"


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(JST):%Y-%m-%d %H:%M}" if moment else "なし"
