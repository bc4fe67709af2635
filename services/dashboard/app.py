"""Puts the dashboard together: facts come from Kafka, staff see pages, the relay publishes their decisions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from services.dashboard.adapters.http_post import HttpPosts
from services.dashboard.adapters.migrations import STEPS
from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_audit import MongoAudit
from services.dashboard.adapters.mongo_changes import MongoChanges
from services.dashboard.adapters.mongo_form_counts import MongoFormCounts
from services.dashboard.adapters.mongo_holdings import holdings_of
from services.dashboard.adapters.mongo_letter_copies import MongoLetterCopies
from services.dashboard.adapters.mongo_staff_mails import COLLECTION as STAFF_MAILS
from services.dashboard.adapters.mongo_staff_mails import MongoStaffMails
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.adapters.mongo_webhooks import MongoDeliveries, MongoSubscriptions
from services.dashboard.adapters.runtime_delivered import RuntimeDelivered
from services.dashboard.composition.pages import page_dependencies
from services.dashboard.composition.parts import load_parts
from services.dashboard.domain.public_address import networks_in
from services.dashboard.entrypoints.consumer import subscribe
from services.dashboard.entrypoints.measuring import measure_regularly
from services.dashboard.entrypoints.overdue import tell_regularly
from services.dashboard.entrypoints.web.rendering import render_problem
from services.dashboard.entrypoints.web.routes import add_routes
from services.dashboard.entrypoints.worker import WebhookDispatcher
from services.dashboard.settings import Settings
from services.dashboard.usecases.check_holidays import CheckHolidays
from services.dashboard.usecases.count_requests import CountRequests
from services.dashboard.usecases.erase_case import EraseCase, RecordWithoutParcels
from services.dashboard.usecases.follow_changes import FollowChanges, Hub
from services.dashboard.usecases.index_case import IndexCase
from services.dashboard.usecases.letter_copies import KeepCopy
from services.dashboard.usecases.measure_requests import MeasureRequests
from services.dashboard.usecases.pause_webhook import ResumeWebhook
from services.dashboard.usecases.record_fact import RecordFact
from services.dashboard.usecases.summarise import RebuildSummaries, SummariseCases, SummariseTogether, rules_of
from services.dashboard.usecases.tell_late import TellLate
from services.dashboard.usecases.tell_overdue import TellOverdue
from services.dashboard.usecases.webhooks import Deliver, QueueMessages
from shared.clock import utc_now
from shared.events import DESK
from shared.products.national_holidays import load_national_holidays
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.process import open_runtime, serve, until_available
from shared.runtime.settings import load
from shared.runtime.signatures import load_signer, load_verifier
from shared.web.app import new_app


def create_app(settings: Settings) -> FastAPI:
    """The dashboard, not started yet. Raises what is wrong with the products or the keys before anything is opened.

    It serves what it knows while Kafka is away.
    """
    parts = load_parts(settings)
    CheckHolidays(load_national_holidays(), utc_now)()
    verifier = load_verifier(settings.keys, ("rating", "dashboard"))
    signer = load_signer(settings.keys, "dashboard")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opening = open_runtime(
            settings,
            "dashboard",
            verifier=verifier,
            signer=signer,
            outboxes=("decisions", "copy_asks", STAFF_MAILS),
            writes=(DESK,),
            needs_kafka=False,
            steps=STEPS,
        )
        async with opening as runtime:
            cases, summaries = MongoCases(runtime.database), MongoSummaries(runtime.database)
            copies = MongoLetterCopies(runtime.database, runtime.announce)
            staff_mails = MongoStaffMails(runtime.database, runtime.announce)
            await staff_mails.prepare()
            summarise = SummariseCases(
                cases=cases,
                summaries=summaries,
                due=parts.due,
                answer_due=parts.due.first_answer,
                awaits_release=parts.awaits_release,
                index=IndexCase(parts.opener, parts.keys),
                opener=parts.opener,
            )
            together = SummariseTogether(summarise)
            hub = Hub()
            app.state.dependencies = await page_dependencies(
                settings,
                parts,
                runtime,
                cases=cases,
                summaries=summaries,
                staff_mails=staff_mails,
                summarise=together,
                copies=copies,
                hub=hub,
                is_stopping=lambda: bool(app.state.is_stopping()),
            )
            app.state.health = runtime.health
            subscriptions, deliveries = (
                MongoSubscriptions(runtime.database, parts.box),
                MongoDeliveries(runtime.database),
            )
            await deliveries.prepare()
            queue = QueueMessages(subscriptions=subscriptions, deliveries=deliveries, now=utc_now)
            posts = HttpPosts(networks_in(settings.webhook_networks))
            deliver = Deliver(subscriptions=subscriptions, deliveries=deliveries, posts=posts, now=utc_now)
            resume = ResumeWebhook(
                subscriptions=subscriptions, deliveries=deliveries, audit=MongoAudit(runtime.database), now=utc_now
            )
            dispatcher = WebhookDispatcher(subscriptions, deliveries, deliver, resume, utc_now)
            record = RecordFact(
                cases=cases, summarise=together, queue_messages=queue, summaries=summaries, opener=parts.opener
            )
            form_counts = MongoFormCounts(runtime.database)
            erase = await runtime.erasure(holdings_of(runtime.database, utc_now).forget)
            subscribe(
                runtime.consumer,
                erase.guard(record, late=RecordWithoutParcels(record)),
                form_counts.put,
                erase.guard(KeepCopy(copies)),
                EraseCase(erase, record),
            )
            rules = rules_of(parts.due, parts.awaits_release)
            rebuild = RebuildSummaries(cases=cases, summaries=summaries, summarise=summarise, rules=rules)
            follow = FollowChanges(MongoChanges(runtime.database), hub)
            tell = TellOverdue(summaries=summaries, cases=cases, due=parts.due, staff_mails=staff_mails, now=utc_now)
            late = TellLate(
                summaries=summaries,
                cases=cases,
                due=parts.due,
                delivered=RuntimeDelivered(runtime),
                staff_mails=staff_mails,
                now=utc_now,
            )
            count = CountRequests(cases=cases, summaries=summaries, dead_letters=MongoDeadLetters(runtime.database))
            measure = MeasureRequests(count=count, summaries=summaries, now=utc_now)
            tasks = (follow, dispatcher.run, partial(tell_regularly, tell, late), partial(measure_regularly, measure))
            async with runtime.running(partial(until_available, rebuild.if_needed, "mongo"), *tasks):
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
