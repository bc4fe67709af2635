"""What every ledger of quotes, of editions and of started tariffs promises."""

import asyncio
from datetime import date

import pytest

from services.rating.domain.quote import Quote
from services.rating.ports import Editions, Quotes, StartedTariffs
from tests.services.rating.builders import AN_EDITION, REQUEST, a_quote, a_started_tariff, event_of


async def added(quotes: Quotes, quote: Quote) -> bool:
    """Whether it is new."""
    return await quotes.add(quote, event_of(quote))


class QuotesSpec:
    """Inherited by the tests of each ledger."""

    pytestmark = pytest.mark.anyio

    async def test_a_new_quote_is_kept(self, quotes: Quotes) -> None:
        assert await added(quotes, a_quote())

    async def test_the_first_price_of_a_request_stands(self, quotes: Quotes) -> None:
        await added(quotes, a_quote(premium=92_800))

        assert not await added(quotes, a_quote(premium=10))

    async def test_a_referral_stands_too(self, quotes: Quotes) -> None:
        await added(quotes, a_quote(premium=None))

        assert not await added(quotes, a_quote(premium=92_800))

    async def test_two_at_once_keep_one(self, quotes: Quotes) -> None:
        """Kafka may deliver one record to two processes while it rebalances."""
        won = await asyncio.gather(*(added(quotes, a_quote(premium=yen)) for yen in (10, 20, 30, 40)))

        assert sorted(won) == [False, False, False, True]

    async def test_another_request_has_a_quote_of_its_own(self, quotes: Quotes) -> None:
        await added(quotes, a_quote())

        assert await added(quotes, a_quote(request_id="0a6b3a0e-0000-5f5c-9d57-1f7f4c3f6a02"))

    async def test_a_quote_is_found_by_its_revision(self, quotes: Quotes) -> None:
        await added(quotes, a_quote())
        await added(quotes, a_quote(revision=2, premium=80_000))

        first, second = await quotes.revision(REQUEST, 1), await quotes.revision(REQUEST, 2)

        assert first == a_quote()
        assert (first.premium_yen, first.edition, first.decision) == (92_800, "e1", None)
        assert second == a_quote(revision=2, premium=80_000)
        assert (second.premium_yen, second.decision) == (80_000, "d1")
        assert await quotes.revision(REQUEST, 3) is None

    async def test_people_find_it_by_its_id_or_by_the_reception_number(self, quotes: Quotes) -> None:
        """The reception number means the latest revision."""
        await added(quotes, a_quote())
        await added(quotes, a_quote(revision=2, premium=None))

        by_id, by_number = await quotes.find(a_quote().quote_id), await quotes.find("K7M2P4XR")

        assert by_id == a_quote()
        assert (by_id.revision, by_id.offer.expires_on if by_id.offer else None) == (1, date(2026, 12, 23))
        assert by_number == a_quote(revision=2, premium=None)
        assert (by_number.revision, by_number.offer, by_number.premium_yen) == (2, None, None)
        assert await quotes.find("nothing") is None

    @pytest.mark.parametrize("revision", [1, 2])
    async def test_people_find_it_by_the_number_that_is_printed_on_it(self, quotes: Quotes, revision: int) -> None:
        for kept in (1, 2):
            await added(quotes, a_quote(revision=kept))

        found = await quotes.find(f"K7M2P4XR-{revision}")

        assert found is not None
        assert found.revision == revision

    async def test_a_number_is_found_as_people_type_it(self, quotes: Quotes) -> None:
        """`mitsumori explain k7m2p4xr-1` said that there is no such quote."""
        await added(quotes, a_quote())

        assert await quotes.find(" k7m2p4xr-1 ") is not None
        assert await quotes.find("k7m2p4xr") is not None

    @pytest.mark.parametrize("word", ["K7M2P4XR-3", "K7M2P4XR-", "K7M2P4XR-x", "-1", "K7M2P4XR-99999999999999999999"])
    async def test_a_number_that_is_printed_nowhere_finds_nothing(self, quotes: Quotes, word: str) -> None:
        await added(quotes, a_quote())

        assert await quotes.find(word) is None

    async def test_all_of_them_can_be_gone_through(self, quotes: Quotes) -> None:
        await added(quotes, a_quote())
        await added(quotes, a_quote(revision=2))

        found = [kept.revision async for kept in quotes.every()]

        assert (sorted(found), await quotes.count()) == ([1, 2], 2)


class EditionsSpec:
    """Inherited by the tests of each ledger of editions."""

    pytestmark = pytest.mark.anyio

    async def test_an_edition_is_kept_as_it_was_first(self, editions: Editions) -> None:
        await editions.add(AN_EDITION)
        await editions.add(AN_EDITION)

        assert await editions.get("e1") == AN_EDITION
        assert await editions.get("e2") is None


class StartedTariffsSpec:
    """Inherited by the tests of each ledger of started tariffs."""

    pytestmark = pytest.mark.anyio

    async def test_an_edition_starts_once(self, started: StartedTariffs) -> None:
        before = await started.has("t1")

        first, second = await started.add(a_started_tariff()), await started.add(a_started_tariff(minutes=5))

        assert (before, first, second, await started.has("t1")) == (False, True, False, True)

    async def test_of_several_processes_one_starts_it(self, started: StartedTariffs) -> None:
        won = await asyncio.gather(*(started.add(a_started_tariff(minutes=minutes)) for minutes in range(4)))

        assert sorted(won) == [False, False, False, True]
