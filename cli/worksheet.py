"""How `mitsumori explain` and `replay` print: a quote's worksheet, and the outcome of each replay.

The texts are for the operator's terminal. They never go to a log.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pricing.engine.result import ENGINE
from services.rating.domain.quote import Quote
from services.rating.usecases.replay import CannotReplay, Differs, NotComputed, Replayed, Same
from shared.clock import JST

LINE_WIDTH: Final = 120
"""Characters: wide enough for a worksheet, also where the output is not a terminal."""

SENTENCE_FOR: Final = {
    "manual": "手動で設定された保険料のため、計算はありません",
    "erased": "ご依頼が消去されたため、回答も計算書も残っていません(保険料と料率表の記録は残ります)",
    "no-tariff": "受付の時に料率表がなかったため、計算はありません",
    "no-edition": "計算に使われた版が保存されていません",
    "unreadable-edition": "保存された版をこのバージョンでは読めません",
    "unknown-key": "この見積りを開く鍵がありません",
    "broken-parcel": "保存された回答が壊れています",
}
"""Why a quote cannot be shown or replayed: a sentence for each machine word."""

_OPTION_COLUMNS: Final = (
    "kind",
    "plan",
    "liability_limit",
    "cost_limit",
    "liability_deductible",
    "cost_deductible",
    "premium",
)
_COLUMN_NAMES: Final = {
    "label": "項目",
    "input": "根拠",
    "factor": "係数",
    "amount": "計算後の金額(円)",
    "source": "料率表の箇所",
    "kind": "種類",
    "plan": "プラン",
    "liability_limit": "賠償限度額",
    "cost_limit": "費用限度額",
    "liability_deductible": "賠償免責",
    "cost_deductible": "費用免責",
    "premium": "保険料(円)",
    "key": "質問",
    "advice": "対策",
    "saves": "下がる額(円)",
}


def print_worksheet(quote: Quote, worksheet: dict[str, Any]) -> None:
    """Print one quote: its numbers and dates, the reasons, the changed terms, and the steps of its price."""
    console = Console(width=LINE_WIDTH, markup=False)
    issued = quote.issued_at.astimezone(JST)
    print(f"見積り {quote.quote_id}(受付番号 {quote.reception_no}、枝番 {quote.revision})")
    print(f"発行 {issued:%Y年%m月%d日 %H:%M}(日本時間)  有効期限 {quote.offer.expires_on if quote.offer else '—'}")
    print(f"料率表 {quote.tariff.id}  sha256 {quote.tariff.sha256}  計算エンジン {quote.engine}")
    if worksheet["reasons"]:
        print("\n個別審査(要確認)とした理由")
        for reason in worksheet["reasons"]:
            print(f"  {reason['code']}: {reason['message']}")
    if worksheet["note"]:
        print(f"\n担当者の理由: {worksheet['note']}")
    for change in worksheet["changes"]:
        print(f"\n条件の変更 {change['key']}: {change['requested']} → {change['offered']}({change['rule']})")
        print(f"  {change['says']}")
    _print_rows(console, "計算書", worksheet["workings"], ("label", "input", "factor", "amount", "source"))
    _print_rows(console, "提示した条件", worksheet["options"], _OPTION_COLUMNS)
    _print_rows(console, "保険料を下げる対策", worksheet["savings"], ("key", "advice", "saves", "premium"))


def _print_rows(console: Console, title: str, rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    if not rows:
        return
    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left")
    for column in columns:
        is_number = column not in ("label", "input", "source", "kind", "plan", "key", "advice")
        table.add_column(_COLUMN_NAMES[column], justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(f"{row[key]:,}" if isinstance(row[key], int) else str(row[key]) for key in columns))
    console.print(table)


def print_outcomes(outcomes: Sequence[tuple[Quote, Replayed]]) -> None:
    """Print each quote that differs or could not be replayed, and how many of each outcome there are."""
    counts = dict.fromkeys((Same, NotComputed, Differs, CannotReplay), 0)
    for quote, result in outcomes:
        counts[type(result)] += 1
        name = f"{quote.quote_no}({quote.quote_id})"
        match result:
            case Differs(differences=differences):
                print(f"不一致 {name}: エンジン {quote.engine} → {ENGINE}")
                for part, before, after in differences:
                    print(f"  {part}: {_brief(before)} → {_brief(after)}")
            case CannotReplay(why=why) | NotComputed(why=why):
                print(f"{'計算不能' if isinstance(result, CannotReplay) else '対象外'} {name}: {SENTENCE_FOR[why]}")
            case Same() if len(outcomes) == 1:
                print(f"一致 {name}: {f'{quote.premium_yen:,}円' if quote.premium_yen else '個別審査(要確認)'}")
    print(
        f"再計算 {len(outcomes)}件: 一致 {counts[Same]}、対象外 {counts[NotComputed]}、"
        f"不一致 {counts[Differs]}、計算不能 {counts[CannotReplay]}"
    )


def _brief(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LINE_WIDTH else f"{text[:LINE_WIDTH]}…"
