"""`mitsumori tariff table`: premiums at a glance."""

import csv
import io

import pytest
from typer.testing import CliRunner

from cli.main import app


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["tariff", "table", "2026-10-01", *arguments])
    return result.exit_code, result.output


def rows(*arguments: str) -> dict[str, dict[str, str]]:
    code, output = run("--csv", *arguments)
    assert code == 0
    return {row["industry"]: row for row in csv.DictReader(io.StringIO(output))}


def test_every_industry_of_the_form_has_its_line() -> None:
    premiums = rows()

    assert (premiums["retail"]["name"], premiums["retail"]["500000"]) == ("小売業", "92800")
    assert len(premiums) == 20


def test_an_industry_without_a_premium_says_why() -> None:
    premiums = rows()

    assert premiums["finance"]["500000"] == "alternative-exposure"
    assert premiums["public_body"]["500000"] == "ineligible-industry"


def test_the_cover_and_the_score_can_be_chosen() -> None:
    premiums = rows("--plan", "wide", "--score", "1", "--riders", "it", "--liability-limit", "500000000")

    assert premiums["retail"]["500000"] == "292480"


def test_people_see_it_in_eighty_columns() -> None:
    code, output = run()

    assert code == 0
    assert "92,800" in output
    assert "…" not in "".join(line for line in output.splitlines() if "小売業" in line)


@pytest.mark.parametrize(
    "arguments", [("--plan", "gold"), ("--score", "2"), ("--riders", "gold"), ("--cost-limit", "123"), ("--score", "x")]
)
def test_a_cover_that_the_form_does_not_offer_is_one_sentence(arguments: tuple[str, str]) -> None:
    code, output = run(*arguments)

    assert code == 2
    assert "Traceback" not in output
