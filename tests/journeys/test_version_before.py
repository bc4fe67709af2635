"""The archive of the version before is what git calls it, so that nobody mends it to make today's tests green."""

import io
import json
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT
from tests.journeys.version_before import ABOUT, ARCHIVE, PACKED, unpack


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_its_content_is_that_of_the_commit_that_it_names(tmp_path: Path) -> None:
    """Where there is history, git is asked what that commit holds; everywhere, what was unpacked is called the same."""
    unpack(tmp_path / "before")
    said = json.loads((tmp_path / "before" / ABOUT).read_text("utf-8"))
    (tmp_path / "before" / "cli" / "commit.txt").unlink()

    git(tmp_path / "before", "init", "--quiet")
    git(tmp_path / "before", "add", "--force", *PACKED)
    unpacked = git(tmp_path / "before", "write-tree")

    found = dict(line.split()[:1:-1] for line in git(tmp_path / "before", "ls-tree", unpacked).splitlines())
    assert found == said["trees"]
    if git(ROOT, "rev-list", "--ignore-missing", "--max-count=1", said["commit"]):
        assert {part: git(ROOT, "rev-parse", f"{said['commit']}:{part}") for part in PACKED} == found


def test_it_knows_its_own_version_and_commit(tmp_path: Path) -> None:
    before = unpack(tmp_path / "before")

    said = json.loads((before.folder / ABOUT).read_text("utf-8"))
    assert before.mitsumori("--version") == f"mitsumori {said['version']} ({said['commit'][:7]})\n"


def test_what_was_not_packed_and_is_another_file_today_is_missed(tmp_path: Path) -> None:
    said = {"commit": "v0", "version": "0", "trees": {}, "copied": {"pyproject.toml": "0" * 64}}
    content = json.dumps(said).encode()
    with tarfile.open(tmp_path / "other.tar.xz", "w:xz") as archive:
        member = tarfile.TarInfo(ABOUT)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))

    with pytest.raises(AssertionError, match=r"pyproject.toml has changed: python -m tests.journeys.version_before"):
        unpack(tmp_path / "before", tmp_path / "other.tar.xz")


def test_it_is_small_enough_to_be_kept_with_the_code() -> None:
    assert ARCHIVE.stat().st_size < 1_500_000
