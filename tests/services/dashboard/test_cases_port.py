"""What `Cases` and `Decisions` promise, held against memory and a real Mongo."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from services.dashboard.adapters.mongo import MongoCases, MongoDecisions
from services.dashboard.domain.case import State, case_of
from services.dashboard.domain.facts import Fact
from services.dashboard.ports import Cases, Decisions
from shared.events import DESK
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.builders import NOON, REQUEST, a_referral, a_release, a_request, a_whole_story, an_offer
from tests.services.dashboard.fakes import InMemoryCases, InMemoryDecisions

pytestmark = pytest.mark.anyio

STORY = a_whole_story()


async def keep_all(cases: Cases, facts: Sequence[Fact]) -> None:
    for fact in facts:
        await cases.keep(fact)


class CasesSpec:
    async def test_a_fact_is_kept_once(self, cases: Cases) -> None:
        first = await cases.keep(STORY[0])
        again = await cases.keep(STORY[0])

        assert (first, again) == (True, False)
        assert (await cases.page(None, 0, 50)).total == 1

    @pytest.mark.parametrize("turn", range(len(STORY)))
    async def test_the_case_is_the_same_whichever_fact_came_first(self, cases: Cases, turn: int) -> None:
        await keep_all(cases, [*STORY[turn:], *STORY[:turn], *STORY[:3]])

        assert await cases.find(REQUEST) == case_of(STORY)

    async def test_a_quote_before_its_request_is_not_listed_and_not_lost(self, cases: Cases) -> None:
        await cases.keep(an_offer(67_000))
        before = await cases.page(None, 0, 50), await cases.find(REQUEST)

        await cases.keep(a_request())

        assert (before[0].total, before[1]) == (0, None)
        [case] = (await cases.page(None, 0, 50)).cases
        assert case.premium_yen == 67_000

    async def test_an_unknown_case_is_none(self, cases: Cases) -> None:
        assert await cases.find("nobody") is None

    async def test_the_newest_case_comes_first_and_pages_do_not_overlap(self, cases: Cases) -> None:
        for number in range(5):
            await cases.keep(a_request(f"case-{number}", at=NOON + timedelta(minutes=number % 3)))

        pages = [await cases.page(None, skip, 2) for skip in (0, 2, 4, 6)]

        order = [case.request.request_id for page in pages for case in page.cases]
        assert order == ["case-2", "case-4", "case-1", "case-3", "case-0"]
        assert [page.total for page in pages] == [5, 5, 5, 5]

    @pytest.mark.parametrize("state", State)
    async def test_the_filter_finds_the_cases_whose_state_it_names(self, cases: Cases, state: State) -> None:
        await keep_all(cases, [a_request("received"), a_request("documents_only", quote=False)])
        await keep_all(cases, [a_request("quoted"), a_referral(request_id="quoted")])
        await keep_all(cases, [an_offer(request_id="quoted", revision=2)])
        await keep_all(cases, [a_request("referred"), an_offer(request_id="referred")])
        await keep_all(cases, [a_referral(request_id="referred", revision=2)])

        page = await cases.page(state, 0, 50)

        assert [(case.request.request_id, case.state) for case in page.cases] == [(state.value, state)]
        assert page.total == 1

    async def test_the_list_can_be_narrowed_to_what_somebody_should_look_at(self, cases: Cases) -> None:
        await keep_all(cases, [a_request("plain"), an_offer(request_id="plain")])
        await keep_all(cases, [a_request("odd", suspicions=("no-start",)), an_offer(request_id="odd")])
        await keep_all(cases, [a_request("odd-referral", suspicions=("too-fast",), at=NOON - timedelta(minutes=1))])
        await keep_all(cases, [a_referral(request_id="odd-referral")])

        pages = [await cases.page(state, 0, 50, suspicious=True) for state in (None, State.QUOTED, State.RECEIVED)]

        found = [[case.request.request_id for case in page.cases] for page in pages]
        assert found == [["odd", "odd-referral"], ["odd"], []]
        assert [page.total for page in pages] == [2, 1, 0]


class TestInMemoryCases(CasesSpec):
    @pytest.fixture
    def cases(self) -> Cases:
        return InMemoryCases()


class TestMongoCases(CasesSpec):
    @pytest.fixture
    async def cases(self, database: Database) -> Cases:
        cases = MongoCases(database)
        await cases.prepare()
        return cases

    async def test_a_request_that_was_kept_before_there_were_suspicions_has_none(
        self, database: Database, cases: Cases
    ) -> None:
        await cases.keep(a_request())
        await database["requests"].update_one({}, {"$unset": {"event.suspicions": ""}})

        case = await cases.find(REQUEST)

        assert case is not None
        assert case.request.suspicions == ()
        assert (await cases.page(None, 0, 50, suspicious=True)).total == 0


class DecisionsSpec:
    async def test_a_quote_is_released_once(self, cases: Cases, decisions: Decisions) -> None:
        await keep_all(cases, [a_request(), an_offer()])

        first = await decisions.release(a_release())
        again = await decisions.release(a_release())

        assert (first, again) == (True, False)
        case = await cases.find(REQUEST)
        assert case is not None
        assert case.unreleased is None


class TestInMemoryDecisions(DecisionsSpec):
    @pytest.fixture
    def cases(self) -> Cases:
        return InMemoryCases()

    @pytest.fixture
    def decisions(self, cases: InMemoryCases) -> Decisions:
        return InMemoryDecisions(cases)


class TestMongoDecisions(DecisionsSpec):
    @pytest.fixture
    def cases(self, database: Database) -> Cases:
        return MongoCases(database)

    @pytest.fixture
    def decisions(self, database: Database) -> Decisions:
        return MongoDecisions(database, lambda: None)

    async def test_a_decision_waits_in_the_outbox_and_comes_back_as_the_same_fact(
        self, database: Database, cases: Cases, decisions: Decisions
    ) -> None:
        """The dashboard reads the desk's topic too; its own decision must not become a second one."""
        await decisions.release(a_release())

        again = await cases.keep(a_release())

        [document] = await database["decisions"].find().to_list(None)
        assert again is False
        assert (document["relay"]["state"], document["relay"]["topic"]) == ("pending", DESK)
        assert document["relay"]["key"] == REQUEST
