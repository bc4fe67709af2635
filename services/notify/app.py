"""notify, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from fastapi import FastAPI

from services.notify.adapters.mongo import MongoFacts, MongoLetters
from services.notify.adapters.mongo_attempts import MongoAttempts, MongoOutcomes
from services.notify.adapters.mongo_workers import MongoWorkers
from services.notify.adapters.smtp import SmtpPost
from services.notify.adapters.typst import TypstPapers
from services.notify.entrypoints.consumer import subscribe
from services.notify.entrypoints.worker import News, Postmen
from services.notify.settings import Settings
from services.notify.usecases.deliver import DeliverLetter
from services.notify.usecases.draft import DraftLetter, Letterhead
from services.notify.usecases.presence import Presence
from services.notify.usecases.write import WriteLetters
from shared.clock import utc_now
from shared.products import load_products
from shared.runtime.parcels import load_parcel_opener
from shared.runtime.process import open_runtime, serve
from shared.runtime.settings import load
from shared.web.app import new_app


def create_app(settings: Settings) -> FastAPI:
    """The service: it has no pages of its own, only the probes."""
    products = load_products(settings.products)
    parcels = load_parcel_opener(settings.keys, "notify")
    papers = TypstPapers(utc_now)
    letterhead = Letterhead(settings.mail_from, settings.desk_email, settings.dashboard_url)
    draft = DraftLetter(parcels, papers, letterhead, utc_now)
    hello = settings.mail_from.rpartition("@")[2]

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_runtime(settings, "notify", outboxes=("outcomes",)) as runtime:
            app.state.health = runtime.health
            facts, letters = MongoFacts(runtime.database), MongoLetters(runtime.database)
            attempts, outcomes = MongoAttempts(runtime.database), MongoOutcomes(runtime.database, runtime.nudge)
            workers = MongoWorkers(runtime.database)
            for part in (facts, letters, attempts, workers):
                await part.prepare()

            worker, news = uuid4().hex, News()
            presence = Presence(worker, workers, utc_now)
            write = WriteLetters(products, facts, letters, draft, news.spread)
            deliver = DeliverLetter(
                worker, letters, attempts, outcomes, write.catch_up, presence.gone, utc_now, asyncio.sleep
            )
            postmen = Postmen(letters, deliver, lambda: SmtpPost(settings.smtp, hello), news, utc_now)
            subscribe(runtime.broker, write)
            # A brochure that does not come out must stop the start, not the first customer's letter.
            for product in products.values():
                await papers.brochures(product)
            # Seen before the first letter is taken, and until the last is put down.
            async with runtime.running(), presence.shown(), postmen.walking():
                yield

    return new_app("notify", "Mitsumori: notify", lifespan)


def main() -> None:
    """Run until stopped."""
    settings = load(Settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
