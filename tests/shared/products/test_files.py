"""How files are read: answers stay words, days stay text, and a condition means what it looks like."""

from pathlib import Path
from typing import Any

import pytest

from shared.products import Condition
from shared.products.source import read_yaml


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("yes", "yes", id="yes is an answer"),
        pytest.param("no", "no", id="and so is no"),
        pytest.param("off", "off", id="and off"),
        pytest.param("true", True, id="true is a boolean"),
        pytest.param("2026-10-01", "2026-10-01", id="a day"),
        pytest.param("0120", "0120", id="the beginning of a phone number"),
        pytest.param("12:30", "12:30", id="a time of day"),
        pytest.param("100_000_000", 100_000_000, id="an amount that people can read"),
        pytest.param('"5"', "5", id="a number in quotes"),
        pytest.param("0.936", 0.936, id="a fraction, for a tariff to refuse"),
        pytest.param("~", None, id="nothing"),
        pytest.param("", None, id="nothing at all"),
        pytest.param("<<", "<<", id="YAML's merge sign"),
    ],
)
def test_a_value_means_what_it_looks_like(tmp_path: Path, written: str, meant: object) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(f"key: {written}\n", encoding="utf-8")

    value = read_yaml(file).data["key"]

    assert value == meant
    assert type(value) is type(meant)


def test_a_place_is_known_by_its_line_and_by_the_name_that_people_use(tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(
        "pages:\n  - slug: contact\n    questions:\n      - kind: text\n        key: company\n", encoding="utf-8"
    )

    source = read_yaml(file)

    assert (source.line_of(("pages", 0)), source.name_of(("pages", 0))) == (2, "contact")
    kind = ("pages", 0, "questions", 0, "kind")
    assert (source.line_of(kind), source.name_of(kind)) == (4, "company.kind")
    missing = ("pages", 0, "questions", 0, "label")
    assert (source.line_of(missing), source.name_of(missing)) == (4, "company.label")


ANSWERS: dict[str, Any] = {"a": "yes", "b": "no", "amount": 0, "list": ["x", "y"]}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        pytest.param({"a": ["yes"]}, True, id="an answer"),
        pytest.param({"a": ["no", "yes"]}, True, id="one of several answers"),
        pytest.param({"a": ["no"]}, False, id="another answer"),
        pytest.param({"c": ["yes"]}, False, id="no answer"),
        pytest.param({"amount": [0]}, True, id="an amount of nothing"),
        pytest.param({"a": ["yes"], "b": ["yes"]}, False, id="all entries must hold"),
        pytest.param({"list": ["y", "z"]}, True, id="a tick among others"),
        pytest.param({"list": ["z"]}, False, id="no such tick"),
        pytest.param({"any": [{"a": ["no"]}, {"b": ["no"]}]}, True, id="any: one is enough"),
        pytest.param({"any": [{"a": ["no"]}, {"b": ["yes"]}]}, False, id="any: one is needed"),
        pytest.param({"all": [{"a": ["yes"]}, {"b": ["no"]}]}, True, id="all: both"),
        pytest.param({"all": [{"a": ["yes"]}, {"b": ["yes"]}]}, False, id="all: one is not enough"),
        pytest.param({"not": {"a": ["yes"]}}, False, id="not"),
        pytest.param({"not": {"c": ["yes"]}}, True, id="what was not answered is not so"),
    ],
)
def test_a_condition_says_what_it_looks_like(condition: dict[str, Any], holds: bool) -> None:  # noqa: FBT001  a table
    assert Condition(condition).holds(ANSWERS) is holds


def test_an_amount_of_nothing_is_not_a_no() -> None:
    """In Python 0 == False; an answer is never a boolean."""
    assert not Condition({"amount": ["0"]}).holds(ANSWERS)
