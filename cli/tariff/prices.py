"""What a tariff charges: against premiums that are known, and at a glance."""

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import exit_on_error
from cli.tariff.app import PRODUCT, app, product_named, today

if TYPE_CHECKING:
    from pricing.actuary.compare import Comparison
    from pricing.actuary.table import Line

Product = Annotated[str, typer.Option(help="商品 (product)")]
InForce = Annotated[str | None, typer.Option("--tariff", help="実施日またはファイル。省略時は本日有効な料率表")]


@app.command()
def compare(
    points: Annotated[Path, typer.Argument(help="比較する保険料の CSV")],
    tariff: InForce = None,
    product: Product = PRODUCT,
    as_json: Annotated[bool, typer.Option("--json", help="結果を JSON で出力する")] = False,  # noqa: FBT002  # a flag
) -> None:
    """既知の保険料と比べ、誤差を示す (predicted premiums against known ones; exit 1 when one is referred)."""
    with exit_on_error():
        from pricing.actuary import compare as work  # noqa: PLC0415  # `--help` stays quick
        from pricing.actuary.edition import edition  # noqa: PLC0415  # `--help` stays quick

        sold = product_named(product)
        rates = edition(tariff or today(sold), sold).tariff
        found = work.compare(work.read_points(points, rates), rates)
        if as_json:
            print(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        else:
            _print_comparison(found, rates.id)
    raise typer.Exit(1 if found.referred else 0)


def _print_comparison(found: "Comparison", tariff: str) -> None:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415  # `--help` stays quick
    from rich.console import Console  # noqa: PLC0415  # `--help` stays quick
    from rich.table import Table  # noqa: PLC0415  # `--help` stays quick

    table = Table(title=f"料率表 {tariff} と既知の保険料", box=SIMPLE_HEAD, padding=0)
    for name in ("行", "業種", "売上高", "賠償/費用", "特約", "評点", "保険料", "計算値", "誤差"):
        table.add_column(name, justify="left" if name in ("業種", "特約") else "right", no_wrap=True)
    for row in found.rows:
        point, error = row.point, row.error_percent
        table.add_row(
            str(point.line),
            str(point.terms["industry"]),
            _short(int(point.terms["turnover"]) * 1_000),
            f"{_short(point.terms['liability_limit'])}/{_short(point.terms['cost_limit'])}",
            point.riders.replace("rider_", ""),
            f"{point.score}",
            "" if point.premium is None else f"{point.premium:,}",
            ", ".join(reason.code for reason in row.reasons) if row.predicted is None else f"{row.predicted:,}",
            "" if error is None else f"{error:+}%",
        )
    Console().print(table)
    if found.worst is not None:
        print(f"最大の誤差: {found.worst.error_percent:+}%({found.worst.point.line}行目)、{len(found.rows)}件")
    if found.referred:
        print(f"保険料を計算できない行: {found.referred}件")


def _short(yen: str | int) -> str:
    oku, man = divmod(int(yen) // 10_000, 10_000)
    return f"{oku:,}億" if oku else f"{man:,}万"


@app.command()
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
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV で出力する")] = False,  # noqa: FBT002  # a flag
) -> None:
    """業種・売上高ごとの保険料の一覧 (premiums by industry and turnover)."""
    with exit_on_error():
        from pricing.actuary import table as work  # noqa: PLC0415  # `--help` stays quick
        from pricing.actuary.edition import edition  # noqa: PLC0415  # `--help` stays quick
        from shared.errors import Invalid  # noqa: PLC0415  # `--help` stays quick

        try:
            at = Decimal(score)
        except ArithmeticError:
            at = Decimal(-1)
        if not (at.is_finite() and 0 <= at <= 1):
            raise Invalid(f"評点「{score}」は0から1までの数ではありません。")
        sold = product_named(product)
        rates = edition(tariff or today(sold), sold).tariff
        asked = {f"rider_{one.strip().removeprefix('rider_')}" for one in riders.split(";") if one.strip()}
        cover: dict[str, str | int] = {
            "plan": plan,
            "liability_limit": liability_limit,
            "cost_limit": cost_limit,
            "liability_deductible": liability_deductible,
            "cost_deductible": cost_deductible,
            **{key: "yes" if key in asked else "no" for key in rates.questions if key.startswith("rider_")},
        }
        for key, value in [*cover.items(), *((rider, "yes") for rider in asked)]:
            if key not in rates.questions or value not in rates.questions[key].choices:
                raise Invalid(f"{key} に「{value}」という選択肢はありません。")
        lines = work.premium_table(rates, cover, at)
        if as_csv:
            print(work.as_csv(lines), end="")
        else:
            _print_table(lines, work.TURNOVERS, f"料率表 {rates.id}、評点 {at}")


def _print_table(lines: "list[Line]", turnovers: tuple[int, ...], title: str) -> None:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415  # `--help` stays quick
    from rich.console import Console  # noqa: PLC0415  # `--help` stays quick
    from rich.table import Table  # noqa: PLC0415  # `--help` stays quick

    shown = Table(title=f"年間保険料(円) {title}", caption="列は売上高", box=SIMPLE_HEAD, padding=0)
    shown.add_column("業種", no_wrap=True, max_width=20)
    for turnover in turnovers:
        shown.add_column(_short(turnover * 1_000), justify="right", no_wrap=True)
    notes: dict[str, int] = {}
    for line in lines:
        shown.add_row(
            line.name,
            *(
                f"{premium:,}" if isinstance(premium, int) else f"要審査{notes.setdefault(premium, len(notes) + 1)}"
                for premium in line.premiums
            ),
        )
    Console().print(shown)
    for codes, number in notes.items():
        print(f"要審査{number}: {codes}")
