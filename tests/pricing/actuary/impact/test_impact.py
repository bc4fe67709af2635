"""`mitsumori tariff impact`: from two tariffs and a book to a report that one may act on."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest
import typer
from typer.testing import CliRunner

from cli.tariff.impact import concluded, impact
from pricing.actuary.impact.batch import Batch
from pricing.actuary.impact.report import Impact, page, rows, table
from pricing.actuary.impact.rerate import rerate_requests, rerate_synthetic
from pricing.tariff import Tariff
from tests.pricing.actuary.impact.books import by_engine, written
from tests.pricing.builders import TARIFF, answers

ON: Final = date(2026, 11, 24)


def dearer(data: dict[str, Any]) -> None:
    data["tables"]["industry_base"]["exact"]["retail"] = "111111"
    data["tables"]["industry_base"]["exact"]["it"] = "800000"
    data["rules"]["incident-reported"]["when"]["incidents"] = ["yes"]
    data["rules"]["wide-plan"] = {"when": {"plan": ["wide"], "industry": ["hotel"]}, "says": "個別の審査が必要です。"}


DEARER: Final[Tariff] = written(dearer)


def made_up(after: Tariff = DEARER, rows: int = 3_000, seed: int = 1) -> Impact:
    book = rerate_synthetic((Batch.of(TARIFF), Batch.of(after)), rows, seed, lambda _rows: None)
    return Impact.made_up((TARIFF, after), book, seed, ON)


def test_the_sample_is_priced_again_by_the_engine_and_agrees() -> None:
    book = made_up().book

    assert (book.checked, book.differences) == (3_000, ())


def test_premiums_that_the_engine_does_not_confirm_are_shown_and_not_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Columns that forget the minimum premium."""
    wrong = replace(Batch.of(DEARER), doubled_minimum=0)
    book = rerate_synthetic((Batch.of(TARIFF), wrong), 3_000, 1, lambda _rows: None)

    code = concluded(Impact.made_up((TARIFF, DEARER), book, 1, ON), tmp_path, rows=True)

    assert code == 1
    assert {one.by_engine for one in book.differences} == {30_000}
    told = capsys.readouterr().err
    assert "スカラー計算と一致しません" in told
    assert '"cost_limit": 30000000' in told
    assert list(tmp_path.iterdir()) == []


def test_a_book_of_several_chunks_is_whole_and_its_progress_is_told() -> None:
    told: list[int] = []

    book = rerate_synthetic((Batch.of(TARIFF), Batch.of(DEARER)), 60_000, 1, told.append)

    assert (book.rows, sum(told), len(told), book.checked, book.differences) == (60_000, 60_000, 3, 10_000, ())


def test_the_same_tariff_twice_changes_nothing() -> None:
    figures = made_up(TARIFF).figures()

    assert (figures.lower, figures.higher, figures.whole.share) == (None, None, 0)
    assert (figures.whole.newly_referred, figures.whole.no_longer_referred) == (0, 0)
    assert {one.label for one in figures.histogram if one.count} == {"変わらない"}


def test_the_same_seed_gives_the_same_report_to_the_byte() -> None:
    first, second, other = made_up(), made_up(), made_up(seed=2)

    assert page(first, first.figures()) == page(second, second.figures())
    assert "".join(rows(first)) == "".join(rows(second))
    assert "".join(rows(first)) != "".join(rows(other))


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


def test_the_page_is_whole_and_can_be_read_by_everybody() -> None:
    report = made_up()
    text = page(report, report.figures())

    found = Page(text)

    assert found.open == []
    assert found.all("html") == [{"lang": "ja"}]
    assert len(found.all("title")) == 2  # the page's and the drawing's
    assert next(tag for tag, _ in found.elements if tag in ("h1", "h2")) == "h1"
    assert len(found.all("h2")) == 6
    assert all(one.get("scope") in ("row", "col") for one in found.all("th"))
    assert len(found.all("caption")) == len(found.all("table"))
    (drawing,) = found.all("svg")
    assert drawing["role"] == "img"
    assert drawing["aria-labelledby"] == "chart-title chart-text"


def test_the_page_runs_nothing_and_loads_nothing() -> None:
    report = made_up()

    found = Page(page(report, report.figures()))

    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in found.elements}
    assert not {name for _, attributes in found.elements for name in attributes if name.startswith("on")}
    assert not [one for _, one in found.elements if one.keys() & {"href", "src", "xlink:href"}]


