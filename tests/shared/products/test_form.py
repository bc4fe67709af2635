"""What a customer is asked, page by page, and when an answer may not be left out."""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.products import Form, Question, load_products

CONTACT = ["company", "department", "person", "phone", "email", "postal_code", "address", "building"]
WISHES = ["brochure", "quote"]
LAST_PAGE = ["privacy_consent", "news_opt_in"]
D3 = [f"d3_{number:02}" for number in range(1, 23)]
D4 = [f"d4_{number}" for number in range(1, 8)]
COVER = ["industry", "plan", "liability_limit", "liability_deductible", "cost_limit", "cost_deductible"]
RIDERS = ["rider_it", "rider_leak_only", "rider_fixed_premium"]
SUB_QUESTIONS = ["d3_01_a", "d3_01_b", "d3_01_c", "d3_02_a", "d3_15_a", "d4_2_a", "incidents_note", "d3_22_other"]


def required(form: Form, key: str, answers: Mapping[str, Any]) -> bool:
    asked = {question.key: question for question in form.follow(answers).asked}
    return key in asked and asked[key].required_by(answers)


@pytest.fixture(scope="module")
def form() -> Form:
    return load_products()["cyber-security"].form


def keys(questions: tuple[Question, ...]) -> list[str]:
    return [question.key for question in questions]


def test_the_form_has_exactly_the_keys_that_programs_rely_on(form: Form) -> None:
    expected = [*CONTACT, *WISHES, "turnover", "incidents", *D3, *COVER, *RIDERS, *D4, *SUB_QUESTIONS, *LAST_PAGE]

    assert sorted(keys(form.questions)) == sorted(expected)


def test_whoever_wants_documents_only_is_asked_ten_questions_and_for_a_consent(form: Form) -> None:
    answers = {"brochure": "email", "quote": "no"}

    assert keys(form.follow(answers).asked) == [*CONTACT, *WISHES, *LAST_PAGE]
    assert [page.slug for page in form.follow(answers).route()] == ["contact", "wishes"]


def test_whoever_wants_a_quote_is_led_through_history_security_and_cover(form: Form) -> None:
    route = form.follow({"brochure": "none", "quote": "yes"}).route()

    assert [page.slug for page in route] == [
        "contact",
        "wishes",
        "history",
        "policy",
        "technology",
        "operation",
        "cover",
    ]


def test_the_page_on_it_work_is_shown_only_with_the_it_rider(form: Form) -> None:
    without = form.follow({"quote": "yes", "rider_it": "no"}).route()
    with_rider = form.follow({"quote": "yes", "rider_it": "yes"}).route()

    assert [page.slug for page in with_rider if page not in without] == ["it-work"]


@pytest.mark.parametrize("key", D4)
def test_it_work_is_answered_by_whoever_likes_to_and_must_be_with_the_rider(form: Form, key: str) -> None:
    assert key in keys(form.follow({"quote": "yes"}).asked)
    assert not required(form, key, {"quote": "yes"})
    assert not required(form, key, {"quote": "yes", "rider_it": "no"})
    assert required(form, key, {"quote": "yes", "rider_it": "yes"})
    assert not required(form, key, {"quote": "no", "rider_it": "yes"})


@pytest.mark.parametrize(
    ("parent", "opening", "closing", "children"),
    [
        pytest.param("incidents", ["yes"], ["no", "unknown"], ["incidents_note"], id="what happened"),
        pytest.param("d3_01", ["yes"], ["no", "unknown"], ["d3_01_a", "d3_01_b", "d3_01_c"], id="a security policy"),
        pytest.param("d3_02", ["yes"], ["no", "unknown"], ["d3_02_a"], id="secrets kept apart"),
        pytest.param(
            "d3_15", ["yes", "sometimes"], ["no", "unknown"], ["d3_15_a"], id="work handed out, also at times"
        ),
        pytest.param(
            "d3_22", [["other"], ["isms", "other"]], [["isms"], ["none"], []], ["d3_22_other"], id="a certificate"
        ),
        pytest.param("d4_2", ["yes"], ["no", "unknown"], ["d4_2_a"], id="a way to act in an incident"),
    ],
)
def test_sub_questions_are_asked_when_their_parent_opens_them(
    form: Form, parent: str, opening: list[Any], closing: list[Any], children: list[str]
) -> None:
    shown = [keys(form.follow({"quote": "yes", parent: answer}).asked) for answer in opening]
    hidden = [keys(form.follow({"quote": "yes", parent: answer}).asked) for answer in closing]

    assert all(child in found for child in children for found in shown)
    assert not any(child in found for child in children for found in hidden)
    assert not set(children) & set(keys(form.follow({"quote": "yes"}).asked))


