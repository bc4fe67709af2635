"""What a tariff would do to a book of requests, before it is published."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import exit_on_error
from cli.tariff.app import PRODUCT, app, product_named

if TYPE_CHECKING:
    from datetime import date

    from pricing.actuary.impact.figures import Figures
    from pricing.actuary.impact.report import Impact
    from pricing.actuary.impact.rerate import Pair, Rerated

TOLD = 10
"""So many rows, or lines, are named on the terminal."""


@app.command()
def impact(  # noqa: PLR0917  # typer takes the options by name
    before: Annotated[str, typer.Argument(metavar="A", help="今の料率表(実施日またはファイル)")],
    after: Annotated[str, typer.Argument(metavar="B", help="比べる料率表(実施日またはファイル)")],
    requests: Annotated[Path | None, typer.Option(help="申込みのファイル(JSON Lines または JSON の配列)")] = None,
    synthetic: Annotated[int, typer.Option(min=1, max=5_000_000, help="模擬の申込みの数")] = 100_000,
    seed: Annotated[int, typer.Option(min=0, help="模擬の申込みを作る種。同じ種なら同じ申込み")] = 1,
    out: Annotated[Path, typer.Option(help="報告書を書くフォルダ")] = Path(),
    rows: Annotated[bool, typer.Option("--rows", help="申込みごとの CSV も書く")] = False,  # noqa: FBT002  # a flag
    product: Annotated[str, typer.Option(help="商品 (product)")] = PRODUCT,
) -> None:
    """同じ申込みを二つの料率表で計算し直し、影響を報告する (re-rate a book under two tariffs).

    読み取れない行があったとき、または標本の照合で違いが見つかったときは 1 で終わる。
    """
    with exit_on_error():
        from pricing.actuary.edition import edition  # noqa: PLC0415  # `--help` stays quick

        sold = product_named(product)
        tariffs = edition(before, sold).tariff, edition(after, sold).tariff
        found = _from_file(tariffs, requests) if requests else _made_up(tariffs, synthetic, seed)
        raise typer.Exit(concluded(found, out, rows=rows))


def concluded(found: "Impact", out: Path, *, rows: bool) -> int:
    """Write and print what was found, and say how to exit. What was rated wrong is shown, and never reported."""
    if found.book.differences:
        _print_differences(found.book)
        return 1
    figures = found.figures()
    written = _write(found, figures, out, rows=rows)
    _print_summary(found, figures)
    print("\n".join(map(str, written)))
    if found.bad:
        named = "、".join(map(str, found.bad[:TOLD])) + (" ほか" if len(found.bad) > TOLD else "")
        print(f"mitsumori: 読み取れなかった行が {len(found.bad):,} 件あります: {named}", file=sys.stderr)
        return 1
    return 0


def _made_up(tariffs: "Pair", rows: int, seed: int) -> "Impact":
    from pricing.actuary.impact.batch import Batch  # noqa: PLC0415  # `--help` stays quick
    from pricing.actuary.impact.report import Impact  # noqa: PLC0415  # `--help` stays quick
    from pricing.actuary.impact.rerate import rerate_synthetic  # noqa: PLC0415  # `--help` stays quick

    batches = Batch.of(tariffs[0]), Batch.of(tariffs[1])
    with _progress(rows) as done:
        book = rerate_synthetic(batches, rows, seed, done)
    return Impact.made_up(tariffs, book, seed, _today())


def _from_file(tariffs: "Pair", path: Path) -> "Impact":
    from pricing.actuary.impact.report import Impact  # noqa: PLC0415  # `--help` stays quick
    from pricing.actuary.impact.requests import read_requests  # noqa: PLC0415  # `--help` stays quick
    from pricing.actuary.impact.rerate import rerate_requests  # noqa: PLC0415  # `--help` stays quick

    requests = read_requests(path)
    with _progress(len(requests.answers)) as done:
        book = rerate_requests(tariffs, requests.answers, done)
    return Impact.of_file(tariffs, book, path.name, requests, _today())


def _today() -> "date":
    from shared.clock import JST, utc_now  # noqa: PLC0415  # `--help` stays quick

    return utc_now().astimezone(JST).date()


@contextmanager
def _progress(total: int) -> "Iterator[Callable[[int], None]]":
    """A bar for people who watch; silent where nobody does."""
    from rich.console import Console  # noqa: PLC0415  # `--help` stays quick
    from rich.progress import (  # noqa: PLC0415  # `--help` stays quick
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    shown = (
        TextColumn("計算中"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*shown, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total, rate="")

        def done(rows: int) -> None:
            progress.advance(task, rows)
            speed = progress.tasks[0].finished_speed or progress.tasks[0].speed
            progress.update(task, rate=f"{speed:,.0f} 件/秒" if speed else "")

        yield done


def _write(found: "Impact", figures: "Figures", out: Path, *, rows: bool) -> list[Path]:
    from pricing.actuary.impact import report  # noqa: PLC0415  # `--help` stays quick
    from shared.errors import Invalid  # noqa: PLC0415  # `--help` stays quick

    # The mark at the beginning tells spreadsheets that the text is UTF-8.
    files: dict[str, tuple[str, Iterable[str]]] = {
        ".html": ("utf-8", [report.page(found, figures)]),
        ".csv": ("utf-8-sig", [report.table(figures)]),
    }
    if rows:
        files["-rows.csv"] = "utf-8-sig", report.rows(found)
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for ending, (encoding, text) in files.items():
            written.append(out / f"{found.name}{ending}")
            with written[-1].open("w", encoding=encoding, newline="") as file:
                file.writelines(text)
    except OSError as error:
        raise Invalid(f"{out}: 報告書を書けません({error.strerror})。") from None
    return written


def _print_differences(book: "Rerated") -> None:
    """Made-up rows, so their answers may be shown."""
    print(
        f"mitsumori: 標本 {book.checked:,} 件のうち {len(book.differences):,} 件が"
        "スカラー計算と一致しません。報告書は書きません。",
        file=sys.stderr,
    )
    for one in book.differences[:TOLD]:
        answers = json.dumps(one.answers, ensure_ascii=False)
        print(
            f"{one.row + 1} 件目 {one.tariff}: 一括 {one.in_columns}、スカラー {one.by_engine}(-1 は照会) {answers}",
            file=sys.stderr,
        )


def _print_summary(found: "Impact", figures: "Figures") -> None:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415  # `--help` stays quick
    from rich.console import Console  # noqa: PLC0415  # `--help` stays quick
    from rich.table import Table  # noqa: PLC0415  # `--help` stays quick

    from pricing.actuary.impact.report import percent  # noqa: PLC0415  # `--help` stays quick

    whole = figures.whole
    shown = Table(title=f"料率改定の影響 {found.tariffs[0].id} → {found.tariffs[1].id}", box=SIMPLE_HEAD, padding=0)
    shown.add_column("項目", no_wrap=True)
    shown.add_column("値", justify="right", no_wrap=True)
    for name, count in (
        ("件数", whole.rows),
        ("両方で保険料を提示", whole.priced),
        ("新たに照会となる", whole.newly_referred),
        ("照会でなくなる", whole.no_longer_referred),
        ("両方で照会", whole.referred),
    ):
        shown.add_row(name, f"{count:,}")
    for name, moved in (("値下がり", figures.lower), ("値上がり", figures.higher)):
        shown.add_row(name, f"{moved.count if moved else 0:,}")
        if moved:
            shown.add_row(f"{name}の平均", f"{moved.mean_yen:+,}円 {percent(moved.mean_share)}")
            shown.add_row(f"{name}の中央値", f"{moved.median_yen:+,}円 {percent(moved.median_share)}")
            shown.add_row(f"{name}の最大", f"{moved.largest_yen:+,}円 {percent(moved.largest_share)}")
    shown.add_row("保険料の合計 A", f"{whole.before:,}円")
    shown.add_row("保険料の合計 B", f"{whole.after:,}円")
    shown.add_row("増減率", percent(whole.share))
    Console().print(shown)
    print(found.source)
    print(found.checked)
