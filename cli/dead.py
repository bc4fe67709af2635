"""`mitsumori dead`: what the services could not work on, shown without personal data, worked on again or discarded."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Final

import typer

from cli.errors import told
from cli.moments import in_japan, iso
from cli.options import DEFAULT_DATA, AsJson, Data, Mongo, running_mongo
from local.dead_letters import Found, Retried, discard_letters, find_groups, find_letters, retry_letters
from shared.errors import Invalid
from shared.runtime.masked import as_name

app = typer.Typer(help="処理できなかった記録 (dead letters)", no_args_is_help=True)

_PROBLEMS: Final = {
    "no-such-letter": "指定された記録または指紋はありません(処理済みかもしれません)。一覧: mitsumori dead list",
    "no-reason": "--reason に、破棄する理由を 500 文字以内で指定してください。",
    "none-named": "記録の ID か、--all-of に指紋を指定してください。",
}
_ENDS: Final = {"done": "処理済", "failed": "失敗", "pending": "未処理"}
_SHOWN: Final = 50

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="記録の ID (mitsumori dead show が示すもの)")]
AllOf = Annotated[list[str] | None, typer.Option("--all-of", metavar="指紋", help="この指紋の記録をすべて")]


@app.command("list")
def list_all(*, data: Data = DEFAULT_DATA, mongo: Mongo = None, as_json: AsJson = False) -> None:
    """同じ原因のものをまとめて一覧する (grouped by service, reason and type; exit 0 also when there are some)."""
    with told(_PROBLEMS):
        groups = asyncio.run(find_groups(mongo or running_mongo(data)))
    if as_json:
        print(json.dumps([asdict(group) for group in groups], ensure_ascii=False, indent=2, default=iso))
        return
    for group in groups:
        waits = f"鍵 {group.waits_for} 待ち" if group.waits_for else "人の対応待ち"
        times = f"{in_japan(group.first)} ~ {in_japan(group.last)}"
        what = (group.type or "種類は不明", as_name(group.reason))
        print("\t".join((group.fingerprint, group.service, f"{group.count:,} 件", waits, times, *what)))
    if not groups:
        print("処理できなかった記録はありません。")


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ID|指紋", help="記録の ID か、list が示す指紋")],
    *,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    as_json: AsJson = False,
) -> None:
    """記録を示す。お客さまの情報は表示しない (which event, which fields, and none of their values)."""
    with told(_PROBLEMS):
        found = asyncio.run(find_letters(mongo or running_mongo(data), [name]))
    shown = [_facts(one) for one in found[:_SHOWN]]
    if as_json:
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for facts in shown:
        print("\n".join(f"{key}: {value}" for key, value in facts.items()), end="\n\n")
    if len(found) > _SHOWN:
        print(f"ほかに {len(found) - _SHOWN:,} 件あります。")


@app.command()
def retry(
    ids: Ids = None,
    *,
    all_of: AllOf = None,
    wait: Annotated[float, typer.Option("--wait", min=0, max=600, help="結果を待つ秒数")] = 20,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    as_json: AsJson = False,
) -> None:
    """もう一度処理する。何度実行しても、結果は 1 件 (work on them again; exit 1 when one was not done)."""
    with told(_PROBLEMS):
        mongo = mongo or running_mongo(data)
        ends = asyncio.run(_retry(mongo, _named(ids, all_of), wait))
    if as_json:
        print(json.dumps([asdict(one) for one in ends], ensure_ascii=False, indent=2))
    else:
        for one in ends:
            print("\t".join((_ENDS[one.end], one.id, *filter(None, [as_name(one.reason)]))))
        if any(one.end == "pending" for one in ends):
            print(
                "未処理の記録は、そのサービスが動きしだい処理されます。"
                "mitsumori status(コンテナでは docker compose ps)で確認できます。"
            )
    if any(one.end != "done" for one in ends):
        raise typer.Exit(1)


@app.command()
def discard(
    ids: Ids = None,
    *,
    reason: Annotated[str, typer.Option("--reason", help="破棄する理由。記録とともに残る")],
    all_of: AllOf = None,
    yes: Annotated[bool, typer.Option("--yes", help="確認せずに破棄する")] = False,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
) -> None:
    """処理しないことに決める。記録は、理由とともに残る (decide that they are not worked on; nothing is deleted)."""
    with told(_PROBLEMS):
        mongo = mongo or running_mongo(data)
        found = asyncio.run(find_letters(mongo, _named(ids, all_of)))
        if not yes:
            typer.confirm(f"{len(found):,} 件の記録を破棄します。よろしいですか", abort=True)
        ended = asyncio.run(discard_letters(mongo, found, reason))
    print(f"{ended:,} 件の記録を破棄しました。")


async def _retry(mongo: str, names: Sequence[str], wait_s: float) -> list[Retried]:
    return await retry_letters(mongo, await find_letters(mongo, names), wait_s)


def _named(ids: Sequence[str] | None, fingerprints: Sequence[str] | None) -> list[str]:
    names = [*(ids or ()), *(fingerprints or ())]
    if not names:
        raise Invalid("none-named")
    return names


def _facts(found: Found) -> dict[str, str]:
    shown, letter = found.shown, found.shown.letter
    facts = {
        "ID": letter.id,
        "指紋": found.fingerprint,
        "サービス": found.service,
        "受け取った時刻": in_japan(letter.first_seen),
        "トピック": letter.topic,
        "種類": shown.type or "不明",
        "理由": as_name(letter.reason),
        "待っている鍵": shown.waits_for,
        "ご依頼": shown.subject,
        "トレース": shown.trace,
        "大きさ": f"{shown.size:,} バイト",
        "項目": " ".join(shown.fields),
    }
    return {key: value for key, value in facts.items() if value}
