"""What `mitsumori explain` and `replay` show of rating's ledger: to the operator's terminal, never to a log."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import track
from rich.table import Table

from pricing.engine.result import ENGINE
from services.rating.adapters.mongo import MongoEditions, MongoQuotes
from services.rating.domain.quote import Quote
from services.rating.usecases.replay import CannotReplay, Differs, NotComputed, Replay, Replayed, Same
from shared.clock import JST
from shared.errors import Invalid
from shared.runtime.adapters.mongo import Database, connect
from shared.runtime.parcels import ParcelOpener, load_parcel_opener

DATABASE = "mitsumori_rating"
WIDTH = 120
"""Wide enough for a worksheet, also where the output is no terminal."""

WHY = {
    "manual": "手動で設定された保険料のため、計算はありません",
    "no-tariff": "料率表のない日の受付のため、計算はありません",
    "no-edition": "計算に使われた版が保存されていません",
    "unreadable-edition": "保存された版をこのバージョンでは読めません",
    "unknown-key": "この見積りを開く鍵がありません",
    "broken-parcel": "保存された回答が壊れています",
}


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where the quotes are, and the keys that open them."""

    mongo: str
    keys: Path

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[tuple[Database, ParcelOpener]]:
        """Raises `Invalid` when there are no keys."""
        try:
            opener = load_parcel_opener(self.keys, "rating")
        except FileNotFoundError:
            raise Invalid(f"{self.keys} に rating の鍵がありません。MITSUMORI_KEYS に指定してください。") from None
        async with connect(self.mongo, DATABASE) as database:
            yield database, opener


async def explain(ledger: Ledger, word: str, *, as_json: bool) -> None:
    """Print the worksheet of the quote called *word*. Raises `Invalid` when there is none, or no key opens it."""
    async with ledger.opened() as (database, opener):
        quote = await _named(MongoQuotes(database, nudge=lambda: None), word)
    try:
        sheet = opener.open(quote.worksheet)
    except Invalid as error:
        raise Invalid(f"{word}: {WHY[str(error)]}。") from None
    if as_json:
        print(json.dumps({**_head(quote), **sheet}, ensure_ascii=False, indent=2))
    else:
        _print_worksheet(quote, sheet)


async def replay(ledger: Ledger, words: Sequence[str], *, as_json: bool) -> bool:
    """Replay the quotes called *words*, or all; whether nothing differs and nothing failed."""
    async with ledger.opened() as (database, opener):
        quotes = MongoQuotes(database, nudge=lambda: None)
        again = Replay(MongoEditions(database), opener)
        chosen = [await _named(quotes, word) for word in words] or [quote async for quote in quotes.every()]
        shown = track(chosen, "再計算", console=Console(stderr=True), transient=True, disable=as_json)
        found = [(one, await again(one)) for one in shown]
    if as_json:
        print(json.dumps([_outcome(one, result) for one, result in found], ensure_ascii=False, indent=2))
    else:
        _print_outcomes(found)
    return all(isinstance(result, Same | NotComputed) for _, result in found)


async def _named(quotes: MongoQuotes, word: str) -> Quote:
    quote = await quotes.named(word)
    if quote is None:
        raise Invalid(f"見積り「{word}」がありません。")
    return quote


def _head(quote: Quote) -> dict[str, Any]:
    offer = quote.offer
    return {
        "quote_id": quote.quote_id,
        "request_id": quote.request_id,
        "reception_no": quote.reception_no,
        "revision": quote.revision,
        "product": quote.product,
        "tariff": {"id": quote.tariff.id, "sha256": quote.tariff.sha256},
        "edition": quote.edition,
        "engine": quote.engine,
        "issued_at": quote.issued_at.isoformat(),
        "expires_on": offer.expires_on.isoformat() if offer else None,
        "result": "offered" if offer else "referred",
        "basis": offer.basis if offer else "tariff",
        "premium": quote.premium_yen,
    }


def _outcome(quote: Quote, result: Replayed) -> dict[str, Any]:
    name = {Same: "same", Differs: "differs", NotComputed: "not-computed", CannotReplay: "cannot"}[type(result)]
    return {
        "quote_id": quote.quote_id,
        "premium": quote.premium_yen,
        "outcome": name,
        "engine": {"kept": quote.engine, "now": ENGINE},
        **asdict(result),
    }


def _print_worksheet(quote: Quote, sheet: dict[str, Any]) -> None:
    console = Console(width=WIDTH, markup=False)
    issued = quote.issued_at.astimezone(JST)
    print(f"見積り {quote.quote_id}(受付番号 {quote.reception_no}、枝番 {quote.revision})")
    print(f"発行 {issued:%Y年%m月%d日 %H:%M}(日本時間)  有効期限 {quote.offer.expires_on if quote.offer else '—'}")
    print(f"料率表 {quote.tariff.id}  sha256 {quote.tariff.sha256}  計算エンジン {quote.engine}")
    if sheet["reasons"]:
        print("\n個別審査(要確認)とした理由")
        for reason in sheet["reasons"]:
            print(f"  {reason['code']}: {reason['message']}")
    if sheet["note"]:
        print(f"\n担当者の理由: {sheet['note']}")
    for change in sheet["changes"]:
        print(f"\n条件の変更 {change['key']}: {change['requested']} → {change['offered']}({change['rule']})")
        print(f"  {change['says']}")
    _print_rows(console, "計算書", sheet["workings"], ("label", "input", "factor", "amount", "source"))
    _print_rows(console, "提示した条件", sheet["options"], OPTION)
    _print_rows(console, "保険料を下げる対策", sheet["savings"], ("key", "advice", "saves", "premium"))


OPTION = ("kind", "plan", "liability_limit", "cost_limit", "liability_deductible", "cost_deductible", "premium")
NAMES = {
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


def _print_rows(console: Console, title: str, rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> None:
    if not rows:
        return
    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left")
    for column in columns:
        is_number = column not in ("label", "input", "source", "kind", "plan", "key", "advice")
        table.add_column(NAMES[column], justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(f"{row[one]:,}" if isinstance(row[one], int) else str(row[one]) for one in columns))
    console.print(table)


def _print_outcomes(found: Sequence[tuple[Quote, Replayed]]) -> None:
    counts = dict.fromkeys((Same, NotComputed, Differs, CannotReplay), 0)
    for quote, result in found:
        counts[type(result)] += 1
        name = f"{quote.quote_no}({quote.quote_id})"
        match result:
            case Differs(differences=differences):
                print(f"不一致 {name}: エンジン {quote.engine} → {ENGINE}")
                for part, before, after in differences:
                    print(f"  {part}: {_brief(before)} → {_brief(after)}")
            case CannotReplay(why=why) | NotComputed(why=why):
                print(f"{'計算不能' if isinstance(result, CannotReplay) else '対象外'} {name}: {WHY[why]}")
            case Same() if len(found) == 1:
                print(f"一致 {name}: {f'{quote.premium_yen:,}円' if quote.premium_yen else '個別審査(要確認)'}")
    print(
        f"再計算 {len(found)}件: 一致 {counts[Same]}、対象外 {counts[NotComputed]}、"
        f"不一致 {counts[Differs]}、計算不能 {counts[CannotReplay]}"
    )


def _brief(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= WIDTH else f"{text[:WIDTH]}…"
