"""Which companies are offered for what a customer types, and in which order."""

import pytest

from services.intake.usecases.find_companies import MOST, FindCompanies
from tests.services.intake.builders import a_company
from tests.services.intake.fakes import InMemoryCompanies

pytestmark = pytest.mark.anyio

LISTED = (
    a_company(),
    a_company("6999901000002", name="有限会社見本商事"),
    a_company("5999901000003", name="株式会社見本商事大阪", reading="ミホンショウジオオサカ"),
    a_company("4999901000004", name="株式会社ＳＡＭＰＬＥシステムズ", reading="サンプルシステムズ"),
    a_company("3999901000005", name="合同会社例示澤製作所", reading=""),
)


async def numbers_for(typed: str) -> list[str]:
    found = await FindCompanies(InMemoryCompanies(*LISTED))(typed)
    return [company.number[0] for company in found.companies]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        pytest.param("株式会社見本商事", "7", id="with 株式会社 in front"),
        pytest.param("㈱見本商事", "7", id="with ㈱"),
        pytest.param("(有)見本商事", "6", id="with another form"),
        pytest.param("見本商事大阪", "5", id="without a form"),
        pytest.param("ミホンショウジオオサカ", "5", id="by its reading"),
        pytest.param("みほんしょうじおお", "5", id="by its reading in hiragana"),
        pytest.param("sample", "4", id="in small letters of one width"),
        pytest.param("例示沢", "3", id="with the usual form of a kanji"),
        pytest.param("T5999901000003", "5", id="by the number on an invoice"),
    ],
)
async def test_a_company_is_found_in_any_usual_way_of_writing(typed: str, first: str) -> None:
    assert (await numbers_for(typed))[0] == first


async def test_the_very_name_comes_first_then_longer_ones() -> None:
    assert await numbers_for("有限会社見本商事") == ["6", "7", "5"]


async def test_of_many_only_ten_are_listed_and_that_there_are_more_is_said() -> None:
    many = [a_company(f"{number:013}", name=f"株式会社見本{number:02}") for number in range(MOST + 1)]

    found = await FindCompanies(InMemoryCompanies(*many))("見本")

    assert len(found.companies) == MOST
    assert found.has_more


@pytest.mark.parametrize(
    ("typed", "miss"),
    [
        ("", "nothing-typed"),
        ("・・・", "nothing-typed"),
        ("架空", "not-found"),
        ("8040001999013", "not-found"),
        ("7999901000002", "check-digit"),
        ("799990100000", "not-found"),
        ("79999010000012", "length"),
    ],
)
async def test_why_nothing_was_found_is_known(typed: str, miss: str) -> None:
    found = await FindCompanies(InMemoryCompanies(*LISTED))(typed)

    assert (found.companies, found.miss) == ((), miss)


async def test_a_list_that_cannot_be_read_stops_nobody() -> None:
    companies = InMemoryCompanies(*LISTED)
    companies.is_broken = True
    find = FindCompanies(companies)

    assert (await find("見本")).miss == "unavailable"
    assert await find.numbered("7999901000001") is None
