"""A clone works anywhere: no file names the machine, the package index or the folder where it was made."""

import re
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT, text_files

A_MACHINES_FOLDER = re.compile(r"(?<![\w.])/(?:work|root|home|Users)/\w")
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    found = [str(path) for path, text in text_files() if A_MACHINES_FOLDER.search(text)]

    assert found == []


def test_every_file_ends_its_last_line_and_has_no_trailing_blanks() -> None:
    untidy = [
        str(path)
        for path, text in text_files()
        if text and path.suffix in {".py", ".yaml", ".yml", ".toml", ".json", ".html", ".css", ".js", ".typ"}
        if "vendor" not in path.parts  # unchanged, as its checksum says
        if not text.endswith("\n") or re.search(r"[ \t]+$", text, re.MULTILINE)
    ]

    assert untidy == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_package_is_pinned_with_its_hashes(path: Path) -> None:
    entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())

    assert entries
    assert [entry for entry in entries if not re.match(r"[\w.\[\]-]+==\S+.*\\\n +--hash=sha256:", entry)] == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_no_package_is_bound_to_an_address(path: Path) -> None:
    """Whoever installs decides where packages come from."""
    text = path.read_text(encoding="utf-8")

    assert "://" not in text
    assert set(re.findall(r"--[a-z-]+", text)) == {"--hash"}


def test_what_is_wished_for_is_what_is_locked() -> None:
    for wishes in (ROOT / "requirements").glob("*.in"):
        locked = wishes.with_suffix(".txt").read_text(encoding="utf-8").lower()
        lines = wishes.read_text(encoding="utf-8").lower().splitlines()
        names = [match[0] for line in lines if (match := re.match(r"[a-z][\w.-]*", line))]

        assert [name for name in names if not re.search(rf"^{re.escape(name)}(\[.*\])?==", locked, re.MULTILINE)] == []


def test_each_set_of_packages_contains_the_smaller_one() -> None:
    """One version of a package, whether a service runs alone, on a desk or under test."""
    run, local, dev = (pins(ROOT / "requirements" / f"{name}.txt") for name in ("run", "local", "dev"))

    assert run <= local <= dev


def pins(path: Path) -> set[str]:
    return set(re.findall(r"^\S+==\S+", path.read_text(encoding="utf-8"), re.MULTILINE))
