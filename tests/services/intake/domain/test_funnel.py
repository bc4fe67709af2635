"""How far visitors come, counted without knowing them."""

from datetime import timedelta

from services.intake.domain.funnel import funnel
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
