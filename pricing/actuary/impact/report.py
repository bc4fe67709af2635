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

from pricing.actuary.impact.batch import REFERRED
from pricing.actuary.impact.columns import questions_of
from pricing.actuary.impact.figures import Class, Figures, Group, figures_of, named, share_of
from pricing.actuary.impact.requests import Requests
from pricing.actuary.impact.rerate import Pair, Rerated

BAR: Final = 420
"""The longest bar of the histogram, in the drawing's own units."""
HEADER: Final = (
    *("表", "項目", "件数", "両方で提示", "新たに照会", "照会でなくなる", "両方で照会"),
    *("値下がり", "変わらない", "値上がり", "保険料合計A(円)", "保険料合計B(円)", "増減率(%)"),
)


@dataclass(frozen=True, slots=True)
class Impact:
    """One book under two tariffs, which book, and how its premiums were held to the engine's.

    `places` and `bad` are the lines of its file.
    """

    tariffs: Pair
    book: Rerated
    source: str
    checked: str
    on: date
    places: tuple[int, ...] | None = None
    bad: tuple[int, ...] = ()

    @classmethod
    def made_up(cls, tariffs: Pair, book: Rerated, seed: int, on: date) -> "Impact":
        """Of a synthetic book."""
        source = f"模擬の申込み {book.rows:,} 件(種 {seed})"
        return cls(tariffs, book, source, f"標本 {book.checked:,} 件をスカラー計算と照合: 一致", on)

    @classmethod
    def of_file(cls, tariffs: Pair, book: Rerated, file: str, requests: Requests, on: date) -> "Impact":
        """Of the requests in *file*."""
        source = f"{file} の申込み {book.rows:,} 件"
        checked = "全件を一件ずつ、見積りと同じスカラー計算で算出"
        return cls(tariffs, book, source, checked, on, requests.places, requests.bad)

    @property
    def name(self) -> str:
        """What its files are called."""
        before, after = self.tariffs
        return f"impact-{before.id}-{after.id}"

    def figures(self) -> Figures:
        """All that it says."""
        return figures_of(self.book, questions_of(self.tariffs), self.places)


def percent(share: int | None) -> str:
    """A share in hundredths of a per cent as it is read, with its sign."""
    if share is None:
        return "—"
    return f"{Decimal(share).scaleb(-2):+.2f}%" if share else "0.00%"


def page(impact: Impact, figures: Figures) -> str:
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
        figures=figures,
        bars=_bars(figures.histogram),
    )


def table(figures: Figures) -> str:
    """The histogram and the segments as CSV: one header for all, empty where a column says nothing of a row."""
    text = StringIO()
    lines = csv.writer(text)
    lines.writerow(HEADER)
    lines.writerow(_line("全体", figures.whole))
    for one in figures.histogram:
        lines.writerow(["増減率の分布", one.label, one.count, *[""] * (len(HEADER) - 3)])
    for name, groups in figures.by_segment:
        lines.writerows(_line(name, group) for group in groups)
    return text.getvalue()


def rows(impact: Impact) -> Iterator[str]:
    """One line of CSV a request: its place, its segments, both premiums (empty where a person is asked)."""
    questions = questions_of(impact.tariffs)
    book = impact.book
    segments = {key: named(questions[key], column) for key, column in book.segments.items()}
    text = StringIO()
    lines = csv.writer(text)
    lines.writerow(
        ["番号", *(questions[key].name for key in segments), "保険料A(円)", "保険料B(円)", "増減(円)", "増減率(%)"]
    )
    places: Sequence[int] = impact.places or range(1, book.rows + 1)
    told = [[names[code] for code in codes.tolist()] for names, codes in segments.values()]
    for place, before, after, *segment in zip(places, book.before.tolist(), book.after.tolist(), *told, strict=True):
        lines.writerow([place, *segment, _premium(before), _premium(after), *_change(before, after)])
        if text.tell() > 1 << 16:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def _bars(classes: Sequence[Class]) -> list[tuple[Class, int]]:
    """Each class and how long its bar is; one that is not empty is never invisible."""
    most = max((one.count for one in classes), default=0) or 1
    return [(one, max(one.count * BAR // most, 1) if one.count else 0) for one in classes]


def _line(table_name: str, group: Group) -> list[str | int]:
    counts = (group.rows, group.priced, group.newly_referred, group.no_longer_referred, group.referred)
    moves = (group.lower, group.same, group.higher, group.before, group.after)
    return [table_name, group.name, *counts, *moves, _share(group.share)]


def _share(share: int | None) -> str:
    return "" if share is None else f"{Decimal(share).scaleb(-2)}"


def _premium(premium: int) -> int | str:
    return "" if premium == REFERRED else premium


def _change(before: int, after: int) -> tuple[int | str, str]:
    if REFERRED in (before, after):
        return "", ""
    return after - before, _share(share_of(after - before, before))
