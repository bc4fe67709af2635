"""`mitsumori funnel`: how far visitors come in the form. It shows counts only, never an answer."""

import asyncio
import json
from collections.abc import Mapping
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
from services.intake.domain.funnel import Funnel, by_order, funnel
from services.registry import service
from shared.clock import utc_now
from shared.errors import Invalid
from shared.products import INSURERS_ORDER, Form, Product, load_products
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
    counts, orders = asyncio.run(_read(mongo or running_mongo(data), known, days))
    if as_json:
        by_name = {name: asdict(of_order) for name, of_order in orders.items()}
        print(json.dumps(asdict(counts) | {"orders": by_name}, ensure_ascii=False))
    else:
        _print(counts, orders, known, days)


async def _read(mongo: str, product: Product, days: int) -> tuple[Funnel, Mapping[str, Funnel]]:
    async with connect(mongo, service("intake").database) as database:
        now = utc_now()
        steps = await MongoSteps(database).since(product.slug, now - timedelta(days=days))
        return funnel(steps, now), {order: funnel(of_order, now) for order, of_order in by_order(steps).items()}


def _print(counts: Funnel, orders: Mapping[str, Funnel], product: Product, days: int) -> None:
    console = Console()
    console.print(f"{product.name} 直近{days}日の入力状況")
    for name, of_order in orders.items() or [(INSURERS_ORDER, counts)]:
        console.print(_stages(of_order, product.form, name))
    if len(orders) > 1:
        console.print(_comparison(orders, product.form))
    if counts.median_s is not None:
        console.print(f"はじめてから送信までの中央値: {_minutes(counts)}")
    for key, count in counts.errors.items():
        console.print(f"入力エラー {count:,}回: {product.question_label(key)[:40]}")


def _stages(counts: Funnel, form: Form, order: str) -> Table:
    """Each page in the order in which these visits came to it."""
    table = Table(title=_title(form, order), box=SIMPLE_HEAD)
    for column in ("段階", "件数", "割合"):
        table.add_column(column, justify="left" if column == "段階" else "right")
    rows = [("入力をはじめた", counts.started)]
    rows += [(f"「{page.title}」を終えた", counts.passed.get(page.slug, 0)) for page in form.in_order(order).pages]
    rows += [("送信した", counts.sent), ("24時間以上戻らない", counts.abandoned), ("入力中", counts.open)]
    for label, count in rows:
        table.add_row(label, f"{count:,}", _share(count, counts.started))
    return table


def _comparison(orders: Mapping[str, Funnel], form: Form) -> Table:
    table = Table(title="質問の順の比較", box=SIMPLE_HEAD)
    table.add_column("")
    for order in orders:
        table.add_column(_title(form, order), justify="right")
    found = orders.values()
    table.add_row("入力をはじめた", *(f"{one.started:,}" for one in found))
    table.add_row("送信した割合", *(_share(one.sent, one.started) for one in found))
    table.add_row("24時間以上戻らない割合", *(_share(one.abandoned, one.started) for one in found))
    table.add_row("所要時間の中央値", *(_minutes(one) for one in found))
    return table


def _title(form: Form, order: str) -> str:
    return form.orders[order].title if order in form.orders else order


def _share(count: int, of: int) -> str:
    return f"{count / of:.0%}" if of else "—"


def _minutes(counts: Funnel) -> str:
    return "—" if counts.median_s is None else f"{counts.median_s / 60:.1f}分"
