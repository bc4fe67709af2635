"""`mitsumori tariff table`: what a tariff charges, by industry and turnover."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated

import typer
from rich.console import Console

from cli.errors import exit_on_error
from cli.tariff.app import PRODUCT, Product
from cli.tariff.output import new_table, short_yen
from cli.tariff.products import find_product, tariff_or_in_force
from pricing.actuary.premium_table import TURNOVERS, PremiumRow, as_csv, premium_table
from pricing.tariff import Tariff
from shared.errors import Invalid

Terms = Mapping[str, str | int]


@exit_on_error()
def table(  # noqa: PLR0917  # one option for each term of the cover; typer takes them by name
    tariff: Annotated[str | None, typer.Argument(help="実施日またはファイル。省略時は本日有効な料率表")] = None,
    plan: Annotated[str, typer.Option(help="プラン")] = "basic",
    liability_limit: Annotated[int, typer.Option(help="賠償損害の支払限度額(円)")] = 100_000_000,
    cost_limit: Annotated[int, typer.Option(help="費用損害の支払限度額(円)")] = 30_000_000,
    liability_deductible: Annotated[int, typer.Option(help="賠償損害の免責金額(円)")] = 100_000,
    cost_deductible: Annotated[int, typer.Option(help="費用損害の免責金額(円)")] = 0,
    riders: Annotated[str, typer.Option(help="特約(; 区切り)")] = "",
    score: Annotated[str, typer.Option(help="告知の評点(0から1)")] = "0.5",
    product: Product = PRODUCT,
    print_csv: Annotated[bool, typer.Option("--csv", help="CSV で出力する")] = False,  # noqa: FBT002  # a flag
) -> None:
    """業種・売上高ごとの保険料の一覧 (premiums by industry and turnover)."""
    terms: dict[str, str | int] = {
        "plan": plan,
        "liability_limit": liability_limit,
        "cost_limit": cost_limit,
        "liability_deductible": liability_deductible,
        "cost_deductible": cost_deductible,
    }
    number = _score(score)
    priced_by = tariff_or_in_force(tariff, find_product(product))
    rows = premium_table(priced_by, _cover(terms, riders, priced_by), number)
    if print_csv:
        print(as_csv(rows), end="")
    else:
        _print_table(rows, f"料率表 {priced_by.id}、評点 {number}")


def _score(text: str) -> Decimal:
    try:
        score = Decimal(text)
    except ArithmeticError:
        score = Decimal(-1)
    if not (score.is_finite() and 0 <= score <= 1):
        raise Invalid(f"評点「{text}」は0から1までの数ではありません。")
    return score


def _cover(terms: Terms, riders: str, tariff: Tariff) -> Terms:
    """All terms of the cover: *terms*, which are those without the riders, and the *riders* named in one text."""
    chosen = {f"rider_{name.strip().removeprefix('rider_')}" for name in riders.split(";") if name.strip()}
    known = [key for key in tariff.questions if key.startswith("rider_")]
    cover = {**terms, **{key: "yes" if key in chosen else "no" for key in known}}
    for key, value in [*cover.items(), *((rider, "yes") for rider in chosen)]:
        if key not in tariff.questions or value not in tariff.questions[key].choices:
            raise Invalid(f"{key} に「{value}」という選択肢はありません。")
    return cover


def _print_table(rows: Sequence[PremiumRow], title: str) -> None:
    turnovers = [short_yen(turnover * 1_000) for turnover in TURNOVERS]
    table = new_table(f"年間保険料(円) {title}", "業種", *turnovers, right=tuple(turnovers))
    table.caption = "列は売上高"
    table.columns[0].max_width = 20
    notes: dict[str, int] = {}
    for row in rows:
        table.add_row(row.name, *(_premium(premium, notes) for premium in row.premiums))
    Console().print(table)
    for codes, number in notes.items():
        print(f"要審査{number}: {codes}")


def _premium(premium: int | str, notes: dict[str, int]) -> str:
    """A premium, or the number of a note below the table. A text that *notes* does not have yet gets a new number."""
    if isinstance(premium, int):
        return f"{premium:,}"
    return f"要審査{notes.setdefault(premium, len(notes) + 1)}"
