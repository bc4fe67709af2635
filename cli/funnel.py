"""`mitsumori funnel`: how far visitors come in the form. It shows counts only, never an answer."""

import asyncio
import json
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, AsJson, Data, Mongo, Products, running_mongo
from services.intake.adapters.mongo_steps import MongoSteps
from services.intake.domain.funnel import Funnel, funnel
from services.registry import service
from shared.clock import utc_now
from shared.errors import Invalid
from shared.products import Product, load_products
from shared.runtime.adapters.mongo import connect


@exit_on_error()
def show_funnel(  # noqa: PLR0917  # typer takes them by name
    product: Annotated[str, typer.Option("--product", help="商品 (product)")] = "cyber-security",
    days: Annotated[int, typer.Option("--days", min=1, max=400, help="さかのぼる日数")] = 30,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    products: Products = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """フォームの入力状況を示す (how far visitors come, where they stop, how long it takes)."""
    known = load_products(products).get(product)
    if known is None:
        raise Invalid(f"商品 {product} はありません。")
    counts = asyncio.run(_read(mongo or running_mongo(data), known, days))
    if as_json:
        print(json.dumps(asdict(counts), ensure_ascii=False))
    else:
        _print(counts, known, days)


async def _read(mongo: str, product: Product, days: int) -> Funnel:
    async with connect(mongo, service("intake").database) as database:
        now = utc_now()
        return funnel(await MongoSteps(database).since(product.slug, now - timedelta(days=days)), now)


def _print(counts: Funnel, product: Product, days: int) -> None:
    table = Table(title=f"{product.name} 直近{days}日の入力状況", box=SIMPLE_HEAD)
    for column in ("段階", "件数", "割合"):
        table.add_column(column, justify="left" if column == "段階" else "right")
    rows = [("入力をはじめた", counts.started)]
    rows += [(f"「{page.title}」を終えた", counts.passed.get(page.slug, 0)) for page in product.form.pages]
    rows += [("送信した", counts.sent), ("24時間以上戻らない", counts.abandoned), ("入力中", counts.open)]
    for label, count in rows:
        table.add_row(label, f"{count:,}", f"{count / counts.started:.0%}" if counts.started else "—")
    console = Console()
    console.print(table)
    if counts.median_s is not None:
        console.print(f"はじめてから送信までの中央値: {counts.median_s / 60:.1f}分")
    for key, count in counts.errors.items():
        console.print(f"入力エラー {count:,}回: {product.question_label(key)[:40]}")
