"""The dashboard's ports in memory, held to the same specs as Mongo's, and the whole dashboard on them.

They are values that a test looks into afterwards.
"""

import html
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any, Final

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from services.dashboard.adapters.webauthn import WebAuthn
from services.dashboard.domain.account import Account, KeptPost, Session
from services.dashboard.domain.awaits_release import awaits_release_of
from services.dashboard.domain.bulk import BulkRun, Skipped
from services.dashboard.domain.case import BrokenCase, Case, case_of
from services.dashboard.domain.due import due_of
from services.dashboard.domain.facts import Decided, Fact, fact_id, moment_of
from services.dashboard.domain.figures import Period, Tallies, tallies_of
from services.dashboard.domain.form_visits import DayCount, day_count
from services.dashboard.domain.letter_copy import KEPT_FOR
from services.dashboard.domain.listing import DESCENDING, Selection, Viewer, sort_value
from services.dashboard.domain.passkey import Passkey
from services.dashboard.domain.postal import Recipient
from services.dashboard.domain.quote_listing import Quote, QuoteFilter, QuotePlace, outcome_of
from services.dashboard.domain.roles import FORMER_ROLE, Role
from services.dashboard.domain.saved_view import SavedView
from services.dashboard.domain.second_step import SecondStep
from services.dashboard.domain.summary import CaseSummary
from services.dashboard.domain.take_back import Held, held_for_of
from services.dashboard.domain.token import ApiToken, Scope
from services.dashboard.domain.visitor import Visitor
from services.dashboard.domain.webhook import Message, Subscription
from services.dashboard.entrypoints.consumer import KeepCount
from services.dashboard.entrypoints.web.api_use_cases import ApiUseCases
from services.dashboard.entrypoints.web.case_use_cases import CaseUseCases
from services.dashboard.entrypoints.web.dependencies import Dependencies
from services.dashboard.entrypoints.web.letter_use_cases import LetterUseCases
from services.dashboard.entrypoints.web.live_use_cases import LiveUseCases
from services.dashboard.entrypoints.web.program_use_cases import ProgramUseCases
from services.dashboard.entrypoints.web.rendering import render_problem
from services.dashboard.entrypoints.web.routes import add_routes
from services.dashboard.entrypoints.web.staff_use_cases import StaffUseCases
from services.dashboard.ports.api import Attempt, Delivery, DeliveryState
from services.dashboard.ports.audit import Act
from services.dashboard.ports.cases import Added, Cases, Decisions, IndexedCase, Summaries, Window, Withdrawn
from services.dashboard.ports.company import Identity, Provider
from services.dashboard.ports.letters import LetterCopies
from services.dashboard.ports.live import Look, NoteDraft, NoteDrafts
from services.dashboard.ports.log_in import Failure
from services.dashboard.ports.papers import PaperFailed
from services.dashboard.ports.staff import Rule, no_rule
from services.dashboard.usecases.check_backlog import CheckBacklog
from services.dashboard.usecases.decide_quote import DecideQuote
from services.dashboard.usecases.end_dead_letter import DiscardDeadLetter, RetryDeadLetter
from services.dashboard.usecases.erase_case import EraseCase, RecordWithoutParcels
from services.dashboard.usecases.export_cases import ExportCases
from services.dashboard.usecases.follow_changes import Hub
from services.dashboard.usecases.index_case import IndexCase
from services.dashboard.usecases.keep_decision import KeepDecision
from services.dashboard.usecases.letter_copies import KeepCopy
from services.dashboard.usecases.list_cases import ListCases
from services.dashboard.usecases.log_in import Authenticate, LogIn, LogOut
from services.dashboard.usecases.mail_link import MailLink
from services.dashboard.usecases.open_case import OpenCase
from services.dashboard.usecases.print_post import PrintPost
from services.dashboard.usecases.record_fact import RecordFact
from services.dashboard.usecases.release import ReleaseQuote, ReleaseRequest
from services.dashboard.usecases.save_view import RemoveView, SaveView
from services.dashboard.usecases.show_figures import ShowFigures
from services.dashboard.usecases.show_visits import ShowVisits
from services.dashboard.usecases.summarise import Due, SummariseCases, SummariseTogether
from services.dashboard.usecases.take_back import TakeBack
from services.dashboard.usecases.tokens import MakeToken
from services.dashboard.usecases.webhooks import QueueMessages
from services.dashboard.usecases.work_on_case import WorkOnCase
from services.dashboard.usecases.work_on_many import WorkOnMany
from shared.errors import Unavailable
from shared.events import (
    CaseClosed,
    DecisionWithdrawn,
    FormCounted,
    LetterCopied,
    LetterCopyAsked,
    QuoteOffered,
    QuoteReferred,
    RequestReceived,
    StaffMail,
)
from shared.products import Product
from shared.products.desk import TAKE_BACK
from shared.runtime.dead_letters import DeadLetter, End
from shared.runtime.erasure import Erasure, UseCase
from shared.runtime.parcels import ParcelOpener
from shared.web.app import new_app
from tests.services.dashboard.builders import BY_DESK, NOON, OPENER, PRODUCT, SEALER, SEARCH_KEYS
from tests.shared.runtime.fakes import InMemoryErased

ORIGIN: Final = "http://desk.example.jp"
FORM: Final = "https://form.example.jp/"
PASSWORD: Final = "correct-horse-battery"
FROM_OWN_PAGE: Final = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class InMemoryCases:
    facts: dict[str, Fact] = field(default_factory=dict)
    traces: dict[str, str] = field(default_factory=dict)
    away: bool = False

    async def add(self, fact: Fact) -> bool:
        new = fact_id(fact) not in self.facts
        self.facts.setdefault(fact_id(fact), fact)
        return new

    async def find(self, request_id: str) -> Case | BrokenCase | None:
        if self.away:
            raise Unavailable("mongo")
        return case_of(fact for fact in self.facts.values() if fact.request_id == request_id)

    async def trace_of(self, request_id: str) -> str | None:
        return self.traces.get(request_id)

    async def find_many(self, request_ids: Sequence[str]) -> Sequence[Case | BrokenCase]:
        return [case for request_id in request_ids for case in [await self.find(request_id)] if case]

    async def closed_as_same(self, request_id: str, most: int) -> Sequence[str]:
        closed = [fact for fact in self.facts.values() if isinstance(fact, CaseClosed) and fact.same_as == request_id]
        return list(dict.fromkeys(fact.request_id for fact in closed))[:most]

    async def count(self) -> int:
        return len(await self.ids_after("", len(self.facts)))

    async def ids_after(self, request_id: str, limit: int) -> Sequence[str]:
        types = [(fact.request_id, type(fact)) for fact in self.facts.values()]
        return sorted(one for one, kind in types if kind is RequestReceived and one > request_id)[:limit]


