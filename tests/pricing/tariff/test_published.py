"""A published tariff is never edited: its hash is in quotes, and it must be able to explain them for good."""

import hashlib
from pathlib import Path

import pytest

from pricing.tariff.published import publish
from tests.shared.products.builders import copy_of_the_product, problems_in, replace_once

NAME = "2026-10-01.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_the_product(tmp_path)


def told(folder: Path) -> list[tuple[str, int, str]]:
    return [(problem.file.name, problem.line, problem.message) for problem in problems_in(folder)]


def test_the_sums_are_those_that_sha256sum_makes(folder: Path) -> None:
    content = (folder / "tariff" / NAME).read_bytes()

    assert (folder / "tariff" / "SHA256SUMS").read_text("ascii") == f"{hashlib.sha256(content).hexdigest()}  {NAME}\n"
    assert told(folder) == []


def test_even_a_comment_may_not_change(folder: Path) -> None:
    replace_once(folder / "tariff" / NAME, "valid_days: 30 #", "valid_days: 30 # reviewed:")

    (found,) = told(folder)

    assert found == (NAME, 0, "was changed after it was published: write a new one, with a new date")


def test_a_draft_has_no_place_among_the_published(folder: Path) -> None:
    """Otherwise it would price people from its date on, reviewed or not."""
    draft = (folder / "tariff" / NAME).read_text("utf-8").replace('tariff: "2026-10-01"', 'tariff: "2027-04-01"')
    (folder / "tariff" / "2027-04-01.yaml").write_text(draft, "utf-8")

    assert [(name, message.split(":")[0]) for name, _, message in told(folder)] == [
        ("2027-04-01.yaml", "is not published yet")
    ]


def test_a_published_tariff_may_not_go(folder: Path) -> None:
    sums = folder / "tariff" / "SHA256SUMS"
    sums.write_text(f"{sums.read_text('ascii')}{'0' * 64}  2025-10-01.yaml\n", "ascii")

    assert [(name, line) for name, line, _ in told(folder)] == [("SHA256SUMS", 2)]


@pytest.mark.parametrize("line", ["", "nonsense", f"{'0' * 64}  2026-10-01.yaml", f"{'0' * 63}  2027-10-01.yaml"])
def test_sums_that_cannot_be_understood_are_refused(folder: Path, line: str) -> None:
    sums = folder / "tariff" / "SHA256SUMS"
    sums.write_text(f"{sums.read_text('ascii')}{line}\n", "ascii")

    assert ("SHA256SUMS", 2) in [(name, number) for name, number, _ in told(folder)]


def test_without_the_sums_nothing_prices(folder: Path) -> None:
    (folder / "tariff" / "SHA256SUMS").unlink()

    assert [name for name, _, _ in told(folder)] == ["SHA256SUMS"]


def test_what_is_published_is_there_at_the_next_start(folder: Path) -> None:
    draft = (
        (folder / "tariff" / NAME).read_text("utf-8").replace('tariff: "2026-10-01"', 'tariff: "2027-04-01"').encode()
    )

    publish(folder / "tariff", "2027-04-01.yaml", draft, hashlib.sha256(draft).hexdigest())

    assert told(folder) == []


def test_nothing_is_published_over_what_is_there(folder: Path) -> None:
    with pytest.raises(FileExistsError):
        publish(folder / "tariff", NAME, b"", "0" * 64)