def test_an_answer_to_a_question_that_is_not_asked_decides_nothing(form: Form) -> None:
    """A parent was answered, then the customer went back and wanted documents only."""
    left_over = {"quote": "no", "d3_01": "yes", "rider_it": "yes", "rider_leak_only": "yes", "plan": "wide"}

    assert keys(form.follow(left_over).asked) == [*CONTACT, *WISHES, *LAST_PAGE]
    assert not required(form, "d3_01_a", left_over)
    assert [page.slug for page in form.follow(left_over).route()] == ["contact", "wishes"]
    assert form.follow({**left_over, "brochure": "email"}).broken_rules() == ()


def test_sub_questions_follow_their_parent_at_once(form: Form) -> None:
    order = keys(form.questions)

    assert order[order.index("d3_01") :][:4] == ["d3_01", "d3_01_a", "d3_01_b", "d3_01_c"]
    assert order.index("d3_22_other") == order.index("d3_22") + 1


def test_everything_that_a_price_needs_must_be_answered_for_a_quote(form: Form) -> None:
    quote = {"quote": "yes"}

    assert all(required(form, key, quote) for key in ["turnover", "incidents", *D3, *COVER, *RIDERS])
    assert not required(form, "building", quote)
    assert required(form, "privacy_consent", quote)
    assert not required(form, "news_opt_in", quote)


def test_a_customer_who_does_not_know_the_cover_gets_our_defaults(form: Form) -> None:
    defaults = {question.key: question.default for question in form.questions if question.default is not None}

    assert defaults == {
        "plan": "basic",
        "liability_limit": 100_000_000,
        "liability_deductible": 100_000,
        "cost_limit": 30_000_000,
        "cost_deductible": 0,
        "rider_it": "no",
        "rider_leak_only": "no",
        "rider_fixed_premium": "yes",
    }
    assert all(form.question(key).default in form.question(key).values for key in defaults)


def test_only_what_the_source_does_not_ask_is_ours(form: Form) -> None:
    """Ours travels to notify for the 見積書; a 告知 answer must never go with it."""
    assert [question.key for question in form.questions if question.ours] == [*COVER, *RIDERS]


@pytest.mark.parametrize(
    ("answers", "broken"),
    [
        pytest.param({"brochure": "none", "quote": "no"}, ["no-wish"], id="neither wish"),
        pytest.param({"brochure": "post", "quote": "no"}, [], id="one wish is enough"),
        pytest.param({"brochure": "none", "quote": "yes"}, [], id="so is the other"),
        pytest.param(
            {"quote": "yes", "plan": "wide", "rider_leak_only": "yes"}, ["leak-only-needs-basic"], id="leaks only, wide"
        ),
        pytest.param({"quote": "yes", "plan": "basic", "rider_leak_only": "yes"}, [], id="leaks only, basic"),
        pytest.param({"quote": "yes", "plan": "wide", "rider_leak_only": "no"}, [], id="wide without the rider"),
    ],
)
def test_answers_that_cannot_stand_together_are_told(form: Form, answers: dict[str, str], broken: list[str]) -> None:
    assert [rule.code for rule in form.follow(answers).broken_rules()] == broken


@pytest.mark.parametrize(
    ("key", "yes", "no"),
    [
        pytest.param("d4_1", "構築していない", "構築している", id="a negative sentence"),
        pytest.param(
            "d3_18",
            "持ち出せない、または対策をして持ち出している",
            "対策をせずに持ち出すことができる",
            id="one or the other",
        ),
    ],
)
def test_what_yes_and_no_mean_is_spelled_out_where_it_can_be_misread(form: Form, key: str, yes: str, no: str) -> None:
    meanings = {choice.value: choice.meaning for choice in form.question(key).choices}

    assert meanings == {"yes": yes, "no": no, "unknown": ""}


def test_every_sentence_with_two_parts_has_its_meanings(form: Form) -> None:
    spelled_out = [one.key for one in form.questions if any(choice.meaning for choice in one.choices)]

    assert spelled_out == ["incidents", "d3_01_c", "d3_17", "d3_18", "d4_1", "d4_5", "d4_6"]


def test_whoever_does_not_know_can_say_so_wherever_the_security_is_asked_about(form: Form) -> None:
    """A wrong はい would be a false 告知; a guess helps nobody."""
    asked = [one for one in form.questions if one.key.startswith(("incidents", "d3", "d4")) and one.kind == "choice"]

    values = {one.key: one.values for one in asked}

    assert values.pop("d3_15") == ("yes", "sometimes", "no", "unknown")
    assert set(values.values()) == {("yes", "no", "unknown")}
    assert len(values) == 33


def test_whoever_has_none_of_a_list_can_say_so(form: Form) -> None:
    lists = [question for question in form.questions if question.kind == "multi"]

    assert [(question.key, question.exclusive) for question in lists] == [("d3_22", "none"), ("d4_7", "none")]


def test_a_consent_is_given_to_the_purpose_text_that_was_shown() -> None:
    product = load_products()["cyber-security"]

    assert product.form.question("privacy_consent").values == (product.privacy.version,)
