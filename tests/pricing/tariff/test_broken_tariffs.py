"""A tariff that was broken by accident is refused, or refers requests: none is priced with a missing figure."""

from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.engine.price import price
from pricing.engine.result import Offered, Referred
from pricing.tariff import Tariff, parse_tariff
from shared.products import ProductError
from shared.products.lines import parse
from shared.products.source import parse_yaml
from tests.pricing.builders import PRICEABLE, PRODUCT, TARIFF, answers

PATH: Final = PRODUCT.folder / "tariff" / f"{TARIFF.id}.yaml"
LINES: Final = PATH.read_text("utf-8").splitlines(keepends=True)
ENTRIES: Final = [number for number, line in enumerate(LINES) if line.strip() and not line.strip().startswith("#")]

JUNK: Final = ('"0"', '"-1"', '"NaN"', '"1e99"', '"１"', "1.5", "null", "true", "[]", "{}", '""', '"0.0000001"', "yes")


def compiled(text: str) -> Tariff | None:
    """The tariff in *text*; None when it is refused."""
    try:
        return parse_tariff(parse_yaml(Path(PATH.name), text.encode()), PRODUCT.form)
    except ProductError:
        return None


@st.composite
def broken(draw: st.DrawFn) -> str:
    """One line deleted, doubled, moved, indented, or with another value: typical accidents."""
    at = draw(st.sampled_from(ENTRIES))
    lines = list(LINES)
    line = lines[at]
    match draw(st.sampled_from(("delete", "double", "move", "junk", "indent"))):
        case "delete":
            del lines[at]
        case "double":
            lines.insert(at, line)
        case "move":
            lines.insert(draw(st.sampled_from(ENTRIES[:-1])), lines.pop(at))
        case "indent":
            lines[at] = f"  {line}"
        case _:
            key, colon, _ = line.rpartition(": ")
            lines[at] = f"{key}{colon}{draw(st.sampled_from(JUNK))}\n"
    return "".join(lines)


@settings(max_examples=250, deadline=None)
@given(broken(), PRICEABLE)
def test_a_broken_tariff_is_refused_or_gives_an_answer_that_can_be_explained(text: str, case: dict[str, Any]) -> None:
    tariff = compiled(text)

    if tariff is None:
        return
    result = price(case, tariff)
    assert isinstance(result, Offered | Referred)
    if isinstance(result, Offered):
        assert all(option.premium >= tariff.minimum_premium_yen for option in result.options)
        assert result.workings[-1].amount == result.premium_yen


def test_the_unbroken_one_is_not_refused() -> None:
    """Otherwise the test above would prove nothing."""
    assert compiled("".join(LINES)) is not None


@pytest.mark.parametrize("key", TARIFF.questions)
def test_every_choice_of_every_question_is_priced_or_referred(key: str) -> None:
    """The tariff has a figure or a rule for every choice of the form."""
    question = TARIFF.questions[key]
    opened = answers(rider_it="yes", d3_01="yes", d3_02="yes", d3_15="yes", d4_2="yes")

    for choice in question.choices:
        result = price({**opened, key: [choice] if question.kind == "multi" else choice}, TARIFF)
        codes = [reason.code for reason in result.reasons] if isinstance(result, Referred) else []
        assert not {"unknown-choice", "turnover-outside"} & set(codes), (choice, codes)


def test_every_question_with_choices_is_read_or_declared_neutral() -> None:
    """The loader refuses a tariff that forgets one; this checks the shipped tariff by itself."""
    data, _ = parse(PATH, PATH.read_text("utf-8"))
    asked = {question.key for question in PRODUCT.form.questions if question.choices and question.kind != "consent"}

    assert asked == (asked & TARIFF.questions.keys()) | (asked & data["neutral"].keys())
    assert not TARIFF.questions.keys() & data["neutral"].keys()
