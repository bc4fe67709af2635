"""Puts intake together: the form and the API call use cases, which use the database and the broker."""

from collections.abc import AsyncIterator, Collection
from contextlib import aclosing, asynccontextmanager
from functools import partial
from typing import Final

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from services.intake.adapters.addresses import open_addresses
from services.intake.adapters.companies import SqliteCompanies
from services.intake.adapters.mongo import (
    MongoDrafts,
    MongoLinks,
    MongoOutcomes,
    MongoRequests,
    prepare,
    request_ids,
)
from services.intake.adapters.mongo_erasures import MongoErasures, holdings_of
from services.intake.adapters.mongo_steps import MongoFormCounts, MongoSteps, prepare_steps
from services.intake.adapters.mongo_tariffs import MongoTariffs
from services.intake.adapters.typst import TypstPapers, check_papers
from services.intake.entrypoints.consumer import subscribe
from services.intake.entrypoints.web import api, estimate_api
from services.intake.entrypoints.web.dependencies import new_dependencies
from services.intake.entrypoints.web.errors import render_problem
from services.intake.entrypoints.web.html import STATIC
from services.intake.entrypoints.web.page_policy import PAGE_POLICY
from services.intake.entrypoints.web.pages import ROUTERS, agency
from services.intake.entrypoints.web.rate_limiter import RateLimiter
from services.intake.entrypoints.worker import MEASURE_S, count_regularly, forget_regularly, refresh_regularly
from services.intake.settings import Settings
from services.intake.usecases.count_accepted import CountAccepted
from services.intake.usecases.count_days import CountDays
from services.intake.usecases.estimate import EstimatePremium
from services.intake.usecases.follow import FollowRequest
from services.intake.usecases.forget_erased import ForgetErased
from shared.clock import utc_now
from shared.events import REQUESTS
from shared.products import load_products
from shared.products.documents import FONTS
from shared.runtime.parcels import load_sealer
from shared.runtime.process import open_runtime, serve
from shared.runtime.settings import load
from shared.runtime.signatures import load_verifier
from shared.runtime.typst_process import TypstProcess
from shared.web.app import Lifespan, new_app
from shared.web.checks import add_checks
from shared.web.own_site import OwnSite
from shared.web.site_files import site_files
from shared.web.static_files import VersionedFiles

OUTBOXES: Final = ("requests", "links", "form_counts", "erased")
_ALREADY_COMPRESSED: Final = ("application/pdf",)
"""Of what intake serves: every answer's type is looked for among them."""
_ROBOTS: Final = "User-agent: *\nAllow: /$\nAllow: /*/$\nAllow: /*/questions.pdf$\nAllow: /static/\nDisallow: /\n"
"""Search engines show the start page of a product; the steps of the form are of use to nobody who has not begun."""


def create_app(settings: Settings) -> FastAPI:
    """Intake, not started yet. Raises what is wrong with the products or the keys before anything is opened."""
    site = OwnSite.at(settings.public_url, settings.more_hosts)
    products = load_products(settings.products, check_papers)
    sealer = load_sealer(settings.keys, ("rating", "notify", "desk"))
    verifier = load_verifier(settings.keys, ("rating",))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        typst = TypstProcess(FONTS)
        papers = TypstPapers(utc_now, typst)
        await papers.prepare(products.values())
        opening = open_runtime(
            settings, "intake", verifier=verifier, outboxes=OUTBOXES, writes=(REQUESTS,), needs_kafka=False
        )
        async with aclosing(typst), opening as runtime, open_addresses() as addresses:
            await prepare(runtime.database)
            await prepare_steps(runtime.database)
            erasures = MongoErasures(runtime.database)
            await erasures.prepare()
            outcomes = MongoOutcomes(runtime.database)
            counts = MongoFormCounts(runtime.database, runtime.announce)
            tariffs = MongoTariffs(runtime.database)
            estimate = EstimatePremium(products=products, tariffs=tariffs, now=utc_now)
            app.state.health = runtime.health
            requests = MongoRequests(runtime.database, runtime.announce)
            app.state.dependencies = new_dependencies(
                products=products,
                requests=requests,
                outcomes=outcomes,
                drafts=MongoDrafts(runtime.database),
                links=MongoLinks(runtime.database, runtime.announce),
                steps=MongoSteps(runtime.database),
                addresses=addresses,
                companies=SqliteCompanies(settings.companies),
                papers=papers,
                estimate=estimate,
                sealer=sealer,
                request_ids=await request_ids(runtime.database, utc_now()),
                mails_per_hour=settings.mails_per_hour,
                rate_limiter=RateLimiter(utc_now),
                now=utc_now,
                public_url=settings.public_url,
                allowed_origins=settings.origins | site.origins,
            )
            subscribe(runtime.consumer, FollowRequest(outcomes), tariffs.keep)
            count_days = CountDays(products, MongoSteps(runtime.database), counts, utc_now)
            forget_erased = ForgetErased(erasures, holdings_of(runtime.database, utc_now).forget)
            async with runtime.running(
                partial(count_regularly, count_days),
                partial(count_regularly, CountAccepted(requests), pause_s=MEASURE_S),
                partial(refresh_regularly, estimate.refresh),
                partial(forget_regularly, forget_erased),
            ):
                yield

    return create_web_app(lifespan, public_url=settings.public_url, more_hosts=settings.more_hosts)


def create_web_app(lifespan: Lifespan, *, public_url: str, more_hosts: Collection[str] = ()) -> FastAPI:
    """The app with all its routes. The lifespan puts the `Dependencies` on `app.state.dependencies`."""
    app = new_app("intake", "見積り受付 API", lifespan, render=render_problem, openapi_url="/openapi.json")
    app.add_middleware(GZipMiddleware, minimum_size=1_000, exclude_content_types=_ALREADY_COMPRESSED)
    app.router.routes += (*api.router.routes, *estimate_api.router.routes, *site_files(STATIC / "favicon.svg", _ROBOTS))
    app.mount("/static", VersionedFiles(STATIC))
    # Not `include_router`: FastAPI would make each of them anew, for every app.
    for router in ROUTERS:
        app.router.routes += router.routes
    add_checks(
        app,
        OwnSite.at(public_url, more_hosts),
        render=render_problem,
        page_policy=PAGE_POLICY,
        https=public_url.startswith("https://"),
        strict=False,
        exempt=(api.REQUESTS_PATH, agency.SUBMIT_PATH),
    )
    return app


def main() -> None:
    """`python -m services.intake.app`."""
    settings = load(Settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
