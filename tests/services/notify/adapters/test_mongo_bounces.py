"""Letters that came back: memory and MongoDB keep the same promises."""

from datetime import timedelta

import pytest

from services.notify.adapters.mongo import MongoFacts, MongoLetters
from services.notify.adapters.mongo_bounces import MongoBounces
from services.notify.ports import Bounces, Facts, Letters
from shared.events import LetterBounced
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from shared.runtime.outbox import OutboxEntry
from tests.services.notify.builders import NOON, REQUEST_ID, SEALS, a_bounce, a_letter
from tests.services.notify.fakes import InMemoryFacts
from tests.services.notify.specs import BouncesSpec

pytestmark = pytest.mark.anyio


class TestInMemoryBounces(BouncesSpec):
    @pytest.fixture
    def facts(self) -> InMemoryFacts:
        return InMemoryFacts()

    @pytest.fixture
    def letters(self, facts: InMemoryFacts) -> Letters:
        return facts.letters

    @pytest.fixture
    def bounces(self, facts: InMemoryFacts) -> Bounces:
        return facts.bounces


class TestMongoBounces(BouncesSpec):
    @pytest.fixture
    def announced(self) -> list[OutboxEntry]:
        return []

    @pytest.fixture
    def facts(self, database: Database) -> Facts:
        return MongoFacts(database)

    @pytest.fixture
    def letters(self, database: Database) -> Letters:
        return MongoLetters(database, SEALS)

    @pytest.fixture
    async def bounces(self, database: Database, announced: list[OutboxEntry]) -> Bounces:
        bounces = MongoBounces(database, announced.append)
        await bounces.prepare()
        return bounces

    async def test_that_a_letter_came_back_is_published_at_once_or_by_who_looks_later(
        self, bounces: Bounces, announced: list[OutboxEntry], database: Database
    ) -> None:
        for _ in range(2):
            await bounces.add(a_letter(), a_bounce(), NOON)

        [waiting] = await MongoOutbox(database, ["bounces"]).due(NOON + timedelta(hours=1), 9)
        told = LetterBounced(
            request_id=REQUEST_ID,
            letter_id=a_letter().id,
            reception_no="K7M2P4XR",
            product="cyber-security",
            kind="receipt",
            bounced_at=NOON,
            bounce_type="hard",
            reason="no-such-address",
            status="5.1.1",
            reply_code=550,
        ).to_json()
        assert [entry.body for entry in announced] == [told]
        assert waiting.body == told
        assert waiting.headers["ce_type"] == LetterBounced.type

    async def test_nothing_of_the_report_is_kept_but_its_codes(self, bounces: Bounces, database: Database) -> None:
        """It quotes the letter, and names whom it went to."""
        await bounces.add(a_letter(), a_bounce(), NOON)

        [document] = await database["bounces"].find().to_list(None)

        about = {"_id", "request_id", "kind", "corrected_by", "at"}
        assert set(document) == about | {"type", "reason", "status", "reply_code", "relay"}
        assert a_letter().recipient not in str(document)
