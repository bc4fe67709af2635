"""Puts intake together: the form and the API call use cases, which use the database and the broker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.staticfiles import StaticFiles

from services.intake.adapters.addresses import open_addresses
from services.intake.adapters.mongo import MongoDrafts, MongoLinks, MongoOutcomes, MongoRequests, MongoSteps, prepare
from services.intake.adapters.typst import TypstPapers, check_papers
from services.intake.entrypoints.consumer import subscribe
from services.intake.entrypoints.web import api
from services.intake.entrypoints.web.dependencies import new_dependencies
from services.intake.entrypoints.web.errors import render_problem
from services.intake.entrypoints.web.html import STATIC
from services.intake.entrypoints.web.page_policy import PAGE_POLICY
from services.intake.entrypoints.web.pages import ROUTERS, agency
from services.intake.entrypoints.web.rate_limiter import RateLimiter
from services.intake.settings import Settings, origin_of
from services.intake.usecases.follow import FollowRequest
from shared.clock import utc_now
from shared.products import load_products
from shared.runtime.parcels import load_sealer
from shared.runtime.process import open_runtime, serve
from shared.runtime.settings import load
from shared.runtime.signatures import load_verifier
from shared.web.app import Lifespan, new_app
from shared.web.cross_origin import CrossOriginMiddleware
from shared.web.security_headers import SecurityHeadersMiddleware

OUTBOXES: Final = ("requests", "links")


def create_app(settings: Settings) -> FastAPI:
    """Intake, not started yet. Raises what is wrong with the products or the keys before anything is opened."""
    products = load_products(settings.products, check_papers)
    sealer = load_sealer(settings.keys, ("rating", "notify", "desk"))
    verifier = load_verifier(settings.keys, ("rating",))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opening = open_runtime(settings, "intake", verifier=verifier, outboxes=OUTBOXES, needs_kafka=False)
        async with opening as runtime, open_addresses() as addresses:
            await prepare(runtime.database)
            outcomes = MongoOutcomes(runtime.database)
            app.state.health = runtime.health
            app.state.dependencies = new_dependencies(
                products=products,
                requests=MongoRequests(runtime.database, runtime.nudge),
                outcomes=outcomes,
                drafts=MongoDrafts(runtime.database),
                links=MongoLinks(runtime.database, runtime.nudge),
                steps=MongoSteps(runtime.database),
                addresses=addresses,
                papers=TypstPapers(utc_now),
                sealer=sealer,
                rate_limiter=RateLimiter(),
                now=utc_now,
                public_url=settings.public_url,
                allowed_origins=settings.origins,
            )
            subscribe(runtime.broker, FollowRequest(outcomes))
            async with runtime.running():
                yield

    return create_web_app(lifespan, public_url=settings.public_url)


def create_web_app(lifespan: Lifespan, *, public_url: str) -> FastAPI:
    """The app with all its routes. The lifespan puts the `Dependencies` on `app.state.dependencies`."""
    # FastAPI's own documentation pages load scripts from another site.
    app = new_app("intake", "見積り受付 API", lifespan, render=render_problem, docs_url=None, redoc_url=None)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_middleware(
        CrossOriginMiddleware,
        origin=origin_of(public_url),
        render=render_problem,
        strict=False,
        exempt=(api.REQUESTS_PATH, agency.SUBMIT_PATH),
    )
    app.add_middleware(SecurityHeadersMiddleware, https=public_url.startswith("https://"), page_policy=PAGE_POLICY)
    app.mount("/static", StaticFiles(directory=STATIC))
    for router in (api.router, *ROUTERS):
        app.include_router(router)
    return app


def main() -> None:
    """`python -m services.intake.app`."""
    settings = load(Settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
