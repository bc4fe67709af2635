"""The list of companies as a file: what was written is read, and the list before stays until there is another."""

import asyncio
import sqlite3
import zipfile
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from services.intake.adapters.companies import SqliteCompanies
from services.intake.adapters.company_file import PublishedFiles
from services.intake.adapters.company_list import SqliteCompanyList
from services.intake.domain.company import Company
from services.intake.ports import Companies
from shared.errors import Invalid, Unavailable
from tests.services.intake.builders import a_company
from tests.services.intake.fakes import InMemoryCompanies
from tests.services.intake.specs import CompaniesSpec

pytestmark = pytest.mark.anyio


def written(path: Path, companies: Iterable[Company]) -> tuple[int, int]:
    with SqliteCompanyList(path).new() as new:
        for company in companies:
            new.add(company)
        counted = new.close()
        new.publish()
    return counted


def files_in(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


class TestInMemoryCompanies(CompaniesSpec):
    @pytest.fixture
    def companies(self) -> Companies:
        return InMemoryCompanies(*self.LISTED)


class TestSqliteCompanies(CompaniesSpec):
    @pytest.fixture
    def companies(self, tmp_path: Path) -> Companies:
        path = tmp_path / "new folder" / "companies.sqlite"
        written(path, self.LISTED)
        return SqliteCompanies(path)


async def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    assert not SqliteCompanies(None).are_known()
    assert not SqliteCompanies(tmp_path / "companies.sqlite").are_known()


async def test_a_new_list_is_seen_by_a_process_that_runs(tmp_path: Path) -> None:
    path = tmp_path / "companies.sqlite"
    companies = SqliteCompanies(path)
    written(path, [a_company()])
    before = await companies.beginning("みほん", 10)

    written(path, [a_company(name="株式会社例示")])

    assert [company.name for company in before] == ["株式会社見本商事"]
    assert await companies.beginning("みほん", 10) == (a_company(name="株式会社例示"),)


async def test_a_list_that_was_not_finished_leaves_the_one_before_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "companies.sqlite"
    written(path, [a_company()])

    with suppress(Invalid), SqliteCompanyList(path).new() as new:
        new.add(a_company("6999901000002"))
        raise Invalid("stopped")

    assert files_in(tmp_path) == ["companies.sqlite"]
    assert await SqliteCompanies(path).numbered("6999901000002") is None


async def test_of_a_company_that_stands_in_two_files_the_last_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "companies.sqlite"

    counted = written(path, [a_company(place="東京都港区旧町１"), a_company("6999901000002"), a_company()])

    assert counted == (2, 1)
    assert await SqliteCompanies(path).numbered("7999901000001") == a_company()


@pytest.mark.parametrize("content", [b"", b"not a database at all"], ids=["empty", "something else"])
async def test_a_damaged_file_is_unavailable_and_counts_as_no_list(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "companies.sqlite"
    path.write_bytes(content)

    with pytest.raises(Unavailable):
        await SqliteCompanies(path).beginning("見本", 10)
    assert SqliteCompanyList(path).count() == 0


async def test_the_file_is_read_only_for_who_looks_up(tmp_path: Path) -> None:
    path = tmp_path / "companies.sqlite"
    written(path, [a_company()])
    before = path.read_bytes()
    path.chmod(0o444)

    found = await asyncio.gather(*(SqliteCompanies(path).numbered("7999901000001") for _ in range(20)))

    assert set(found) == {a_company()}
    assert path.read_bytes() == before
    assert files_in(tmp_path) == ["companies.sqlite"]


async def test_a_look_up_never_reads_the_whole_list(tmp_path: Path) -> None:
    """Five million lines would take seconds."""
    path = tmp_path / "companies.sqlite"
    written(path, [a_company()])

    with closing(sqlite3.connect(path)) as database:
        plans = [
            database.execute(f"EXPLAIN QUERY PLAN SELECT name FROM companies WHERE {condition} LIMIT 9").fetchall()  # noqa: S608
            for condition in ("number = 1", "key >= 'a' AND key < 'b'", "reading_key >= 'a' AND reading_key < 'b'")
        ]

    assert ["USING INDEX" in plan[0][-1] for plan in plans] == [True, True, True]


def rows_of(path: Path) -> list[list[str]]:
    return [list(row) for row in PublishedFiles().rows(path, lambda _part: None)]


def test_a_file_is_read_as_csv_or_as_the_zip_that_it_is_published_in(tmp_path: Path) -> None:
    text = '1,"株式会社見本, 商事"\r\n2,例示\r\n'
    (tmp_path / "all.csv").write_bytes(text.encode("utf-8-sig"))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("00_zenkoku_all_20261030.csv", text)
        archive.writestr("00_zenkoku_all_20261030.csv.asc", "signature")

    assert rows_of(tmp_path / "all.csv") == [["1", "株式会社見本, 商事"], ["2", "例示"]]
    assert rows_of(tmp_path / "all.zip") == rows_of(tmp_path / "all.csv")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        pytest.param("all.csv", "株式会社見本".encode("cp932"), "CSV形式・Unicode", id="Shift_JIS"),
        pytest.param("all.zip", b"PK no more", "壊れています", id="a download that was cut off"),
        pytest.param("none.csv", None, "読めません", id="a file that is not there"),
    ],
)
def test_another_file_is_told_in_words(tmp_path: Path, name: str, content: bytes | None, told: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(Invalid, match=told):
        rows_of(tmp_path / name)