@dataclass
class InMemorySummaries:
    kept: dict[str, CaseSummary] = field(default_factory=dict)
    terms: dict[str, IndexedCase] = field(default_factory=dict)
    rules: str | None = None
    replaceable: set[str] = field(default_factory=set)

    async def put(self, cases: Sequence[IndexedCase]) -> None:
        for indexed in cases:
            new = indexed.summary
            old = self.kept.get(new.request_id)
            is_older = old is None or old.facts < new.facts
            if is_older or new.request_id in self.replaceable:
                self.kept[new.request_id] = new
                self.terms[new.request_id] = indexed
                self.replaceable.discard(new.request_id)

    async def page(self, selection: Selection, window: Window, limit: int) -> Sequence[CaseSummary]:
        def place(case: CaseSummary) -> Any:  # noqa: ANN401  # a moment or an amount
            return (sort_value(case, selection.order), case.request_id)

        is_falling = selection.order in DESCENDING
        found = sorted(self._selected(selection), key=place, reverse=is_falling)
        if border := window.after or window.before:
            at = (border.value, border.request_id)
            is_greater = (window.after is not None) != is_falling
            found = [case for case in found if (place(case) > at if is_greater else place(case) < at)]
        return found[-limit:] if window.before or window.is_last else found[:limit]

    async def count(self, selection: Selection, most: int) -> int:
        return min(len(self._selected(selection)), most)

    async def has_unfindable(self, keys: Sequence[str]) -> bool:
        return any(indexed.key not in keys for indexed in self.terms.values())

    def _selected(self, selection: Selection) -> list[CaseSummary]:
        cases, search = [case for case in self.kept.values() if selection.has(case)], selection.filter.search
        if search is None:
            return cases
        return [case for case in cases if any(set(way) <= {*self.terms[case.request_id].terms} for way in search.asked)]

    async def request_of(self, reception_no: str) -> str | None:
        return next((one for one, case in self.kept.items() if case.reception_no == reception_no), None)

    async def is_current(self, rules: str) -> bool:
        return self.rules == rules

    async def begin_again(self) -> None:
        self.replaceable = set(self.kept)

    async def renew(self, request_id: str) -> None:
        self.replaceable |= self.kept.keys() & {request_id}

    async def finish(self, rules: str) -> None:
        self.kept = {one: case for one, case in self.kept.items() if one not in self.replaceable}
        self.rules = rules


@dataclass
class SummariesOf(InMemorySummaries):
    """Always up to date with *cases*: a story adds facts, and looks at the list."""

    cases: Cases = field(default_factory=InMemoryCases)

    async def page(self, selection: Selection, window: Window, limit: int) -> Sequence[CaseSummary]:
        await self._catch_up()
        return await super().page(selection, window, limit)

    async def count(self, selection: Selection, most: int) -> int:
        await self._catch_up()
        return await super().count(selection, most)

    async def request_of(self, reception_no: str) -> str | None:
        await self._catch_up()
        return await super().request_of(reception_no)

    async def _catch_up(self) -> None:
        await summarising(self.cases, self)(await self.cases.ids_after("", 1_000))


AWAITS_RELEASE: Final = awaits_release_of({product.slug: product for product in (PRODUCT, BY_DESK)})


def summarising(
    cases: Cases, summaries: Summaries, due: Due = lambda _case: None, opener: ParcelOpener = OPENER
) -> SummariseCases:
    """The use case that makes summaries, with the desk's key."""
    return SummariseCases(
        cases=cases,
        summaries=summaries,
        due=due,
        answer_due=lambda _case: None,
        awaits_release=AWAITS_RELEASE,
        index=IndexCase(opener, SEARCH_KEYS),
        opener=opener,
    )


@dataclass
class InMemoryFigures:
    summaries: InMemorySummaries

    async def tallies(self, period: Period) -> Tallies:
        await self.summaries.count(Selection(viewer=Viewer(account="", now=NOON)), 1)
        return tallies_of(self.summaries.kept.values(), period)


@dataclass
class InMemoryFormCounts:
    kept: dict[str, FormCounted] = field(default_factory=dict)

    async def put(self, counted: FormCounted) -> None:
        old = self.kept.get(counted.request_id)
        if old is None or old.counted_at < counted.counted_at:
            self.kept[counted.request_id] = counted

    async def of(self, first: date, last: date) -> Sequence[DayCount]:
        return [day_count(one) for one in self.kept.values() if first <= one.day <= last]


def recording(cases: Cases, summaries: Summaries | None = None, opener: ParcelOpener = OPENER) -> RecordFact:
    """The use case that keeps facts, as the process has it."""
    summaries = InMemorySummaries() if summaries is None else summaries
    return RecordFact(
        cases=cases,
        summarise=SummariseTogether(summarising(cases, summaries, opener=opener)),
        queue_messages=QueueMessages(
            subscriptions=InMemorySubscriptions(), deliveries=InMemoryDeliveries(), now=lambda: NOON
        ),
        summaries=summaries,
        opener=opener,
    )


def consuming(
    cases: Cases, copies: LetterCopies | None = None, erased: InMemoryErased | None = None
) -> tuple[UseCase[Fact], KeepCount, UseCase[LetterCopied], EraseCase]:
    """What the consumer works with, in its order."""
    copies = InMemoryLetterCopies() if copies is None else copies
    erased = InMemoryErased() if erased is None else erased
    record, erase = recording(cases), Erasure(erased, erased.forget)
    return (
        erase.guard(record, late=RecordWithoutParcels(record)),
        InMemoryFormCounts().put,
        erase.guard(KeepCopy(copies)),
        EraseCase(erase, record),
    )


@dataclass
class InMemoryDecisions:
    cases: Cases
    taken: set[tuple[str, int]] = field(default_factory=set)
    held_for: dict[str, timedelta] = field(default_factory=dict)

    async def add(self, decision: Decided, *, after: int | None = None, held_for: timedelta = TAKE_BACK) -> Added:
        if after is not None and (decision.request_id, after) in self.taken:
            return Added.OVERTAKEN
        if not await self.cases.add(decision):
            return Added.KNOWN
        if after is not None:
            self.taken.add((decision.request_id, after))
        self.held_for[fact_id(decision)] = held_for
        return Added.KEPT

    async def withdraw(
        self, decision_id: str, withdrawal: DecisionWithdrawn, *, after: int, before: datetime
    ) -> Withdrawn:
        facts = self.facts
        held = facts.get(decision_id)
        if not isinstance(held, Held) or moment_of(held) + self.held_for.get(decision_id, TAKE_BACK) <= before:
            return Withdrawn.TOO_LATE
        if (withdrawal.request_id, after) in self.taken:
            return Withdrawn.OVERTAKEN
        self.taken.add((withdrawal.request_id, after))
        del facts[decision_id]
        await self.cases.add(withdrawal)
        return Withdrawn.DONE

    @property
    def facts(self) -> dict[str, Fact]:
        """Where decisions are; only memory can forget one."""
        assert isinstance(self.cases, InMemoryCases)
        return self.cases.facts


