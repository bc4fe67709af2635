"""Puts intake together: the form and the API before, the ledger behind, the events beside."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles

from services.intake.adapters.addresses import open_addresses
from services.intake.adapters.mongo import MongoDrafts, MongoLinks, MongoOutcomes, MongoRequests, MongoSteps, prepare
from services.intake.adapters.typst import TypstPapers, check_papers
from services.intake.entrypoints.consumer import subscribe
from services.intake.entrypoints.web import api
from services.intake.entrypoints.web.door import Intake
from services.intake.entrypoints.web.dress import Dress
from services.intake.entrypoints.web.guard import Guard
from services.intake.entrypoints.web.pages import agency, answer, colleague, confirm, form, lookup, papers, save
from services.intake.settings import Settings
from services.intake.usecases.colleague import AskColleague
from services.intake.usecases.draft import KeepDraft
from services.intake.usecases.follow import FollowRequest, TellStatus
from services.intake.usecases.resume import Resume
from services.intake.usecases.submit import SubmitRequest
from shared.clock import utc_now
from shared.products import load_products
from shared.runtime.parcels import load_sealer
from shared.runtime.process import Lifespan, new_app, open_runtime, serve
from shared.runtime.settings import load

STATIC: Final = Path(__file__).parent / "entrypoints" / "web" / "static"
OUTBOXES: Final = ("requests", "links")


def create_app(settings: Settings) -> FastAPI:
    """Intake, not started yet. Raises what is wrong with the products or the keys before anything is opened."""
    products = load_products(settings.products, check_papers)
    sealer = load_sealer(settings.keys, ("rating", "notify", "desk"))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opening = open_runtime(settings, "intake", outboxes=OUTBOXES, needs_kafka=False)
        async with opening as runtime, open_addresses() as addresses:
            await prepare(runtime.database)
            requests = MongoRequests(runtime.database, runtime.nudge)
            outcomes = MongoOutcomes(runtime.database)
            drafts = KeepDraft(MongoDrafts(runtime.database), utc_now)
            links = MongoLinks(runtime.database, runtime.nudge)
            app.state.health = runtime.health
            app.state.intake = Intake(
                products=products,
                submit=SubmitRequest(requests, sealer, secrets.randbelow, utc_now),
                tell=TellStatus(requests, outcomes),
                drafts=drafts,
                colleague=AskColleague(drafts),
                resume=Resume(links, drafts, sealer, settings.public_url, utc_now),
                addresses=addresses,
                papers=TypstPapers(utc_now),
                steps=MongoSteps(runtime.database),
                guard=Guard(),
                now=utc_now,
                public_url=settings.public_url,
                origins=settings.origins,
            )
            subscribe(runtime.broker, FollowRequest(outcomes))
            async with runtime.running():
                yield

    return with_doors(lifespan, https=settings.public_url.startswith("https://"))


def with_doors(lifespan: Lifespan, *, https: bool = False) -> FastAPI:
    """The app with all its routes; whoever works behind them is `app.state.intake`."""
    # FastAPI's own documentation pages load scripts from another site.
    app = new_app("intake", "見積り受付 API", lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_middleware(Dress, https=https)
    app.mount("/static", StaticFiles(directory=STATIC))
    app.include_router(api.router)
    # The form's own pages last: their addresses are whatever the product calls them.
    for part in (agency, confirm, save, colleague, lookup, papers, form, answer):
        app.include_router(part.router)
    return app


def main() -> None:
    """`python -m services.intake.app`."""
    settings = load(Settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
