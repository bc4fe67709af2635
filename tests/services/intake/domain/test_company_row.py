"""A line of the National Tax Agency's file: which companies a customer may choose, and what is kept of them."""

import pytest

from services.intake.domain.company import Company
from services.intake.domain.company_row import COLUMNS, read_row
from tests.services.intake.builders import a_company, a_line


def test_a_company_has_its_number_its_names_and_its_address() -> None:
    assert len(a_line()) == COLUMNS
    assert read_row(a_line()) == a_company()


def test_an_address_is_written_as_in_the_form_and_the_building_apart() -> None:
    company = a_company(name="株式会社ＳＡＭＰＬＥ")

    assert company.title == "株式会社SAMPLE"
    assert company.written_code == "150-0043"
    assert (company.address, company.building) == ("東京都渋谷区道玄坂9丁目8番7号", "見本ビル3階")
    assert a_company(place="東京都渋谷区道玄坂１－２").building == ""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"closeDate": "2024-03-31"}, "closed", id="its register is closed"),
        pytest.param({"process": "99"}, "deleted", id="its number was taken back"),
        pytest.param({"latest": "0"}, "past", id="a line about the past"),
        pytest.param({"hihyoji": "1"}, "excluded", id="検索対象除外"),
        pytest.param({"prefectureName": "", "addressOutside": "Nowhere"}, "abroad", id="no address in Japan"),
        pytest.param({"corporateNumber": "8999901000001"}, "number", id="a wrong figure in front"),
        pytest.param({"corporateNumber": ""}, "number", id="no number"),
        pytest.param({"name": "　"}, "name", id="no name"),
    ],
)
def test_what_nobody_may_choose_is_left_out_with_the_reason(changes: dict[str, str], reason: str) -> None:
    assert read_row(a_line(**changes)) == reason


def test_a_line_with_other_columns_is_not_guessed_at() -> None:
    assert read_row(a_line()[:-1]) == "columns"
    assert read_row([*a_line(), ""]) == "columns"
    assert read_row([]) == "columns"


def test_a_postal_code_that_is_none_is_left_out() -> None:
    company = read_row(a_line(postCode="150"))

    assert isinstance(company, Company)
    assert company.written_code == ""
