"""The report as files: one page to read, with nothing to load and no script, and its tables for a spreadsheet."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pricing.actuary.impact.batch.columns import questions_of
from pricing.actuary.impact.batch.tariff import REFERRED
from pricing.actuary.impact.groups import Group
from pricing.actuary.impact.histogram import HistogramClass
from pricing.actuary.impact.requests import Requests
from pricing.actuary.impact.rerate import Rerated, TariffPair
from pricing.actuary.impact.segments import segments_of
from pricing.actuary.impact.shares import share_of
from pricing.actuary.impact.summary import Summary, summarize

LONGEST_BAR: Final = 420
"""The longest bar of the histogram, in the drawing's own units."""
HEADER: Final = (
    *("表", "項目", "件数", "両方で提示", "新たに照会", "照会でなくなる", "両方で照会"),
    *("値下がり", "変わらない", "値上がり", "保険料合計A(円)", "保険料合計B(円)", "増減率(%)"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """One book under two tariffs, which book, and how its premiums were checked against the engine's.

    `places` and `unreadable` are the lines of its file.
    """

    tariffs: TariffPair
    book: Rerated
    source: str
    checked: str
    created_on: date
    places: tuple[int, ...] | None = None
    unreadable: tuple[int, ...] = ()

    @classmethod
    def of_synthetic_book(cls, tariffs: TariffPair, book: Rerated, seed: int, created_on: date) -> "Impact":
        """Of a book made from *seed*."""
        return cls(
            tariffs=tariffs,
            book=book,
            source=f"模擬の申込み {book.rows:,} 件(種 {seed})",
            checked=f"標本 {book.checked:,} 件をスカラー計算と照合: 一致",
            created_on=created_on,
        )

    @classmethod
    def of_requests(
        cls, tariffs: TariffPair, book: Rerated, file: str, requests: Requests, created_on: date
    ) -> "Impact":
        """Of the requests in *file*."""
        return cls(
            tariffs=tariffs,
            book=book,
            source=f"{file} の申込み {book.rows:,} 件",
            checked="全件を一件ずつ、見積りと同じスカラー計算で算出",
            created_on=created_on,
            places=requests.places,
            unreadable=requests.unreadable,
        )

    @property
    def name(self) -> str:
        """The name of its files, without an ending."""
        before, after = self.tariffs
        return f"impact-{before.id}-{after.id}"

    def summary(self) -> Summary:
        """All its figures."""
        return summarize(self.book, questions_of(self.tariffs), self.places)


def percent(share: int | None) -> str:
    """A share in hundredths of a per cent as people read it, with its sign."""
    if share is None:
        return "—"
    return f"{Decimal(share).scaleb(-2):+.2f}%" if share else "0.00%"


def html_page(impact: Impact, summary: Summary) -> str:
    """The report as HTML."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "yen": "{:,}".format, "signed": "{:+,}".format}
    return environment.get_template("impact.html").render(
        impact=impact,
        before=impact.tariffs[0],
        after=impact.tariffs[1],
        summary=summary,
        bars=_bars(summary.histogram),
    )


def csv_tables(summary: Summary) -> str:
    """The histogram and the segments as CSV: one header for all, empty where a column does not apply to a row."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerow(_group_row("全体", summary.whole))
    for item in summary.histogram:
        writer.writerow(["増減率の分布", item.label, item.count, *[""] * (len(HEADER) - 3)])
    for name, groups in summary.by_segment:
        writer.writerows(_group_row(name, group) for group in groups)
    return text.getvalue()


def csv_rows(impact: Impact) -> Iterator[str]:
    """One line of CSV a request: its place, its segments, both premiums (empty where it is referred)."""
    questions = questions_of(impact.tariffs)
    book = impact.book
    segments = segments_of(book.segments, questions)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["番号", *(questions[key].name for key in segments), "保険料A(円)", "保険料B(円)", "増減(円)", "増減率(%)"]
    )
    places: Sequence[int] = impact.places or range(1, book.rows + 1)
    names = [segment.name_of_each() for segment in segments.values()]
    for place, before, after, *segment in zip(places, book.before.tolist(), book.after.tolist(), *names, strict=True):
        writer.writerow([place, *segment, _premium(before), _premium(after), *_change(before, after)])
        if text.tell() > 1 << 16:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _bars(classes: Sequence[HistogramClass]) -> list[tuple[HistogramClass, int]]:
    """Each class and how long its bar is; one that is not empty is never invisible."""
    most = max((item.count for item in classes), default=0) or 1
    return [(item, max(item.count * LONGEST_BAR // most, 1) if item.count else 0) for item in classes]


def _group_row(table: str, group: Group) -> list[str | int]:
    counts = (group.rows, group.priced, group.newly_referred, group.no_longer_referred, group.referred)
    moves = (group.lower, group.same, group.higher, group.before, group.after)
    return [table, group.name, *counts, *moves, _share(group.share)]


def _share(share: int | None) -> str:
    return "" if share is None else f"{Decimal(share).scaleb(-2)}"


def _premium(premium: int) -> int | str:
    return "" if premium == REFERRED else premium


def _change(before: int, after: int) -> tuple[int | str, str]:
    if REFERRED in (before, after):
        return "", ""
    return after - before, _share(share_of(after - before, before))
