"""`mitsumori check`: whether every request that was accepted has come to its end, and what to do where one has not."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Final

import typer

from cli.errors import exit_on_error
from cli.moments import in_japan, iso
from cli.options import DEFAULT_DATA, AsJson, Data, Mongo, Products, running_mongo
from local.check import Missing, Sums, Where, check_ledgers
from shared.clock import utc_now
from shared.products import load_products

_NAMED: Final = 20
_WHAT: Final[Mapping[Where, str]] = {
    "quote": "見積りの結果がありません",
    "not-received": "メールのサービスに、ご依頼が届いていません",
    "quote-not-received": "メールのサービスに、見積りが届いていません",
    "letter": "送るべきメールが作られていません",
    "case": "管理画面に、ご依頼が届いていません",
}
_WHO: Final[Mapping[Where, str]] = {
    "quote": "rating",
    "not-received": "notify",
    "quote-not-received": "notify",
    "letter": "notify",
    "case": "dashboard",
}


@exit_on_error()
def check(
    *,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    products: Products = None,
    as_json: AsJson = False,
    most: Annotated[int, typer.Option("--most", min=1, help="受付番号を示す数")] = _NAMED,
) -> None:
    """受け付けたご依頼がすべて終わり、送るべきメールがあるかを確かめる (exit 1: somebody must act)."""
    sums = asyncio.run(check_ledgers(mongo or running_mongo(data), load_products(products), utc_now))
    if as_json:
        shown = asdict(sums) | {"missing": [asdict(one) for one in sums.missing[:most]]}
        print(json.dumps(shown | {"missing_count": len(sums.missing)}, ensure_ascii=False, indent=2, default=iso))
    else:
        _print(sums, most)
    if sums.needs_somebody:
        raise typer.Exit(1)


def _print(sums: Sums, most: int) -> None:
    ended = (
        f"資料請求のみ {sums.documents_only:,}",
        f"見積り {sums.quoted:,}",
        f"要確認 {sums.referred:,}",
        f"処理できず保留 {sums.set_aside:,}",
        f"消去 {sums.erased:,}",
        f"処理中 {sums.on_its_way:,}",
        f"結果なし {sums.without_quote:,}",
    )
    print(f"受付 {sums.accepted:,} = {' + '.join(ended)}")
    print(f"送信待ちのメール {sums.letters_waiting:,}、他のサービスへ渡す前の記録 {sums.events_waiting:,}")
    if sums.events_parked:
        print(
            f"[要対応] 渡せない記録が {sums.events_parked:,} 件あります。サービスのログ(event parked)をご確認ください。"
        )
    if sums.waiting_for_key:
        print(
            f"[要対応] 鍵を待つ記録が {sums.waiting_for_key:,} 件あります。mitsumori dead list が鍵の名前を示します。"
        )
    if sums.dead_letters:
        print(
            f"[要対応] 処理できなかった記録が {sums.dead_letters:,} 件あります。mitsumori dead list をご確認ください。"
        )
    for one in sums.missing[:most]:
        print(f"[要対応] {one.reception_no}: {_what(one)}({in_japan(one.since)} から)")
        print(
            f"    → mitsumori trace {one.reception_no} で経過を、mitsumori logs {_WHO[one.where]}"
            f"(コンテナでは docker compose logs {_WHO[one.where]})でログを確認する。"
        )
    if len(sums.missing) > most:
        print(f"ほかに {len(sums.missing) - most:,} 件あります。")
    if sums.adds_up:
        print(
            "2 分を超えて終わらないご依頼はありません。上の[要対応]の記録をご確認ください。"
            if sums.needs_somebody
            else "2 分を超えて終わらないものはありません。"
        )


def _what(missing: Missing) -> str:
    return f"{_WHAT[missing.where]}: {missing.kind}" if missing.kind else _WHAT[missing.where]
