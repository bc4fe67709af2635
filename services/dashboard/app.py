"""Puts the dashboard together: facts come from Kafka, staff see pages, the relay publishes their decisions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

from fastapi import FastAPI

from services.dashboard.adapters.argon import ArgonPasswords
from services.dashboard.adapters.desk_box import load_desk_box
from services.dashboard.adapters.http_post import HttpPosts
from services.dashboard.adapters.mongo import MongoCases, MongoDecisions
from services.dashboard.adapters.mongo_accounts import MongoAccounts, MongoInvitations
from services.dashboard.adapters.mongo_audit import MongoAudit
from services.dashboard.adapters.mongo_bulk_runs import MongoBulkRuns
from services.dashboard.adapters.mongo_changes import MongoChanges
from services.dashboard.adapters.mongo_figures import MongoFigures
from services.dashboard.adapters.mongo_kept_posts import MongoKeptPosts
from services.dashboard.adapters.mongo_note_drafts import MongoNoteDrafts
from services.dashboard.adapters.mongo_passkeys import MongoPasskeys
from services.dashboard.adapters.mongo_presence import MongoLooks
from services.dashboard.adapters.mongo_quotes import MongoQuotes
from services.dashboard.adapters.mongo_saved_views import MongoSavedViews
from services.dashboard.adapters.mongo_second_steps import MongoSecondSteps
from services.dashboard.adapters.mongo_staff import (
    MongoDevices,
    MongoFailedLogIns,
    MongoSessions,
    MongoTries,
)
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.adapters.mongo_tokens import MongoTokens
from services.dashboard.adapters.mongo_webhooks import MongoDeliveries, MongoSubscriptions
from services.dashboard.adapters.runtime_delivered import RuntimeDelivered
from services.dashboard.adapters.webauthn import WebAuthn
from services.dashboard.domain.due import due_of
from services.dashboard.domain.public_address import networks_in
from services.dashboard.entrypoints.consumer import subscribe
from services.dashboard.entrypoints.web.api_use_cases import ApiUseCases
from services.dashboard.entrypoints.web.dependencies import Dependencies
from services.dashboard.entrypoints.web.live_use_cases import LiveUseCases
from services.dashboard.entrypoints.web.rendering import render_problem
from services.dashboard.entrypoints.web.routes import add_routes
from services.dashboard.entrypoints.web.staff_use_cases import StaffUseCases
from services.dashboard.entrypoints.worker import WebhookDispatcher
from services.dashboard.settings import Settings
from services.dashboard.usecases.check_backlog import CheckBacklog
from services.dashboard.usecases.check_holidays import CheckHolidays
from services.dashboard.usecases.decide_quote import DecideQuote
from services.dashboard.usecases.end_dead_letter import DiscardDeadLetter, RetryDeadLetter
from services.dashboard.usecases.export_cases import ExportCases
from services.dashboard.usecases.follow_changes import FollowChanges, Hub
from services.dashboard.usecases.index_case import IndexCase, load_search_keys
from services.dashboard.usecases.list_cases import ListCases
from services.dashboard.usecases.log_in import Authenticate, LogIn, LogOut
from services.dashboard.usecases.open_case import OpenCase
from services.dashboard.usecases.record_fact import RecordFact
from services.dashboard.usecases.release import ReleaseQuote, ReleaseRequest
from services.dashboard.usecases.save_view import SaveView
from services.dashboard.usecases.show_figures import ShowFigures
from services.dashboard.usecases.summarise import RebuildSummaries, SummariseCases, SummariseTogether
from services.dashboard.usecases.take_back import TakeBack
from services.dashboard.usecases.webhooks import Deliver, QueueMessages
from services.dashboard.usecases.work_on_case import WorkOnCase
from services.dashboard.usecases.work_on_many import WorkOnMany
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
    keys = load_search_keys(settings.keys)
    box = load_desk_box(settings.keys)
    verifier = load_verifier(settings.keys, ("rating", "dashboard"))
    signer = load_signer(settings.keys, "dashboard")

    sealer = load_sealer(settings.keys, ("rating", "notify", "desk"))

    async def dependencies(
        runtime: Runtime, cases: MongoCases, summaries: MongoSummaries, summarise: SummariseTogether, hub: Hub
    ) -> Dependencies:
        database = runtime.database
        sessions, devices, tries = MongoSessions(database), MongoDevices(database), MongoTries(database)
        failed, audit, invitations = MongoFailedLogIns(database), MongoAudit(database), MongoInvitations(database)
        kept_posts, passkeys = MongoKeptPosts(database, box), MongoPasskeys(database)
        second_steps = MongoSecondSteps(database, box)
        accounts, decisions = MongoAccounts(database), MongoDecisions(database, runtime.announce)
        figures, looks, note_drafts = MongoFigures(database), MongoLooks(database), MongoNoteDrafts(database, box)
        tokens, quotes = MongoTokens(database), MongoQuotes(database)
        own = (cases, summaries, figures, decisions, failed, audit, looks, note_drafts, tokens, quotes)
        of_staff = (sessions, devices, tries, invitations, kept_posts, passkeys)
        for each in (*own, *of_staff):
            await each.prepare()
        dead_letters = MongoDeadLetters(database)
        list_cases = ListCases(
            summaries=summaries,
            cases=cases,
            opener=opener,
            keys=keys,
            set_aside=dead_letters,
            audit=audit,
            now=utc_now,
        )
        work = WorkOnCase(
            cases=cases,
            summaries=summaries,
            accounts=accounts,
            decisions=decisions,
            sealer=sealer,
            audit=audit,
            summarise=summarise,
            now=utc_now,
            new_id=lambda: str(uuid4()),
        )
        bulk = WorkOnMany(
            summaries=summaries,
            runs=MongoBulkRuns(database),
            work=work,
            audit=audit,
            now=utc_now,
            new_id=lambda: uuid4().hex,
        )
        return Dependencies(
            products=products,
            list_cases=list_cases,
            export_cases=ExportCases(list_cases),
            show_figures=ShowFigures(figures, utc_now),
            bulk=bulk,
            save_view=SaveView(MongoSavedViews(database), lambda: uuid4().hex),
            check_backlog=CheckBacklog(
                cases=cases, summaries=summaries, dead_letters=dead_letters, delivered=RuntimeDelivered(runtime)
            ),
            retry_dead_letter=RetryDeadLetter(dead_letters, runtime.consumer.work_again, audit, utc_now),
            discard_dead_letter=DiscardDeadLetter(dead_letters, audit, utc_now),
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
            work=work,
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
            api=ApiUseCases.on(
                tokens=tokens,
                cases=cases,
                summaries=summaries,
                quotes=quotes,
                opener=opener,
                audit=audit,
                due=due,
                now=utc_now,
            ),
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
                passkeys=passkeys,
                passkey_checks=WebAuthn(),
                audit=audit,
                now=utc_now,
            ),
            live=LiveUseCases(
                hub=hub,
                looks=looks,
                note_drafts=note_drafts,
                now=utc_now,
                is_stopping=lambda: bool(app.state.is_stopping()),
                check_s=15.0,
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
            summarise = SummariseCases(
                cases=cases,
                summaries=summaries,
                due=due,
                answer_due=due.first_answer,
                index=IndexCase(opener, keys),
            )
            together = SummariseTogether(summarise)
            hub = Hub()
            app.state.dependencies = await dependencies(runtime, cases, summaries, together, hub)
            app.state.health = runtime.health
            subscriptions, deliveries = MongoSubscriptions(runtime.database, box), MongoDeliveries(runtime.database)
            await deliveries.prepare()
            queue = QueueMessages(subscriptions=subscriptions, deliveries=deliveries, now=utc_now)
            posts = HttpPosts(networks_in(settings.webhook_networks))
            deliver = Deliver(subscriptions=subscriptions, deliveries=deliveries, posts=posts, now=utc_now)
            dispatcher = WebhookDispatcher(subscriptions, deliveries, deliver, utc_now)
            subscribe(runtime.consumer, RecordFact(cases, together, queue))
            rebuild = RebuildSummaries(cases=cases, summaries=summaries, summarise=summarise, rules=due.rules)
            follow = FollowChanges(MongoChanges(runtime.database), hub)
            rebuilding = partial(until_available, rebuild.if_needed, "mongo")
            async with runtime.running(rebuilding, follow, dispatcher.run):
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
