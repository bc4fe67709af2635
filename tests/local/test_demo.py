"""`mitsumori demo` when it cannot start."""

import os
from pathlib import Path

from tests.cli.builders import mitsumori
from tests.local.builders import broken_mongod


def test_a_demo_that_cannot_start_keeps_the_log_that_it_names(tmp_path: Path) -> None:
    path = f"{broken_mongod(tmp_path, 'no room')}:{os.environ['PATH']}"  # noqa: TID251  # the tools of this machine

    ended = mitsumori("demo", "--broker", "embedded", PATH=path, TMPDIR=str(tmp_path))

    assert ended.returncode == 2
    (log,) = tmp_path.glob("mitsumori-demo-*/mongo/mongod.log")
    assert str(log) in ended.stderr
    assert log.read_text() == "no room\n"


def test_a_demo_that_names_nothing_leaves_nothing(tmp_path: Path) -> None:
    ended = mitsumori("demo", "--broker", "kafka", PATH=str(tmp_path), TMPDIR=str(tmp_path))

    assert ended.returncode == 2
    assert list(tmp_path.iterdir()) == []
