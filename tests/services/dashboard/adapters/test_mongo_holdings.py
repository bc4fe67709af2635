"""What the dashboard forgets of a request: everything that is sealed, wherever it lies."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_decisions import MongoDecisions
from services.dashboard.adapters.mongo_holdings import holdings_of
from services.dashboard.adapters.mongo_letter_copies import MongoLetterCopies
from services.dashboard.domain.case import Case
from services.dashboard.domain.facts import fact_id
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from tests.services.dashboard.builders import (
    NOON,
    REQUEST,
    a_correction,
    a_letter_asked_for,
    a_letter_copied,
    a_note,
    a_request,
    a_whole_story,
    a_withdrawal,
    an_offer,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def cases(database: Database) -> MongoCases:
    """One whole story, and a request of somebody else."""
    cases = MongoCases(database)
    for fact in (*a_whole_story(), a_request("another"), a_note("another")):
        await cases.add(fact)
    return cases


def sealed(document: object) -> bool:
    """Whether there is a parcel anywhere in it."""
    if isinstance(document, Mapping):
        return "box" in document or any(map(sealed, document.values()))
    if isinstance(document, str):
        return '"box"' in document
    return isinstance(document, list) and any(map(sealed, document))


async def still_sealed(database: Database, request_id: str) -> list[Any]:
    names = await database.list_collection_names()
    about = {"$or": [{"request_id": request_id}, {"_id": request_id}]}
    found = [document for name in names for document in await database[name].find(about).to_list(None)]
    return sorted(document["_id"] for document in found if sealed(document))


async def test_the_facts_stay_without_what_is_sealed(database: Database, cases: MongoCases) -> None:
    holdings, before = holdings_of(database, lambda: NOON), await cases.find(REQUEST)
    held = await holdings.count(REQUEST)

    for _ in range(2):
        await holdings.forget(REQUEST)

    case = await cases.find(REQUEST)
    assert isinstance(before, Case)
    assert isinstance(case, Case)
    assert held == {"requests": 1, "quotes": 2, "decisions": 3}
    assert (await holdings.count(REQUEST), await still_sealed(database, REQUEST)) == ({}, [])
    assert (case.timeline, case.premium_yen, case.broken) == (before.timeline, before.premium_yen, ())
    assert case.request.segment == before.request.segment
    assert await still_sealed(database, "another") == ["another", a_note("another").decision_id]


async def test_what_staff_have_just_written_is_not_published_any_more(database: Database, cases: MongoCases) -> None:
    decisions = MongoDecisions(database, lambda _event: None)
    for decision in (a_note(minutes=50), a_note("another", minutes=50)):
        await decisions.add(decision)

    await holdings_of(database, lambda: NOON).forget(REQUEST)

    waiting = await MongoOutbox(database, ["decisions"]).due(NOON + timedelta(days=1), 9)
    assert [entry.key for entry in waiting] == ["another"]
    assert isinstance(await cases.find(REQUEST), Case)


async def test_what_was_taken_back_is_forgotten_too(database: Database, cases: MongoCases) -> None:
    decisions, correction = MongoDecisions(database, lambda _event: None), a_correction()
    await decisions.add(correction, after=1)
    await decisions.withdraw(fact_id(correction), a_withdrawal(correction), after=2, before=NOON)

    await holdings_of(database, lambda: NOON).forget(REQUEST)

    assert await still_sealed(database, REQUEST) == []
    assert isinstance(await cases.find(REQUEST), Case)


async def test_copies_of_letters_and_unsent_texts_are_gone(database: Database) -> None:
    copies = MongoLetterCopies(database, lambda _event: None)
    await copies.ask(a_letter_asked_for("receipt"))
    for copied in (a_letter_copied(), a_letter_copied(request_id="another")):
        await copies.add(copied)
    for name in (REQUEST, "another"):
        await database["note_drafts"].insert_one({"_id": f"{name}/desk/note/1", "request_id": name, "box": {}})
    holdings = holdings_of(database, lambda: NOON)
    held = await holdings.count(REQUEST)

    await holdings.forget(REQUEST)

    assert held == {"copy_asks": 1, "letter_copies": 1, "note_drafts": 1}
    assert await copies.of(REQUEST, NOON) == {}
    assert len(await copies.of("another", NOON)) == 1
    assert [one["request_id"] async for one in database["note_drafts"].find()] == ["another"]


async def test_a_fact_that_nobody_publishes_gets_no_place_in_the_outbox(database: Database) -> None:
    """What other services have published is kept without a field for the relay."""
    await MongoCases(database).add(an_offer())

    await holdings_of(database, lambda: NOON).forget(REQUEST)

    [document] = await database["quotes"].find().to_list(None)
    assert "relay" not in document
