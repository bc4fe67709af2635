"""Puts the dashboard together: facts in from Kafka, pages out to staff, decisions out by the relay."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.dashboard.adapters.argon import ArgonPasswords
from services.dashboard.adapters.mongo import MongoCases, MongoDecisions
from services.dashboard.adapters.mongo_staff import MongoAccounts, MongoAudit, MongoSessions, MongoTries
from services.dashboard.entrypoints.consumer import subscribe
from services.dashboard.entrypoints.web.desk import Desk
from services.dashboard.entrypoints.web.pages import furnish, render_problem
from services.dashboard.settings import Settings
from services.dashboard.usecases.keep import KeepFact
from services.dashboard.usecases.log_in import LogIn, LogOut, Recognise
from services.dashboard.usecases.release import ReleaseQuote
from services.dashboard.usecases.show import ListCases, ShowCase
from shared.clock import utc_now
from shared.products import load_products
from shared.runtime.parcels import load_parcel_opener
from shared.runtime.process import Runtime, open_runtime, serve
from shared.runtime.settings import load
from shared.web.app import new_app


def create_app(settings: Settings) -> FastAPI:
    """The dashboard as one ASGI app. It serves what it knows while Kafka is away."""
    products = load_products(settings.products)
    opener = load_parcel_opener(settings.keys, "desk")

    async def new_desk(runtime: Runtime, cases: MongoCases) -> Desk:
        sessions, tries = MongoSessions(runtime.database), MongoTries(runtime.database)
        audit = MongoAudit(runtime.database)
        for collections in (cases, sessions, tries, audit):
            await collections.prepare()
        accounts, decisions = MongoAccounts(runtime.database), MongoDecisions(runtime.database, runtime.nudge)
        return Desk(
            products=products,
            list_cases=ListCases(cases, opener),
            show_case=ShowCase(cases, opener, audit, utc_now),
            release=ReleaseQuote(products, cases, decisions, audit, utc_now),
            log_in=LogIn(accounts, ArgonPasswords(), sessions, tries, audit, utc_now),
            log_out=LogOut(sessions, audit, utc_now),
            recognise=Recognise(sessions, utc_now),
            https=settings.dashboard_url.scheme == "https",
        )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_runtime(settings, "dashboard", outboxes=("decisions",), needs_kafka=False) as runtime:
            cases = MongoCases(runtime.database)
            app.state.desk = await new_desk(runtime, cases)
            app.state.health = runtime.health
            subscribe(runtime.broker, KeepFact(cases))
            async with runtime.running():
                yield

    app = new_app(
        "dashboard", "見積デスク", lifespan, render=render_problem, docs_url=None, redoc_url=None, openapi_url=None
    )
    furnish(app, settings.origin)
    return app


def main() -> None:
    """Serve until told to stop."""
    settings = load(Settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
