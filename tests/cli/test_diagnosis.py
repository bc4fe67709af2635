"""`mitsumori doctor`: its exit code, its lines for people and those for programs."""

import json
from pathlib import Path

from tests.cli.builders import mitsumori


def test_where_nothing_runs_that_is_said_with_what_to_do(tmp_path: Path) -> None:
    ended = mitsumori("doctor", "--data", tmp_path)

    lines = ended.stdout.splitlines()
    assert ended.returncode == 1, ended.stderr
    assert lines[0] == "設定"
    assert lines[1].startswith(f"  [要対応] {tmp_path} で動作中の mitsumori run がなく")
    assert lines[2].startswith("      → mitsumori run で起動するか")
    assert "、要対応 1、" in lines[-1]


def test_a_program_gets_every_check_with_its_state(tmp_path: Path) -> None:
    ended = mitsumori("doctor", "--data", tmp_path, "--json")

    checks = json.loads(ended.stdout)["checks"]
    states = {one["check"]: one["state"] for one in checks}
    assert ended.returncode == 1
    assert (states["something-there"], states["products-load"], states["mongo-there"]) == (
        "wrong",
        "ok",
        "not-looked-at",
    )
    assert {key for one in checks for key in one} == {"group", "check", "state", "says", "repair"}


def test_a_mistyped_variable_is_named_and_is_no_failure_by_itself(tmp_path: Path) -> None:
    ended = mitsumori("doctor", "--data", tmp_path, "--json", MITSUMORI_PUBLIC_ULR="https://form.agency.co.jp")

    [found] = [one for one in json.loads(ended.stdout)["checks"] if one["check"] == "settings-known"]
    assert found["state"] == "warning"
    assert "MITSUMORI_PUBLIC_URL の誤りではありませんか" in found["repair"]


def test_a_word_that_is_no_command_is_told(tmp_path: Path) -> None:
    ended = mitsumori("doctor", "--data", tmp_path, "eyes")

    assert ended.returncode == 2
    assert "使い方は mitsumori doctor --help" in ended.stderr
