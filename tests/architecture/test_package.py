"""Mitsumori as an installed package, far from its checkout: with every file that it needs, and knowing its commit."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.repository import PACKAGES, ROOT, tracked_files

COMMIT = "abc1234"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as the image builds it (deploy/Dockerfile), from a copy: a build writes beside the code."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for path in [*packaged_files(), ROOT / "pyproject.toml"]:
        copy = source / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    (source / "cli" / "commit.txt").write_text(f"{COMMIT}\n")
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", "--no-build-isolation")
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", target, source], check=True)
    return next(target.glob("*.whl"))


def packaged_files() -> list[Path]:
    return [path for path in tracked_files() if path.relative_to(ROOT).parts[0] in PACKAGES]


def test_a_package_holds_every_file_beside_the_code(wheel: Path) -> None:
    """Pages, styles, products and fonts are found by the path of the module that needs them."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert names == {str(path.relative_to(ROOT)) for path in packaged_files()} | {"cli/commit.txt"}


def test_an_installed_command_knows_its_version_and_commit_and_its_products(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "PATH": ""}  # noqa: TID251  # a child's

    def run(*words: str) -> str:
        command = [sys.executable, "-P", "-m", "cli.main", *words]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=tmp_path)
        return ended.stdout

    assert run("--version") == f"mitsumori 0.1.0 ({COMMIT})\n"
    assert "no findings" in run("tariff", "lint")
