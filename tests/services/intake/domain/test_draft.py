from services.intake.domain.draft import LIFETIME, Draft
from tests.services.intake.builders import CANARY


def test_a_page_with_errors_keeps_its_words_and_is_not_passed() -> None:
    passed = Draft(typed={"company": CANARY["company"]}).with_page("contact", passed=True)

    draft = passed.with_answers(["company"], {"company": ""}).with_page("contact", passed=False)

    assert draft.passed == ()
    assert draft.typed == {"company": ""}


def test_answers_to_other_pages_stay_as_they_are() -> None:
    draft = Draft(typed={"company": "見本商会", "quote": "yes"})

    changed = draft.with_answers(["company", "person"], {"person": "見本 花子", "quote": "no"})

    assert changed.typed == {"quote": "yes", "person": "見本 花子"}


def test_what_was_asked_about_is_asked_about_again_when_it_is_typed_differently() -> None:
    draft = Draft(typed={"email": "a@gmial.com"}).asked_about(["email"])

    assert draft.was_asked_about("email")
    assert not draft.with_answers(["email"], {"email": "a@gmail.con"}).was_asked_about("email")


def test_what_was_sent_is_kept_for_a_day_whoever_was_asked_for_it() -> None:
    assert Draft(passed=("contact",), sent="r-1", asked={"policy": "k"}).lifetime == LIFETIME
