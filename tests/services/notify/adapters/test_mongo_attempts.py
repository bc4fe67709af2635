"""notify's attempts and outcomes: the fakes and MongoDB keep the same promises."""

import asyncio
import json
from dataclasses import replace

import pytest

from services.notify.adapters.mongo_attempts import MongoAttempts, MongoOutcomes
from services.notify.domain.delivery_state import Ended
from services.notify.ports import Attempts
from shared.runtime.adapters.mongo import Database
from shared.runtime.outbox import OutboxEntry
from tests.services.notify.builders import ASKING_ID, NOON, SENT, a_failed_end, a_letter, a_token
from tests.services.notify.fakes import InMemoryAttempts
from tests.services.notify.specs import AttemptsSpec

pytestmark = pytest.mark.anyio


class TestInMemoryAttempts(AttemptsSpec):
    @pytest.fixture
    def attempts(self) -> Attempts:
        return InMemoryAttempts()


class TestMongoAttempts(AttemptsSpec):
    @pytest.fixture
    async def attempts(self, database: Database) -> Attempts:
        attempts = MongoAttempts(database)
        await attempts.prepare()
        return attempts


async def test_tokens_of_two_connections_are_kept_together(database: Database) -> None:
    """Each alone is a command and a wait for the disk; the second waited for the first."""
    attempts = MongoAttempts(database)
    await database.command("profile", 2)

    async def add_after(turns: int, letter_id: str) -> bool:
        for _ in range(turns):
            await asyncio.sleep(0)
        return await attempts.add(replace(a_token(), letter_id=letter_id))

    is_ours, is_ours_too = await asyncio.gather(add_after(0, "one"), add_after(3, "other"))

    await database.command("profile", 0)
    assert is_ours
    assert is_ours_too
    assert await database["system.profile"].count_documents({"op": "insert"}) == 1


async def test_the_outcome_of_a_link_is_published_without_a_reception_number(database: Database) -> None:
    link = a_letter(kind="resume", reception_no="", request_id=ASKING_ID)

    await MongoOutcomes(database, lambda _event: None).add(link, SENT)

    document = await database["outcomes"].find_one({})
    assert document is not None
    body = json.loads(document["relay"]["body"])
    assert (body["kind"], body["reception_no"], body["request_id"]) == ("resume", "", ASKING_ID)


async def test_that_a_letter_may_have_arrived_is_published(database: Database) -> None:
    end = Ended(sent=False, at=NOON, attempts=2, ambiguous=True, code=None, reason="arrival-unknown")

    await MongoOutcomes(database, lambda _event: None).add(a_letter(), end)

    document = await database["outcomes"].find_one({})
    assert document is not None
    body = json.loads(document["relay"]["body"])
    assert (body["attempts"], body["reason"], body.get("reply_code")) == (2, "arrival-unknown", None)


@pytest.mark.parametrize(
    ("end", "event_type"),
    [(SENT, "mitsumori.letter.sent.v1"), (a_failed_end(), "mitsumori.letter.failed.v1")],
    ids=["sent", "failed"],
)
async def test_an_outcome_is_kept_once_together_with_the_event_that_publishes_it(
    database: Database, end: Ended, event_type: str
) -> None:
    announced: list[OutboxEntry] = []
    outcomes = MongoOutcomes(database, announced.append)

    added = [await outcomes.add(a_letter(), end), await outcomes.add(a_letter(), SENT)]

    documents = await database["outcomes"].find({}).to_list(None)
    assert added == [True, False]
    assert [document["relay"]["headers"]["ce_type"] for document in documents] == [event_type]
    assert documents[0]["relay"]["state"] == "pending"
    assert "customer.example" not in str(documents)
    assert [event.document_id for event in announced] == [a_letter().id]
