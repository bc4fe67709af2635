"""A quote takes seconds. When none comes, the desk is told: once of each request, many together, while it is open."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from services.dashboard.ports.cases import Summaries
from services.dashboard.usecases.tell_late import LISTED, LOOKS_BACK, TellLate
from shared.events import CaseOverdue
from tests.services.dashboard.builders import a_closing, a_referral, a_request, an_offer
from tests.services.dashboard.domain.test_due import DUE, TUESDAY_TEN
from tests.services.dashboard.fakes import (
    FixedDelivered,
    InMemoryCases,
    InMemoryStaffMails,
    InMemorySummaries,
    summarising,
)

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)
AFTER_TWO_MINUTES = TUESDAY_TEN + 2 * MINUTE + timedelta(seconds=1)
IN_THE_EVENING = TUESDAY_TEN + timedelta(hours=11)


@dataclass
class Desk:
    cases: InMemoryCases = field(default_factory=InMemoryCases)
    summaries: Summaries = field(default_factory=InMemorySummaries)
    staff_mails: InMemoryStaffMails = field(default_factory=InMemoryStaffMails)
    delivered: FixedDelivered = field(default_factory=FixedDelivered)
    time: datetime = AFTER_TWO_MINUTES

    async def receive(self, *ids: str, at: datetime = TUESDAY_TEN, quote: bool = True) -> None:
        for name in ids:
            await self.cases.add(a_request(name, at=at, quote=quote))
        await self.summarise()

    async def summarise(self) -> None:
        await summarising(self.cases, self.summaries, DUE)(await self.cases.ids_after("", 10_000))

    async def tell(self) -> None:
        tell = TellLate(
            summaries=self.summaries,
            cases=self.cases,
            due=DUE,
            delivered=self.delivered,
            staff_mails=self.staff_mails,
            now=lambda: self.time,
        )
        await tell()

    def told(self) -> list[tuple[list[str], int]]:
        """Of each mail the cases that it lists, and how many it does not."""
        staff_mails = [one for one in self.staff_mails.kept if isinstance(one, CaseOverdue)]
        return [([case.request_id for case in one.cases], one.more) for one in staff_mails]


async def test_a_result_that_has_not_come_after_two_minutes_is_told_once() -> None:
    desk = Desk()
    await desk.receive("one")

    desk.time = TUESDAY_TEN + 2 * MINUTE
    await desk.tell()
    before = desk.told()
    for minutes in (0, 1, 60):
        desk.time = AFTER_TWO_MINUTES + minutes * MINUTE
        await desk.tell()

    assert (before, desk.told()) == ([], [(["one"], 0)])
    [mail] = desk.staff_mails.kept
    assert isinstance(mail, CaseOverdue)
    assert (mail.cases[0].promise, mail.cases[0].due_at) == ("result", TUESDAY_TEN + 2 * MINUTE)


async def test_what_has_a_result_or_needs_none_is_not_told() -> None:
    desk = Desk()
    await desk.receive("offered", "referred", "closed")
    await desk.receive("documents-only", quote=False)
    for fact in (an_offer(request_id="offered"), a_referral(request_id="referred"), a_closing("closed")):
        await desk.cases.add(fact)
    await desk.summarise()

    await desk.tell()

    assert desk.told() == []


async def test_a_result_that_has_come_since_the_list_was_made_is_seen() -> None:
    desk = Desk()
    await desk.receive("one", "two")
    await desk.cases.add(an_offer(request_id="one"))

    await desk.tell()

    assert desk.told() == [(["two"], 0)]


@pytest.mark.parametrize("lag", [1, None], ids=["there are records to read", "nothing can be read"])
async def test_nobody_is_alarmed_by_results_that_only_this_service_has_not_read(lag: int | None) -> None:
    desk = Desk(delivered=FixedDelivered(lagging=lag))
    await desk.receive("one")

    await desk.tell()
    waiting = desk.told()
    desk.delivered.lagging = 0
    await desk.tell()

    assert (waiting, desk.told()) == ([], [(["one"], 0)])


async def test_what_came_in_the_evening_is_told_when_the_desk_opens() -> None:
    desk = Desk(time=IN_THE_EVENING + 3 * MINUTE)
    await desk.receive("one", at=IN_THE_EVENING)

    await desk.tell()
    in_the_evening = desk.told()
    desk.time = TUESDAY_TEN + timedelta(days=1)
    await desk.tell()

    assert (in_the_evening, desk.told()) == ([], [(["one"], 0)])


async def test_many_are_one_letter_and_the_later_ones_another() -> None:
    desk = Desk()
    await desk.receive(*(f"case-{number:02}" for number in range(LISTED + 5)))
    await desk.tell()
    await desk.receive("later", at=TUESDAY_TEN + MINUTE)

    desk.time += MINUTE
    await desk.tell()

    (listed, more), (later, _) = desk.told()
    assert (len(listed), more, later) == (LISTED, 5, ["later"])


async def test_those_that_are_late_for_longest_are_listed_and_what_is_done_hides_none_of_them() -> None:
    """Thirty that had their result since the list was made stood before all others, which nobody was told of."""
    desk = Desk()
    await desk.receive("first", at=TUESDAY_TEN - timedelta(seconds=2))
    await desk.receive("second", at=TUESDAY_TEN - timedelta(seconds=1))
    done = [f"done-{number:02}" for number in range(LISTED)]
    await desk.receive(*done)
    for name in done:
        await desk.cases.add(an_offer(request_id=name))

    await desk.tell()

    assert desk.told() == [(["first", "second"], 0)]


async def test_what_came_at_the_end_of_the_year_is_told_in_the_new_one() -> None:
    evening, morning = datetime(2026, 12, 28, 9, tzinfo=UTC), datetime(2027, 1, 4, 1, tzinfo=UTC)
    desk = Desk(time=evening + timedelta(days=3))
    await desk.receive("one", at=evening)

    await desk.tell()
    in_the_holidays = desk.told()
    desk.time = morning
    await desk.tell()

    assert (in_the_holidays, desk.told()) == ([], [(["one"], 0)])


async def test_what_is_late_for_days_is_left_to_the_list() -> None:
    desk = Desk(time=TUESDAY_TEN + LOOKS_BACK + timedelta(days=7))
    await desk.receive("one")

    await desk.tell()

    assert desk.told() == []
