"""What `Cases` and `Decisions` promise, held against memory and a real Mongo."""

import asyncio

import pytest
from opentelemetry import trace

from local.mongod import Mongod
from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_bulk_runs import MongoBulkRuns
from services.dashboard.adapters.mongo_decisions import MongoDecisions
from services.dashboard.adapters.mongo_figures import MongoFigures
from services.dashboard.adapters.mongo_form_counts import MongoFormCounts
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.domain.case import Case
from services.dashboard.ports.cases import Added, Cases, Decisions, Figures, FormCounts, Summaries
from services.dashboard.ports.lists import BulkRuns
from shared.events import DESK
from shared.runtime.adapters.mongo import Database, all_kept, connect
from tests.services.dashboard.builders import REQUEST, a_closing, a_release, a_request, an_assignment
from tests.services.dashboard.fakes import (
    InMemoryBulkRuns,
    InMemoryCases,
    InMemoryDecisions,
    InMemoryFigures,
    InMemoryFormCounts,
    InMemorySummaries,
)
from tests.services.dashboard.specs import (
    BulkRunsSpec,
    CasesSpec,
    DecisionsSpec,
    FiguresSpec,
    FormCountsSpec,
    SummariesSpec,
)

pytestmark = pytest.mark.anyio


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
        await cases.add(a_request())
        await database["requests"].update_one({}, {"$unset": {"event.suspicions": ""}})

        case = await cases.find(REQUEST)

        assert isinstance(case, Case)
        assert case.request.suspicions == ()


class TestInMemorySummaries(SummariesSpec):
    @pytest.fixture
    def summaries(self) -> Summaries:
        return InMemorySummaries()


class TestMongoSummaries(SummariesSpec):
    @pytest.fixture
    async def summaries(self, database: Database) -> Summaries:
        summaries = MongoSummaries(database)
        await summaries.prepare()
        return summaries


class TestInMemoryFormCounts(FormCountsSpec):
    @pytest.fixture
    def counts(self) -> FormCounts:
        return InMemoryFormCounts()


class TestMongoFormCounts(FormCountsSpec):
    @pytest.fixture
    def counts(self, database: Database) -> FormCounts:
        return MongoFormCounts(database)


class TestInMemoryFigures(FiguresSpec):
    @pytest.fixture
    def summaries(self) -> InMemorySummaries:
        return InMemorySummaries()

    @pytest.fixture
    def figures(self, summaries: InMemorySummaries) -> Figures:
        return InMemoryFigures(summaries)


class TestMongoFigures(FiguresSpec):
    @pytest.fixture
    async def summaries(self, database: Database) -> Summaries:
        summaries = MongoSummaries(database)
        await summaries.prepare()
        return summaries

    @pytest.fixture
    async def figures(self, database: Database) -> Figures:
        figures = MongoFigures(database)
        await figures.prepare()
        return figures


class TestInMemoryBulkRuns(BulkRunsSpec):
    @pytest.fixture
    def runs(self) -> BulkRuns:
        return InMemoryBulkRuns()


class TestMongoBulkRuns(BulkRunsSpec):
    @pytest.fixture
    def runs(self, database: Database) -> BulkRuns:
        return MongoBulkRuns(database)


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
    async def decisions(self, database: Database) -> Decisions:
        decisions = MongoDecisions(database, lambda _event: None)
        await decisions.prepare()
        return decisions

    async def test_a_decision_of_a_newer_version_is_counted_though_nobody_here_can_read_it(
        self, database: Database, cases: Cases, decisions: Decisions
    ) -> None:
        """After a return to the version before, every decision would be refused for ever: its number was taken."""
        await cases.add(a_request())
        await decisions.add(an_assignment(), after=0)
        await database["decisions"].update_one({}, {"$set": {"type": "mitsumori.desk.case.frozen.v1"}})

        case = await cases.find(REQUEST)

        assert isinstance(case, Case)
        assert (case.decisions, len(case.broken)) == (1, 1)
        assert await decisions.add(a_closing(), after=case.decisions) is Added.KEPT

    async def test_a_decision_waits_in_the_outbox_and_comes_back_as_the_same_fact(
        self, database: Database, cases: Cases, decisions: Decisions
    ) -> None:
        """The dashboard reads the desk's topic too; its own decision must not become a second one."""
        await decisions.add(a_release())

        again = await cases.add(a_release())

        [document] = await database["decisions"].find().to_list(None)
        assert again is False
        assert (document["relay"]["state"], document["relay"]["topic"]) == ("pending", DESK)
        assert document["relay"]["key"] == REQUEST


async def test_the_trace_that_a_request_came_with_is_told_to_who_looks_for_its_logs(database: Database) -> None:
    cases = MongoCases(database)
    context = trace.SpanContext(0x4BF92F3577B34DA6A3CE929D0E0E4736, 0xF067AA0BA902B7, is_remote=True)

    with trace.use_span(trace.NonRecordingSpan(context)):
        await cases.add(a_request())
    await cases.add(a_request("untraced"))

    assert await cases.trace_of(REQUEST) == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert [await cases.trace_of(one) for one in ("untraced", "nothing")] == [None, None]
    assert isinstance(await cases.find(REQUEST), Case)


async def test_requests_are_counted_as_they_are_after_mongo_was_killed(own_mongod: Mongod) -> None:
    """MongoDB's own estimate is that of its last checkpoint then, and the desk would be told of requests that hide."""
    async with connect(own_mongod.uri, "mitsumori_dashboard") as database:
        cases = MongoCases(database)
        await cases.add(a_request())
        await database.client.admin.command("fsync")
        await cases.add(a_request("after-it"))
        await all_kept(database)
        own_mongod.kill()
        await asyncio.to_thread(own_mongod.start)

        assert await cases.count() == 2
