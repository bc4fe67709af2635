"""The `mitsumori` command, as a person at the keyboard meets it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local.scenarios import SCENARIOS
from tests.cli.builders import mitsumori


@pytest.mark.parametrize(
    ("changed", "result"),
    [
        pytest.param({}, "offered", id="a price"),
        pytest.param({"incidents": "yes"}, "referred", id="a referral is an answer too"),
    ],
)
def test_a_file_of_answers_is_priced_without_a_server(tmp_path: Path, changed: dict[str, Any], result: str) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({**SCENARIOS[0].answers, **changed}), "utf-8")

    ended = mitsumori("rate", file)

    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["result"] == result


@pytest.mark.parametrize("content", [None, "no json", "[]"], ids=["absent", "not JSON", "no answers"])
def test_a_file_that_holds_no_answers_is_one_sentence(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "answers.json"
    if content is not None:
        file.write_text(content, "utf-8")

    ended = mitsumori("rate", file)

    assert ended.returncode == 2
    assert ended.stderr.startswith("mitsumori: ")
    assert ended.stderr.count("\n") == 1


def test_a_staff_account_needs_a_system_that_runs(tmp_path: Path) -> None:
    ended = mitsumori("staff", "add", "hanako", "--data", tmp_path, MITSUMORI_MONGO="")

    assert ended.returncode == 2
    assert "動作中の mitsumori run がありません" in ended.stderr


def test_a_staff_account_is_made_once(mongo_uri: str, tmp_path: Path) -> None:
    name = f"hanako-{tmp_path.name[-8:]}".lower().replace("_", "-")
    first = mitsumori("staff", "add", name, MITSUMORI_MONGO=mongo_uri)

    again = mitsumori("staff", "add", name, MITSUMORI_MONGO=mongo_uri)

    assert (first.returncode, again.returncode) == (0, 2)
    assert len(first.stdout.strip()) >= 12
    assert "すでに使われています" in again.stderr


def test_staff_accounts_are_listed_closed_and_opened_again(mongo_uri: str, tmp_path: Path) -> None:
    """S15: `staff add` was all there was."""
    first, second = (f"{name}-{tmp_path.name[-8:]}".lower().replace("_", "-") for name in ("first", "second"))

    def staff(*words: str) -> subprocess.CompletedProcess[str]:
        return mitsumori("staff", *words, MITSUMORI_MONGO=mongo_uri)

    for name in (first, second):
        staff("add", name)

    assert staff("disable", second).returncode == 0
    assert f"{second}\t停止中" in staff("list").stdout
    assert len(staff("passwd", second).stdout.strip()) >= 12
    assert f"{second}\t有効" in staff("list").stdout
    assert staff("remove", first).returncode == 0
    assert first not in staff("list").stdout
    assert (staff("remove", first).returncode, staff("passwd", first).returncode) == (2, 2)
    assert "アカウントはありません" in staff("remove", first).stderr


def test_the_one_shot_makes_the_topics_and_may_run_again(kafka: str) -> None:
    first = mitsumori("topics", "create", MITSUMORI_KAFKA=kafka)

    again = mitsumori("topics", "create", MITSUMORI_KAFKA=kafka)

    assert (first.returncode, again.returncode) == (0, 0)
    assert "nothing to do" in again.stdout
