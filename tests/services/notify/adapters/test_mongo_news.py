"""Who wants news: memory and MongoDB keep the same promises, and an opt-out is published."""

from datetime import timedelta

import pytest

from services.notify.adapters.mongo_news import MongoNewsChoices
from services.notify.domain.news import opt_outs
from services.notify.ports import NewsChoices
from shared.events import NewsOptedOut
from shared.runtime.adapters.mongo import Database, all_kept
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from shared.runtime.outbox import OutboxEntry
from tests.services.notify.builders import NOON, REQUEST_ID, a_news_choice
from tests.services.notify.fakes import MAILBOXES, InMemoryNewsChoices
from tests.services.notify.specs import NewsChoicesSpec

pytestmark = pytest.mark.anyio

ADDRESS = "yoshida@customer.example"
LATER = NOON + timedelta(hours=1)


class TestInMemoryNewsChoices(NewsChoicesSpec):
    @pytest.fixture
    def news(self) -> NewsChoices:
        return InMemoryNewsChoices()


class TestMongoNewsChoices(NewsChoicesSpec):
    @pytest.fixture
    def announced(self) -> list[OutboxEntry]:
        return []

    @pytest.fixture
    async def news(self, database: Database, announced: list[OutboxEntry]) -> NewsChoices:
        news = MongoNewsChoices(database, announced.append)
        await news.prepare()
        return news

    async def test_an_opt_out_is_published_once_for_its_request_and_an_opt_in_never(
        self, news: NewsChoices, announced: list[OutboxEntry], database: Database
    ) -> None:
        opt_in = a_news_choice()
        [opt_out] = opt_outs([opt_in], "a" * 32, LATER)

        for choice in (opt_in, opt_out, opt_out):
            await news.add(choice)

        event = NewsOptedOut(request_id=REQUEST_ID, opted_out_at=LATER)
        [waiting] = await MongoOutbox(database, ["news"]).due(LATER + timedelta(minutes=1), 9)
        assert [entry.body for entry in announced] == [event.to_json()]
        assert (waiting.body, waiting.key) == (event.to_json(), REQUEST_ID)

    async def test_an_opt_out_of_nothing_that_is_known_is_kept_and_there_is_nobody_to_tell(
        self, news: NewsChoices, announced: list[OutboxEntry]
    ) -> None:
        [opt_out] = opt_outs([], "a" * 32, LATER)

        await news.add(opt_out)

        assert await news.of("a" * 32) == [opt_out]
        assert announced == []

    async def test_a_no_on_the_form_is_not_published_because_the_desk_reads_it_in_the_case(
        self, news: NewsChoices, announced: list[OutboxEntry]
    ) -> None:
        await news.add(a_news_choice(is_wanted=False))

        assert announced == []

    async def test_nobody_reads_an_address_in_the_database(self, news: NewsChoices, database: Database) -> None:
        await news.add(a_news_choice(mailboxes=MAILBOXES.all(ADDRESS)))
        await all_kept(database)

        [document] = await database["news"].find().to_list(None)
        assert document["mailboxes"] == [*MAILBOXES.all(ADDRESS)]
        assert "customer" not in str(document)