def test_the_page_says_what_it_rests_on() -> None:
    after = replace(DEARER, sha256="b" * 64)
    report = made_up(after)

    text = page(report, report.figures())

    for fact in (TARIFF.sha256, "b" * 64, "3,000 件(種 1)", "2026-11-24", "標本 3,000 件をスカラー計算と照合: 一致"):
        assert fact in text


def test_the_tables_can_be_read_by_a_spreadsheet() -> None:
    report = made_up()
    figures = report.figures()

    lines = list(csv.DictReader(io.StringIO(table(figures))))

    assert lines[0]["件数"] == "3000"
    assert sum(int(one["件数"]) for one in lines if one["表"] == "増減率の分布") == figures.whole.priced
    for name in ("業種", "売上高(税込)"):
        mine = [one for one in lines if one["表"] == name]
        assert sum(int(one["件数"]) for one in mine) == 3_000
        assert sum(int(one["保険料合計B(円)"]) for one in mine) == figures.whole.after


def test_each_request_has_its_line_when_lines_are_wished() -> None:
    report = made_up()

    lines = list(csv.DictReader(io.StringIO("".join(rows(report)))))

    premiums = [int(one["保険料B(円)"] or -1) for one in lines]
    assert premiums == report.book.after.tolist()


def test_real_requests_are_priced_one_by_one() -> None:
    requests = [answers(), answers(industry="manufacturing"), answers(incidents="unknown"), {"turnover": 10**30}]

    book = rerate_requests((TARIFF, DEARER), requests, lambda _rows: None)

    assert book.before.tolist() == [by_engine(one, TARIFF) for one in requests]
    assert book.after.tolist() == [111_110, *(by_engine(one, DEARER) for one in requests[1:])]


# The command.

OLD: Final = "2026-10-01"


def run(*arguments: object) -> tuple[int, str, str]:
    command = typer.Typer()
    command.command()(impact)
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_prints_a_summary_and_writes_two_files(tmp_path: Path) -> None:
    code, output, errors = run(OLD, OLD, "--synthetic", 2_000, "--out", tmp_path)

    assert (code, errors) == (0, "")
    assert "標本 2,000 件をスカラー計算と照合: 一致" in output
    assert {file.name for file in tmp_path.iterdir()} == {f"impact-{OLD}-{OLD}.html", f"impact-{OLD}-{OLD}.csv"}


@pytest.mark.parametrize("form", ["lines", "array"])
def test_requests_come_as_lines_or_as_one_array(tmp_path: Path, form: str) -> None:
    requests = [answers(), {"answers": answers(industry="it"), "product": "cyber-security"}]
    text = json.dumps(requests) if form == "array" else "\n".join(json.dumps(one) for one in requests) + "\n"
    (tmp_path / "book").write_text(text, "utf-8")

    code, output, _ = run(OLD, OLD, "--requests", tmp_path / "book", "--rows", "--out", tmp_path)

    assert code == 0
    assert "book の申込み 2 件" in output
    lines = (tmp_path / f"impact-{OLD}-{OLD}-rows.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["小売業", "情報サービス業(システム開発・運用など)"]


def test_lines_that_cannot_be_read_are_counted_and_named(tmp_path: Path) -> None:
    good = json.dumps(answers())
    (tmp_path / "book").write_text(f"{good}\nnonsense\n\n{good}\n[1]\n", "utf-8")

    code, output, errors = run(OLD, OLD, "--requests", tmp_path / "book", "--out", tmp_path)

    assert code == 1
    assert "book の申込み 2 件" in output
    assert "2 件あります: 2、5" in errors
    assert "2 件(2、5)" in (tmp_path / f"impact-{OLD}-{OLD}.html").read_text("utf-8")


@pytest.mark.parametrize("text", ["", "nonsense", "[", "[]", "{}"])
def test_a_file_without_any_request_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "book").write_text(text, "utf-8")

    code, _, errors = run(OLD, OLD, "--requests", tmp_path / "book", "--out", tmp_path / "out")

    assert code == 2
    assert errors.startswith("mitsumori: ")
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    code, _, errors = run(OLD, OLD, "--requests", tmp_path / "none")

    assert code == 2
    assert "ファイルを読めません" in errors
