"""The group `mitsumori tariff`: its commands, imported only when one is called (cli/lazy.py), and what they share."""

from contextvars import ContextVar
from pathlib import Path
from typing import Annotated

import typer

from cli.lazy import LazyCommand, lazy_group
from cli.options import Products

COMMANDS = (
    LazyCommand(
        "export",
        "cli.tariff.excel:export_workbook",
        "料率表を Excel に書き出す (a tariff as a workbook; figures stay exact).",
    ),
    LazyCommand(
        "import",
        "cli.tariff.excel:import_workbook",
        "Excel で編集した料率表を YAML に戻す (only what was edited changes; a broken tariff is not written).",
    ),
    LazyCommand(
        "impact",
        "cli.tariff.impact:impact",
        "同じ申込みを二つの料率表で計算し直し、影響を報告する (re-rate a book under two tariffs).\n\n"
        "読み取れない行があったとき、または標本の照合で違いが見つかったときは 1 で終わる。",
    ),
    LazyCommand(
        "compare",
        "cli.tariff.compare:compare",
        "既知の保険料と比べ、誤差を示す (predicted premiums against known ones; exit 1 when one is referred).",
    ),
    LazyCommand(
        "table", "cli.tariff.table:table", "業種・売上高ごとの保険料の一覧 (premiums by industry and turnover)."
    ),
    LazyCommand(
        "publish",
        "cli.tariff.publish:publish_draft",
        "検査と検算例に合格した料率表を商品に加える。以後は変更できない (take a tariff in, for good).",
    ),
    LazyCommand(
        "lint",
        "cli.tariff.lint:lint_tariffs",
        "料率表の誤りを探す (everything the loader refuses, and what it lets pass; exit 1 on any finding).",
    ),
    LazyCommand(
        "golden",
        "cli.tariff.golden:check_golden",
        "検算例を計算し、違いを示す (the golden cases beside the tariff; exit 1 when one fails).",
    ),
    LazyCommand(
        "diff",
        "cli.tariff.diff:show_diff",
        "二つの料率表の違いと、検算例の保険料の増減 (what differs, and what it does; exit 1 when they differ).",
    ),
)
PRODUCT = "cyber-security"
Product = Annotated[str, typer.Option("--product", help="商品 (product)")]
Tariffs = Annotated[
    list[str] | None, typer.Argument(metavar="[TARIFF]...", help="実施日またはファイル。省略時はすべて")
]

_EXTRA_PRODUCTS: ContextVar[Path | None] = ContextVar("folder of further products", default=None)

app = typer.Typer(
    cls=lazy_group(COMMANDS), help="料率表 (tariffs: check, compare, measure, edit)", no_args_is_help=True
)


@app.callback()
def group_options(context: typer.Context, products: Products = None) -> None:
    """料率表 (tariffs: check, compare, measure, edit)."""
    before = _EXTRA_PRODUCTS.set(products)
    context.call_on_close(lambda: _EXTRA_PRODUCTS.reset(before))


def extra_products() -> Path | None:
    """The folder given with `--products`, for the command that runs now."""
    return _EXTRA_PRODUCTS.get()
