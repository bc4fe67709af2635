"""`mitsumori tariff impact`: what it prints, which files it writes, and what it refuses."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
import typer
from typer.testing import CliRunner

from cli.tariff.impact import impact, report_impact
from pricing.actuary.impact.batch.tariff import BatchTariff
from pricing.actuary.impact.report import Impact
from pricing.actuary.impact.rerate import rerate_synthetic
from tests.pricing.actuary.impact.builders import CREATED_ON, DEARER
from tests.pricing.builders import TARIFF, answers

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
    text = json.dumps(requests) if form == "array" else "\n".join(json.dumps(request) for request in requests) + "\n"
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


def test_a_file_that_is_not_there_is_reported_in_a_sentence(tmp_path: Path) -> None:
    code, _, errors = run(OLD, OLD, "--requests", tmp_path / "none")

    assert code == 2
    assert "ファイルを読めません" in errors


def test_premiums_that_the_engine_does_not_confirm_are_shown_and_not_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The columns are made to ignore the minimum premium."""
    wrong = replace(BatchTariff.of(DEARER), doubled_minimum=0)
    book = rerate_synthetic((BatchTariff.of(TARIFF), wrong), 3_000, 1, lambda _rows: None)

    code = report_impact(Impact.of_synthetic_book((TARIFF, DEARER), book, 1, CREATED_ON), tmp_path, rows=True)

    assert code == 1
    assert {difference.by_engine for difference in book.differences} == {30_000}
    errors = capsys.readouterr().err
    assert "スカラー計算と一致しません" in errors
    assert '"cost_limit": 30000000' in errors
    assert list(tmp_path.iterdir()) == []
