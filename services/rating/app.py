"""Puts rating together: requests and decisions become quotes, and the relay publishes them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette

from pricing.tariff import load_priced_products
from services.rating.adapters.mongo import QUOTES, MongoEditions, MongoQuotes
from services.rating.adapters.mongo_holdings import holdings_of
from services.rating.adapters.mongo_tariffs import TARIFFS, MongoStartedTariffs
from services.rating.entrypoints.consumer import subscribe
from services.rating.entrypoints.worker import start_regularly
from services.rating.settings import Settings
from services.rating.usecases.issue import IssueQuote
from services.rating.usecases.rate import RateRequest
from services.rating.usecases.revise import ReviseQuote
from services.rating.usecases.start_tariffs import StartTariffs
from shared import events
from shared.clock import utc_now
from shared.runtime.parcels import load_parcel_opener, load_sealer
from shared.runtime.process import open_runtime, serve
from shared.runtime.settings import load
from shared.runtime.signatures import load_signer, load_verifier
from shared.web.without_pages import app_without_pages


def create_app(settings: Settings) -> Starlette:
    """Rating as an ASGI app; what it opens in its lifespan it closes there."""
    products = load_priced_products(settings.products)
    hints = {slug: product.hints for slug, product in products.items()}
    opener = load_parcel_opener(settings.keys, "rating")
    sealer = load_sealer(settings.keys, ("rating", "desk", "notify"))
    verifier, signer = load_verifier(settings.keys, ("dashboard",)), load_signer(settings.keys, "rating")

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        opening = open_runtime(
            settings,
            "rating",
            verifier=verifier,
            signer=signer,
            outboxes=(QUOTES, TARIFFS),
            writes=(events.QUOTES, events.TARIFFS),
        )
        async with opening as runtime:
            quotes = MongoQuotes(runtime.database, runtime.announce)
            await quotes.prepare()
            editions = MongoEditions(runtime.database)
            issue = IssueQuote(sealer=sealer, quotes=quotes, now=utc_now, hints=hints)
            erase = await runtime.erasure(holdings_of(runtime.database, utc_now).forget)
            rate = RateRequest(products=products, opener=opener, editions=editions, issue=issue)
            revise = ReviseQuote(opener=opener, sealer=sealer, quotes=quotes, editions=editions, issue=issue)
            subscribe(runtime.consumer, erase.guard(rate), erase.guard(revise), erase)
            start_tariffs = StartTariffs(
                products=products, started=MongoStartedTariffs(runtime.database, runtime.announce), now=utc_now
            )
            app.state.health = runtime.health
            async with runtime.running(partial(start_regularly, start_tariffs)):
                yield

    return app_without_pages("rating", lifespan)


def main() -> None:
    """`python -m services.rating.app`."""
    settings = load(Settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
