"""`mitsumori tariff impact`: what a tariff would do to a book of requests, before it is published."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.errors import exit_on_error
from cli.tariff.app import PRODUCT, Product
from cli.tariff.output import new_table
from cli.tariff.products import find_product, today_in_japan
from pricing.actuary.impact.batch.tariff import BatchTariff
from pricing.actuary.impact.report import Impact, csv_rows, csv_tables, html_page, percent
from pricing.actuary.impact.requests import read_requests
from pricing.actuary.impact.rerate import Rerated, TariffPair, rerate_requests, rerate_synthetic
from pricing.actuary.impact.summary import Summary
from pricing.actuary.tariff_file import load_tariff_file
from shared.errors import Invalid

MOST_NAMED = 10
"""At most so many rows, or lines, are named on the terminal."""


@exit_on_error()
def impact(  # noqa: PLR0917  # typer takes the options by name
    before: Annotated[str, typer.Argument(metavar="A", help="今の料率表(実施日またはファイル)")],
    after: Annotated[str, typer.Argument(metavar="B", help="比べる料率表(実施日またはファイル)")],
    requests: Annotated[Path | None, typer.Option(help="申込みのファイル(JSON Lines または JSON の配列)")] = None,
    synthetic: Annotated[int, typer.Option(min=1, max=5_000_000, help="模擬の申込みの数")] = 100_000,
    seed: Annotated[int, typer.Option(min=0, help="模擬の申込みを作る種。同じ種なら同じ申込み")] = 1,
    out: Annotated[Path, typer.Option(help="報告書を書くフォルダ")] = Path(),
    rows: Annotated[bool, typer.Option("--rows", help="申込みごとの CSV も書く")] = False,  # noqa: FBT002  # a flag
    product: Product = PRODUCT,
) -> None:
    """同じ申込みを二つの料率表で計算し直し、影響を報告する (re-rate a book under two tariffs).

    読み取れない行があったとき、または標本の照合で違いが見つかったときは 1 で終わる。
    """
    priced = find_product(product)
    tariffs = load_tariff_file(before, priced).tariff, load_tariff_file(after, priced).tariff
    measured = _of_file(tariffs, requests) if requests else _of_synthetic(tariffs, synthetic, seed)
    raise typer.Exit(report_impact(measured, out, rows=rows))


def report_impact(impact: Impact, out: Path, *, rows: bool) -> int:
    """Write and print the report; the exit code. Premiums that the engine does not confirm are never reported."""
    if impact.book.differences:
        _print_differences(impact.book)
        return 1
    summary = impact.summary()
    written = _write(impact, summary, out, rows=rows)
    _print_summary(impact, summary)
    print("\n".join(map(str, written)))
    if impact.unreadable:
        named = "、".join(map(str, impact.unreadable[:MOST_NAMED]))
        rest = " ほか" if len(impact.unreadable) > MOST_NAMED else ""
        print(f"mitsumori: 読み取れなかった行が {len(impact.unreadable):,} 件あります: {named}{rest}", file=sys.stderr)
        return 1
    return 0


def _of_synthetic(tariffs: TariffPair, rows: int, seed: int) -> Impact:
    batch_tariffs = BatchTariff.of(tariffs[0]), BatchTariff.of(tariffs[1])
    with _progress_bar(rows) as progress:
        book = rerate_synthetic(batch_tariffs, rows, seed, progress)
    return Impact.of_synthetic_book(tariffs, book, seed, today_in_japan())


def _of_file(tariffs: TariffPair, path: Path) -> Impact:
    requests = read_requests(path)
    with _progress_bar(len(requests.answers)) as progress:
        book = rerate_requests(tariffs, requests.answers, progress)
    return Impact.of_requests(tariffs, book, path.name, requests, today_in_japan())


@contextmanager
def _progress_bar(total: int) -> Iterator[Callable[[int], None]]:
    """Show progress on a terminal; print nothing anywhere else. The block calls what it gets with the rows done."""
    console = Console(stderr=True)
    columns = (
        TextColumn("計算中"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total, rate="")

        def advance(rows: int) -> None:
            progress.advance(task, rows)
            speed = progress.tasks[0].finished_speed or progress.tasks[0].speed
            progress.update(task, rate=f"{speed:,.0f} 件/秒" if speed else "")

        yield advance


def _write(impact: Impact, summary: Summary, out: Path, *, rows: bool) -> list[Path]:
    # The byte order mark (utf-8-sig) tells spreadsheets that the text is UTF-8.
    files: dict[str, tuple[str, Iterable[str]]] = {
        ".html": ("utf-8", [html_page(impact, summary)]),
        ".csv": ("utf-8-sig", [csv_tables(summary)]),
    }
    if rows:
        files["-rows.csv"] = "utf-8-sig", csv_rows(impact)
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for ending, (encoding, text) in files.items():
            written.append(out / f"{impact.name}{ending}")
            with written[-1].open("w", encoding=encoding, newline="") as file:
                file.writelines(text)
    except OSError as error:
        raise Invalid(f"{out}: 報告書を書けません({error.strerror})。") from None
    return written


def _print_differences(book: Rerated) -> None:
    """The rows are synthetic, so their answers may be shown."""
    print(
        f"mitsumori: 標本 {book.checked:,} 件のうち {len(book.differences):,} 件が"
        "スカラー計算と一致しません。報告書は書きません。",
        file=sys.stderr,
    )
    for difference in book.differences[:MOST_NAMED]:
        answers = json.dumps(difference.answers, ensure_ascii=False)
        print(
            f"{difference.row + 1} 件目 {difference.tariff}: 一括 {difference.in_columns}、"
            f"スカラー {difference.by_engine}(-1 は照会) {answers}",
            file=sys.stderr,
        )


def _print_summary(impact: Impact, summary: Summary) -> None:
    before, after = impact.tariffs
    table = new_table(f"料率改定の影響 {before.id} → {after.id}", "項目", "値", right=("値",))
    for name, value in _summary_rows(summary):
        table.add_row(name, value)
    Console().print(table)
    print(impact.source)
    print(impact.checked)


def _summary_rows(summary: Summary) -> Iterator[tuple[str, str]]:
    whole = summary.whole
    yield "件数", f"{whole.rows:,}"
    yield "両方で保険料を提示", f"{whole.priced:,}"
    yield "新たに照会となる", f"{whole.newly_referred:,}"
    yield "照会でなくなる", f"{whole.no_longer_referred:,}"
    yield "両方で照会", f"{whole.referred:,}"
    for name, movement in (("値下がり", summary.lower), ("値上がり", summary.higher)):
        yield name, f"{movement.count if movement else 0:,}"
        if movement:
            yield f"{name}の平均", f"{movement.mean_yen:+,}円 {percent(movement.mean_share)}"
            yield f"{name}の中央値", f"{movement.median_yen:+,}円 {percent(movement.median_share)}"
            yield f"{name}の最大", f"{movement.largest_yen:+,}円 {percent(movement.largest_share)}"
    yield "保険料の合計 A", f"{whole.before:,}円"
    yield "保険料の合計 B", f"{whole.after:,}円"
    yield "増減率", percent(whole.share)
