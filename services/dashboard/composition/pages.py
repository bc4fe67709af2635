"""Puts together what the pages and the API of the dashboard work with: its use cases on MongoDB and the runtime."""

from collections.abc import Callable
from typing import Final
from uuid import uuid4

from services.dashboard.adapters.brochure_files import BrochureFiles
from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_accounts import MongoAccounts
from services.dashboard.adapters.mongo_audit import MongoAudit
from services.dashboard.adapters.mongo_bulk_runs import MongoBulkRuns
from services.dashboard.adapters.mongo_decisions import MongoDecisions
from services.dashboard.adapters.mongo_figures import MongoFigures
from services.dashboard.adapters.mongo_form_counts import MongoFormCounts
from services.dashboard.adapters.mongo_letter_copies import MongoLetterCopies
from services.dashboard.adapters.mongo_note_drafts import MongoNoteDrafts
from services.dashboard.adapters.mongo_presence import MongoLooks
from services.dashboard.adapters.mongo_quotes import MongoQuotes
from services.dashboard.adapters.mongo_saved_views import MongoSavedViews
from services.dashboard.adapters.mongo_staff_mails import MongoStaffMails
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.adapters.mongo_tokens import MongoTokens
from services.dashboard.adapters.mongo_webhooks import MongoDeliveries, MongoFactLog, MongoSubscriptions
from services.dashboard.adapters.runtime_delivered import RuntimeDelivered
from services.dashboard.adapters.typst_post import TypstPost
from services.dashboard.composition.parts import Parts
from services.dashboard.composition.staff import staff_use_cases
from services.dashboard.entrypoints.web.api_use_cases import ApiUseCases
from services.dashboard.entrypoints.web.case_use_cases import CaseUseCases
from services.dashboard.entrypoints.web.dependencies import Dependencies
from services.dashboard.entrypoints.web.letter_use_cases import LetterUseCases
from services.dashboard.entrypoints.web.live_use_cases import LiveUseCases
from services.dashboard.entrypoints.web.program_use_cases import ProgramUseCases
from services.dashboard.settings import Settings
from services.dashboard.usecases.check_backlog import CheckBacklog
from services.dashboard.usecases.decide_quote import DecideQuote
from services.dashboard.usecases.end_dead_letter import DiscardDeadLetter, RetryDeadLetter
from services.dashboard.usecases.export_cases import ExportCases
from services.dashboard.usecases.follow_changes import Hub
from services.dashboard.usecases.keep_decision import KeepDecision
from services.dashboard.usecases.list_cases import ListCases
from services.dashboard.usecases.log_in import Authenticate, LogOut
from services.dashboard.usecases.open_case import OpenCase
from services.dashboard.usecases.print_post import PrintPost
from services.dashboard.usecases.release import ReleaseQuote, ReleaseRequest
from services.dashboard.usecases.save_view import RemoveView, SaveView
from services.dashboard.usecases.show_figures import ShowFigures
from services.dashboard.usecases.show_visits import ShowVisits
from services.dashboard.usecases.summarise import SummariseTogether
from services.dashboard.usecases.take_back import TakeBack
from services.dashboard.usecases.work_on_case import WorkOnCase
from services.dashboard.usecases.work_on_many import WorkOnMany
from shared.clock import utc_now
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.process import Runtime

_CHECK_S: Final = 15.0
"""How often an answer that goes on looks whether its session does."""


