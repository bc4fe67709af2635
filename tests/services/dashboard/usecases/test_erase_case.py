"""An erased case: it counts, nobody finds who it was, and there is nothing to do for it."""

import pytest

from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_holdings import holdings_of
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.domain.case import Case, case_of
from services.dashboard.domain.search_terms import terms_of_case
from services.dashboard.domain.summary import summary_of
from services.dashboard.usecases.erase_case import EraseCase, RecordWithoutParcels
from services.dashboard.usecases.record_fact import RecordFact
from shared.events.parcels import Contact
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_erased import MongoErased
from shared.runtime.erasure import Erasure
from tests.services.dashboard.builders import (
    CONTACT,
    NOON,
    REQUEST,
    SEARCH_KEYS,
    a_hold,
    a_letter_failed,
    a_note,
    a_request,
    a_whole_story,
    an_approval_asked,
    an_erasure,
    an_offer,
)
from tests.services.dashboard.fakes import recording, summarising

pytestmark = pytest.mark.anyio

ERASED = an_erasure()


class Desk:
    """The dashboard on MongoDB, as far as it records facts."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.cases, self.summaries = MongoCases(database), MongoSummaries(database)
        self.erasure = Erasure(MongoErased(database), holdings_of(database, lambda: NOON).forget)
        self.record: RecordFact = recording(self.cases, self.summaries)
        self.guarded = self.erasure.guard(self.record, late=RecordWithoutParcels(self.record))
        self.erase = EraseCase(self.erasure, self.record)

    async def terms(self) -> set[int]:
        document = await self.database["cases"].find_one({"_id": REQUEST})
        assert document
        return set(document["terms"])


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def hashes_of(contact: dict[str, str]) -> set[int]:
    """What a case with this contact, and no number, would be found by."""
    return set(SEARCH_KEYS.of_case(terms_of_case(Contact.model_validate(contact), "", ())))


ASKED = hashes_of(CONTACT) - set(SEARCH_KEYS.of_case(terms_of_case(None, "", ())))


async def test_nobody_is_found_in_the_read_model_any_more(desk: Desk) -> None:
    for fact in a_whole_story():
        await desk.guarded(fact)
    before = await desk.terms()

    for _ in range(2):
        await desk.erase(ERASED)

    assert before >= ASKED
    assert await desk.terms() & ASKED == set()
    assert await desk.summaries.request_of(a_request().reception_no) == REQUEST


async def test_it_counts_with_its_yen_and_its_industry(desk: Desk) -> None:
    for fact in a_whole_story():
        await desk.guarded(fact)

    await desk.erase(ERASED)

    document = await desk.database["cases"].find_one({"_id": REQUEST})
    assert document
    assert (document["premium_yen"], document["industry"], document["turnover_band"]) == (67_000, "retail", "1-5oku")
    assert (document["is_erased"], document["is_open"], document["must_check"]) == (True, False, False)


async def test_the_order_in_which_erasure_and_facts_come_makes_no_difference(desk: Desk) -> None:
    """They lie on several topics, and a backup brings the facts again."""
    first, *others = a_whole_story()
    await desk.guarded(first)
    await desk.erase(ERASED)
    for fact in (*others, first, a_note(minutes=99)):
        await desk.guarded(fact)

    case = await desk.cases.find(REQUEST)
    alike = case_of([*a_whole_story(), a_note(minutes=99), ERASED])
    assert isinstance(case, Case)
    assert isinstance(alike, Case)
    assert (case.timeline, case.premium_yen) == (alike.timeline, alike.premium_yen)
    assert [fact for fact in (case.request, *case.quotes, *case.work.done) if getattr(fact, "parcels", None)] == []
    assert await desk.terms() & ASKED == set()


async def test_what_was_read_before_the_erasure_does_not_come_back_with_a_summary_after_it(desk: Desk) -> None:
    """Another process may have opened the case a moment before, and keep its summary a moment after."""
    await desk.guarded(a_request())
    summarise = summarising(desk.cases, desk.summaries)
    stale = [summarise._indexed(case) for case in await desk.cases.find_many([REQUEST])]  # noqa: SLF001  # half of a summary
    await desk.erase(ERASED)

    await desk.summaries.put(stale)

    assert await desk.terms() & ASKED == set()


def test_nothing_is_to_do_for_a_case_that_is_erased() -> None:
    request = a_request(brochure="post", suspicions=("no-start",))
    case = case_of([request, an_offer(), a_hold(), an_approval_asked(), a_letter_failed(), ERASED])
    assert isinstance(case, Case)

    found = summary_of(case, NOON, None, awaits_release=True)

    flags = ("is_open", "must_post", "must_answer", "must_check", "awaits_approval", "awaits_release", "is_on_hold")
    assert {name for name in flags if getattr(found, name)} == set()
    assert (found.due_at, found.call_again_at, found.has_failed_letters) == (None, None, False)
