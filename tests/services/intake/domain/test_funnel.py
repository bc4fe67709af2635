"""How far visitors come, counted without knowing them."""

from datetime import timedelta

from services.intake.domain.funnel import by_order, funnel
from tests.services.intake.builders import NOON, a_step

VISITS = [
    a_step("a", "started", 0),
    a_step("a", "error", 1, "contact", ("email", "phone")),
    a_step("a", "passed", 2, "contact"),
    a_step("a", "passed", 3, "contact"),
    a_step("a", "sent", 4),
    a_step("b", "started", 0),
    a_step("b", "passed", 1, "contact"),
    a_step("b", "sent", 10),
    a_step("c", "started", 0),
    a_step("c", "error", 5, "contact", ("email",)),
    a_step("d", "started", 20 * 60),
    a_step("earlier", "sent", 1),
]


def test_a_visit_counts_once_for_each_page_however_often_it_came_back() -> None:
    found = funnel(VISITS, NOON + timedelta(hours=25))

    assert (found.started, found.sent) == (4, 2)
    assert found.passed == {"contact": 2}
    assert found.errors == {"email": 2, "phone": 1}


def test_whoever_has_not_come_back_for_a_day_has_given_up() -> None:
    found = funnel(VISITS, NOON + timedelta(hours=25))

    assert (found.abandoned, found.open) == (1, 1)


def test_the_time_it_takes_is_the_middle_one() -> None:
    assert funnel(VISITS, NOON).median_s == 7 * 60
    assert funnel([], NOON).median_s is None


def test_how_long_it_took_is_counted_in_whole_minutes_so_that_days_can_be_put_together() -> None:
    late = [a_step("late", "started", 0), a_step("late", "sent", 3 * 24 * 60)]

    assert funnel([*VISITS, *late], NOON).minutes == {4: 1, 10: 1, 24 * 60: 1}


def test_each_order_of_the_form_is_counted_by_itself() -> None:
    """A visit of before there were orders was asked in the insurer's; what it belongs to is decided at its begin."""
    new = [
        a_step("n", "started", 0, order="cover-first"),
        a_step("n", "passed", 1, "wishes", order="cover-first"),
        a_step("n", "sent", 3, order="cover-first"),
    ]

    found = {order: funnel(steps, NOON + timedelta(hours=25)) for order, steps in by_order([*VISITS, *new]).items()}

    assert {order: (one.started, one.sent, one.median_s) for order, one in found.items()} == {
        "insurer": (4, 2, 7 * 60),
        "cover-first": (1, 1, 3 * 60),
    }
    assert found["cover-first"].passed == {"wishes": 1}
