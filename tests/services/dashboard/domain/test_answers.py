"""The desk reads the questions as the customer read them."""

from services.dashboard.domain.answers import AnswerLine, answer_sections, choice_label, question_label
from shared.events.parcels import Answer
from tests.services.dashboard.builders import ANSWERS, PRODUCT


def lines(answers: dict[str, Answer]) -> dict[str, AnswerLine]:
    return {line.key: line for section in answer_sections(PRODUCT.form, answers, {}) for line in section.lines}


def test_answers_stand_in_the_order_of_the_form() -> None:
    shuffled = dict(reversed(ANSWERS.items()))
    order = [question.key for question in PRODUCT.form.questions if question.key in ANSWERS]

    assert list(lines(shuffled)) == order


def test_an_answer_stands_beside_its_question_in_the_words_of_the_form() -> None:
    by_key = lines({"d3_01": "yes", "turnover": 500_000, "liability_limit": 100_000_000})

    assert "はい" in by_key["d3_01"].text
    assert question_label(PRODUCT.form, "d3_01") in by_key["d3_01"].label
    assert by_key["turnover"].text == "500,000千円（5億円）"
    assert by_key["liability_limit"].text == "1億円"


def test_several_certifications_are_all_named() -> None:
    text = lines({"d3_22": ["pmark", "isms"]})["d3_22"].text

    assert "プライバシーマーク" in text
    assert "ISMS" in text


def test_what_the_customer_does_not_know_is_pointed_out() -> None:
    by_key = lines({"d3_01": "yes", "d3_04": "unknown"})

    assert [key for key, line in by_key.items() if line.is_unsure] == ["d3_04"]
    assert "わからない" in by_key["d3_04"].text


def test_what_was_typed_goes_with_its_answer() -> None:
    sections = answer_sections(
        PRODUCT.form, {"turnover": 500_000, "d3_99": "yes"}, {"turnover": "5億円", "d3_99": "ＹＥＳ"}
    )

    typed = {line.key: line.typed for section in sections for line in section.lines}
    assert typed == {"turnover": "5億円", "d3_99": "ＹＥＳ"}


def test_the_value_of_a_picked_choice_is_not_shown_as_typed() -> None:
    """A single certification is sent as `pmark`, and stored as a list: nobody typed either."""
    sections = answer_sections(PRODUCT.form, {"d3_22": ["pmark"]}, {"d3_22": "pmark"})

    assert [(line.text, line.typed) for section in sections for line in section.lines] == [("プライバシーマーク", "")]


def test_an_answer_that_the_form_no_longer_asks_for_is_still_shown() -> None:
    """Forms change; what a customer told us last year must not vanish from their case."""
    by_key = lines({"d3_99": "yes", "d3_98": ["a", "b"]})

    assert (by_key["d3_99"].label, by_key["d3_99"].text) == ("d3_99", "yes")
    assert by_key["d3_98"].text == "a、b"


def test_without_the_product_every_answer_is_shown_under_its_key() -> None:
    [section] = answer_sections(None, ANSWERS, {})

    assert {line.key for line in section.lines} == set(ANSWERS)


def test_a_code_without_words_stands_for_itself() -> None:
    assert choice_label(PRODUCT.form, "plan", "platinum") == "platinum"
    assert choice_label(None, "plan", "basic") == "basic"
    assert question_label(PRODUCT.form, "rider_gold") == "rider_gold"
