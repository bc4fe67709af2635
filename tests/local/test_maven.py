"""What Maven fetches is there as a whole, or not at all."""

import os
from pathlib import Path

import pytest

from local.children import CannotStart
from local.maven import fetch_jars


def test_a_fetch_that_fails_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven = tmp_path / "mvn"
    maven.write_text("#!/bin/sh\nmkdir -p target/fetching; echo '[ERROR] no route to host'; exit 1\n")
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")  # noqa: TID251  # the tools of this machine

    with pytest.raises(CannotStart, match="no route to host"):
        fetch_jars("Kafka", tmp_path, lambda: None)

    assert not (tmp_path / "target" / "dependency").exists()
