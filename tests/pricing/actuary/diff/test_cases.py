"""The golden cases under two tariffs."""

from pathlib import Path

from pricing.actuary.diff import diff_tariffs
from tests.pricing.actuary.builders import SHIPPED
from tests.pricing.actuary.diff.builders import SHIPPED_CASES, delta, diff_of_draft


def test_a_case_is_shown_with_both_premiums(tmp_path: Path) -> None:
    diff = diff_of_draft(tmp_path, ('      medical: "186000"', '      medical: "187000"'))

    (moved,) = (delta for delta in diff.deltas if not delta.is_same)
    assert moved == delta("認証割引の上限30%", old=87_820, new=88_290, percent="0.54")
    assert moved.effect == "changed"
    assert len(diff.deltas) == len(SHIPPED_CASES.cases)


def test_a_case_that_a_person_must_answer_now_is_newly_referred(tmp_path: Path) -> None:
    diff = diff_of_draft(tmp_path, ('      600_000_000: "4000000"', '      600_000_000: "3900000"'))

    (moved,) = (delta for delta in diff.deltas if not delta.is_same)
    assert (moved.old, moved.new, moved.new_reasons) == (3_970_730, None, ("over-authority",))
    assert moved.effect == "newly-referred"


def test_a_case_that_needs_no_person_any_more_is_no_longer_referred(tmp_path: Path) -> None:
    diff = diff_of_draft(tmp_path, ('      600_000_000: "4000000"', '      600_000_000: "4500000"'))

    (moved,) = (delta for delta in diff.deltas if not delta.is_same)
    assert (moved.old_reasons, moved.new) == (("over-authority",), 4_058_210)
    assert moved.effect == "no-longer-referred"


def test_other_reasons_are_a_difference_too(tmp_path: Path) -> None:
    diff = diff_of_draft(tmp_path, ("    when: {incidents: [yes, unknown]}", "    when: {incidents: [yes]}"))

    (moved,) = (delta for delta in diff.deltas if not delta.is_same)
    assert moved.effect == "other-reasons"
    assert (moved.old_reasons, moved.new_reasons) == (("incident-reported", "card-issuing"), ("card-issuing",))


def test_cases_that_both_have_are_shown_once() -> None:
    assert len(diff_tariffs(SHIPPED, SHIPPED, [SHIPPED_CASES, SHIPPED_CASES]).deltas) == len(SHIPPED_CASES.cases)
