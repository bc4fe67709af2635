"""`mitsumori tariff diff`: what another tariff has differently, and what that does to the golden cases."""

import json
from pathlib import Path

from typer import Typer
from typer.testing import CliRunner

from cli.tariff.diff import show_diff
from pricing.actuary.diff import Diff, diff_tariffs
from tests.pricing.actuary.builders import SHIPPED, draft
from tests.pricing.actuary.diff.builders import SHIPPED_CASES, change, delta

COMMAND = Typer()
COMMAND.command()(show_diff)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(COMMAND, [SHIPPED.tariff.id, *arguments])
    return result.exit_code, result.stdout


def test_a_tariff_does_not_differ_from_itself() -> None:
    assert diff_tariffs(SHIPPED, SHIPPED, [SHIPPED_CASES]).is_empty


def test_tariffs_differ_when_either_their_entries_or_their_premiums_do() -> None:
    changes = (change("", "valid_days", old="30", new="60"),)
    deltas = (delta("中立点", old=92_800, new=92_810, percent="0.01"),)

    assert not Diff(changes, ()).is_empty
    assert not Diff((), deltas).is_empty


def test_equal_tariffs_end_with_0_and_different_ones_with_1(tmp_path: Path) -> None:
    path = draft(tmp_path, ('      medical: "186000"', '      medical: "187000"'))

    assert run(SHIPPED.tariff.id) == (0, "違いはありません。\n")
    code, output = run(str(path))

    assert code == 1
    assert "+0.54%" in output
    assert output.endswith("検算例 36件、うち変わるもの 1件\n")


def test_differences_for_programs(tmp_path: Path) -> None:
    path = draft(tmp_path, ('      medical: "186000"', '      medical: "187000"'))

    code, output = run(str(path), "--json")

    differences = json.loads(output)
    assert code == 1
    assert differences["changes"] == [
        {
            "section": "tables.industry_base",
            "entry": "medical",
            "what": "changed",
            "old": "186000",
            "new": "187000",
            "percent": "0.54",
        }
    ]
    assert [case["case"] for case in differences["cases"] if case["says"] == "changed"] == ["認証割引の上限30%"]


def test_the_files_themselves_can_be_compared(tmp_path: Path) -> None:
    path = draft(tmp_path, ('      medical: "186000"', '      medical: "187000"'))

    code, output = run(str(path), "--text")

    assert code == 1
    assert '-      medical: "186000"\n+      medical: "187000"\n' in output
