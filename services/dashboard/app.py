"""Puts the dashboard together: facts come from Kafka, staff see pages, the relay publishes their decisions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

from fastapi import FastAPI

from services.dashboard.adapters.argon import ArgonPasswords
from services.dashboard.adapters.desk_box import load_desk_box
from services.dashboard.adapters.mongo import MongoCases, MongoDecisions
from services.dashboard.adapters.mongo_accounts import MongoAccounts, MongoInvitations
from services.dashboard.adapters.mongo_audit import MongoAudit
from services.dashboard.adapters.mongo_kept_posts import MongoKeptPosts
from services.dashboard.adapters.mongo_second_steps import MongoSecondSteps
from services.dashboard.adapters.mongo_staff import (
    MongoDevices,
    MongoFailedLogIns,
    MongoSessions,
    MongoTries,
)
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.domain.due import due_of
from services.dashboard.entrypoints.consumer import subscribe
from services.dashboard.entrypoints.web.dependencies import Dependencies
from services.dashboard.entrypoints.web.rendering import render_problem
from services.dashboard.entrypoints.web.routes import add_routes
from services.dashboard.entrypoints.web.staff_use_cases import StaffUseCases
from services.dashboard.settings import Settings
from services.dashboard.usecases.check_holidays import CheckHolidays
from services.dashboard.usecases.decide_quote import DecideQuote
from services.dashboard.usecases.list_cases import ListCases
from services.dashboard.usecases.log_in import Authenticate, LogIn, LogOut
from services.dashboard.usecases.open_case import OpenCase
from services.dashboard.usecases.record_fact import RecordFact
from services.dashboard.usecases.release import ReleaseQuote, ReleaseRequest
from services.dashboard.usecases.summarise import RebuildSummaries, SummariseCases, SummariseTogether
from services.dashboard.usecases.take_back import TakeBack
from services.dashboard.usecases.work_on_case import WorkOnCase
from shared.clock import utc_now
from shared.products import load_products
from shared.products.national_holidays import load_national_holidays
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.parcels import load_parcel_opener, load_sealer
from shared.runtime.process import Runtime, open_runtime, serve, until_available
from shared.runtime.settings import load
from shared.runtime.signatures import load_signer, load_verifier
from shared.web.app import new_app


def create_app(settings: Settings) -> FastAPI:
    """The dashboard, not started yet. Raises what is wrong with the products or the keys before anything is opened.

    It serves what it knows while Kafka is away.
    """
    products = load_products(settings.products)
    CheckHolidays(load_national_holidays(), utc_now)()
    due = due_of(products)
    opener = load_parcel_opener(settings.keys, "desk")
    box = load_desk_box(settings.keys)
    verifier = load_verifier(settings.keys, ("rating", "dashboard"))
    signer = load_signer(settings.keys, "dashboard")

    sealer = load_sealer(settings.keys, ("rating", "notify", "desk"))

    async def dependencies(
        runtime: Runtime, cases: MongoCases, summaries: MongoSummaries, summarise: SummariseTogether
    ) -> Dependencies:
        database = runtime.database
        sessions, devices, tries = MongoSessions(database), MongoDevices(database), MongoTries(database)
        failed, audit, invitations = MongoFailedLogIns(database), MongoAudit(database), MongoInvitations(database)
        kept_posts = MongoKeptPosts(database, box)
        second_steps = MongoSecondSteps(database, box)
        accounts, decisions = MongoAccounts(database), MongoDecisions(database, runtime.announce)
        collections = (cases, summaries, decisions, sessions, devices, tries, failed, audit, invitations, kept_posts)
        for each in collections:
            await each.prepare()
        return Dependencies(
            products=products,
            list_cases=ListCases(
                summaries=summaries,
                cases=cases,
                opener=opener,
                set_aside=MongoDeadLetters(database),
                audit=audit,
                now=utc_now,
            ),
            open_case=OpenCase(cases=cases, opener=opener, audit=audit, now=utc_now),
            release=ReleaseQuote(
                products=products, cases=cases, decisions=decisions, audit=audit, summarise=summarise, now=utc_now
            ),
            release_request=ReleaseRequest(
                cases=cases, decisions=decisions, audit=audit, summarise=summarise, now=utc_now
            ),
            take_back=TakeBack(
                cases=cases,
                decisions=decisions,
                audit=audit,
                summarise=summarise,
                now=utc_now,
                new_id=lambda: str(uuid4()),
            ),
            work=WorkOnCase(
                cases=cases,
                summaries=summaries,
                accounts=accounts,
                decisions=decisions,
                sealer=sealer,
                audit=audit,
                summarise=summarise,
                now=utc_now,
                new_id=lambda: str(uuid4()),
            ),
            decide=DecideQuote(
                products=products,
                cases=cases,
                decisions=decisions,
                opener=opener,
                sealer=sealer,
                audit=audit,
                summarise=summarise,
                now=utc_now,
                new_id=lambda: str(uuid4()),
            ),
            log_in=LogIn(
                accounts=accounts,
                passwords=ArgonPasswords(),
                sessions=sessions,
                devices=devices,
                tries=tries,
                failed=failed,
                second_steps=second_steps,
                audit=audit,
                now=utc_now,
            ),
            log_out=LogOut(sessions, audit, utc_now),
            now=utc_now,
            authenticate=Authenticate(sessions, accounts, utc_now),
            staff=StaffUseCases(
                accounts=accounts,
                passwords=ArgonPasswords(),
                sessions=sessions,
                devices=devices,
                tries=tries,
                invitations=invitations,
                second_steps=second_steps,
                kept_posts=kept_posts,
                audit=audit,
                now=utc_now,
            ),
            two_step_roles=settings.roles_with_two_step,
            origin=settings.origin,
            https=settings.dashboard_url.startswith("https://"),
        )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opening = open_runtime(
            settings, "dashboard", verifier=verifier, signer=signer, outboxes=("decisions",), needs_kafka=False
        )
        async with opening as runtime:
            cases, summaries = MongoCases(runtime.database), MongoSummaries(runtime.database)
            summarise = SummariseCases(cases=cases, summaries=summaries, due=due)
            together = SummariseTogether(summarise)
            app.state.dependencies = await dependencies(runtime, cases, summaries, together)
            app.state.health = runtime.health
            subscribe(runtime.consumer, RecordFact(cases, together))
            rebuild = RebuildSummaries(cases=cases, summaries=summaries, summarise=summarise, rules=due.rules)
            async with runtime.running(partial(until_available, rebuild.if_needed, "mongo")):
                yield

    app = new_app("dashboard", "見積デスク", lifespan, render=render_problem)
    add_routes(app, settings.origin, settings.more_hosts)
    return app


def main() -> None:
    """`python -m services.dashboard.app`."""
    settings = load(Settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
