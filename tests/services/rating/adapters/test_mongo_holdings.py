"""What is left of a quote whose request was erased."""

import pytest

from services.rating.adapters.mongo import MongoEditions, MongoQuotes
from services.rating.adapters.mongo_holdings import holdings_of
from services.rating.usecases.replay import NotComputed, Replay
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from tests.pricing.builders import NOON
from tests.services.rating.builders import FOR_RATING, REQUEST, a_quote
from tests.services.rating.specs import added

pytestmark = pytest.mark.anyio


async def test_the_yen_and_the_tariff_stay_and_nothing_that_was_answered(database: Database) -> None:
    quotes, holdings = MongoQuotes(database, announce=lambda _event: None), holdings_of(database, lambda: NOON)
    for quote in (a_quote(), a_quote(revision=2, premium=None), a_quote(request_id="another")):
        await added(quotes, quote)
    before, held = a_quote(), await holdings.count(REQUEST)

    await holdings.forget(REQUEST)

    first, second = await quotes.revision(REQUEST, 1), await quotes.revision(REQUEST, 2)
    assert first
    assert second
    assert (held, await holdings.count(REQUEST)) == ({"quotes": 2}, {})
    assert first.offer
    assert first.offer.options == (before.offer and before.offer.options)
    assert (first.premium_yen, first.tariff, first.offer.workings) == (92_800, before.tariff, ())
    assert (first.is_erased, second.is_erased, second.offer) == (True, True, None)
    kept = str(await database["quotes"].find({"request_id": REQUEST}).to_list(None))
    assert [word for word in ("c2VhbGVk", "c2hlZXQ=", "業種別の基本保険料", "parcels") if word in kept] == []
    assert await quotes.revision("another", 1) == a_quote(request_id="another")


async def test_an_event_with_parcels_that_waits_for_kafka_is_not_published_any_more(database: Database) -> None:
    outbox = MongoOutbox(database, ["quotes"])
    await outbox.prepare()
    await added(MongoQuotes(database, announce=lambda _event: None), a_quote())

    await holdings_of(database, lambda: NOON).forget(REQUEST)

    assert await outbox.pending() == (0, None)


async def test_nobody_can_compute_it_again(database: Database) -> None:
    quotes = MongoQuotes(database, announce=lambda _event: None)
    await added(quotes, a_quote())
    await holdings_of(database, lambda: NOON).forget(REQUEST)
    quote = await quotes.find(f"{a_quote().reception_no}-1")
    assert quote

    assert await Replay(MongoEditions(database), FOR_RATING)(quote) == NotComputed("erased")
