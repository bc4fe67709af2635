"""Tokens, and quotes across cases: in memory and in a real MongoDB."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_quotes import MongoQuotes
from services.dashboard.adapters.mongo_tokens import MongoTokens
from services.dashboard.domain.quote_listing import QuoteFilter, QuoteOutcome, QuotePlace
from services.dashboard.domain.token import ApiToken, Scope
from services.dashboard.ports.api import Quotes, Tokens
from services.dashboard.ports.cases import Cases
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.builders import NOON, REQUEST, a_referral, an_offer
from tests.services.dashboard.fakes import InMemoryCases, InMemoryQuotes, InMemoryTokens
from tests.services.dashboard.specs import add_all

pytestmark = pytest.mark.anyio

TOKEN: Final = ApiToken(
    name="board", scopes=frozenset({Scope.CASES_READ}), since=NOON, until=NOON + timedelta(days=9), made_by="boss"
)


class TokensSpec:
    async def test_a_token_is_found_by_its_digest_as_it_was_made(self, tokens: Tokens) -> None:
        assert await tokens.add(TOKEN, "d1")

        assert await tokens.find("d1") == TOKEN
        assert await tokens.find("d2") is None

    async def test_a_name_is_given_once(self, tokens: Tokens) -> None:
        await tokens.add(TOKEN, "d1")

        assert not await tokens.add(TOKEN, "d2")
        assert await tokens.find("d2") is None

    async def test_the_last_use_and_the_end_are_kept(self, tokens: Tokens) -> None:
        await tokens.add(TOKEN, "d1")
        await tokens.add(replace(TOKEN, name="a"), "d2")

        await tokens.note_use("board", NOON)
        ended = [await tokens.revoke("board", NOON), await tokens.revoke("board", NOON), await tokens.revoke("x", NOON)]

        assert ended == [True, False, False]
        assert await tokens.all() == [replace(TOKEN, name="a"), replace(TOKEN, used_at=NOON, revoked_at=NOON)]


class TestInMemoryTokens(TokensSpec):
    @pytest.fixture
    def tokens(self) -> Tokens:
        return InMemoryTokens()


class TestMongoTokens(TokensSpec):
    @pytest.fixture
    async def tokens(self, database: Database) -> Tokens:
        tokens = MongoTokens(database)
        await tokens.prepare()
        return tokens


OFFERS: Final = [an_offer(request_id=f"case-{one}", revision=one % 3 + 1) for one in range(7)]
"""Some of the same moment."""


class QuotesSpec:
    async def test_pages_follow_each_other_the_newest_first(self, quotes: Quotes, cases: Cases) -> None:
        await add_all(cases, [*OFFERS, a_referral()])

        found: list[str] = []
        place: QuotePlace | None = None
        while page := await quotes.page(QuoteFilter(), place, 2):
            found += [quote.quote_id for quote in page]
            place = QuotePlace(page[-1].issued_at, page[-1].quote_id)

        newest_first = sorted([*OFFERS, a_referral()], key=lambda one: (one.issued_at, one.quote_id), reverse=True)
        assert found == [quote.quote_id for quote in newest_first]

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            (QuoteFilter(outcomes=frozenset({QuoteOutcome.REFERRED})), [f"{REQUEST}:r1"]),
            (QuoteFilter(request_id="case-2"), ["case-2:r3"]),
            (QuoteFilter(issued_from=NOON + timedelta(seconds=3)), ["case-5:r3", "case-2:r3"]),
        ],
    )
    async def test_only_what_is_wanted_is_found(
        self, quotes: Quotes, cases: Cases, wanted: QuoteFilter, expected: list[str]
    ) -> None:
        await add_all(cases, [*OFFERS, a_referral()])

        assert [quote.quote_id for quote in await quotes.page(wanted, None, 9)] == expected

    async def test_one_is_found_by_its_id(self, quotes: Quotes, cases: Cases) -> None:
        await add_all(cases, OFFERS)

        found = await quotes.find("case-2:r3")

        assert found is not None
        assert found.request_id == "case-2"
        assert await quotes.find("nothing") is None


class TestInMemoryQuotes(QuotesSpec):
    @pytest.fixture
    def cases(self) -> Cases:
        return InMemoryCases()

    @pytest.fixture
    def quotes(self, cases: InMemoryCases) -> Quotes:
        return InMemoryQuotes(cases)


class TestMongoQuotes(QuotesSpec):
    @pytest.fixture
    def cases(self, database: Database) -> Cases:
        return MongoCases(database)

    @pytest.fixture
    async def quotes(self, database: Database) -> Quotes:
        quotes = MongoQuotes(database)
        await quotes.prepare()
        return quotes

    async def test_a_quote_that_cannot_be_read_is_left_out(
        self, database: Database, quotes: Quotes, cases: Cases
    ) -> None:
        await add_all(cases, OFFERS[:2])
        await database["quotes"].update_one({"_id": "case-0:r1"}, {"$set": {"event.revision": "none"}})

        assert [quote.quote_id for quote in await quotes.page(QuoteFilter(), None, 9)] == ["case-1:r2"]
        assert await quotes.find("case-0:r1") is None