async def page_dependencies(
    settings: Settings,
    parts: Parts,
    runtime: Runtime,
    *,
    cases: MongoCases,
    summaries: MongoSummaries,
    staff_mails: MongoStaffMails,
    summarise: SummariseTogether,
    copies: MongoLetterCopies,
    hub: Hub,
    is_stopping: Callable[[], bool],
) -> Dependencies:
    """The use cases, on collections that are ready. Raises `Unavailable`."""
    database = runtime.database
    audit, accounts = MongoAudit(database), MongoAccounts(database)
    decisions = MongoDecisions(database, runtime.announce)
    figures, looks, note_drafts = MongoFigures(database), MongoLooks(database), MongoNoteDrafts(database, parts.box)
    tokens, quotes = MongoTokens(database), MongoQuotes(database)
    bulk_runs, saved_views = MongoBulkRuns(database), MongoSavedViews(database, parts.box)
    own = (cases, summaries, figures, decisions, audit, looks, note_drafts, tokens, quotes, copies)
    for each in (*own, bulk_runs, saved_views):
        await each.prepare()
    staff = await staff_use_cases(settings, parts, database, accounts=accounts, staff_mails=staff_mails, audit=audit)
    dead_letters = MongoDeadLetters(database)
    list_cases = ListCases(
        summaries=summaries,
        cases=cases,
        opener=parts.opener,
        keys=parts.keys,
        set_aside=dead_letters,
        audit=audit,
        now=utc_now,
    )
    keep = KeepDecision(cases=cases, decisions=decisions, audit=audit, summarise=summarise, held_for=parts.held_for)
    release = ReleaseQuote(products=parts.products, cases=cases, keep=keep, now=utc_now)
    work = WorkOnCase(
        cases=cases,
        summaries=summaries,
        accounts=accounts,
        awaits_release=release.awaits_release,
        keep=keep,
        sealer=parts.sealer,
        now=utc_now,
        new_id=lambda: str(uuid4()),
    )
    decide = DecideQuote(
        products=parts.products,
        cases=cases,
        keep=keep,
        opener=parts.opener,
        sealer=parts.sealer,
        now=utc_now,
        new_id=lambda: str(uuid4()),
    )
    bulk = WorkOnMany(
        list_cases=list_cases,
        accounts=accounts,
        runs=bulk_runs,
        work=work,
        audit=audit,
        now=utc_now,
        new_id=lambda: uuid4().hex,
    )
    return Dependencies(
        products=parts.products,
        list_cases=list_cases,
        export_cases=ExportCases(list_cases),
        show_figures=ShowFigures(figures, utc_now),
        show_visits=ShowVisits(MongoFormCounts(database), parts.products),
        bulk=bulk,
        save_view=SaveView(views=saved_views, audit=audit, now=utc_now, new_id=lambda: uuid4().hex),
        remove_view=RemoveView(saved_views, audit, utc_now),
        audit=audit,
        check_backlog=CheckBacklog(
            cases=cases, summaries=summaries, dead_letters=dead_letters, delivered=RuntimeDelivered(runtime)
        ),
        retry_dead_letter=RetryDeadLetter(dead_letters, runtime.consumer.work_again, audit, utc_now),
        discard_dead_letter=DiscardDeadLetter(dead_letters, audit, utc_now),
        open_case=OpenCase(cases=cases, opener=parts.opener, audit=audit, now=utc_now),
        release=release,
        release_request=ReleaseRequest(cases=cases, keep=keep, now=utc_now),
        take_back=TakeBack(
            cases=cases,
            decisions=decisions,
            audit=audit,
            summarise=summarise,
            held_for=parts.held_for,
            decide=decide,
            now=utc_now,
            new_id=lambda: str(uuid4()),
        ),
        work=work,
        decide=decide,
        print_post=PrintPost(
            products=parts.products, list_cases=list_cases, bulk=bulk, papers=TypstPost(), now=utc_now
        ),
        case=CaseUseCases.on(decide=decide, release=release, summaries=summaries, keys=parts.keys, audit=audit),
        log_in=staff.log_in,
        log_out=LogOut(staff.sessions, audit, utc_now),
        due=parts.due,
        held_for=parts.held_for,
        now=utc_now,
        api=ApiUseCases.on(
            tokens=tokens,
            cases=cases,
            summaries=summaries,
            quotes=quotes,
            opener=parts.opener,
            audit=audit,
            due=parts.due,
            awaits_release=parts.awaits_release,
            now=utc_now,
        ),
        programs=ProgramUseCases(
            tokens=tokens,
            subscriptions=MongoSubscriptions(database, parts.box),
            deliveries=MongoDeliveries(database),
            facts=MongoFactLog(database),
            audit=audit,
            now=utc_now,
        ),
        authenticate=Authenticate(staff.sessions, accounts, utc_now),
        staff=staff,
        letters=LetterUseCases(
            copies=copies,
            cases=cases,
            brochures=BrochureFiles(parts.products.values()),
            opener=parts.opener,
            audit=audit,
            now=utc_now,
        ),
        live=LiveUseCases(
            hub=hub, looks=looks, note_drafts=note_drafts, now=utc_now, is_stopping=is_stopping, check_s=_CHECK_S
        ),
        two_step_roles=settings.roles_with_two_step,
        origin=settings.origin,
        form_url=settings.form_url,
        https=settings.dashboard_url.startswith("https://"),
    )