@dataclass
class InMemoryAccounts:
    """`hashes`: of those with a password. Whoever is given no role is an admin, so that stories need not say it."""

    hashes: dict[str, str] = field(default_factory=dict)
    disabled: dict[str, datetime] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    invited: set[str] = field(default_factory=set)
    temporary: set[str] = field(default_factory=set)
    logged_in: dict[str, datetime] = field(default_factory=dict)
    two_step: dict[str, SecondStep] = field(default_factory=dict)
    identities: dict[tuple[str, str], str] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)

    async def is_free(self, name: str) -> bool:
        return name not in self.removed and await self.find(name) is None

    async def add(
        self,
        name: str,
        password_hash: str | None,
        at: datetime,  # noqa: ARG002  # only Mongo stores when
        role: Role = FORMER_ROLE,
        *,
        temporary: bool = False,
    ) -> bool:
        if not await self.is_free(name):
            return False
        self.roles[name] = role
        self.invited.add(name)
        if password_hash is not None:
            await self.set_password(name, password_hash, temporary=temporary)
        return True

    async def set_password(self, name: str, password_hash: str, *, temporary: bool = False) -> None:
        if name in self.removed:
            return
        self.hashes[name] = password_hash
        self.invited.discard(name)
        (self.temporary.add if temporary else self.temporary.discard)(name)

    async def set_role(self, name: str, role: Role, rule: Rule = no_rule) -> None:
        rule(await self.all())
        self.roles[name] = role

    async def note_log_in(self, name: str, at: datetime) -> None:
        self.logged_in[name] = at

    async def password_hash(self, name: str) -> str | None:
        return None if name in self.disabled else self.hashes.get(name)

    async def find(self, name: str) -> Account | None:
        return next((account for account in await self.all() if account.name == name), None)

    async def all(self) -> Sequence[Account]:
        return [
            Account(
                name=name,
                since=NOON,
                role=self.roles.get(name, Role.admin),
                disabled_at=self.disabled.get(name),
                logged_in_at=self.logged_in.get(name),
                has_password=name in self.hashes,
                has_two_step=name in self.two_step,
                has_company_account=name in self.identities.values(),
                must_change_password=name in self.temporary,
            )
            for name in sorted({*self.hashes, *self.invited})
        ]

    async def disable(self, name: str, at: datetime, rule: Rule = no_rule) -> None:
        rule(await self.all())
        self.disabled.setdefault(name, at)

    async def enable(self, name: str) -> None:
        self.disabled.pop(name, None)

    async def remove(self, name: str, at: datetime) -> None:  # noqa: ARG002  # only Mongo stores when
        self.hashes.pop(name, None)
        self.invited.discard(name)
        self.removed.add(name)


@dataclass
class InMemoryBelongings:
    removed: list[str] = field(default_factory=list)

    async def remove(self, account: str) -> None:
        self.removed.append(account)


@dataclass
class PlainPasswords:
    """Quick, for the stories that are not about hashing. `work` counts what a clock would feel."""

    work: int = 0

    async def hash(self, password: str) -> str:
        return f"plain:{password}"

    async def verify(self, password_hash: str | None, password: str) -> bool:
        self.work += 1
        return password_hash == f"plain:{password}"


@dataclass
class InMemorySessions:
    begun: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    used: dict[str, datetime] = field(default_factory=dict)
    shown: dict[str, Session] = field(default_factory=dict)

    async def begin(
        self, digest: str, account: str, at: datetime, until: datetime, *, network: str = "", browser: str = ""
    ) -> None:
        self.begun[digest] = (account, until)
        self.used[digest] = at
        self.shown[digest] = Session(id=digest, since=at, used_at=at, network=network, browser=browser)

    async def of(self, account: str, now: datetime, unused_since: datetime) -> Sequence[Session]:
        mine = [digest for digest, (name, until) in self.begun.items() if name == account and now < until]
        sessions = [replace(self.shown[digest], used_at=self.used[digest]) for digest in mine]
        used = [session for session in sessions if session.used_at >= unused_since]
        return sorted(used, key=lambda session: session.used_at, reverse=True)

    async def owner(self, digest: str, ended_since: datetime) -> str | None:
        account, until = self.begun.get(digest, (None, ended_since))
        return account if until >= ended_since else None

    async def account(self, digest: str, now: datetime, unused_since: datetime, *, is_use: bool = True) -> str | None:
        account, until = self.begun.get(digest, (None, now))
        if now >= until or self.used[digest] < unused_since:
            return None
        if is_use:
            self.used[digest] = now
        return account

    async def end(self, digest: str, at: datetime, account: str | None = None) -> None:
        owner, until = self.begun.get(digest, (None, at))
        if owner and account in {None, owner}:
            self.begun[digest] = (owner, min(until, at))

    async def end_all(self, account: str, at: datetime) -> None:
        for digest in self.begun:
            await self.end(digest, at, account)


@dataclass
class InMemoryKeptPosts:
    posts: dict[str, tuple[str, KeptPost, datetime]] = field(default_factory=dict)

    async def keep(self, account: str, post: KeptPost, until: datetime) -> None:
        self.posts[post.id] = (account, post, until)

    async def of(self, account: str, now: datetime) -> Sequence[KeptPost]:
        mine = [(until, post) for owner, post, until in self.posts.values() if owner == account and now < until]
        return [post for _, post in sorted(mine, key=lambda kept: kept[0])]

    async def take(self, account: str, post_id: str, now: datetime) -> KeptPost | None:
        found = next((post for post in await self.of(account, now) if post.id == post_id), None)
        if found:
            del self.posts[post_id]
        return found


@dataclass
class InMemoryLooks:
    kept: dict[tuple[str, str, str], tuple[Look, datetime]] = field(default_factory=dict)

    async def note(self, look: Look, until: datetime) -> None:
        self.kept[look.request_id, look.account, look.tab] = (look, until)

    async def end(self, request_id: str, account: str, tab: str) -> None:
        self.kept.pop((request_id, account, tab), None)

    async def at(self, request_ids: Sequence[str], now: datetime) -> Sequence[Look]:
        return [look for look, until in self.kept.values() if look.request_id in request_ids and now < until]


