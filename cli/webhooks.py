"""`mitsumori webhooks`: which programs are told what became true (docs/api.md)."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from cli.errors import exit_on_error, told
from cli.moments import in_japan
from cli.options import DEFAULT_DATA, Data, Mongo, running_mongo
from local.webhooks import (
    add_webhook,
    list_webhooks,
    log_of_webhook,
    pause_webhook,
    remove_webhook,
    replay_webhook,
    resume_webhook,
)
from services.dashboard.domain.webhook import WANTED, Subscription
from services.dashboard.ports.api import DeliveryState, PostProblem
from shared.clock import JST

app = typer.Typer(help="他のプログラムへの通知 (webhooks: who is told of what)", no_args_is_help=True)

_PROBLEMS: Final = {
    "bad-name": "名前は、英小文字・数字・「.」「_」「-」で 32 文字までとしてください(先頭は英数字)。",
    "bad-url": "URL は https:// で始まる、ユーザー名のないものにしてください。",
    "bad-events": f"--event には次のいずれかを指定してください: {' '.join(sorted(WANTED))}",
    "name-taken": "この名前はすでに使われています。",
    "too-many": "登録できる数の上限です。使わないものを remove で削除してください。",
    "no-such-subscription": "この名前の登録はありません。mitsumori webhooks list で確認できます。",
}
_STATES: Final[dict[DeliveryState, str]] = {"waiting": "送信待ち", "delivered": "送信済", "given-up": "断念"}
_WHY: Final[dict[PostProblem, str]] = {
    "forbidden-address": "許可されていない宛先です(MITSUMORI_WEBHOOK_NETWORKS)",
    "not-https": "https ではありません(MITSUMORI_WEBHOOK_NETWORKS で許可できます)",
    "no-address": "ホスト名が見つかりません",
    "connection-failed": "接続できません",
    "timed-out": "応答がありません",
    "no-secret": "署名の鍵を読めません",
}

Name = Annotated[str, typer.Argument(help="プログラムの名前(英小文字・数字・ . _ - )")]
Keys = Annotated[
    Path | None, typer.Option(envvar="MITSUMORI_KEYS", help="管理画面の鍵のフォルダ。省略時は mitsumori run のもの")
]


@app.command()
def add(
    name: Name,
    url: Annotated[str, typer.Argument(help="https:// で始まる宛先")],
    event: Annotated[list[str], typer.Option("--event", help="quote.offered、letter.*、* など。繰り返して指定できる")],
    *,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    keys: Keys = None,
) -> None:
    """登録し、署名を確かめるための秘密の値を表示する。表示は一度だけ (prints the secret, once)."""
    with told(_PROBLEMS):
        folder = keys or data / "keys" / "dashboard"
        print(asyncio.run(add_webhook(mongo or running_mongo(data), folder, name, url, event)))


@app.command("list")
@exit_on_error()
def list_all(data: Data = DEFAULT_DATA, mongo: Mongo = None) -> None:
    """登録を一覧する (list the subscriptions, and how many messages each has)."""
    subscriptions, counts = asyncio.run(list_webhooks(mongo or running_mongo(data)))
    for one in subscriptions:
        told = (f"{words} {counts.get((one.name, state), 0):,}" for state, words in _STATES.items())
        print("\t".join((one.name, one.url, " ".join(sorted(one.wants)), *told, *_paused(one))))


@app.command()
def remove(name: Name, data: Data = DEFAULT_DATA, mongo: Mongo = None) -> None:
    """登録を削除する。送信待ちの通知も送らない (tell a program no more)."""
    with told(_PROBLEMS):
        asyncio.run(remove_webhook(mongo or running_mongo(data), name))


@app.command()
def pause(name: Name, data: Data = DEFAULT_DATA, mongo: Mongo = None) -> None:
    """一時停止する。通知は順番を待ち、30 日たつと自動で再開する (let messages wait, for 30 days at most)."""
    with told(_PROBLEMS):
        asyncio.run(pause_webhook(mongo or running_mongo(data), name))


@app.command()
def resume(name: Name, data: Data = DEFAULT_DATA, mongo: Mongo = None) -> None:
    """再開し、待っていた通知を古いものから送る (send what has waited, the oldest first)."""
    with told(_PROBLEMS):
        asyncio.run(resume_webhook(mongo or running_mongo(data), name))


@app.command()
def replay(
    name: Name,
    since: Annotated[datetime, typer.Option("--since", help="日本時間 (2026-11-23T09:00:00)")],
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
) -> None:
    """ある時点からの通知を、同じ webhook-id でもう一度送る (tell a program again, from a moment on)."""
    with told(_PROBLEMS):
        count = asyncio.run(replay_webhook(mongo or running_mongo(data), name, since.replace(tzinfo=JST)))
    print(f"{count:,} 件の通知をもう一度送ります。")


@app.command()
@exit_on_error()
def log(
    name: Name,
    lines: Annotated[int, typer.Option("--lines", min=1, max=10_000, help="表示する行数")] = 50,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
) -> None:
    """送信の記録を、新しい順に示す (the delivery log, the newest first)."""
    mongo = mongo or running_mongo(data)
    subscriptions, counts = asyncio.run(list_webhooks(mongo))
    for paused in (words for one in subscriptions if one.name == name for words in _paused(one)):
        print(f"mitsumori: {paused}、送信待ち {counts.get((name, 'waiting'), 0):,} 件", file=sys.stderr)
    for one in asyncio.run(log_of_webhook(mongo, name, lines)):
        answer = _WHY[one.answer.problem] if one.answer.problem else f"HTTP {one.answer.status}"
        at = in_japan(one.at)
        print("\t".join((at, one.type, one.message_id, f"{one.number} 回目", answer)))


def _paused(subscription: Subscription) -> tuple[str, ...]:
    since = subscription.paused_at
    return (f"一時停止中({since.astimezone(JST):%Y-%m-%d %H:%M} から)",) if since else ()
