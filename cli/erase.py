"""`mitsumori erase`: forget a request in every service (消去・利用停止のご請求)."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Final

import typer

from cli.errors import told
from cli.options import DEFAULT_DATA, AsJson, Data, Mongo, running_mongo
from local.erase import Found, eraser
from shared.clock import utc_now

_PROBLEMS: Final = {"no-such-request": "指定された受付番号のご依頼はありません。"}
_WHAT: Final[Mapping[str, str]] = {
    "requests": "ご依頼(連絡先とご回答)",
    "quotes": "見積りの計算書とご回答",
    "decisions": "職員のメモと見直しの内容",
    "letters": "メールと添付ファイル",
    "corrections": "訂正されたメールアドレス",
    "copies": "メールの写し",
    "letter_copies": "メールの写し",
    "copy_asks": "メールの写しの請求",
    "note_drafts": "書きかけのメモ",
    "news": "ご案内メールの希望",
    "dead_addresses": "届かないアドレスの記録",
    "dead_letters": "処理できなかった記録",
}


def erase(
    names: Annotated[list[str], typer.Argument(metavar="受付番号...", help="受付番号か、request_id")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="実際に消去する。付けないと、消去される内容を示すだけ")] = False,
    at_once: Annotated[
        bool,
        typer.Option(
            "--now", help="サービスを待たず、ここで消去する。サービスが止まっているときに(バックアップから戻した後など)"
        ),
    ] = False,
    wait: Annotated[float, typer.Option("--wait", min=0, max=600, help="消去の完了を待つ秒数")] = 30,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    as_json: AsJson = False,
) -> None:
    """ご依頼をすべてのサービスから消去する。元に戻せない (a dry run without --yes; exit 1 when something is left)."""
    with told(_PROBLEMS):
        found = asyncio.run(_erase(mongo or running_mongo(data), names, wait if yes else None, at_once=at_once))
    if as_json:
        shown = [asdict(one) | {"obeyed": sorted(one.obeyed), "left": one.left} for one in found]
        print(json.dumps(shown, ensure_ascii=False, indent=2, default=str))
    else:
        for one in found:
            _print(one, is_dry=not yes)
    if yes and any(one.left for one in found):
        raise typer.Exit(1)


async def _erase(mongo: str, names: Sequence[str], wait_s: float | None, *, at_once: bool) -> list[Found]:
    async with eraser(mongo, utc_now) as erasing:
        found = [await erasing.find(name) for name in names]
        if wait_s is None:
            return found
        request_ids = [one.request_id for one in found]
        await erasing.erase(request_ids)
        if at_once:
            await erasing.forget_at_once()
        return await erasing.wait(request_ids, wait_s)


def _print(found: Found, *, is_dry: bool) -> None:
    print(f"受付番号 {found.reception_no}\trequest_id {found.request_id}")
    for name, held in found.held.items():
        for collection, count in held.items():
            print(f"  {name}\t{_WHAT.get(collection, collection)}\t{count:,} 件")
    if is_dry:
        print(
            "上の内容が消去されます。保険料・業種・売上区分・日時は統計のために残ります。"
            "実行するには --yes を付けてください。"
            if any(found.held.values())
            else "お客さまの情報は、どのサービスにも残っていません。"
        )
    elif found.left:
        print(
            f"[要対応] まだ消去していないサービスがあります: {'、'.join(found.left)}。"
            "動いていれば、数秒後に消去されます。"
            "mitsumori status(コンテナでは docker compose ps)で確かめ、もう一度この命令を実行してください。"
        )
    else:
        print("すべてのサービスから消去しました。")