@dataclass
class InMemoryNoteDrafts:
    """`done`: up to which number the text of a tab was sent."""

    kept: dict[tuple[str, str, str, str], tuple[NoteDraft, datetime]] = field(default_factory=dict)
    done: dict[tuple[str, str, str, str], int] = field(default_factory=dict)

    async def keep(self, draft: NoteDraft, until: datetime) -> bool:
        old = self.kept.get(_place_of(draft))
        if _place_of(draft) in self.done or (old and old[0].number > draft.number):
            return False
        self.kept[_place_of(draft)] = (draft, until)
        return True

    async def of(self, request_id: str, account: str, now: datetime) -> Sequence[NoteDraft]:
        found = [draft for draft, until in self.kept.values() if now < until]
        mine = [one for one in found if (one.request_id, one.account) == (request_id, account)]
        return sorted(mine, key=lambda one: one.saved_at, reverse=True)

    async def drop(self, draft: NoteDraft) -> bool:
        old = self.kept.get(_place_of(draft))
        if old is None or old[0].number != draft.number:
            return False
        del self.kept[_place_of(draft)]
        return True

    async def finish(self, draft: NoteDraft, until: datetime) -> None:  # noqa: ARG002  # it is remembered for good here
        old = self.kept.get(_place_of(draft))
        if old is None or old[0].number <= draft.number:
            self.kept.pop(_place_of(draft), None)
            self.done[_place_of(draft)] = draft.number


def _place_of(draft: NoteDraft) -> tuple[str, str, str, str]:
    return (draft.request_id, draft.account, draft.form, draft.tab)


@dataclass
class InMemoryDevices:
    known: dict[str, tuple[frozenset[str], datetime]] = field(default_factory=dict)

    async def accounts(self, digest: str, now: datetime) -> frozenset[str]:
        accounts, until = self.known.get(digest, (frozenset(), now))
        return accounts if now < until else frozenset()

    async def remember(self, digest: str, account: str, until: datetime) -> None:
        accounts, _ = self.known.get(digest, (frozenset(), until))
        self.known[digest] = (accounts | {account}, until)

    async def forget(self, account: str) -> None:
        self.known = {digest: (accounts - {account}, until) for digest, (accounts, until) in self.known.items()}


@dataclass
class InMemoryLetterCopies:
    asked: dict[str, LetterCopyAsked] = field(default_factory=dict)
    copied: dict[str, LetterCopied] = field(default_factory=dict)

    async def ask(self, asked: LetterCopyAsked) -> None:
        self.asked.setdefault(asked.copy_id, asked)

    async def add(self, copied: LetterCopied) -> None:
        self.copied.setdefault(copied.copy_id, copied)

    async def of(self, request_id: str, now: datetime) -> Mapping[str, LetterCopyAsked | LetterCopied]:
        asked = (one for one in self.asked.values() if one.asked_at + KEPT_FOR > now)
        found: dict[str, LetterCopyAsked | LetterCopied] = {
            one.letter_id: one for one in asked if one.request_id == request_id
        }
        copied = (one for one in self.copied.values() if one.copied_at + KEPT_FOR > now)
        return found | {one.letter_id: one for one in copied if one.request_id == request_id}


@dataclass
class InMemoryBrochures:
    files: dict[str, bytes] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    """By hash; every product has the same."""

    def of(self, product: str) -> Sequence[tuple[str, str]]:  # noqa: ARG002  # there is one product
        return [(title, found) for found, title in self.titles.items()]

    def has(self, sha256: str) -> bool:
        return sha256 in self.files

    async def content(self, sha256: str) -> bytes:
        return self.files[sha256]


@dataclass
class InMemoryTries:
    tries: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _ids: "count[int]" = field(default_factory=count)

    async def count(self, counter: str, at: datetime, since: datetime) -> tuple[str, tuple[datetime, ...]]:
        others = tuple(moment for name, moment in self.tries.values() if name == counter and moment > since)
        this = str(next(self._ids))
        self.tries[this] = (counter, at)
        return this, others

    async def uncount(self, try_id: str) -> None:
        self.tries.pop(try_id, None)

    async def clear(self, counter: str) -> None:
        self.tries = {key: made for key, made in self.tries.items() if made[0] != counter}


@dataclass
class InMemoryFailedLogIns:
    counts: dict[tuple[datetime, Failure, str | None, str], int] = field(default_factory=dict)

    async def add(self, failure: Failure, at: datetime, account: str | None, visitor: Visitor) -> int:
        hour = at.replace(minute=0, second=0, microsecond=0)
        key = (hour, failure, account, visitor.shown_as)
        self.counts[key] = self.counts.get(key, 0) + 1
        return sum(count for (when, *_), count in self.counts.items() if when == hour)


@dataclass
class InMemoryInvitations:
    links: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    by_admin: set[str] = field(default_factory=set)

    async def add(self, digest: str, account: str, until: datetime, *, is_invitation: bool = False) -> None:
        await self.withdraw(account)
        self.links[digest] = (account, until)
        if is_invitation:
            self.by_admin.add(digest)

    async def invited(self, account: str, now: datetime) -> bool:
        made = (link for digest, link in self.links.items() if digest in self.by_admin)
        return any(owner == account and now < until for owner, until in made)

    async def account(self, digest: str, now: datetime) -> str | None:
        account, until = self.links.get(digest, (None, now))
        return account if now < until else None

    async def take(self, digest: str, now: datetime) -> str | None:
        account = await self.account(digest, now)
        self.links.pop(digest, None)
        return account

    async def withdraw(self, account: str) -> None:
        self.links = {digest: link for digest, link in self.links.items() if link[0] != account}


@dataclass
class InMemoryAddresses:
    addresses: dict[str, str] = field(default_factory=dict)

    async def keep(self, account: str, email: str | None) -> None:
        self.addresses.pop(account, None)
        if email:
            self.addresses[account] = email

    async def of(self, account: str) -> str | None:
        return self.addresses.get(account)

    async def owners(self, email: str) -> Sequence[str]:
        return sorted(name for name, kept in self.addresses.items() if kept.casefold() == email.casefold())


@dataclass
class InMemoryCompanyLogIns:
    begun: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)

    async def begin(self, state: str, browser: str, page: str, until: datetime) -> None:
        self.begun[state, browser] = (page, until)

    async def take(self, state: str, browser: str, now: datetime) -> str | None:
        page, until = self.begun.pop((state, browser), ("", now))
        return page if now < until else None


