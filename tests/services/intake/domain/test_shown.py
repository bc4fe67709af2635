"""The marks that a confirmation carries: whoever sends it back says what was read there, and cannot say otherwise."""

from services.intake.domain.shown import Shown

WORDS = {"company": ("企業名", "見本商会"), "quote": ("お見積り", "希望する")}


def test_what_is_shown_alike_has_the_same_mark() -> None:
    assert str(Shown.of("n-1", WORDS)) == str(Shown.of("n-1", dict(WORDS)))
    assert Shown.of("n-1", WORDS).changed_since(str(Shown.of("n-1", WORDS))) == frozenset()


def test_a_question_in_other_words_is_no_less_changed_than_its_answer() -> None:
    seen = str(Shown.of("n-1", WORDS))

    assert Shown.of("n-1", WORDS | {"quote": ("お見積り", "希望しない")}).changed_since(seen) == {"quote"}
    assert Shown.of("n-1", WORDS | {"company": ("法人名", "見本商会")}).changed_since(seen) == {"company"}


def test_words_that_move_from_one_place_to_the_next_are_other_words() -> None:
    assert str(Shown.of("n", {"a": ("1", "23")})) != str(Shown.of("n", {"a": ("12", "3")}))


def test_nobody_without_the_draft_can_make_its_marks() -> None:
    assert Shown.of("n-1", WORDS).changed_since(str(Shown.of("n-2", WORDS))) == WORDS.keys()
    assert Shown.of("n-1", WORDS).changed_since(["a", "b"]) == WORDS.keys()
    assert Shown.of("n-1", WORDS).changed_since(None) == WORDS.keys()
