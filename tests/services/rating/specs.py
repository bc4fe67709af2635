"""What every ledger of quotes promises."""

import asyncio
from datetime import date

import pytest

from pricing.engine.quote import document_id, quote_id
from services.rating.ports import Edition, Editions, Quote, Quotes
from shared.events import Option, Parcel, QuoteOffered, QuoteReferred, TariffRef
from tests.pricing.builders import NOON

REQUEST = "5f0c8f0e-7a35-5f5c-9d57-1f7f4c3f6a01"


def a_quote(*, request_id: str = REQUEST, premium: int | None = 92_800, revision: int = 1) -> Quote:
    """Offered at *premium*, or referred."""
    head = {
        "quote_id": quote_id(request_id, revision),
        "request_id": request_id,
        "reception_no": "K7M2P4XR",
        "product": "cyber-security",
        "revision": revision,
        "tariff": TariffRef(id="2026-10-01", sha256="4c9b"),
        "engine": "1.0.0",
        "issued_at": NOON,
        "parcels": {"desk": Parcel(key="desk-1", box="c2VhbGVk")},
    }
    event: QuoteOffered | QuoteReferred = (
        QuoteReferred.model_validate(head)
        if premium is None
        else QuoteOffered.model_validate(
            {
                **head,
                "expires_on": date(2026, 12, 23),
                "options": (
                    Option(
                        plan="basic",
                        liability_limit=100_000_000,
                        cost_limit=30_000_000,
                        liability_deductible=100_000,
                        cost_deductible=0,
                        riders=("fixed_premium",),
                        premium=premium,
                        chosen=True,
                    ),
                ),
            }
        )
    )
    return Quote(
        id=document_id(request_id, revision),
        event=event,
        form_version="2026-10-01",
        edition="e1",
        answers=Parcel(key="rating-1", box="c2VhbGVk"),
        worksheet=Parcel(key="rating-1", box="c2hlZXQ="),
        decision="d1" if revision > 1 else None,
        workings=[{"label": "業種別の基本保険料", "factor": "", "amount": "92800"}],
    )


class QuotesSpec:
    """Inherited by the tests of each ledger."""

    pytestmark = pytest.mark.anyio

    async def test_a_new_quote_is_kept(self, quotes: Quotes) -> None:
        assert await quotes.keep(a_quote())

    async def test_the_first_price_of_a_request_stands(self, quotes: Quotes) -> None:
        await quotes.keep(a_quote(premium=92_800))

        assert not await quotes.keep(a_quote(premium=10))

    async def test_a_referral_stands_too(self, quotes: Quotes) -> None:
        await quotes.keep(a_quote(premium=None))

        assert not await quotes.keep(a_quote(premium=92_800))

    async def test_two_at_once_keep_one(self, quotes: Quotes) -> None:
        """Kafka may hand one record to two processes while it rebalances."""
        won = await asyncio.gather(*(quotes.keep(a_quote(premium=yen)) for yen in (10, 20, 30, 40)))

        assert sorted(won) == [False, False, False, True]

    async def test_another_request_has_a_quote_of_its_own(self, quotes: Quotes) -> None:
        await quotes.keep(a_quote())

        assert await quotes.keep(a_quote(request_id="0a6b3a0e-0000-5f5c-9d57-1f7f4c3f6a02"))

    async def test_a_quote_is_found_by_its_revision(self, quotes: Quotes) -> None:
        await quotes.keep(a_quote())
        await quotes.keep(a_quote(revision=2, premium=80_000))

        first, second = await quotes.revision(REQUEST, 1), await quotes.revision(REQUEST, 2)

        assert first is not None
        assert (first.premium_yen, first.edition, first.decision) == (92_800, "e1", None)
        assert second is not None
        assert (second.premium_yen, second.decision) == (80_000, "d1")
        assert await quotes.revision(REQUEST, 3) is None

    async def test_people_find_it_by_its_id_or_by_the_reception_number(self, quotes: Quotes) -> None:
        """The reception number means the latest revision."""
        await quotes.keep(a_quote())
        await quotes.keep(a_quote(revision=2, premium=None))

        by_id, by_number = await quotes.named(quote_id(REQUEST, 1)), await quotes.named("K7M2P4XR")

        assert by_id is not None
        assert (by_id.revision, by_id.result, by_id.expires_on) == (1, "offered", "2026-12-23")
        assert by_number is not None
        assert (by_number.revision, by_number.result, by_number.premium_yen) == (2, "referred", None)
        assert await quotes.named("nothing") is None

    @pytest.mark.parametrize("revision", [1, 2])
    async def test_people_find_it_by_the_number_that_is_printed_on_it(self, quotes: Quotes, revision: int) -> None:
        for kept in (1, 2):
            await quotes.keep(a_quote(revision=kept))

        found = await quotes.named(f"K7M2P4XR-{revision}")

        assert found is not None
        assert found.revision == revision

    @pytest.mark.parametrize("word", ["K7M2P4XR-3", "K7M2P4XR-", "K7M2P4XR-x", "-1", "K7M2P4XR-99999999999999999999"])
    async def test_a_number_that_is_printed_nowhere_finds_nothing(self, quotes: Quotes, word: str) -> None:
        await quotes.keep(a_quote())

        assert await quotes.named(word) is None

    async def test_all_of_them_can_be_gone_through(self, quotes: Quotes) -> None:
        await quotes.keep(a_quote())
        await quotes.keep(a_quote(revision=2))

        found = [kept.revision async for kept in quotes.every()]

        assert (sorted(found), await quotes.count()) == ([1, 2], 2)


class EditionsSpec:
    """Inherited by the tests of each ledger of editions."""

    pytestmark = pytest.mark.anyio

    async def test_an_edition_is_kept_as_it_was_first(self, editions: Editions) -> None:
        await editions.keep(AN_EDITION)
        await editions.keep(AN_EDITION)

        assert await editions.get("e1") == AN_EDITION
        assert await editions.get("e2") is None


AN_EDITION = Edition("e1", "cyber-security", "2026-10-01", "tariff: 料率\n", "version: 質問\n")