@dataclass
class InMemoryIdentities:
    """Kept with the accounts, as in MongoDB."""

    accounts: InMemoryAccounts

    @property
    def owners(self) -> dict[tuple[str, str], str]:
        return self.accounts.identities

    async def owner(self, identity: Identity) -> str | None:
        return self.owners.get((identity.issuer, identity.subject))

    async def link(self, account: str, identity: Identity) -> bool:
        key = identity.issuer, identity.subject
        if key in self.owners or account in self.owners.values() or await self.accounts.find(account) is None:
            return False
        self.owners[key] = account
        return True

    async def unlink(self, account: str) -> None:
        self.accounts.identities = {key: owner for key, owner in self.owners.items() if owner != account}


@dataclass
class InMemoryStaffMails:
    kept: list[StaffMail] = field(default_factory=list)
    about: set[str] = field(default_factory=set)

    async def add(self, mail: StaffMail, at: datetime, *, until: datetime, about: Sequence[str] = ()) -> bool:
        assert at < until
        if self.about & set(about) or mail.request_id in {one.request_id for one in self.kept}:
            return False
        self.kept.append(mail)
        self.about |= set(about)
        return True

    async def told(self, about: Sequence[str]) -> frozenset[str]:
        return frozenset(self.about & set(about))


@dataclass
class InMemorySecondSteps:
    """Kept with the accounts, as in MongoDB."""

    accounts: InMemoryAccounts

    async def find(self, account: str) -> SecondStep | None:
        return self.accounts.two_step.get(account)

    async def keep(self, account: str, key: bytes, last_step: int, recovery: Sequence[str]) -> None:
        self.accounts.two_step[account] = SecondStep(key=key, last_step=last_step, recovery=frozenset(recovery))

    async def use_step(self, account: str, step: int) -> bool:
        second = self.accounts.two_step[account]
        self.accounts.two_step[account] = replace(second, last_step=max(step, second.last_step))
        return step > second.last_step

    async def use_recovery(self, account: str, digest: str) -> bool:
        second = self.accounts.two_step[account]
        self.accounts.two_step[account] = replace(second, recovery=second.recovery - {digest})
        return digest in second.recovery

    async def renew_recovery(self, account: str, digests: Sequence[str]) -> None:
        self.accounts.two_step[account] = replace(self.accounts.two_step[account], recovery=frozenset(digests))

    async def remove(self, account: str) -> None:
        self.accounts.two_step.pop(account, None)


@dataclass
class InMemoryPasskeys:
    keys: dict[str, tuple[str, Passkey]] = field(default_factory=dict)
    asked: dict[bytes, tuple[str, datetime]] = field(default_factory=dict)

    async def challenge(self, challenge: bytes, account: str, until: datetime) -> None:
        self.asked[challenge] = (account, until)

    async def answered(self, challenge: bytes, account: str, now: datetime) -> bool:
        asked, until = self.asked.get(challenge, (None, now))
        is_open = asked == account and now < until
        if is_open:
            del self.asked[challenge]
        return is_open

    async def add(self, account: str, key: Passkey) -> None:
        self.keys[key.id] = (account, key)

    async def of(self, account: str) -> Sequence[Passkey]:
        return [key for owner, key in self.keys.values() if owner == account]

    async def find(self, key_id: str) -> tuple[str, Passkey] | None:
        return self.keys.get(key_id)

    async def used(self, key_id: str, uses: int) -> None:
        account, key = self.keys[key_id]
        self.keys[key_id] = (account, replace(key, uses=max(uses, key.uses)))

    async def remove(self, account: str, key_id: str | None = None) -> None:
        self.keys = {name: kept for name, kept in self.keys.items() if kept[0] != account or key_id not in {None, name}}


@dataclass
class InMemorySavedViews:
    views: dict[str, SavedView] = field(default_factory=dict)

    async def add(self, view: SavedView) -> None:
        self.views[view.id] = view

    async def of(self, account: str) -> Sequence[SavedView]:
        found = (view for view in self.views.values() if view.is_shared or view.owner == account)
        return sorted(found, key=lambda view: (view.name, view.id))

    async def remove(self, view_id: str, account: str, *, also_shared: bool = False) -> None:
        view = self.views.get(view_id)
        if view and (view.owner == account or (also_shared and view.is_shared)):
            del self.views[view_id]


@dataclass
class InMemoryBulkRuns:
    runs: dict[str, BulkRun] = field(default_factory=dict)
    until: dict[str, datetime | None] = field(default_factory=dict)

    async def add(self, run: BulkRun, until: datetime) -> None:  # noqa: ARG002  # only Mongo deletes
        self.runs[run.id] = run

    async def find(self, run_id: str, now: datetime) -> BulkRun | None:
        run, until = self.runs.get(run_id), self.until.get(run_id)
        return replace(run, is_running=until is not None and until > now) if run else None

    async def take(self, run_id: str, now: datetime, until: datetime) -> bool:
        run = await self.find(run_id, now)
        if run is None or run.is_running:
            return False
        self.until[run_id] = until
        return True

    async def note(self, run_id: str, request_id: str, reason: str | None, until: datetime) -> None:
        run = self.runs[run_id]
        skipped = (*run.skipped, Skipped(request_id, reason)) if reason is not None else run.skipped
        self.runs[run_id], self.until[run_id] = replace(run, at=run.at + 1, skipped=skipped), until

    async def stop(self, run_id: str) -> None:
        self.runs[run_id], self.until[run_id] = replace(self.runs[run_id], is_stopped=True), None

    async def release(self, run_id: str) -> None:
        self.until[run_id] = None


@dataclass
class InMemoryDeadLetters:
    """`ended`: what became of those that a person has ended, by id."""

    letters: dict[str, DeadLetter] = field(default_factory=dict)
    ended: dict[str, tuple[End, str, str]] = field(default_factory=dict)

    async def count_open(self) -> int:
        return len(await self.oldest(len(self.letters)))

    async def open_by_reason(self) -> Sequence[tuple[str, str, int]]:
        found = Counter((one.topic, one.reason) for one in await self.oldest(len(self.letters)))
        return sorted(((topic, reason, number) for (topic, reason), number in found.items()), key=lambda one: -one[2])

    async def oldest(self, limit: int) -> Sequence[DeadLetter]:
        waiting = (one for one in self.letters.values() if one.id not in self.ended)
        return sorted(waiting, key=lambda one: (one.first_seen, one.id))[:limit]

    async def find(self, letter_id: str) -> DeadLetter | None:
        return self.letters.get(letter_id) if letter_id not in self.ended else None

    async def end(self, letter_id: str, end: End, *, at: datetime, by: str, reason: str = "") -> bool:  # noqa: ARG002  # only Mongo keeps when
        if await self.find(letter_id) is None:
            return False
        self.ended[letter_id] = (end, by, reason)
        return True


