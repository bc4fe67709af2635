"""Deadlines that have passed are told to the desk: each once, many together, and none that is done."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from services.dashboard.ports.cases import Summaries
from services.dashboard.usecases.tell_overdue import LISTED, LOOKS_BACK, TellOverdue
from shared.events import CaseOverdue, CustomerContacted
from tests.services.dashboard.builders import a_closing, a_contact, a_referral, a_request
from tests.services.dashboard.domain.test_due import AGAIN, DUE, IN_AN_HOUR, TUESDAY_TEN
from tests.services.dashboard.fakes import InMemoryCases, InMemoryStaffMails, InMemorySummaries, summarising

pytestmark = pytest.mark.anyio

MINUTE = timedelta(minutes=1)


@dataclass
class Desk:
    cases: InMemoryCases = field(default_factory=InMemoryCases)
    summaries: Summaries = field(default_factory=InMemorySummaries)
    staff_mails: InMemoryStaffMails = field(default_factory=InMemoryStaffMails)
    time: datetime = IN_AN_HOUR + MINUTE

    async def receive(self, *ids: str, at: datetime = TUESDAY_TEN) -> None:
        for name in ids:
            await self.cases.add(a_request(name, at=at))
        await self.summarise()

    async def summarise(self) -> None:
        await summarising(self.cases, self.summaries, DUE)(await self.cases.ids_after("", 10_000))

    @property
    def tell(self) -> TellOverdue:
        return TellOverdue(
            summaries=self.summaries, cases=self.cases, due=DUE, staff_mails=self.staff_mails, now=lambda: self.time
        )

    def told(self) -> list[tuple[list[str], int]]:
        """Of each mail the cases that it lists, and how many it does not."""
        staff_mails = [one for one in self.staff_mails.kept if isinstance(one, CaseOverdue)]
        return [([case.request_id for case in one.cases], one.more) for one in staff_mails]


async def test_a_deadline_that_has_passed_is_told_once() -> None:
    desk = Desk()
    await desk.receive("one")

    desk.time = IN_AN_HOUR - MINUTE
    await desk.tell()
    before = desk.told()
    for minutes in (1, 2, 600):
        desk.time = IN_AN_HOUR + minutes * MINUTE
        await desk.tell()

    assert (before, desk.told()) == ([], [(["one"], 0)])
    [mail] = desk.staff_mails.kept
    assert isinstance(mail, CaseOverdue)
    assert (mail.cases[0].promise, mail.cases[0].due_at) == ("first-answer", IN_AN_HOUR)


async def test_the_next_deadline_of_the_same_case_is_told_again() -> None:
    desk = Desk()
    await desk.receive("one")
    await desk.tell()
    await desk.cases.add(a_contact("one", outcome="call-again", again_at=AGAIN))
    await desk.summarise()

    desk.time = AGAIN + MINUTE
    await desk.tell()

    first, second = (one for one in desk.staff_mails.kept if isinstance(one, CaseOverdue))
    assert [one.cases[0].promise for one in (first, second)] == ["first-answer", "call-again"]


async def test_a_case_that_is_closed_or_answered_is_not_told() -> None:
    desk = Desk()
    await desk.receive("closed", "called")
    await desk.cases.add(a_closing("closed"))
    await desk.cases.add(a_contact("called"))
    await desk.summarise()

    await desk.tell()

    assert desk.told() == []


@pytest.mark.parametrize(
    "contact",
    [
        pytest.param(a_contact("called"), id="nothing is promised any more"),
        pytest.param(a_contact("called", outcome="call-again", again_at=AGAIN), id="the next promise is for later"),
    ],
)
async def test_what_is_done_but_not_yet_in_the_list_is_not_told(contact: CustomerContacted) -> None:
    """The read model may be a moment behind the facts, or was cut off from them."""
    desk = Desk()
    await desk.receive("called")
    await desk.cases.add(contact)

    await desk.tell()

    assert (desk.told(), desk.staff_mails.about) == ([], set())


async def test_a_referral_that_nobody_answers_is_told_as_that() -> None:
    desk = Desk()
    await desk.receive("one")
    for fact in (a_contact("one"), a_referral(request_id="one")):
        await desk.cases.add(fact)
    await desk.summarise()

    desk.time = TUESDAY_TEN + timedelta(days=5)
    await desk.tell()

    [mail] = desk.staff_mails.kept
    assert isinstance(mail, CaseOverdue)
    assert mail.cases[0].promise == "referral"


async def test_many_on_one_morning_are_one_notice_with_a_list_and_a_number() -> None:
    desk = Desk()
    await desk.receive(*(f"case-{number:03}" for number in range(100)))

    await desk.tell()
    await desk.tell()

    [(listed, more)] = desk.told()
    assert (len(listed), more) == (LISTED, 70)
    assert len(desk.staff_mails.about) == 100


async def test_those_that_are_overdue_for_longest_are_listed_first() -> None:
    desk = Desk()
    await desk.receive("late", at=TUESDAY_TEN)
    await desk.receive("latest", at=TUESDAY_TEN - 10 * MINUTE)

    await desk.tell()

    assert desk.told() == [(["latest", "late"], 0)]


async def test_several_dashboards_tell_each_deadline_once() -> None:
    desk = Desk()
    await desk.receive(*(f"case-{number}" for number in range(5)))

    await asyncio.gather(*(desk.tell() for _ in range(4)))
    await desk.receive("one-more")
    await asyncio.gather(*(desk.tell() for _ in range(4)))

    assert [len(listed) for listed, _ in desk.told()] == [5, 1]


async def test_a_dashboard_that_saw_fewer_cases_does_not_tell_them_a_second_time() -> None:
    desk = Desk()
    await desk.receive("one")
    await desk.tell()
    behind = Desk(cases=desk.cases, staff_mails=InMemoryStaffMails())
    await behind.receive("one", "two")
    behind.staff_mails = desk.staff_mails

    await behind.tell()

    assert [listed for listed, _ in desk.told()] == [["one"], ["two"]]


async def test_what_was_due_long_ago_is_told_no_more() -> None:
    """After an update, or a month in which nothing ran, nobody needs a mail about last month."""
    desk = Desk(time=IN_AN_HOUR + LOOKS_BACK + MINUTE)
    await desk.receive("one")

    await desk.tell()

    assert desk.told() == []
