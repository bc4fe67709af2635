"""What is looked at before a tariff is published: its mistakes, its golden cases, and what it changes."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import exit_on_error
from cli.tariff.app import PRODUCT, app, product_named

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from pricing.actuary.diff import Diff
    from pricing.actuary.golden import Golden, Outcome
    from pricing.actuary.lint import Report
    from pricing.tariff import PricedProduct

Tariffs = Annotated[
    list[str] | None, typer.Argument(metavar="[TARIFF]...", help="実施日またはファイル。省略時はすべて")
]
Product = Annotated[str, typer.Option(help="商品 (product)")]
Json = Annotated[bool, typer.Option("--json", help="結果を JSON で出力する")]


@app.command()
def lint(tariffs: Tariffs = None, product: Product = PRODUCT, as_json: Json = False) -> None:  # noqa: FBT002  # a flag
    """料率表の誤りを探す (everything the loader refuses, and what it lets pass; exit 1 on any finding)."""
    with exit_on_error():
        reports = _linted(tariffs, product)
    findings = [finding for report in reports for finding in report.findings]
    if as_json:
        tables, rows = _counted(reports)
        found = {"findings": [finding.as_json() for finding in findings], "tables": tables, "rows": rows}
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            print(finding)
        if not findings:
            tables, rows = _counted(reports)
            print(f"no findings, {tables} tables, {rows} rows checked")
    raise typer.Exit(1 if findings else 0)


def _counted(reports: "list[Report]") -> tuple[int, int]:
    return sum(report.tables for report in reports), sum(report.rows for report in reports)


def _linted(tariffs: list[str] | None, product: str) -> "list[Report]":
    from pricing.actuary.edition import path_of  # noqa: PLC0415  # `--help` stays quick
    from pricing.actuary.lint import Finding, Report  # noqa: PLC0415  # `--help` stays quick
    from pricing.actuary.lint import lint as look  # noqa: PLC0415  # `--help` stays quick
    from shared.products import ProductError  # noqa: PLC0415  # `--help` stays quick

    try:
        sold = product_named(product)
    except ProductError as error:
        # One of the product's own tariffs, or its form: there is nothing to hold any tariff against.
        return [Report(tuple(Finding("error", problem) for problem in error.problems))]
    return [look(path_of(word, sold), sold.form) for word in tariffs or _all(sold)]


def _all(product: "PricedProduct") -> list[str]:
    return [tariff.id for tariff in product.tariffs]


@app.command()
def golden(tariffs: Tariffs = None, product: Product = PRODUCT, as_json: Json = False) -> None:  # noqa: FBT002  # a flag
    """検算例を計算し、違いを示す (the golden cases beside the tariff; exit 1 when one fails)."""
    with exit_on_error():
        from pricing.actuary.edition import edition  # noqa: PLC0415  # `--help` stays quick
        from pricing.actuary.golden import check, read_golden  # noqa: PLC0415  # `--help` stays quick

        sold = product_named(product)
        checked: dict[str, list[Outcome]] = {}
        for word in tariffs or _all(sold):
            found = edition(word, sold)
            checked[str(found.source.path)] = check(read_golden(found.golden, sold.form), found.tariff)
    failed = [one for outcomes in checked.values() for one in outcomes if one.mismatches]
    if as_json:
        told = {file: [one.as_json() for one in outcomes] for file, outcomes in checked.items()}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for outcomes in checked.values():
            _print_outcomes(outcomes)
        print(f"検算例 {sum(map(len, checked.values()))}件、うち不一致 {len(failed)}件")
    raise typer.Exit(1 if failed else 0)


def _print_outcomes(outcomes: "list[Outcome]") -> None:
    for outcome in outcomes:
        if outcome.mismatches:
            print(f"✗ {outcome.case}")
        for one in outcome.mismatches:
            print(f"    {one.what}\n      期待  {one.expected}\n      実際  {one.actual}")


@app.command()
def diff(  # typer takes the options by name
    before: Annotated[str, typer.Argument(metavar="A", help="今の料率表(実施日またはファイル)")],
    after: Annotated[str, typer.Argument(metavar="B", help="比べる料率表(実施日またはファイル)")],
    text: Annotated[bool, typer.Option("--text", help="ファイルの差分(行ごと)を出力する")] = False,  # noqa: FBT002  # a flag
    as_json: Json = False,  # noqa: FBT002  # a flag
    product: Product = PRODUCT,
) -> None:
    """二つの料率表の違いと、検算例の保険料の増減 (what differs, and what it does; exit 1 when they differ)."""
    with exit_on_error():
        from pricing.actuary import diff as work  # noqa: PLC0415  # `--help` stays quick
        from pricing.actuary.edition import edition  # noqa: PLC0415  # `--help` stays quick

        sold = product_named(product)
        editions = edition(before, sold), edition(after, sold)
        cases = [found for one in editions for found in _cases(one.golden, sold)]
        found = work.diff(*editions, cases)
        if text:
            print(work.text_of(*editions), end="")
        elif as_json:
            print(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        else:
            _print_diff(found, before, after)
    raise typer.Exit(0 if found.is_empty else 1)


def _cases(path: Path, product: "PricedProduct") -> "list[Golden]":
    """A draft may have no cases of its own yet."""
    from pricing.actuary.golden import read_golden  # noqa: PLC0415  # `--help` stays quick

    if not path.is_file():
        print(f"mitsumori: {path}: 検算例がありません。", file=sys.stderr)
        return []
    return [read_golden(path, product.form)]


WHAT = {"added": "追加", "removed": "削除", "changed": "変更", "order": "順序"}
SAYS = {
    "newly-referred": "新たに照会となる",
    "no-longer-referred": "照会でなくなる",
    "other-reasons": "照会の理由が変わる",
}


def _print_diff(found: "Diff", before: str, after: str) -> None:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415  # `--help` stays quick
    from rich.console import Console  # noqa: PLC0415  # `--help` stays quick
    from rich.table import Table  # noqa: PLC0415  # `--help` stays quick

    if found.is_empty:
        print("違いはありません。")
        return
    console = Console()
    for section in dict.fromkeys(change.section for change in found.changes):
        entries = Table(title=section or "全体", title_justify="left", box=SIMPLE_HEAD, padding=0)
        for name in ("項目", "", "A", "B", "増減"):
            entries.add_column(name, justify="right" if name == "増減" else "left", overflow="fold")
        for change in found.changes:
            if change.section == section:
                percent = "" if change.percent is None else f"{change.percent:+}%"
                entries.add_row(change.entry, WHAT[change.what], change.old, change.new, percent)
        console.print(entries)
    _print_deltas(found, console, Table(title=f"検算例の保険料 {before} → {after}", box=SIMPLE_HEAD, padding=0))


def _print_deltas(found: "Diff", console: "Console", shown: "Table") -> None:
    moved = [delta for delta in found.deltas if not delta.is_same]
    for name in ("例", "A", "B", "増減", ""):
        shown.add_column(name, justify="right" if name in ("A", "B", "増減") else "left", overflow="fold")
    for delta in moved:
        shown.add_row(
            delta.case,
            ", ".join(delta.old_reasons) if delta.old is None else f"{delta.old:,}",
            ", ".join(delta.new_reasons) if delta.new is None else f"{delta.new:,}",
            "" if delta.percent is None else f"{delta.percent:+}%",
            SAYS.get(delta.says, ""),
        )
    if moved:
        console.print(shown)
    print(f"検算例 {len(found.deltas)}件、うち変わるもの {len(moved)}件")