@dataclass
class FixedPapers:
    """`Papers` that say whom they are for. `fails`: none can be made."""

    made: list[Sequence[Recipient]] = field(default_factory=list)
    fails: bool = False

    def can_print(self, product: Product) -> bool:
        return product.slug != "without-template"

    async def post(self, product: Product, recipients: Sequence[Recipient], made_at: datetime) -> bytes:  # noqa: ARG002
        if self.fails:
            raise PaperFailed
        self.made.append(recipients)
        return b"%PDF-"


@dataclass
class FixedDelivered:
    lagging: int | None = 0
    waiting: tuple[int, datetime | None] = (0, None)

    async def lag(self) -> int | None:
        return self.lagging

    async def pending(self) -> tuple[int, datetime | None]:
        return self.waiting


@dataclass
class InMemoryAudit:
    acts: list[tuple[Act, str, str | None]] = field(default_factory=list)
    seen: list[tuple[str, Sequence[str]]] = field(default_factory=list)
    abouts: list[tuple[Act, str, str]] = field(default_factory=list)
    away: bool = False

    async def record(
        self,
        act: Act,
        at: datetime,  # noqa: ARG002  # only Mongo stores when
        account: str,
        request_id: str | None = None,
        *,
        seen: Sequence[str] = (),
        visitor: Visitor | None = None,  # noqa: ARG002  # and where
        about: str | None = None,
    ) -> None:
        if self.away:
            raise Unavailable("mongo")
        self.acts.append((act, account, request_id))
        if seen:
            self.seen.append((account, seen))
        if about and about != account:
            self.abouts.append((act, account, about))


@dataclass
class InMemoryTokens:
    tokens: dict[str, ApiToken] = field(default_factory=dict)
    """By their digests."""

    async def add(self, token: ApiToken, digest: str) -> bool:
        if token.name in {one.name for one in self.tokens.values()}:
            return False
        self.tokens[digest] = token
        return True

    async def find(self, digest: str) -> ApiToken | None:
        return self.tokens.get(digest)

    async def note_use(self, name: str, at: datetime) -> None:
        self._change(name, used_at=at)

    async def all(self) -> Sequence[ApiToken]:
        return sorted(self.tokens.values(), key=lambda token: token.name)

    async def revoke(self, name: str, at: datetime) -> bool:
        works = any(token.name == name and token.revoked_at is None for token in self.tokens.values())
        if works:
            self._change(name, revoked_at=at)
        return works

    def _change(self, name: str, **what: Any) -> None:  # noqa: ANN401  # any field of a token
        changed = {digest: replace(one, **what) for digest, one in self.tokens.items() if one.name == name}
        self.tokens |= changed


@dataclass
class InMemoryQuotes:
    """The quotes among the facts of *cases*."""

    cases: InMemoryCases

    async def page(self, wanted: QuoteFilter, after: QuotePlace | None, limit: int) -> Sequence[Quote]:
        quotes = [fact for fact in self.cases.facts.values() if isinstance(fact, QuoteOffered | QuoteReferred)]
        found = sorted((one for one in quotes if self._has(wanted, one)), key=self._place, reverse=True)
        at = (after.issued_at, after.quote_id) if after else None
        return [one for one in found if at is None or self._place(one) < at][:limit]

    async def find(self, quote_id: str) -> Quote | None:
        found = self.cases.facts.get(quote_id)
        return found if isinstance(found, QuoteOffered | QuoteReferred) else None

    @staticmethod
    def _place(quote: Quote) -> tuple[datetime, str]:
        return quote.issued_at, quote.quote_id

    @staticmethod
    def _has(wanted: QuoteFilter, quote: Quote) -> bool:
        return (
            (not wanted.outcomes or outcome_of(quote) in wanted.outcomes)
            and wanted.request_id in {None, quote.request_id}
            and (wanted.issued_from is None or quote.issued_at >= wanted.issued_from)
        )


@dataclass
class InMemorySubscriptions:
    kept: dict[str, tuple[Subscription, str]] = field(default_factory=dict)

    async def add(self, subscription: Subscription, secret: str) -> bool:
        is_new = subscription.name not in self.kept
        self.kept.setdefault(subscription.name, (subscription, secret))
        return is_new

    async def all(self) -> Sequence[Subscription]:
        return [self.kept[name][0] for name in sorted(self.kept)]

    async def find(self, name: str) -> Subscription | None:
        return self.kept[name][0] if name in self.kept else None

    async def secret(self, name: str) -> str | None:
        return self.kept[name][1] if name in self.kept else None

    async def pause(self, name: str, at: datetime) -> None:
        kept, secret = self.kept[name]
        self.kept[name] = (replace(kept, paused_at=kept.paused_at or at), secret)

    async def resume(self, name: str) -> None:
        kept, secret = self.kept[name]
        self.kept[name] = (replace(kept, paused_at=None), secret)

    async def remove(self, name: str) -> bool:
        return self.kept.pop(name, None) is not None


@dataclass
class _OnItsWay:
    delivery: Delivery
    state: DeliveryState
    next_at: datetime


