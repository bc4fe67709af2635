"""What the dashboard's ports promise, held against memory and against the real adapters."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import timedelta
from itertools import chain
from typing import Final

import pytest

from services.dashboard.domain.account import Account, KeptPost, Session
from services.dashboard.domain.bulk import BulkRun, BulkWork, Planned, Skipped
from services.dashboard.domain.case import BrokenCase, Case, State, case_of
from services.dashboard.domain.facts import Decided, Fact
from services.dashboard.domain.figures import Figure, lines_of, period_of, tallies_of
from services.dashboard.domain.form_visits import day_count
from services.dashboard.domain.listing import DESCENDING, NOBODY, Filter, Order, Selection, Tab, Viewer, sort_value
from services.dashboard.domain.new_work import Assign, Close, Post
from services.dashboard.domain.passkey import Passkey
from services.dashboard.domain.roles import Role
from services.dashboard.domain.saved_view import SavedView
from services.dashboard.domain.search_keys import Search
from services.dashboard.domain.second_step import SecondStep
from services.dashboard.domain.summary import CaseSummary
from services.dashboard.domain.visitor import Visitor
from services.dashboard.ports.cases import (
    Added,
    Cases,
    Decisions,
    Figures,
    FormCounts,
    IndexedCase,
    Place,
    Summaries,
    Window,
    Withdrawn,
)
from services.dashboard.ports.letters import LetterCopies
from services.dashboard.ports.lists import BulkRuns, SavedViews
from services.dashboard.ports.live import Look, Looks, NoteDraft, NoteDrafts
from services.dashboard.ports.log_in import Devices, FailedLogIns, Tries
from services.dashboard.ports.passkeys import Passkeys
from services.dashboard.ports.staff import Accounts, Invitations, KeptPosts, Passwords, SecondSteps, Sessions
from services.dashboard.ports.staff_mails import StaffAddresses, StaffMails
from services.dashboard.usecases.close_account import refuse_last_admin
from shared.errors import Invalid
from shared.events import CaseOverdue, LetterCopied, LetterCopyAsked
from shared.products.desk import TAKE_BACK
from tests.services.dashboard.builders import (
    NOON,
    REQUEST,
    a_closing,
    a_contact,
    a_correction,
    a_decision,
    a_form_count,
    a_letter_asked_for,
    a_letter_copied,
    a_note,
    a_posting,
    a_release,
    a_release_of_mails,
    a_reopening,
    a_request,
    a_whole_story,
    a_withdrawal,
    an_assignment,
    an_offer,
    an_order_count,
)

STORY: Final = a_whole_story()
KEY: Final = bytes(range(20))
TODAY: Final = NOON.date()
LATER: Final = NOON + timedelta(hours=12)
TICK: Final = timedelta(milliseconds=1)
MANY: Final = 204
"""More than a page shows of one kind."""
THOUSAND: Final = 1_000
WHILE_HELD: Final = a_decision().decided_at + TAKE_BACK - TICK
WHILE_HELD_RELEASE: Final = a_release().released_at + TAKE_BACK - TICK


async def add_all(cases: Cases, facts: Sequence[Fact]) -> None:
    for fact in facts:
        await cases.add(fact)


def whole(cases: Iterable[Case | BrokenCase | None]) -> list[Case]:
    """*cases*, of which none is broken or missing."""
    found = list(cases)
    assert all(isinstance(case, Case) for case in found)
    return [case for case in found if isinstance(case, Case)]


class CasesSpec:
    async def test_it_is_known_what_was_closed_for_a_case_also_when_it_goes_on_again(self, cases: Cases) -> None:
        for number in range(3):
            closing = a_closing(f"closed-{number}", "duplicate").model_copy(update={"same_as": REQUEST})
            await cases.add(closing)
        await cases.add(a_closing("other", "duplicate").model_copy(update={"same_as": "another"}))
        await cases.add(a_closing("finished"))

        found = await cases.closed_as_same(REQUEST, 10)

        assert sorted(found) == ["closed-0", "closed-1", "closed-2"]
        assert len(await cases.closed_as_same(REQUEST, 2)) == 2
        assert await cases.closed_as_same("nothing", 10) == []

    async def test_a_fact_is_kept_once(self, cases: Cases) -> None:
        first = await cases.add(STORY[0])
        again = await cases.add(STORY[0])

        assert (first, again) == (True, False)
        assert await cases.ids_after("", 50) == [REQUEST]

    @pytest.mark.parametrize("turn", range(len(STORY)))
    async def test_the_case_is_the_same_whichever_fact_came_first(self, cases: Cases, turn: int) -> None:
        await add_all(cases, [*STORY[turn:], *STORY[:turn], *STORY[:3]])

        assert await cases.find(REQUEST) == case_of(STORY)

    async def test_a_quote_before_its_request_is_no_case_yet_and_not_lost(self, cases: Cases) -> None:
        await cases.add(an_offer(67_000))
        before = await cases.ids_after("", 50), await cases.find(REQUEST), await cases.find_many([REQUEST])

        await cases.add(a_request())

        assert before == ([], None, [])
        [case] = whole(await cases.find_many([REQUEST]))
        assert case.premium_yen == 67_000

    async def test_an_unknown_case_is_none(self, cases: Cases) -> None:
        assert await cases.find("nobody") is None
        assert await cases.find_many(["nobody"]) == []
        assert await cases.find_many([]) == []

    async def test_cases_come_in_the_order_that_was_asked_for(self, cases: Cases) -> None:
        await add_all(cases, [a_request("a"), a_request("b"), an_offer(request_id="b"), a_request("c")])

        found = whole(await cases.find_many(["c", "nobody", "b"]))

        assert [case.request.request_id for case in found] == ["c", "b"]
        assert found[1] == await cases.find("b")

    async def test_every_request_is_met_once_by_its_id(self, cases: Cases) -> None:
        await add_all(cases, [a_request(f"case-{number}") for number in (3, 1, 4, 2)])

        pages, last = [], ""
        while page := await cases.ids_after(last, 3):
            pages.append(page)
            last = page[-1]

        assert pages == [["case-1", "case-2", "case-3"], ["case-4"]]
        assert await cases.count() == 4


def some_summaries(number: int) -> list[CaseSummary]:
    """Cases of every kind, in no order."""
    return [a_summary_of_kind(kind) for kind in range(number)]


def a_summary_of_kind(kind: int) -> CaseSummary:
    """The values repeat after different numbers of kinds, so that most of their combinations are there."""
    return CaseSummary(
        request_id=f"case-{kind * 61 % 101:03}",
        facts=1 + kind % 8,
        reception_no="K7M2P4XR",
        product="cyber-security",
        accepted_at=NOON + timedelta(hours=kind * 37 % 59 - 30),
        changed_at=NOON + timedelta(hours=kind * 17 % 47 - 20),
        state=list(State)[kind % 4],
        brochure=("email", "post", "none")[kind % 3],
        wants_quote=kind % 5 < 3,
        industry=("retail", None, "finance")[kind // 2 % 3],
        turnover_band=("under-1oku", "1-5oku", None)[kind // 3 % 3],
        premium_yen=(None, 50_000, 60_000, 70_000, 80_000)[kind // 3 % 5],
        mail=("sent", "failed", "waiting")[kind // 6 % 3],
        has_failed_letters=kind % 7 == 0,
        is_held=kind % 11 == 0,
        suspicions=("too-fast",) if kind % 2 else (),
        assignee=("hanako", None, "taro", "taro")[kind // 4 % 4],
        closed_as=("finished", None, "not-taken-up", None)[kind // 5 % 4],
        is_contacted=kind % 13 < 6,
        call_again_at=None,
        must_post=kind % 9 == 0,
        due_at=None if kind % 4 == 0 else NOON + timedelta(hours=kind * 29 % 53 - 25),
        close_reason=("price", None, "other")[kind // 5 % 3],
        first_answer=("in-time", "late", "none", None)[kind // 2 % 4],
        contacted_by=("hanako", "taro", None)[kind // 7 % 3],
        quoted_after_ms=(None, 900, 1_000, 1_100, 40_000)[kind // 3 % 5],
        mailed_after_ms=9_000 if kind % 40 == 1 else (None, 0, 3_000)[kind % 3],
        decisions=kind % 4,
        is_cleared=kind % 6 == 1,
        awaits_approval=kind % 17 == 0,
        is_on_hold=kind % 19 == 0,
        awaits_release=kind % 23 == 0,
    )


VIEWER: Final = Viewer(account="hanako", now=NOON)
FILTERS: Final = [
    Filter(),
    Filter(states=frozenset({State.QUOTED, State.REFERRED}), brochures=frozenset({"post"})),
    Filter(industries=frozenset({"retail"})),
    Filter(assignees=frozenset({"taro", NOBODY})),
    Filter(premium_from=60_000),
    Filter(premium_to=70_000, is_open=True),
    Filter(received_from=NOON - timedelta(hours=20), received_before=NOON),
    Filter(is_open=False),
    Filter(changed_from=NOON),
    Filter(must_check=True),
    Filter(is_suspicious=True, has_failed_letters=True),
    Filter(industries=frozenset({NOBODY}), turnover_bands=frozenset({"1-5oku", NOBODY})),
    Filter(outcomes=frozenset({"finished"}), reasons=frozenset({"price", NOBODY})),
    Filter(mails=frozenset({"failed", "waiting"})),
    Filter(first_answers=frozenset({"late", "none"}), contacted_by=frozenset({"taro", NOBODY})),
    Filter(quoted_from_ms=1_000, quoted_to_ms=1_100),
    Filter(mailed_from_ms=0),
    Filter(mailed_to_ms=0),
    Filter(premium_from=0),
    Filter(is_averaged=True),
    Filter(is_stuck=True),
]
SELECTIONS: Final = [
    Selection(viewer=VIEWER, tab=tab, filter=wanted, order=order)
    for tab, wanted, order in [
        *((tab, FILTERS[0], Order.NEWEST) for tab in Tab),
        *((Tab.ALL, wanted, Order.NEWEST) for wanted in FILTERS),
        *((Tab.CHECK, FILTERS[5], order) for order in Order),
    ]
]


def short(wanted: Filter | Selection) -> str:
    """What is asked for, in words that are the same in every run: a set prints its values in any order."""
    if isinstance(wanted, Selection):
        return f"{wanted.tab.value} by {wanted.order.value} {short(wanted.filter)}"
    given = {one.name: getattr(wanted, one.name) for one in fields(Filter)}
    return " ".join(
        f"{name}={'+'.join(sorted(map(str, value))) if isinstance(value, frozenset) else getattr(value, 'text', value)}"
        for name, value in given.items()
        if value != getattr(Filter(), name)
    )


class SummariesSpec:
    @pytest.mark.parametrize("selection", SELECTIONS, ids=short)
    async def test_a_page_holds_what_the_selection_has(self, summaries: Summaries, selection: Selection) -> None:
        everything = some_summaries(80)
        await summaries.put(indexed(everything))

        found = await summaries.page(selection, Window(), 200)

        assert [one.request_id for one in found] == in_order(everything, selection)
        assert await summaries.count(selection, 1_000) == len(found)

    @pytest.mark.parametrize("order", Order)
    async def test_pages_follow_each_other_without_gap_or_overlap(self, summaries: Summaries, order: Order) -> None:
        everything, selection = some_summaries(40), Selection(viewer=VIEWER, order=order)
        await summaries.put(indexed(everything))
        expected = in_order(everything, selection)

        forwards: list[str] = []
        window = Window()
        while page := await summaries.page(selection, window, 7):
            forwards += [one.request_id for one in page]
            window = Window(after=place_in(page[-1], order))
        backwards: list[str] = []
        window = Window(is_last=True)
        while page := await summaries.page(selection, window, 7):
            backwards = [one.request_id for one in page] + backwards
            window = Window(before=place_in(page[0], order))

        assert forwards == backwards == expected

    async def test_who_knew_fewer_facts_does_not_win(self, summaries: Summaries) -> None:
        [case] = some_summaries(1)
        later = replace(case, facts=case.facts + 1, premium_yen=70_000)

        for writes in ([later], [case], [replace(later, premium_yen=1)]):
            await summaries.put(indexed(writes))

        assert await summaries.page(Selection(viewer=VIEWER), Window(), 9) == [later]

    async def test_counting_ends_where_nobody_counts_on(self, summaries: Summaries) -> None:
        await summaries.put(indexed(some_summaries(12)))

        assert await summaries.count(Selection(viewer=VIEWER), 10) == 10

    async def test_it_is_current_once_every_case_was_summarised_by_these_rules(self, summaries: Summaries) -> None:
        before = await summaries.is_current("rules")

        await summaries.finish("rules")

        assert (before, await summaries.is_current("rules")) == (False, True)
        assert not await summaries.is_current("other rules")

    async def test_made_again_a_summary_takes_the_place_of_any_other_and_what_is_gone_goes(
        self, summaries: Summaries
    ) -> None:
        first, second = some_summaries(2)
        await summaries.put(indexed([replace(first, premium_yen=1), second]))

        await summaries.begin_again()
        await summaries.put(indexed([first]))
        await summaries.finish("rules")

        assert await summaries.page(Selection(viewer=VIEWER), Window(), 9) == [first]

    async def test_the_summary_of_one_case_is_replaced_and_that_of_no_other(self, summaries: Summaries) -> None:
        first, second = some_summaries(2)
        await summaries.put(indexed([replace(first, premium_yen=1), replace(second, premium_yen=2)]))

        await summaries.renew(first.request_id)
        await summaries.put(indexed([first, second]))

        page = await summaries.page(Selection(viewer=VIEWER), Window(), 9)
        assert sorted(one.premium_yen or 0 for one in page) == sorted([first.premium_yen or 0, 2])

    async def test_a_case_is_found_by_its_reception_number(self, summaries: Summaries) -> None:
        [case] = some_summaries(1)
        await summaries.put(indexed([case]))

        assert await summaries.request_of("K7M2P4XR") == case.request_id
        assert await summaries.request_of("ZZZZ9999") is None

    async def test_a_search_finds_what_has_all_hashes_of_any_one_way(self, summaries: Summaries) -> None:
        first, second, third = some_summaries(3)
        await summaries.put([IndexedCase(first, (1, 2, 3), "desk-1"), IndexedCase(second, (2, 4), "desk-1")])
        await summaries.put([IndexedCase(third, (), "desk-1")])

        found = {
            asked: {one.request_id for one in await summaries.page(searching(*asked), Window(), 9)}
            for asked in (((2,),), ((1, 3), (4,)), ((1, 4),), ())
        }

        both = {first.request_id, second.request_id}
        assert found == {((2,),): both, ((1, 3), (4,)): both, ((1, 4),): set(), (): set()}
        assert await summaries.count(searching((2,)), 9) == 2

    async def test_a_search_stays_within_the_selection(self, summaries: Summaries) -> None:
        everything = some_summaries(60)
        await summaries.put([IndexedCase(one, (7,), "desk-1") for one in everything])

        for selection in SELECTIONS:
            wanted = replace(selection.filter, search=Search("x", ((7,),)))
            found = await summaries.page(replace(selection, filter=wanted), Window(), 100)

            assert [one.request_id for one in found] == in_order(everything, selection)

    async def test_it_is_known_when_a_search_cannot_find_everything(self, summaries: Summaries) -> None:
        [case] = some_summaries(1)
        await summaries.put([IndexedCase(case, (1,), "desk-1")])

        assert not await summaries.has_unfindable(["desk-1", "desk-2"])
        assert await summaries.has_unfindable(["desk-2"])


def searching(*asked: tuple[int, ...]) -> Selection:
    return Selection(viewer=VIEWER, filter=Filter(search=Search("x", asked)))


def indexed(summaries: Iterable[CaseSummary]) -> list[IndexedCase]:
    """They are found by nothing."""
    return [IndexedCase(one) for one in summaries]


def place_in(case: CaseSummary, order: Order) -> Place:
    value = sort_value(case, order)
    assert value is not None
    return Place(value, case.request_id)


def in_order(cases: Iterable[CaseSummary], selection: Selection) -> list[str]:
    """The ids of those that *selection* has, as it sorts them."""
    places = [place_in(case, selection.order) for case in cases if selection.has(case)]
    places.sort(key=lambda place: (place.value, place.request_id), reverse=selection.order in DESCENDING)
    return [place.request_id for place in places]


class FiguresSpec:
    """For the port, and the read model that it counts."""

    @pytest.mark.parametrize("days", [1, 2, 6])
    async def test_the_tallies_are_those_of_the_domain(self, figures: Figures, summaries: Summaries, days: int) -> None:
        everything = some_summaries(80)
        await summaries.put(indexed(everything))
        period = period_of(TODAY - timedelta(days=days - 1), TODAY)

        assert await figures.tallies(period) == tallies_of(everything, period)

    async def test_the_list_behind_each_number_has_as_many_cases(self, figures: Figures, summaries: Summaries) -> None:
        await summaries.put(indexed(some_summaries(80)))
        period = period_of(TODAY - timedelta(days=1), TODAY)
        tallies = await figures.tallies(period)

        lines = {figure: lines_of(figure, tallies, period, TODAY) for figure in Figure}

        assert all(lines.values())
        for line in chain.from_iterable(lines.values()):
            listed = await summaries.count(Selection(viewer=VIEWER, filter=line.filter), 1_000)
            assert (line.key, listed) == (line.key, line.count)


class FormCountsSpec:
    async def test_of_a_day_the_newest_count_holds_in_whatever_order_they_come(self, counts: FormCounts) -> None:
        for minutes in (1, 2, 0, 2):
            await counts.put(a_form_count(minutes=minutes, started=10 + minutes))

        assert await counts.of(TODAY, TODAY) == [day_count(a_form_count(minutes=2, started=12))]

    async def test_what_was_counted_of_each_order_of_the_form_is_kept_with_it(self, counts: FormCounts) -> None:
        count = a_form_count(
            orders=(an_order_count("insurer", 6, 2, {9: 2}), an_order_count("cover-first", 4, 2, {5: 2}))
        )

        await counts.put(count)

        assert await counts.of(TODAY, TODAY) == [day_count(count)]

    async def test_a_period_has_its_first_and_its_last_day_and_no_other(self, counts: FormCounts) -> None:
        days = [TODAY + timedelta(days=number) for number in range(4)]
        for day in days:
            await counts.put(a_form_count(day))

        assert sorted(one.day for one in await counts.of(days[1], days[2])) == days[1:3]


def a_view(view_id: str, owner: str = "desk", name: str = "郵送待ち", *, is_shared: bool = False) -> SavedView:
    return SavedView(id=view_id, name=name, address="/?tab=post", owner=owner, is_shared=is_shared)


class SavedViewsSpec:
    async def test_one_sees_ones_own_and_what_is_shared_by_name(self, views: SavedViews) -> None:
        mine, shared = a_view("mine", name="い"), a_view("shared", "boss", "あ", is_shared=True)
        for view in (mine, shared, a_view("private", "boss")):
            await views.add(view)

        assert await views.of("desk") == [shared, mine]

    async def test_nobody_removes_the_view_of_somebody_else(self, views: SavedViews) -> None:
        await views.add(a_view("one", is_shared=True))

        await views.remove("one", "boss")
        before = await views.of("desk")
        await views.remove("one", "desk")

        assert (before, await views.of("desk")) == ([a_view("one", is_shared=True)], [])

    async def test_who_may_remove_what_is_shared_removes_nothing_else(self, views: SavedViews) -> None:
        for view in (a_view("shared", is_shared=True), a_view("private")):
            await views.add(view)

        for view_id in ("shared", "private"):
            await views.remove(view_id, "boss", also_shared=True)

        assert await views.of("desk") == [a_view("private")]


BULK_WORK: Final[list[BulkWork]] = [
    *(Assign("taro"), Assign(None), Post()),
    *(Close(outcome="finished"), Close(outcome="declined", reason="industry")),
]


class BulkRunsSpec:
    @pytest.mark.parametrize("work", BULK_WORK, ids=str)
    async def test_a_run_is_kept_as_it_was_proposed(self, runs: BulkRuns, work: BulkWork) -> None:
        run = BulkRun(id="run", account="desk", work=work, planned=(Planned("a", 0), Planned("b", 2)))
        await runs.add(run, LATER)

        assert await runs.find("run", NOON) == run
        assert await runs.find("another", NOON) is None

    async def test_only_one_is_at_it_until_its_time_is_over(self, runs: BulkRuns) -> None:
        await runs.add(BulkRun(id="run", account="desk", work=Post(), planned=(Planned("a", 0),)), LATER)

        second, minute = timedelta(seconds=1), timedelta(minutes=1)
        taken = [await runs.take("run", now, now + minute) for now in (NOON, NOON + second, LATER)]
        await runs.release("run")

        assert taken == [True, False, True]
        assert await runs.take("run", LATER, LATER + timedelta(minutes=1))

    async def test_it_is_noted_how_far_it_is_and_what_was_left_out(self, runs: BulkRuns) -> None:
        planned = (Planned("a", 0), Planned("b", 0), Planned("c", 0))
        await runs.add(BulkRun(id="run", account="desk", work=Post(), planned=planned), LATER)

        await runs.note("run", "a", None, LATER)
        await runs.note("run", "b", "overtaken", LATER)

        run = await runs.find("run", NOON)
        assert run
        assert (run.at, run.done, run.skipped, run.is_running, run.is_finished) == (
            *(2, 1, (Skipped("b", "overtaken"),), True, False),
        )

    async def test_a_run_that_was_stopped_is_at_rest(self, runs: BulkRuns) -> None:
        await runs.add(BulkRun(id="run", account="desk", work=Post(), planned=(Planned("a", 0),)), LATER)
        await runs.take("run", NOON, LATER)

        await runs.stop("run")

        run = await runs.find("run", NOON)
        assert run
        assert (run.is_stopped, run.is_running, run.is_finished) == (True, False, False)


class DecisionsSpec:
    async def test_a_quote_is_released_once(self, cases: Cases, decisions: Decisions) -> None:
        await add_all(cases, [a_request(), an_offer()])

        first = await decisions.add(a_release())
        again = await decisions.add(a_release())

        assert (first, again) == (Added.KEPT, Added.KNOWN)
        [case] = whole([await cases.find(REQUEST)])
        assert case.unreleased is None

    async def test_the_mails_of_a_request_are_released_once(self, cases: Cases, decisions: Decisions) -> None:
        await add_all(cases, [a_request(suspicions=("honeypot",))])

        first = await decisions.add(a_release_of_mails())
        again = await decisions.add(a_release_of_mails())

        assert (first, again) == (Added.KEPT, Added.KNOWN)
        [case] = whole([await cases.find(REQUEST)])
        assert (case.is_held, case.mails_released) == (False, a_release_of_mails())

    async def test_of_two_decisions_after_the_same_one_the_second_is_not_kept(
        self, cases: Cases, decisions: Decisions
    ) -> None:
        await add_all(cases, [a_request()])

        first = await decisions.add(an_assignment(to="hanako", minutes=1), after=0)
        second = await decisions.add(a_closing(minutes=2), after=0)
        elsewhere = await decisions.add(a_closing("another", minutes=2), after=0)
        next_one = await decisions.add(a_closing(minutes=3), after=1)

        assert [first, second, elsewhere, next_one] == [Added.KEPT, Added.OVERTAKEN, Added.KEPT, Added.KEPT]
        [case] = whole([await cases.find(REQUEST)])
        assert case.decisions == 2

    async def test_what_was_taken_back_is_no_fact_and_its_number_is_never_given_again(
        self, cases: Cases, decisions: Decisions
    ) -> None:
        await add_all(cases, [a_request(), an_offer()])
        await decisions.add(a_decision(), after=0)
        [before] = whole([await cases.find(REQUEST)])

        done = await decisions.withdraw("d-1:decided", a_withdrawal(a_decision()), after=1, before=WHILE_HELD)
        late = [await decisions.add(a_closing(minutes=20), after=seen) for seen in (0, 1)]
        [after] = whole([await cases.find(REQUEST)])

        assert (done, late) == (Withdrawn.DONE, [Added.OVERTAKEN, Added.OVERTAKEN])
        assert (before.awaited_revision, after.awaited_revision) == (2, None)
        assert (before.decisions, after.decisions) == (1, 2)
        assert before.facts < after.facts
        assert after.broken == ()
        assert await decisions.add(a_closing(minutes=21), after=2) is Added.KEPT

    async def test_the_same_can_be_decided_again_and_taken_back_again(self, cases: Cases, decisions: Decisions) -> None:
        await add_all(cases, [a_request(product="by-desk"), an_offer()])
        release_id = f"{REQUEST}:r1:released"

        await decisions.add(a_release())
        first = await decisions.withdraw(release_id, a_withdrawal(minutes=6), after=1, before=WHILE_HELD_RELEASE)
        again = await decisions.add(a_release())
        second = await decisions.withdraw(release_id, a_withdrawal(minutes=7), after=3, before=WHILE_HELD_RELEASE)

        assert [first, again, second] == [Withdrawn.DONE, Added.KEPT, Withdrawn.DONE]
        [case] = whole([await cases.find(REQUEST)])
        assert case.releases == ()
        assert case.decisions == 4

    async def test_what_is_about_to_be_published_or_was_never_held_is_not_taken_back(
        self, cases: Cases, decisions: Decisions
    ) -> None:
        await add_all(cases, [a_request(), an_offer()])
        await decisions.add(a_decision(), after=0)
        await decisions.add(an_assignment(), after=1)

        at_the_end = await decisions.withdraw("d-1:decided", a_withdrawal(), after=2, before=WHILE_HELD + TICK)
        never_held = await decisions.withdraw(
            an_assignment().decision_id, a_withdrawal(), after=2, before=NOON - TAKE_BACK
        )
        unknown = await decisions.withdraw("nothing", a_withdrawal(), after=2, before=NOON)

        assert {at_the_end, never_held, unknown} == {Withdrawn.TOO_LATE}
        [case] = whole([await cases.find(REQUEST)])
        assert (case.awaited_revision, case.decisions) == (2, 2)

    async def test_it_can_be_taken_back_for_as_long_as_its_desk_says(self, cases: Cases, decisions: Decisions) -> None:
        await add_all(cases, [a_request(), an_offer()])
        minute = timedelta(minutes=1)
        await decisions.add(a_decision(), after=0, held_for=minute)

        late = await decisions.withdraw("d-1:decided", a_withdrawal(), after=1, before=a_decision().decided_at + minute)
        in_time = await decisions.withdraw(
            "d-1:decided", a_withdrawal(), after=1, before=a_decision().decided_at + minute - TICK
        )

        assert (late, in_time) == (Withdrawn.TOO_LATE, Withdrawn.DONE)

    async def test_of_a_decision_and_a_withdrawal_after_the_same_one_the_second_is_not_kept(
        self, cases: Cases, decisions: Decisions
    ) -> None:
        await add_all(cases, [a_request(), an_offer()])
        await decisions.add(a_decision(), after=0)
        await decisions.add(an_assignment(), after=1)

        overtaken = await decisions.withdraw("d-1:decided", a_withdrawal(), after=1, before=WHILE_HELD)

        assert overtaken is Withdrawn.OVERTAKEN
        [case] = whole([await cases.find(REQUEST)])
        assert case.awaited_revision == 2

    async def test_however_many_notes_there_are_what_was_decided_stays_and_goes_on(
        self, cases: Cases, decisions: Decisions
    ) -> None:
        """With 203 notes a closed case was open again, and every later decision was refused for ever."""
        await add_all(cases, [a_request(brochure="post")])
        decided: list[Decided] = [an_assignment(minutes=1), a_posting(minutes=2), a_correction(minutes=3)]
        decided += [a_closing(minutes=4)]
        for number, decision in enumerate(decided):
            await decisions.add(decision, after=number)
        [before] = whole([await cases.find(REQUEST)])

        await asyncio.gather(*(decisions.add(a_note(minutes=10 + number)) for number in range(MANY)))
        [after] = whole([await cases.find(REQUEST)])
        [listed] = whole(await cases.find_many(["another", REQUEST]))

        for case in (before, after, listed):
            work = case.work
            assert (case.decisions, work.assignee, work.posted, work.corrections, work.closed) == (
                4,
                "hanako",
                *decided[1:2],
                (decided[2],),
                decided[3],
            )
        assert {after.facts, listed.facts} == {before.facts + MANY}
        assert await decisions.add(a_reopening(minutes=9_000), after=after.decisions) is Added.KEPT

    async def test_a_thousand_of_each_say_the_same_as_a_few(self, cases: Cases, decisions: Decisions) -> None:
        contacts = [a_contact(minutes=number) for number in range(THOUSAND)]
        again = a_contact(outcome="call-again", minutes=5_000, again_at=LATER)
        assignments = [an_assignment(to=f"clerk-{number}", minutes=number) for number in range(THOUSAND)]
        await add_all(cases, [a_request(), a_release_of_mails()])

        many: list[Fact] = [*contacts, again, *assignments]
        await asyncio.gather(*map(cases.add, many))
        await decisions.add(a_closing(minutes=6_000), after=THOUSAND + 1)

        [case] = whole([await cases.find(REQUEST)])
        assert (case.decisions, case.facts) == (THOUSAND + 2, 2 * THOUSAND + 4)
        assert (case.work.assignee, case.is_held, case.work.closed) == (
            f"clerk-{THOUSAND - 1}",
            False,
            a_closing(minutes=6_000),
        )
        assert (case.work.first_contact_at, case.work.call_again_at) == (contacts[0].decided_at, LATER)

    async def test_the_number_of_facts_grows_with_each_also_after_one_was_taken_back(
        self, cases: Cases, decisions: Decisions
    ) -> None:
        """What was taken back counts twice: when it left the newest 200, the number fell, and summaries stood still."""
        await add_all(cases, [a_request(), an_offer()])
        await decisions.add(a_release(), after=0)
        await decisions.withdraw(f"{REQUEST}:r1:released", a_withdrawal(), after=1, before=WHILE_HELD_RELEASE)
        await asyncio.gather(*(decisions.add(a_note(minutes=10 + number)) for number in range(MANY)))

        numbers = []
        for number in range(3):
            [case] = whole([await cases.find(REQUEST)])
            numbers.append(case.facts)
            await decisions.add(a_contact(minutes=9_000 + number))

        assert numbers == [MANY + 4, MANY + 5, MANY + 6]

    async def test_notes_never_overtake_each_other(self, cases: Cases, decisions: Decisions) -> None:
        await add_all(cases, [a_request()])

        added = [await decisions.add(a_note(minutes=number)) for number in (1, 2, 3)]

        assert added == [Added.KEPT] * 3


class AccountsSpec:
    async def test_a_name_is_given_once(self, accounts: Accounts) -> None:
        first = await accounts.add("desk", "one", NOON)
        again = await accounts.add("desk", "two", NOON)

        assert (first, again) == (True, False)
        assert await accounts.password_hash("desk") == "one"

    async def test_a_new_password_replaces_the_old(self, accounts: Accounts) -> None:
        await accounts.add("desk", "one", NOON)

        await accounts.set_password("desk", "two")

        assert await accounts.password_hash("desk") == "two"

    async def test_a_stranger_has_no_password(self, accounts: Accounts) -> None:
        assert await accounts.password_hash("stranger") is None

    async def test_a_disabled_account_has_none_until_it_is_enabled(self, accounts: Accounts) -> None:
        await accounts.add("desk", "one", NOON)

        await accounts.disable("desk", LATER)

        assert await accounts.password_hash("desk") is None
        assert [(one.name, one.disabled_at) for one in await accounts.all()] == [("desk", LATER)]
        await accounts.set_password("desk", "two")
        assert await accounts.password_hash("desk") is None
        await accounts.enable("desk")
        assert await accounts.password_hash("desk") == "two"

    async def test_an_account_has_the_role_that_it_was_given_last(self, accounts: Accounts) -> None:
        await accounts.add("desk", "one", NOON, Role.viewer)

        await accounts.set_role("desk", Role.manager)

        account = await accounts.find("desk")
        assert account
        assert account.role is Role.manager
        assert await accounts.find("stranger") is None

    async def test_who_is_invited_cannot_log_in_before_they_have_a_password(self, accounts: Accounts) -> None:
        await accounts.add("desk", None, NOON)
        before = await accounts.password_hash("desk"), await accounts.find("desk")

        await accounts.set_password("desk", "one", temporary=True)

        after = await accounts.find("desk")
        assert before[0] is None
        assert before[1]
        assert after
        assert (before[1].has_password, before[1].may_log_in) == (False, False)
        assert (after.has_password, after.may_log_in, after.must_change_password) == (True, True, True)

    async def test_the_last_log_in_is_remembered(self, accounts: Accounts) -> None:
        await accounts.add("desk", "one", NOON)

        await accounts.note_log_in("desk", LATER)

        account = await accounts.find("desk")
        assert account
        assert account.logged_in_at == LATER

    async def test_a_removed_account_is_gone(self, accounts: Accounts) -> None:
        for name in ("desk", "boss"):
            await accounts.add(name, "one", NOON)

        await accounts.remove("desk", LATER)

        assert [account.name for account in await accounts.all()] == ["boss"]
        assert (await accounts.find("desk"), await accounts.password_hash("desk")) == (None, None)

    async def test_a_name_is_never_given_again(self, accounts: Accounts) -> None:
        """Who got the name of somebody who had left, got what that person had typed, planned and saved."""
        await accounts.add("desk", "one", NOON)
        await accounts.remove("desk", LATER)

        again = await accounts.add("desk", "two", LATER)
        await accounts.set_password("desk", "two")
        await accounts.enable("desk")

        assert (again, await accounts.is_free("desk"), await accounts.is_free("boss")) == (False, False, True)
        assert (await accounts.password_hash("desk"), await accounts.all()) == (None, [])

    async def test_a_change_that_the_rule_forbids_is_not_made(self, accounts: Accounts) -> None:
        await accounts.add("desk", "one", NOON, Role.admin)
        before, asked = await accounts.all(), []

        def never(found: Sequence[Account]) -> None:
            asked.append(list(found))
            raise Invalid("last-admin")

        for change in (accounts.set_role("desk", Role.viewer, never), accounts.disable("desk", LATER, never)):
            with pytest.raises(Invalid, match="last-admin"):
                await change

        assert await accounts.all() == before
        assert asked == [before, before]

    async def test_of_two_who_close_each_other_at_once_one_stays(self, accounts: Accounts) -> None:
        """Each looked, saw the other, and acted: nobody was left who could keep the accounts."""
        for _ in range(10):
            for name in ("desk", "boss"):
                await accounts.add(name, "one", NOON, Role.admin)
                await accounts.enable(name)
                await accounts.set_role(name, Role.admin)

            results = await asyncio.gather(
                accounts.set_role("desk", Role.viewer, lambda found: refuse_last_admin(found, "desk")),
                accounts.disable("boss", LATER, lambda found: refuse_last_admin(found, "boss")),
                return_exceptions=True,
            )

            assert [str(one) for one in results if one] == ["last-admin"]
            assert sum(one.role is Role.admin and one.may_log_in for one in await accounts.all()) == 1


class SessionsSpec:
    async def test_a_session_is_its_accounts_until_it_ends(self, sessions: Sessions) -> None:
        await sessions.begin("digest", "desk", NOON, LATER)

        assert await sessions.account("digest", LATER - timedelta(seconds=1), NOON) == "desk"
        assert await sessions.account("digest", LATER, NOON) is None
        assert await sessions.account("another", NOON, NOON) is None

    async def test_a_session_that_nobody_uses_ends_and_every_use_keeps_it(self, sessions: Sessions) -> None:
        await sessions.begin("digest", "desk", NOON, LATER)
        minute = timedelta(minutes=1)

        used = [await sessions.account("digest", NOON + n * minute, NOON + (n - 60) * minute) for n in (59, 118)]
        unused = await sessions.account("digest", NOON + 179 * minute, NOON + 119 * minute)

        assert (used, unused) == (["desk", "desk"], None)

    async def test_looking_at_a_session_is_no_use_of_it(self, sessions: Sessions) -> None:
        await sessions.begin("digest", "desk", NOON, LATER)
        minute = timedelta(minutes=1)

        looked = await sessions.account("digest", NOON + 59 * minute, NOON - minute, is_use=False)
        unused = await sessions.account("digest", NOON + 61 * minute, NOON + minute, is_use=False)

        assert (looked, unused) == ("desk", None)

    async def test_an_ended_session_is_nobodys(self, sessions: Sessions) -> None:
        await sessions.begin("digest", "desk", NOON, LATER)

        await sessions.end("digest", NOON)

        assert await sessions.account("digest", NOON, NOON) is None
        assert await sessions.of("desk", NOON, NOON) == []

    async def test_for_a_while_it_is_known_whose_an_ended_session_was(self, sessions: Sessions) -> None:
        """What was typed in another tab is then kept, and not lost without a word."""
        for digest in ("one", "two", "over"):
            await sessions.begin(digest, "desk", NOON, LATER)
        minute = timedelta(minutes=1)

        await sessions.end("one", NOON + minute)
        await sessions.end_all("desk", NOON + 2 * minute)

        owners = [[await sessions.owner(one, NOON + n * minute) for one in ("one", "two")] for n in (1, 2, 3)]
        assert owners == [["desk", "desk"], [None, "desk"], [None, None]]

    async def test_all_sessions_of_one_account_can_be_ended(self, sessions: Sessions) -> None:
        for digest, account in (("one", "desk"), ("two", "desk"), ("three", "boss")):
            await sessions.begin(digest, account, NOON, LATER)

        await sessions.end_all("desk", NOON)

        assert [await sessions.account(digest, NOON, NOON) for digest in ("one", "two", "three")] == [
            None,
            None,
            "boss",
        ]

    async def test_the_sessions_of_an_account_are_listed_by_their_last_use(self, sessions: Sessions) -> None:
        for digest, account, minute in (
            ("one", "desk", 0),
            ("two", "boss", 1),
            ("three", "desk", 2),
            ("old", "desk", 3),
        ):
            at = NOON + timedelta(minutes=minute)
            await sessions.begin(digest, account, at, LATER, network="198.51.100.0/24", browser="Chrome")
        await sessions.account("one", NOON + timedelta(minutes=90), NOON)

        found = await sessions.of("desk", NOON + timedelta(minutes=90), NOON + timedelta(minutes=1))

        assert [session.id for session in found] == ["one", "old", "three"]
        assert found[0] == Session(
            id="one", since=NOON, used_at=NOON + timedelta(minutes=90), network="198.51.100.0/24", browser="Chrome"
        )
        assert await sessions.of("desk", LATER, NOON) == []

    async def test_a_session_that_nobody_used_still_has_an_owner(self, sessions: Sessions) -> None:
        await sessions.begin("digest", "desk", NOON, LATER)

        assert await sessions.account("digest", LATER - timedelta(minutes=1), NOON + timedelta(hours=1)) is None
        assert [await sessions.owner(digest, NOON) for digest in ("digest", "another")] == ["desk", None]

    async def test_nobody_ends_the_session_of_somebody_else(self, sessions: Sessions) -> None:
        await sessions.begin("digest", "desk", NOON, LATER)

        await sessions.end("digest", NOON, "boss")
        before = await sessions.account("digest", NOON, NOON)
        await sessions.end("digest", NOON, "desk")

        assert (before, await sessions.account("digest", NOON, NOON)) == ("desk", None)


class KeptPostsSpec:
    async def test_what_was_kept_is_its_accounts_until_it_ends(self, kept_posts: KeptPosts) -> None:
        for number in (2, 1):
            await kept_posts.keep("desk", a_post(f"post-{number}"), NOON + timedelta(minutes=number))

        found = await kept_posts.of("desk", NOON)

        assert found == [a_post("post-1"), a_post("post-2")]
        assert await kept_posts.of("boss", NOON) == []
        assert await kept_posts.of("desk", NOON + timedelta(minutes=2)) == []

    async def test_it_is_given_out_once_and_to_nobody_else(self, kept_posts: KeptPosts) -> None:
        await kept_posts.keep("desk", a_post("post"), LATER)

        taken = [await kept_posts.take(account, "post", NOON) for account in ("boss", "desk", "desk")]
        await kept_posts.keep("desk", a_post("ended"), NOON)

        assert taken == [None, a_post("post"), None]
        assert await kept_posts.take("desk", "ended", NOON) is None


def a_post(post_id: str) -> KeptPost:
    return KeptPost(id=post_id, path="/cases/x/note", fields=(("text", "折り返し\r\n15時"), ("text", ""), ("to", "a")))


class LooksSpec:
    async def test_who_looks_counts_until_then_and_no_longer_than_the_page_is_open(self, looks: Looks) -> None:
        for account in ("desk", "boss"):
            await looks.note(a_look(account), LATER)
        await looks.note(a_look("desk", is_typing=True), LATER)
        await looks.note(a_look("boss", request_id="another"), LATER)
        before = await looks.at([REQUEST], NOON)
        await looks.end(REQUEST, "boss", "tab")

        assert {(one.account, one.is_typing) for one in before} == {("desk", True), ("boss", False)}
        assert await looks.at([REQUEST], NOON) == [a_look("desk", is_typing=True)]
        assert len(await looks.at([REQUEST, "another"], NOON)) == 2
        assert await looks.at([REQUEST], LATER) == []


def a_look(account: str, *, request_id: str = REQUEST, is_typing: bool = False) -> Look:
    return Look(request_id=request_id, account=account, tab="tab", is_typing=is_typing)


class NoteDraftsSpec:
    async def test_a_tab_replaces_its_own_text_and_nobody_elses(self, drafts: NoteDrafts) -> None:
        texts = [a_draft("one", 1), a_draft("two", 1), a_draft("one", 2), a_draft("one", 1, account="boss")]

        kept = [await drafts.keep(one, LATER) for one in texts]

        assert kept == [True] * 4
        assert await drafts.of(REQUEST, "desk", NOON) == [a_draft("one", 2), a_draft("two", 1)]
        assert await drafts.of(REQUEST, "boss", NOON) == [a_draft("one", 1, account="boss")]
        assert await drafts.of("another", "desk", NOON) == await drafts.of(REQUEST, "desk", LATER) == []

    async def test_a_save_that_comes_late_takes_nothing_back(self, drafts: NoteDrafts) -> None:
        kept = [await drafts.keep(a_draft("one", number), LATER) for number in (1, 3, 2, 3)]

        assert kept == [True, True, False, True]
        assert await drafts.of(REQUEST, "desk", NOON) == [a_draft("one", 3)]

    async def test_only_the_text_that_was_seen_is_dropped(self, drafts: NoteDrafts) -> None:
        await drafts.keep(a_draft("one", 2), LATER)

        dropped = [await drafts.drop(a_draft("one", number)) for number in (1, 2, 2)]

        assert dropped == [False, True, False]
        assert await drafts.of(REQUEST, "desk", NOON) == []

    async def test_a_tab_whose_form_was_sent_saves_nothing_more(self, drafts: NoteDrafts) -> None:
        await drafts.keep(a_draft("one", 1), LATER)

        await drafts.finish(a_draft("one", 2), LATER)
        await drafts.finish(a_draft("new", 1), LATER)

        assert await drafts.of(REQUEST, "desk", NOON) == []
        late = [await drafts.keep(a_draft(tab, number), LATER) for tab, number in (("one", 1), ("one", 3), ("new", 1))]
        assert late == [False] * 3

    async def test_what_was_typed_after_a_form_was_sent_stays(self, drafts: NoteDrafts) -> None:
        """It was sent without a session, kept, and sent again when its tab had gone on."""
        await drafts.keep(a_draft("one", 5), LATER)

        await drafts.finish(a_draft("one", 4), LATER)

        assert await drafts.of(REQUEST, "desk", NOON) == [a_draft("one", 5)]


def a_draft(tab: str, number: int, *, account: str = "desk") -> NoteDraft:
    return NoteDraft(
        request_id=REQUEST,
        account=account,
        form="note",
        tab=tab,
        number=number,
        text=f"折り返し\n{tab} {number}",
        saved_at=NOON + timedelta(minutes=number),
    )


class TriesSpec:
    async def test_a_try_sees_the_others_of_its_account_and_not_itself(self, tries: Tries) -> None:
        await tries.count("boss", NOON, NOON - timedelta(hours=1))
        _, first = await tries.count("desk", NOON, NOON - timedelta(hours=1))

        _, second = await tries.count("desk", NOON + timedelta(minutes=1), NOON - timedelta(hours=1))

        assert (first, second) == ((), (NOON,))

    async def test_tries_before_the_asked_time_are_not_seen(self, tries: Tries) -> None:
        await tries.count("desk", NOON, NOON)

        _, others = await tries.count("desk", NOON + timedelta(hours=1), NOON)

        assert others == ()

    async def test_withdrawn_and_forgiven_tries_do_not_count(self, tries: Tries) -> None:
        await tries.count("desk", NOON, NOON - timedelta(hours=1))
        await tries.clear("desk")
        this, _ = await tries.count("desk", NOON, NOON - timedelta(hours=1))
        await tries.uncount(this)

        _, others = await tries.count("desk", NOON, NOON - timedelta(hours=1))

        assert others == ()


class DevicesSpec:
    async def test_a_browser_is_known_to_who_logged_in_with_it_until_it_ends(self, devices: Devices) -> None:
        await devices.remember("digest", "desk", NOON)
        await devices.remember("digest", "boss", LATER)

        assert await devices.accounts("digest", NOON) == {"desk", "boss"}
        assert await devices.accounts("digest", LATER) == frozenset()
        assert await devices.accounts("another", NOON) == frozenset()

    async def test_a_forgotten_account_knows_no_browser(self, devices: Devices) -> None:
        for account in ("desk", "boss"):
            await devices.remember("digest", account, LATER)

        await devices.forget("desk")

        assert await devices.accounts("digest", NOON) == {"boss"}


class InvitationsSpec:
    async def test_a_link_works_once_and_until_it_ends(self, invitations: Invitations) -> None:
        await invitations.add("digest", "desk", LATER)

        looked = [await invitations.account("digest", moment) for moment in (NOON, LATER)]
        taken = [await invitations.take("digest", NOON) for _ in range(2)]

        assert looked == ["desk", None]
        assert taken == ["desk", None]
        assert await invitations.account("digest", NOON) is None

    async def test_an_ended_link_cannot_be_taken(self, invitations: Invitations) -> None:
        await invitations.add("digest", "desk", LATER)

        assert await invitations.take("digest", LATER) is None

    async def test_only_the_newest_link_of_an_account_works(self, invitations: Invitations) -> None:
        for digest, account in (("one", "desk"), ("two", "boss"), ("three", "desk")):
            await invitations.add(digest, account, LATER)
        await invitations.withdraw("boss")

        accounts = [await invitations.account(digest, NOON) for digest in ("one", "two", "three")]

        assert accounts == [None, None, "desk"]

    async def test_only_an_admins_link_that_still_works_is_an_invitation(self, invitations: Invitations) -> None:
        await invitations.add("one", "desk", LATER)
        await invitations.add("two", "boss", LATER, is_invitation=True)
        invited = [await invitations.invited(account, NOON) for account in ("desk", "boss")]
        too_late = await invitations.invited("boss", LATER)
        await invitations.add("three", "boss", LATER)

        assert (invited, too_late, await invitations.invited("boss", NOON)) == ([False, True], False, False)


class SecondStepsSpec:
    """For accounts that are there: `desk`, `boss`."""

    async def test_without_a_second_step_the_password_is_enough(self, second_steps: SecondSteps) -> None:
        await second_steps.keep("desk", KEY, 7, ["one"])
        await second_steps.remove("desk")

        assert [await second_steps.find(name) for name in ("desk", "boss", "stranger")] == [None, None, None]

    async def test_what_is_kept_is_read_again(self, second_steps: SecondSteps) -> None:
        await second_steps.keep("desk", KEY, 7, ["one", "two"])

        found = await second_steps.find("desk")

        assert found == SecondStep(key=KEY, last_step=7, recovery=frozenset({"one", "two"}))

    async def test_a_step_is_used_once_and_never_an_earlier_one(self, second_steps: SecondSteps) -> None:
        await second_steps.keep("desk", KEY, 7, [])

        used = [await second_steps.use_step("desk", step) for step in (7, 9, 9, 8, 10)]

        assert used == [False, True, False, False, True]

    async def test_a_recovery_code_is_used_once_and_replaced_by_new_ones(self, second_steps: SecondSteps) -> None:
        await second_steps.keep("desk", KEY, 7, ["one", "two"])

        used = [await second_steps.use_recovery("desk", digest) for digest in ("one", "one", "other")]
        await second_steps.renew_recovery("desk", ["three"])

        assert used == [True, False, False]
        assert [await second_steps.use_recovery("desk", digest) for digest in ("two", "three")] == [False, True]


class FailedLogInsSpec:
    async def test_failures_are_counted_by_the_hour(self, failed: FailedLogIns) -> None:
        visitor = Visitor(address="198.51.100.7")

        counts = [await failed.add("refused", NOON, account, visitor) for account in ("desk", None, "desk")]
        later = await failed.add("locked", LATER, "desk", visitor)

        assert (counts, later) == ([1, 2, 3], 1)


class PasswordsSpec:
    async def test_only_the_right_password_is_right(self, passwords: Passwords) -> None:
        hashed = await passwords.hash("correct-horse")

        assert await passwords.verify(hashed, "correct-horse") is True
        assert await passwords.verify(hashed, "wrong-horse") is False

    async def test_nobody_has_no_password(self, passwords: Passwords) -> None:
        """Not even the password that is hashed in place of a missing one."""
        assert await passwords.verify(None, "nobody's password") is False


class PasskeysSpec:
    """For accounts that are there: `desk`, `boss`."""

    async def test_a_question_is_answered_once_in_time_and_by_whom_it_was_put_to(self, passkeys: Passkeys) -> None:
        for challenge, account in ((b"one", "desk"), (b"two", "desk"), (b"three", "")):
            await passkeys.challenge(challenge, account, LATER)

        answered = [
            await passkeys.answered(challenge, account, moment)
            for challenge, account, moment in (
                (b"one", "boss", NOON),
                (b"one", "desk", NOON),
                (b"one", "desk", NOON),
                (b"two", "desk", LATER),
                (b"three", "", NOON),
                (b"never", "", NOON),
            )
        ]

        assert answered == [False, True, False, False, True, False]

    async def test_a_key_is_found_with_whose_it_is(self, passkeys: Passkeys) -> None:
        for account, key_id in (("desk", "one"), ("boss", "two"), ("desk", "three")):
            await passkeys.add(account, a_key(key_id))

        assert await passkeys.find("two") == ("boss", a_key("two"))
        assert await passkeys.find("three") == ("desk", a_key("three"))
        assert await passkeys.find("four") is None
        assert list(await passkeys.of("desk")) == [a_key("one"), a_key("three")]

    async def test_how_often_a_key_was_used_never_goes_back(self, passkeys: Passkeys) -> None:
        await passkeys.add("desk", a_key("one"))
        await passkeys.add("desk", a_key("two"))

        for uses in (7, 5):
            await passkeys.used("two", uses)

        assert [key.uses for key in await passkeys.of("desk")] == [1, 7]

    async def test_one_key_is_removed_or_all_of_an_account(self, passkeys: Passkeys) -> None:
        for account, key_id in (("desk", "one"), ("boss", "two"), ("desk", "three"), ("desk", "four")):
            await passkeys.add(account, a_key(key_id))

        await passkeys.remove("desk", "two")
        await passkeys.remove("desk", "three")
        one_less = [key.id for key in await passkeys.of("desk")]
        await passkeys.remove("desk")

        assert one_less == ["one", "four"]
        assert [len(await passkeys.of(name)) for name in ("desk", "boss")] == [0, 1]


def a_key(key_id: str) -> Passkey:
    return Passkey(id=key_id, public_key=b"public", uses=1, name="Windows", since=NOON)


class LetterCopiesSpec:
    async def test_a_letter_was_asked_for_until_its_copy_comes(self, copies: LetterCopies) -> None:
        await copies.ask(a_letter_asked_for())
        await copies.ask(a_letter_asked_for("receipt"))
        asked = await copies.of(REQUEST, NOON + timedelta(minutes=10))

        await copies.add(a_letter_copied())
        found = await copies.of(REQUEST, NOON + timedelta(minutes=10))

        assert set(map(type, asked.values())) == {LetterCopyAsked}
        assert {kind.partition(":")[2]: type(one) for kind, one in found.items()} == {
            "quote": LetterCopied,
            "receipt": LetterCopyAsked,
        }

    async def test_what_comes_twice_is_kept_as_it_came_first(self, copies: LetterCopies) -> None:
        first = a_letter_copied()
        for copied in (first, a_letter_copied(subject="another")):
            await copies.add(copied)

        assert list((await copies.of(REQUEST, NOON)).values()) == [first]

    async def test_after_some_days_it_can_be_asked_for_again(self, copies: LetterCopies) -> None:
        await copies.ask(a_letter_asked_for())
        await copies.add(a_letter_copied())

        assert await copies.of(REQUEST, NOON + timedelta(days=8)) == {}


MAIL = "Hanako@agency.example"


class StaffAddressesSpec:
    """For accounts that are there: `desk`, `boss`."""

    async def test_an_address_is_kept_until_there_is_another_or_none(self, addresses: StaffAddresses) -> None:
        before = await addresses.of("desk")
        await addresses.keep("desk", "old@agency.example")
        await addresses.keep("desk", MAIL)
        kept = await addresses.of("desk")
        await addresses.keep("desk", None)

        assert (before, kept, await addresses.of("desk")) == (None, MAIL, None)

    async def test_its_owners_are_found_however_it_is_written(self, addresses: StaffAddresses) -> None:
        await addresses.keep("desk", MAIL)
        await addresses.keep("boss", MAIL.lower())

        assert list(await addresses.owners("HANAKO@AGENCY.EXAMPLE")) == ["boss", "desk"]
        assert list(await addresses.owners("somebody@agency.example")) == []


class StaffMailsSpec:
    async def test_a_notice_is_kept_once(self, staff_mails: StaffMails) -> None:
        kept = [await staff_mails.add(a_mail("one"), NOON, until=LATER) for _ in range(2)]

        assert kept == [True, False]

    async def test_no_two_notices_are_about_the_same(self, staff_mails: StaffMails) -> None:
        first = await staff_mails.add(a_mail("one"), NOON, until=LATER, about=["a", "b"])
        overlapping = await staff_mails.add(a_mail("two"), NOON, until=LATER, about=["b", "c"])
        other = await staff_mails.add(a_mail("three"), NOON, until=LATER, about=["c"])
        about_nothing = [await staff_mails.add(a_mail(name), NOON, until=LATER) for name in ("four", "five")]

        assert (first, overlapping, other, about_nothing) == (True, False, True, [True, True])
        assert await staff_mails.told(["a", "b", "c", "d"]) == {"a", "b", "c"}

    async def test_of_two_at_the_same_moment_one_is_kept(self, staff_mails: StaffMails) -> None:
        kept = await asyncio.gather(
            *(
                staff_mails.add(a_mail(f"n-{number}"), NOON, until=LATER, about=["a", f"b-{number}"])
                for number in range(8)
            )
        )

        assert sorted(kept) == [False] * 7 + [True]


def a_mail(name: str) -> CaseOverdue:
    return CaseOverdue(request_id=name, product="cyber-security", noticed_at=NOON, cases=())
