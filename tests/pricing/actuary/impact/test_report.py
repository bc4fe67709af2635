"""The report of an impact: from two tariffs and a book to files that one may act on."""

import csv
import io
from dataclasses import replace
from html.parser import HTMLParser

from pricing.actuary.impact.report import csv_rows, csv_tables, html_page
from tests.pricing.actuary.impact.builders import DEARER, synthetic_impact
from tests.pricing.builders import TARIFF


def test_the_same_tariff_twice_changes_nothing() -> None:
    summary = synthetic_impact(TARIFF).summary()

    assert (summary.lower, summary.higher, summary.whole.share) == (None, None, 0)
    assert (summary.whole.newly_referred, summary.whole.no_longer_referred) == (0, 0)
    assert {item.label for item in summary.histogram if item.count} == {"変わらない"}


def test_the_same_seed_gives_the_same_report_to_the_byte() -> None:
    first, second, other = synthetic_impact(), synthetic_impact(), synthetic_impact(seed=2)

    assert html_page(first, first.summary()) == html_page(second, second.summary())
    assert "".join(csv_rows(first)) == "".join(csv_rows(second))
    assert "".join(csv_rows(first)) != "".join(csv_rows(other))


class Page(HTMLParser):
    """The elements of a page, and those left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_the_page_is_whole_and_accessible() -> None:
    report = synthetic_impact()
    text = html_page(report, report.summary())

    parsed = Page(text)

    assert parsed.open == []
    assert parsed.all("html") == [{"lang": "ja"}]
    assert len(parsed.all("title")) == 2  # the page's and the drawing's
    assert next(tag for tag, _ in parsed.elements if tag in ("h1", "h2")) == "h1"
    assert len(parsed.all("h2")) == 6
    assert all(header.get("scope") in ("row", "col") for header in parsed.all("th"))
    assert len(parsed.all("caption")) == len(parsed.all("table"))
    (drawing,) = parsed.all("svg")
    assert drawing["role"] == "img"
    assert drawing["aria-labelledby"] == "chart-title chart-text"


def test_the_page_runs_nothing_and_loads_nothing() -> None:
    report = synthetic_impact()

    parsed = Page(html_page(report, report.summary()))

    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in parsed.elements}
    assert not {name for _, attributes in parsed.elements for name in attributes if name.startswith("on")}
    assert not [attributes for _, attributes in parsed.elements if attributes.keys() & {"href", "src", "xlink:href"}]


def test_the_page_names_its_tariffs_its_book_and_its_check() -> None:
    after = replace(DEARER, sha256="b" * 64)
    report = synthetic_impact(after)

    text = html_page(report, report.summary())

    for fact in (TARIFF.sha256, "b" * 64, "3,000 件(種 1)", "2026-11-24", "標本 3,000 件をスカラー計算と照合: 一致"):
        assert fact in text


def test_the_tables_can_be_read_by_a_spreadsheet() -> None:
    report = synthetic_impact()
    summary = report.summary()

    lines = list(csv.DictReader(io.StringIO(csv_tables(summary))))

    assert lines[0]["件数"] == "3000"
    assert sum(int(line["件数"]) for line in lines if line["表"] == "増減率の分布") == summary.whole.priced
    for name in ("業種", "売上高(税込)"):
        segments = [line for line in lines if line["表"] == name]
        assert sum(int(segment["件数"]) for segment in segments) == 3_000
        assert sum(int(segment["保険料合計B(円)"]) for segment in segments) == summary.whole.after


def test_each_request_has_its_line() -> None:
    report = synthetic_impact()

    lines = list(csv.DictReader(io.StringIO("".join(csv_rows(report)))))

    premiums = [int(line["保険料B(円)"] or -1) for line in lines]
    assert premiums == report.book.after.tolist()