@dataclass
class InMemoryDeliveries:
    kept: dict[tuple[str, str], _OnItsWay] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)

    async def add(self, subscription: str, message: Message, at: datetime) -> bool:
        if (subscription, message.id) in self.kept:
            return False
        await self.add_again(subscription, message, at)
        return True

    async def add_again(self, subscription: str, message: Message, at: datetime) -> None:
        delivery = Delivery(subscription=subscription, message=message, tries=0, since=at)
        self.kept[subscription, message.id] = _OnItsWay(delivery, "waiting", at)

    async def begin_again(self, subscription: str, at: datetime) -> None:
        for one in self.kept.values():
            if (one.delivery.subscription, one.state) == (subscription, "waiting"):
                await self.add_again(subscription, one.delivery.message, at)

    async def due(self, now: datetime) -> Sequence[str]:
        return sorted({one.delivery.subscription for one in self._due(now)})

    async def claim(self, subscription: str, now: datetime, until: datetime) -> Delivery | None:
        mine = [one for one in self._due(now) if one.delivery.subscription == subscription]
        if not mine:
            return None
        oldest = min(mine, key=lambda one: (one.next_at, one.delivery.message.at))
        oldest.delivery, oldest.next_at = replace(oldest.delivery, tries=oldest.delivery.tries + 1), until
        return oldest.delivery

    async def settle(self, delivery: Delivery, attempt: Attempt, next_at: datetime | None) -> None:
        self.attempts.append(attempt)
        found = self.kept.get((delivery.subscription, delivery.message.id))
        if found is None or found.delivery != delivery:
            return
        if next_at:
            found.next_at = next_at
        else:
            found.state = "delivered" if attempt.answer.is_accepted else "given-up"

    async def log(self, subscription: str, limit: int) -> Sequence[Attempt]:
        mine = [one for one in self.attempts if one.subscription == subscription]
        return sorted(mine, key=lambda one: one.at, reverse=True)[:limit]

    async def counts(self) -> Mapping[tuple[str, DeliveryState], int]:
        return Counter((one.delivery.subscription, one.state) for one in self.kept.values())

    async def remove(self, subscription: str) -> None:
        self.kept = {key: one for key, one in self.kept.items() if key[0] != subscription}

    def _due(self, now: datetime) -> list[_OnItsWay]:
        return [one for one in self.kept.values() if one.state == "waiting" and one.next_at <= now]


@dataclass
class FactsInMemory:
    """`FactLog`."""

    facts: Sequence[Fact]

    async def since(self, moment: datetime) -> AsyncIterator[Fact]:
        for fact in self.facts:
            if moment_of(fact) >= moment:
                yield fact


@asynccontextmanager
async def _not_started(_app: FastAPI) -> AsyncIterator[None]:
    yield


