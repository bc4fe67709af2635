"""`mitsumori status` and `mitsumori logs`, where no system runs and where one has left its log."""

from pathlib import Path

import pytest

from tests.cli.builders import mitsumori


def test_where_nothing_runs_the_status_is_one_sentence(tmp_path: Path) -> None:
    ended = mitsumori("status", "--data", tmp_path)

    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "動作中の mitsumori run がありません" in ended.stderr


@pytest.mark.parametrize(("lines", "shown"), [("2", "b\nc\n"), ("9", "a\nb\nc\n"), ("0", "")])
def test_the_last_lines_of_a_services_log_are_shown(tmp_path: Path, lines: str, shown: str) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    folder.joinpath("rating.log").write_text("a\nb\nc\n", "utf-8")

    ended = mitsumori("logs", "rating", "--lines", lines, "--data", tmp_path)

    assert (ended.returncode, ended.stdout) == (0, shown)


@pytest.mark.parametrize(("service", "says"), [("rating", "ログがありません"), ("../secret", "mitsumori: ")])
def test_a_log_that_is_not_there_is_named_and_no_other_file_is_shown(tmp_path: Path, service: str, says: str) -> None:
    ended = mitsumori("logs", service, "--data", tmp_path)

    assert (ended.returncode, says in ended.stderr, ended.stdout) == (2, True, "")
