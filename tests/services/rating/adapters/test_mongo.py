import asyncio
import json

import pytest

from services.rating.adapters.mongo import MongoEditions, MongoQuotes
from services.rating.adapters.mongo_tariffs import MongoStartedTariffs
from services.rating.ports import Editions, Quotes, StartedTariffs
from shared.errors import Unavailable
from shared.runtime.adapters.mongo import Database, connect
from shared.runtime.outbox import OutboxEntry
from tests.services.rating.builders import AN_EDITION, REQUEST, a_quote, a_started_tariff, event_of
from tests.services.rating.fakes import InMemoryEditions, InMemoryQuotes, InMemoryStartedTariffs
from tests.services.rating.specs import EditionsSpec, QuotesSpec, StartedTariffsSpec, added


class TestInMemoryQuotes(QuotesSpec):
    @pytest.fixture
    def quotes(self) -> Quotes:
        return InMemoryQuotes()


class TestMongoQuotes(QuotesSpec):
    @pytest.fixture
    async def quotes(self, database: Database) -> Quotes:
        quotes = MongoQuotes(database, announce=lambda _event: None)
        await quotes.prepare()
        return quotes

    async def test_an_offer_is_kept_with_all_that_a_replay_needs(self, quotes: Quotes, database: Database) -> None:
        await added(quotes, a_quote())

        document = await database["quotes"].find_one({"_id": f"q:{REQUEST}:r1"})

        assert document is not None
        assert (document["result"], document["premium"], document["expires_on"]) == ("offered", 92_800, "2026-12-23")
        assert document["tariff"] == {"id": "2026-10-01", "sha256": "4c9b"}
        assert (document["engine"], document["form_version"], document["revision"]) == ("1.0.0", "2026-10-01", 1)
        assert document["workings"] == [{"label": "業種別の基本保険料", "factor": "", "amount": "92800"}]
        assert document["answers"] == {"key": "rating-1", "box": "c2VhbGVk"}

    async def test_a_referral_is_kept_without_any_price(self, quotes: Quotes, database: Database) -> None:
        await added(quotes, a_quote(premium=None))

        document = await database["quotes"].find_one({"_id": f"q:{REQUEST}:r1"})

        assert document is not None
        assert document["result"] == "referred"
        assert not {"premium", "options", "expires_on", "workings"} & document.keys()

    async def test_the_event_waits_in_the_same_document(self, quotes: Quotes, database: Database) -> None:
        """One write, so there is no moment at which a quote exists that will never be published."""
        event = event_of(a_quote())
        await quotes.add(a_quote(), event)

        document = await database["quotes"].find_one({"relay.state": "pending"})

        assert document is not None
        assert json.loads(document["relay"]["body"]) == json.loads(event.to_json())
        assert document["relay"]["key"] == REQUEST
        assert document["relay"]["headers"]["ce_source"] == "/mitsumori/rating"

    async def test_a_new_quote_is_handed_to_the_relay_once(self, database: Database) -> None:
        announced: list[OutboxEntry] = []
        quotes = MongoQuotes(database, announce=announced.append)

        await added(quotes, a_quote())
        await added(quotes, a_quote())

        assert [(event.collection, event.key) for event in announced] == [("quotes", REQUEST)]

    async def test_a_ledger_that_is_away_is_said_to_be_away(self) -> None:
        """The record must wait and be read again, not be set aside as if it were bad."""
        async with connect("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50", "nowhere") as nowhere:
            with pytest.raises(Unavailable, match="mongo"):
                await added(MongoQuotes(nowhere, announce=lambda _event: None), a_quote())


class TestInMemoryEditions(EditionsSpec):
    @pytest.fixture
    def editions(self) -> Editions:
        return InMemoryEditions()


class TestMongoEditions(EditionsSpec):
    @pytest.fixture
    def editions(self, database: Database) -> Editions:
        return MongoEditions(database)

    async def test_two_processes_may_keep_the_same_one(self, database: Database) -> None:
        await asyncio.gather(*(MongoEditions(database).add(AN_EDITION) for _ in range(4)))

        assert await database["editions"].count_documents({}) == 1


class TestInMemoryStartedTariffs(StartedTariffsSpec):
    @pytest.fixture
    def started(self) -> StartedTariffs:
        return InMemoryStartedTariffs()


class TestMongoStartedTariffs(StartedTariffsSpec):
    @pytest.fixture
    def started(self, database: Database) -> StartedTariffs:
        return MongoStartedTariffs(database, announce=lambda _event: None)

    async def test_its_event_waits_in_its_document_and_is_handed_to_the_relay_once(self, database: Database) -> None:
        announced: list[OutboxEntry] = []
        started = MongoStartedTariffs(database, announce=announced.append)

        await started.add(a_started_tariff())
        await started.add(a_started_tariff(minutes=5))

        (document,) = await database["tariffs"].find({"relay.state": "pending"}).to_list(length=None)
        assert json.loads(document["relay"]["body"]) == json.loads(a_started_tariff().to_json())
        assert [(event.topic, event.key) for event in announced] == [("mitsumori.tariffs.v1", "cyber-security")]
