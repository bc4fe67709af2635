"""Importing the list of companies: what is read, what is left out and told, and when the list before stays."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from services.intake.adapters.company_file import PublishedFiles
from services.intake.adapters.company_list import SqliteCompanyList
from services.intake.usecases.import_companies import ImportCompanies, Imported, Progress
from shared.errors import Invalid
from tests.architecture.repository import ROOT
from tests.services.intake.builders import a_line

SAMPLE = ROOT / "docs" / "companies-sample.csv"


class Lines:
    """`CompanyFiles` whose every file has the same lines."""

    def __init__(self, lines: Iterable[Sequence[str]]) -> None:
        self._lines = list(lines)

    def rows(self, path: Path, progress: Progress) -> Iterator[Sequence[str]]:  # noqa: ARG002  # the port's
        yield from self._lines


def nothing(_part: float) -> None:
    """Nobody looks at the progress."""


def imported(folder: Path, *lines: Sequence[str], fewer: bool = False) -> Imported:
    importing = ImportCompanies(files=Lines(lines), companies=SqliteCompanyList(folder / "companies.sqlite"))
    return importing([Path("all.csv")], nothing, fewer=fewer)


def kept(folder: Path) -> int:
    return SqliteCompanyList(folder / "companies.sqlite").count()


def some_lines(count: int) -> list[list[str]]:
    return [a_line(sequenceNumber=str(number)) for number in range(count)]


def test_the_sample_of_the_documents_is_imported(tmp_path: Path) -> None:
    parts: list[float] = []
    importing = ImportCompanies(files=PublishedFiles(), companies=SqliteCompanyList(tmp_path / "companies.sqlite"))

    done = importing([SAMPLE], parts.append)

    assert done.kept == kept(tmp_path) == 7
    assert done.left_out == {"closed": 1, "excluded": 1, "past": 1, "abroad": 1, "deleted": 1}
    assert (done.repeated, done.unreadable) == (0, 0)
    assert parts == [1]


def test_a_line_that_cannot_be_read_is_left_out_and_told(tmp_path: Path) -> None:
    done = imported(tmp_path, *some_lines(200), a_line(corporateNumber="8999901000001"))

    assert (done.kept, done.unreadable) == (1, 1)
    assert done.unread == (("all.csv", 201, "number"),)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([], id="an empty file"),
        pytest.param([["2026-10-30", "1", "1", "1"], a_line()], id="an answer of the Web-API"),
        pytest.param([*some_lines(98), ["x"]], id="more than one line in a hundred"),
    ],
)
def test_another_file_never_replaces_the_list(tmp_path: Path, lines: list[list[str]]) -> None:
    imported(tmp_path, a_line())

    with pytest.raises(Invalid, match="全件データ"):
        imported(tmp_path, *lines)

    assert kept(tmp_path) == 1


def test_of_an_empty_file_it_is_said_that_it_is_empty(tmp_path: Path) -> None:
    """It was said that none of no lines can be read."""
    with pytest.raises(Invalid, match="ファイルに1行もありません。国税庁"):
        imported(tmp_path)


def test_a_part_of_the_list_replaces_the_whole_only_when_that_is_meant(tmp_path: Path) -> None:
    """The daily differences have the same columns: with them, most companies would be gone."""
    numbers = ("7999901000001", "6999901000002", "5999901000003")
    imported(tmp_path, *(a_line(corporateNumber=number) for number in numbers))

    with pytest.raises(Invalid, match="差分データ"):
        imported(tmp_path, a_line())
    before = kept(tmp_path)
    imported(tmp_path, a_line(), fewer=True)

    assert (before, kept(tmp_path)) == (3, 1)


def test_an_import_can_be_repeated(tmp_path: Path) -> None:
    assert imported(tmp_path, a_line()) == imported(tmp_path, a_line())
