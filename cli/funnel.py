"""What `mitsumori funnel` shows of intake's steps: counts, to the operator's terminal."""

import asyncio
import json
from dataclasses import asdict
from datetime import timedelta

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from services.intake.adapters.mongo import MongoSteps
from services.intake.domain.funnel import Funnel, funnel
from shared.clock import utc_now
from shared.products import Product
from shared.runtime.adapters.mongo import connect

DATABASE = "mitsumori_intake"


def show(mongo: str, product: Product, days: int, *, as_json: bool) -> None:
    """Print the funnel of the last *days*. Raises `Unavailable`."""
    found = asyncio.run(_read(mongo, product, days))
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False))
        return
    table = Table(title=f"{product.name} 直近{days}日の入力状況", box=SIMPLE_HEAD)
    for column in ("段階", "件数", "割合"):
        table.add_column(column, justify="left" if column == "段階" else "right")
    rows = [("入力をはじめた", found.started)]
    rows += [(f"「{page.title}」を終えた", found.passed.get(page.slug, 0)) for page in product.form.pages]
    rows += [("送信した", found.sent), ("24時間以上戻らない", found.abandoned), ("入力中", found.open)]
    for label, count in rows:
        table.add_row(label, f"{count:,}", f"{count / found.started:.0%}" if found.started else "—")
    console = Console()
    console.print(table)
    if found.median_s is not None:
        console.print(f"はじめてから送信までの中央値: {found.median_s / 60:.1f}分")
    for key, count in found.errors.items():
        console.print(f"入力エラー {count:,}回: {product.form.question(key).label[:40]}")


async def _read(mongo: str, product: Product, days: int) -> Funnel:
    async with connect(mongo, DATABASE) as database:
        now = utc_now()
        return funnel(await MongoSteps(database).since(product.slug, now - timedelta(days=days)), now)