@dataclass
class InMemoryDashboard:
    """The pages on ports in memory, with a clock to move and a browser. `desk` may log in. Nobody has yet.

    `stored`, `stored_decisions`: what is somewhere else than in memory.
    """

    cases: InMemoryCases = field(default_factory=InMemoryCases)
    stored: Cases | None = None
    stored_decisions: Decisions | None = None
    accounts: InMemoryAccounts = field(default_factory=lambda: InMemoryAccounts({"desk": f"plain:{PASSWORD}"}))
    passwords: PlainPasswords = field(default_factory=PlainPasswords)
    sessions: InMemorySessions = field(default_factory=InMemorySessions)
    devices: InMemoryDevices = field(default_factory=InMemoryDevices)
    tries: InMemoryTries = field(default_factory=InMemoryTries)
    failed: InMemoryFailedLogIns = field(default_factory=InMemoryFailedLogIns)
    dead_letters: InMemoryDeadLetters = field(default_factory=InMemoryDeadLetters)
    saved_views: InMemorySavedViews = field(default_factory=InMemorySavedViews)
    bulk_runs: InMemoryBulkRuns = field(default_factory=InMemoryBulkRuns)
    bulk: WorkOnMany | None = None
    papers: FixedPapers = field(default_factory=FixedPapers)
    delivered: FixedDelivered = field(default_factory=FixedDelivered)
    again: list[DeadLetter] = field(default_factory=list)
    again_fails: Exception | None = None
    form_counts: InMemoryFormCounts = field(default_factory=InMemoryFormCounts)
    audit: InMemoryAudit = field(default_factory=InMemoryAudit)
    ids: Iterator[int] = field(default_factory=count)
    kept_posts: InMemoryKeptPosts = field(default_factory=InMemoryKeptPosts)
    belongings: InMemoryBelongings = field(default_factory=InMemoryBelongings)
    passkeys: InMemoryPasskeys = field(default_factory=InMemoryPasskeys)
    invitations: InMemoryInvitations = field(default_factory=InMemoryInvitations)
    addresses: InMemoryAddresses = field(default_factory=InMemoryAddresses)
    staff_mails: InMemoryStaffMails = field(default_factory=InMemoryStaffMails)
    provider: Provider | None = None
    journeys: InMemoryCompanyLogIns = field(default_factory=InMemoryCompanyLogIns)
    hub: Hub = field(default_factory=Hub)
    looks: InMemoryLooks = field(default_factory=InMemoryLooks)
    note_drafts: NoteDrafts = field(default_factory=InMemoryNoteDrafts)
    copies: InMemoryLetterCopies = field(default_factory=InMemoryLetterCopies)
    brochures: InMemoryBrochures = field(default_factory=InMemoryBrochures)
    is_stopping: bool = False
    check_s: float = 15.0
    subscriptions: InMemorySubscriptions = field(default_factory=InMemorySubscriptions)
    deliveries: InMemoryDeliveries = field(default_factory=InMemoryDeliveries)
    facts: Sequence[Fact] = ()
    tokens: InMemoryTokens = field(default_factory=InMemoryTokens)
    time: datetime = NOON + timedelta(minutes=10)
    two_step_roles: frozenset[Role] = frozenset()
    https: bool = False
    address: str = ORIGIN
    product: Product = PRODUCT

    @cached_property
    def decisions(self) -> Decisions:
        memory = InMemoryDecisions(self.stored or self.cases)
        return memory if self.stored_decisions is None else self.stored_decisions

    @cached_property
    def identities(self) -> InMemoryIdentities:
        return InMemoryIdentities(self.accounts)

    @property
    def log_in(self) -> LogIn:
        return LogIn(
            accounts=self.accounts,
            passwords=self.passwords,
            sessions=self.sessions,
            devices=self.devices,
            tries=self.tries,
            failed=self.failed,
            second_steps=InMemorySecondSteps(self.accounts),
            audit=self.audit,
            now=self.now,
        )

    @property
    def origin(self) -> str:
        return self.address.replace("http:", "https:") if self.https else self.address

    def now(self) -> datetime:
        return self.time

    async def work_again(self, letter: DeadLetter) -> None:
        if self.again_fails:
            raise self.again_fails
        self.again.append(letter)

    @property
    def staff(self) -> StaffUseCases:
        return StaffUseCases(
            accounts=self.accounts,
            passwords=self.passwords,
            sessions=self.sessions,
            devices=self.devices,
            tries=self.tries,
            invitations=self.invitations,
            second_steps=InMemorySecondSteps(self.accounts),
            kept_posts=self.kept_posts,
            belongings=self.belongings,
            passkeys=self.passkeys,
            passkey_checks=WebAuthn(),
            provider=self.provider,
            journeys=self.journeys,
            identities=self.identities,
            log_in=self.log_in,
            mail_link=MailLink(
                addresses=self.addresses,
                staff_mails=self.staff_mails,
                sealer=SEALER,
                product=PRODUCT.slug,
                origin=self.origin,
                new_id=lambda: f"mail-{next(self.ids)}",
            ),
            audit=self.audit,
            now=self.now,
        )

    def app(self) -> FastAPI:
        products = {product.slug: product for product in (self.product, BY_DESK)}
        cases = self.stored or self.cases
        together = SummariseTogether(summarising(cases, InMemorySummaries()))
        app = new_app("dashboard", "見積デスク", _not_started, render=render_problem)
        add_routes(app, self.origin)
        list_cases = ListCases(
            summaries=SummariesOf(cases=cases),
            cases=cases,
            opener=OPENER,
            keys=SEARCH_KEYS,
            set_aside=self.dead_letters,
            audit=self.audit,
            now=self.now,
        )
        held_for = held_for_of(products)
        keep = KeepDecision(
            cases=cases, decisions=self.decisions, audit=self.audit, summarise=together, held_for=held_for
        )
        release = ReleaseQuote(products=products, cases=cases, keep=keep, now=self.now)
        work = WorkOnCase(
            cases=cases,
            summaries=SummariesOf(cases=cases),
            accounts=self.accounts,
            awaits_release=release.awaits_release,
            keep=keep,
            sealer=SEALER,
            now=self.now,
            new_id=lambda: str(next(self.ids)),
        )
        decide = DecideQuote(
            products=products,
            cases=cases,
            keep=keep,
            opener=OPENER,
            sealer=SEALER,
            now=self.now,
            new_id=lambda: str(next(self.ids)),
        )
        self.bulk = WorkOnMany(
            list_cases=list_cases,
            accounts=self.accounts,
            runs=self.bulk_runs,
            work=work,
            audit=self.audit,
            now=self.now,
            new_id=lambda: str(next(self.ids)),
        )
        decide = DecideQuote(
            products=products,
            cases=cases,
            keep=keep,
            opener=OPENER,
            sealer=SEALER,
            now=self.now,
            new_id=lambda: str(next(self.ids)),
        )
        app.state.dependencies = Dependencies(
            products=products,
            list_cases=list_cases,
            export_cases=ExportCases(list_cases),
            show_figures=ShowFigures(InMemoryFigures(SummariesOf(cases=cases)), self.now),
            show_visits=ShowVisits(self.form_counts, products),
            bulk=self.bulk,
            save_view=SaveView(
                views=self.saved_views, audit=self.audit, now=self.now, new_id=lambda: str(next(self.ids))
            ),
            remove_view=RemoveView(self.saved_views, self.audit, self.now),
            audit=self.audit,
            check_backlog=CheckBacklog(
                cases=cases,
                summaries=SummariesOf(cases=cases),
                dead_letters=self.dead_letters,
                delivered=self.delivered,
            ),
            retry_dead_letter=RetryDeadLetter(self.dead_letters, self.work_again, self.audit, self.now),
            discard_dead_letter=DiscardDeadLetter(self.dead_letters, self.audit, self.now),
            open_case=OpenCase(cases=cases, opener=OPENER, audit=self.audit, now=self.now),
            release=release,
            release_request=ReleaseRequest(cases=cases, keep=keep, now=self.now),
            take_back=TakeBack(
                cases=cases,
                decisions=self.decisions,
                audit=self.audit,
                summarise=together,
                held_for=held_for,
                decide=decide,
                now=self.now,
                new_id=lambda: str(next(self.ids)),
            ),
            work=work,
            decide=decide,
            print_post=PrintPost(
                products=products, list_cases=list_cases, bulk=self.bulk, papers=self.papers, now=self.now
            ),
            case=CaseUseCases.on(
                decide=decide, release=release, summaries=SummariesOf(cases=cases), keys=SEARCH_KEYS, audit=self.audit
            ),
            log_in=self.log_in,
            log_out=LogOut(self.sessions, self.audit, self.now),
            due=due_of(products),
            held_for=held_for,
            now=self.now,
            api=ApiUseCases.on(
                tokens=self.tokens,
                cases=cases,
                summaries=SummariesOf(cases=cases),
                quotes=InMemoryQuotes(self.cases),
                opener=OPENER,
                audit=self.audit,
                due=lambda _case: None,
                awaits_release=awaits_release_of(products),
                now=self.now,
            ),
            programs=ProgramUseCases(
                tokens=self.tokens,
                subscriptions=self.subscriptions,
                deliveries=self.deliveries,
                facts=FactsInMemory(self.facts),
                audit=self.audit,
                now=self.now,
            ),
            authenticate=Authenticate(self.sessions, self.accounts, self.now),
            staff=self.staff,
            letters=LetterUseCases(
                copies=self.copies,
                cases=cases,
                brochures=self.brochures,
                opener=OPENER,
                audit=self.audit,
                now=self.now,
            ),
            live=LiveUseCases(
                hub=self.hub,
                looks=self.looks,
                note_drafts=self.note_drafts,
                now=self.now,
                is_stopping=lambda: self.is_stopping,
                check_s=self.check_s,
            ),
            two_step_roles=self.two_step_roles,
            origin=self.origin,
            form_url=FORM,
            https=self.https,
        )
        return app

    async def token(self, *scopes: Scope, name: str = "board") -> dict[str, str]:
        """The headers of a program that has a token with these scopes."""
        make = MakeToken(tokens=self.tokens, audit=self.audit, now=self.now)
        return {"Authorization": f"Bearer {await make(name, frozenset(scopes), timedelta(days=30))}"}

    @asynccontextmanager
    async def browser(self, *, logged_in: bool = True, address: str = "198.51.100.7") -> AsyncIterator[AsyncClient]:
        transport = ASGITransport(self.app(), raise_app_exceptions=False, client=(address, 50_000))
        async with AsyncClient(transport=transport, base_url=self.origin) as browser:
            if logged_in:
                await log_in(browser)
            yield browser


async def get(path: str, *facts: Fact, dashboard: InMemoryDashboard | None = None) -> Response:
    """The page at *path* for staff who are logged in, once *facts* are known."""
    dashboard = dashboard or InMemoryDashboard()
    for fact in facts:
        await dashboard.cases.add(fact)
    async with dashboard.browser() as browser:
        return await browser.get(path)


async def log_in(
    browser: AsyncClient, name: str = "desk", password: str = PASSWORD, page: str = "/", code: str = ""
) -> Response:
    form = {"name": name, "password": password, "next": page, "code": code}
    return await browser.post("/login", data=form, headers=FROM_OWN_PAGE)


def text(response: Response) -> str:
    """What a reader sees: no tags, single spaces, and no help that they have not opened."""
    without_help = re.sub(r'<details class="help">.*?</details>', "", response.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", without_help)))
