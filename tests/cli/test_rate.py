"""`mitsumori rate FILE.json`, without the command around it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.rate import rate_file
from pricing.tariff import load_priced_products
from shared.errors import Invalid
from tests.pricing.builders import NOON, answers


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.json"


def rate(file: Path, content: object, now: datetime = NOON) -> dict[str, Any]:
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return rate_file(file, load_priced_products(), now=lambda: now)


def codes(found: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in found["reasons"]]


def test_a_file_of_answers_is_priced(file: Path) -> None:
    found = rate(file, answers())

    assert (found["result"], found["premium"]) == ("offered", 92_800)
    assert (found["options"][0]["kind"], found["options"][0]["premium"]) == ("chosen", 92_800)
    assert {"options", "changes", "savings", "grids"} <= found.keys()
    assert found["workings"][-1]["amount"] == "92800"
    assert json.loads(json.dumps(found)) == json.loads(json.dumps(found, default=str))


def test_the_product_may_be_named_around_the_answers(file: Path) -> None:
    assert rate(file, {"product": "cyber-security", "answers": answers()})["premium"] == 92_800


def test_the_product_may_be_named_among_the_answers(file: Path) -> None:
    assert rate(file, {"product": "cyber-security", **answers()})["premium"] == 92_800


def test_digits_in_quotes_are_numbers_where_a_number_is_asked_for(file: Path) -> None:
    assert rate(file, answers(turnover="500000", liability_limit="100000000"))["premium"] == 92_800


@pytest.mark.parametrize("turnover", ["500,000", "5e5", " 500000", "５０００００", "-500000", 500000.0, "1" * 5000])
def test_what_only_looks_like_a_number_is_referred(file: Path, turnover: object) -> None:
    assert codes(rate(file, answers(turnover=turnover))) == ["unknown-choice"]


def test_answers_that_rating_does_not_need_are_ignored(file: Path) -> None:
    others = {"company": "株式会社見本", "brochure": "none", "quote": "yes", "incidents_note": ""}

    assert rate(file, answers(**others))["premium"] == 92_800


def test_a_misspelt_key_is_referred_and_never_overlooked(file: Path) -> None:
    assert codes(rate(file, answers(riderIT="yes"))) == ["unknown-key"]


def test_a_referral_lists_every_reason_with_a_sentence(file: Path) -> None:
    found = rate(file, answers(incidents="unknown", turnover=0))

    assert found["result"] == "referred"
    assert codes(found) == ["incident-reported", "turnover-outside"]
    assert all(reason["message"].endswith("。") for reason in found["reasons"])


def test_no_answers_at_all_are_referred(file: Path) -> None:
    assert set(codes(rate(file, {}))) == {"missing-answer"}


def test_before_the_first_tariff_everything_is_referred(file: Path) -> None:
    assert codes(rate(file, answers(), now=datetime(2026, 1, 1, tzinfo=UTC))) == ["no-tariff"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param("{", "JSONとして読めません", id="half a file"),
        pytest.param("[" * 100_000, "JSONとして読めません", id="a very deep file"),
        pytest.param('{"turnover": ' + "9" * 5000 + "}", "JSONとして読めません", id="a number beyond reading"),
        pytest.param("[1]", "キー", id="a list"),
        pytest.param('{"plan": "basic", "plan": "wide"}', "二度", id="a key twice"),
        pytest.param('{"product": "travel", "answers": {}}', "cyber-security", id="an unknown product"),
        pytest.param('{"product": ["x"], "answers": {}}', "cyber-security", id="a product that is no name"),
        pytest.param('{"answers": 1}', "answers", id="answers that are none"),
    ],
)
def test_a_file_that_holds_no_answers_is_refused_with_a_sentence(file: Path, content: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        rate(file, content)


def test_a_file_in_another_encoding_is_refused_with_a_sentence(file: Path) -> None:
    file.write_bytes('{"company": "株式会社"}'.encode("shift_jis"))

    with pytest.raises(Invalid, match="JSONとして読めません"):
        rate_file(file, load_priced_products(), now=lambda: NOON)


def test_a_file_that_is_not_there_is_refused_with_a_sentence(file: Path) -> None:
    with pytest.raises(Invalid, match="読めません"):
        rate_file(file, load_priced_products(), now=lambda: NOON)
