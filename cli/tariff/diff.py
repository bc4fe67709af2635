"""`mitsumori tariff diff`: what differs between two tariffs, and what that does to the golden cases."""

import sys
from typing import Annotated

import typer
from rich.console import Console

from cli.errors import exit_on_error
from cli.options import AsJson
from cli.tariff.app import PRODUCT, Product
from cli.tariff.output import new_table, print_json
from cli.tariff.products import find_product
from pricing.actuary.diff import Change, Diff, diff_tariffs, unified_text
from pricing.actuary.golden import GoldenCases, read_golden_cases
from pricing.actuary.tariff_file import TariffFile, load_tariff_file

KINDS = {"added": "追加", "removed": "削除", "changed": "変更", "order": "順序"}
EFFECTS = {
    "newly-referred": "新たに照会となる",
    "no-longer-referred": "照会でなくなる",
    "other-reasons": "照会の理由が変わる",
}


@exit_on_error()
def show_diff(
    before: Annotated[str, typer.Argument(metavar="A", help="今の料率表(実施日またはファイル)")],
    after: Annotated[str, typer.Argument(metavar="B", help="比べる料率表(実施日またはファイル)")],
    text: Annotated[bool, typer.Option("--text", help="ファイルの差分(行ごと)を出力する")] = False,  # noqa: FBT002  # a flag
    as_json: AsJson = False,  # noqa: FBT002  # a flag
    product: Product = PRODUCT,
) -> None:
    """二つの料率表の違いと、検算例の保険料の増減 (what differs, and what it does; exit 1 when they differ)."""
    priced = find_product(product)
    old, new = load_tariff_file(before, priced), load_tariff_file(after, priced)
    diff = diff_tariffs(old, new, [cases for file in (old, new) for cases in _golden_cases(file)])
    if text:
        print(unified_text(old, new), end="")
    elif as_json:
        print_json(diff.as_json())
    elif diff.is_empty:
        print("違いはありません。")
    else:
        _print_changes(diff.changes)
        _print_cases(diff, f"検算例の保険料 {before} → {after}")
    raise typer.Exit(0 if diff.is_empty else 1)


def _golden_cases(file: TariffFile) -> list[GoldenCases]:
    """The cases beside *file*; an empty list for a draft that has none yet."""
    if not file.golden_path.is_file():
        print(f"mitsumori: {file.golden_path}: 検算例がありません。", file=sys.stderr)
        return []
    return [read_golden_cases(file.golden_path, file.form)]


def _print_changes(changes: tuple[Change, ...]) -> None:
    for section in dict.fromkeys(change.section for change in changes):
        table = new_table(section or "全体", "項目", "", "A", "B", "増減", right=("増減",), fold=True)
        table.title_justify = "left"
        for change in changes:
            if change.section == section:
                percent = "" if change.percent is None else f"{change.percent:+}%"
                table.add_row(change.entry, KINDS[change.kind], change.old, change.new, percent)
        Console().print(table)


def _print_cases(diff: Diff, title: str) -> None:
    table = new_table(title, "例", "A", "B", "増減", "", right=("A", "B", "増減"), fold=True)
    moved = [delta for delta in diff.deltas if not delta.is_same]
    for delta in moved:
        table.add_row(
            delta.case,
            ", ".join(delta.old_reasons) if delta.old is None else f"{delta.old:,}",
            ", ".join(delta.new_reasons) if delta.new is None else f"{delta.new:,}",
            "" if delta.percent is None else f"{delta.percent:+}%",
            EFFECTS.get(delta.effect, ""),
        )
    if moved:
        Console().print(table)
    print(f"検算例 {len(diff.deltas)}件、うち変わるもの {len(moved)}件")
