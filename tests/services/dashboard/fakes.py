"""The dashboard's ports in memory, held to the same specs as Mongo's, and the whole dashboard on them.

They are values that a test looks into afterwards.
"""

import html
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any, Final

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from services.dashboard.domain.account import Account, KeptPost, Session
from services.dashboard.domain.case import BrokenCase, Case, case_of
from services.dashboard.domain.facts import Decided, Fact, fact_id, moment_of
from services.dashboard.domain.listing import DESCENDING, Selection, sort_value
from services.dashboard.domain.roles import FORMER_ROLE, Role
from services.dashboard.domain.second_step import SecondStep
from services.dashboard.domain.summary import CaseSummary
from services.dashboard.domain.take_back import HELD_FOR, Held
from services.dashboard.domain.visitor import Visitor
from services.dashboard.entrypoints.web.dependencies import Dependencies
from services.dashboard.entrypoints.web.rendering import render_problem
from services.dashboard.entrypoints.web.routes import add_routes
from services.dashboard.entrypoints.web.staff_use_cases import StaffUseCases
from services.dashboard.ports import Act, Added, Cases, Failure, Summaries, Window, Withdrawn
from services.dashboard.usecases.decide_quote import DecideQuote
from services.dashboard.usecases.list_cases import ListCases
from services.dashboard.usecases.log_in import Authenticate, LogIn, LogOut
from services.dashboard.usecases.open_case import OpenCase
from services.dashboard.usecases.record_fact import RecordFact
from services.dashboard.usecases.release import ReleaseQuote, ReleaseRequest
from services.dashboard.usecases.summarise import SummariseCases, SummariseTogether
from services.dashboard.usecases.take_back import TakeBack
from services.dashboard.usecases.work_on_case import WorkOnCase
from shared.errors import Unavailable
from shared.events import DecisionWithdrawn, RequestReceived
from shared.products import Product
from shared.web.app import new_app
from tests.services.dashboard.builders import BY_DESK, NOON, OPENER, PRODUCT, SEALER

ORIGIN: Final = "http://desk.example.jp"
PASSWORD: Final = "correct-horse-battery"
FROM_OWN_PAGE: Final = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class InMemoryCases:
    facts: dict[str, Fact] = field(default_factory=dict)
    away: bool = False

    async def add(self, fact: Fact) -> bool:
        new = fact_id(fact) not in self.facts
        self.facts.setdefault(fact_id(fact), fact)
        return new

    async def find(self, request_id: str) -> Case | BrokenCase | None:
        if self.away:
            raise Unavailable("mongo")
        return case_of(fact for fact in self.facts.values() if fact.request_id == request_id)

    async def find_many(self, request_ids: Sequence[str]) -> Sequence[Case | BrokenCase]:
        return [case for request_id in request_ids for case in [await self.find(request_id)] if case]

    async def count(self) -> int:
        return len(await self.ids_after("", len(self.facts)))

    async def ids_after(self, request_id: str, limit: int) -> Sequence[str]:
        types = [(fact.request_id, type(fact)) for fact in self.facts.values()]
        return sorted(one for one, kind in types if kind is RequestReceived and one > request_id)[:limit]


@dataclass
class InMemorySummaries:
    kept: dict[str, CaseSummary] = field(default_factory=dict)
    rules: str | None = None
    replaceable: set[str] = field(default_factory=set)

    async def put(self, summaries: Sequence[CaseSummary]) -> None:
        for new in summaries:
            old = self.kept.get(new.request_id)
            is_older = old is None or (old.facts, old.changed_at) < (new.facts, new.changed_at)
            if is_older or new.request_id in self.replaceable:
                self.kept[new.request_id] = new
                self.replaceable.discard(new.request_id)

    async def page(self, selection: Selection, window: Window, limit: int) -> Sequence[CaseSummary]:
        def place(case: CaseSummary) -> Any:  # noqa: ANN401  # a moment or an amount
            return (sort_value(case, selection.order), case.request_id)

        is_falling = selection.order in DESCENDING
        found = sorted(filter(selection.has, self.kept.values()), key=place, reverse=is_falling)
        if border := window.after or window.before:
            at = (border.value, border.request_id)
            is_greater = (window.after is not None) != is_falling
            found = [case for case in found if (place(case) > at if is_greater else place(case) < at)]
        return found[-limit:] if window.before or window.is_last else found[:limit]

    async def count(self, selection: Selection, most: int) -> int:
        return min(sum(map(selection.has, self.kept.values())), most)

    async def request_of(self, reception_no: str) -> str | None:
        return next((one for one, case in self.kept.items() if case.reception_no == reception_no), None)

    async def is_current(self, rules: str) -> bool:
        return self.rules == rules

    async def begin_again(self) -> None:
        self.replaceable = set(self.kept)

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
        await SummariseCases(cases=self.cases, summaries=self, due=lambda _case: None)(
            await self.cases.ids_after("", 1_000)
        )


def recording(cases: Cases, summaries: Summaries | None = None) -> RecordFact:
    """The use case that keeps facts, as the process has it."""
    summarise = SummariseCases(cases=cases, summaries=summaries or InMemorySummaries(), due=lambda _case: None)
    return RecordFact(cases, SummariseTogether(summarise))


@dataclass
class InMemoryDecisions:
    cases: Cases
    taken: set[tuple[str, int]] = field(default_factory=set)

    async def add(self, decision: Decided, *, after: int | None = None) -> Added:
        if after is not None and (decision.request_id, after) in self.taken:
            return Added.OVERTAKEN
        if not await self.cases.add(decision):
            return Added.KNOWN
        if after is not None:
            self.taken.add((decision.request_id, after))
        return Added.KEPT

    async def withdraw(
        self, decision_id: str, withdrawal: DecisionWithdrawn, *, after: int, before: datetime
    ) -> Withdrawn:
        facts = self.facts
        held = facts.get(decision_id)
        if not isinstance(held, Held) or moment_of(held) + HELD_FOR <= before:
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

    async def add(
        self,
        name: str,
        password_hash: str | None,
        at: datetime,  # noqa: ARG002  # only Mongo stores when
        role: Role = FORMER_ROLE,
        *,
        temporary: bool = False,
    ) -> bool:
        if await self.find(name):
            return False
        self.roles[name] = role
        self.invited.add(name)
        if password_hash is not None:
            await self.set_password(name, password_hash, temporary=temporary)
        return True

    async def set_password(self, name: str, password_hash: str, *, temporary: bool = False) -> None:
        self.hashes[name] = password_hash
        self.invited.discard(name)
        (self.temporary.add if temporary else self.temporary.discard)(name)

    async def set_role(self, name: str, role: Role) -> None:
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
                must_change_password=name in self.temporary,
            )
            for name in sorted({*self.hashes, *self.invited})
        ]

    async def disable(self, name: str, at: datetime) -> None:
        self.disabled[name] = at

    async def enable(self, name: str) -> None:
        self.disabled.pop(name, None)

    async def remove(self, name: str) -> None:
        self.hashes.pop(name, None)
        self.invited.discard(name)


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

    async def owner(self, digest: str) -> str | None:
        return self.begun[digest][0] if digest in self.begun else None

    async def account(self, digest: str, now: datetime, unused_since: datetime) -> str | None:
        account, until = self.begun.get(digest, (None, now))
        if now >= until or self.used[digest] < unused_since:
            return None
        self.used[digest] = now
        return account

    async def end(self, digest: str, account: str | None = None) -> None:
        if account in {None, self.begun.get(digest, ("", None))[0]}:
            self.begun.pop(digest, None)

    async def end_all(self, account: str) -> None:
        self.begun = {digest: session for digest, session in self.begun.items() if session[0] != account}


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

    async def add(self, digest: str, account: str, until: datetime) -> None:
        await self.withdraw(account)
        self.links[digest] = (account, until)

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
class InMemorySetAside:
    count: int = 0

    async def count_open(self) -> int:
        return self.count


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


@asynccontextmanager
async def _not_started(_app: FastAPI) -> AsyncIterator[None]:
    yield


@dataclass
class InMemoryDashboard:
    """The pages on ports in memory, with a clock to move and a browser. `desk` may log in. Nobody has yet.

    `stored`: cases that are read from somewhere else than memory.
    """

    cases: InMemoryCases = field(default_factory=InMemoryCases)
    stored: Cases | None = None
    accounts: InMemoryAccounts = field(default_factory=lambda: InMemoryAccounts({"desk": f"plain:{PASSWORD}"}))
    passwords: PlainPasswords = field(default_factory=PlainPasswords)
    sessions: InMemorySessions = field(default_factory=InMemorySessions)
    devices: InMemoryDevices = field(default_factory=InMemoryDevices)
    tries: InMemoryTries = field(default_factory=InMemoryTries)
    failed: InMemoryFailedLogIns = field(default_factory=InMemoryFailedLogIns)
    set_aside: InMemorySetAside = field(default_factory=InMemorySetAside)
    audit: InMemoryAudit = field(default_factory=InMemoryAudit)
    ids: Iterator[int] = field(default_factory=count)
    kept_posts: InMemoryKeptPosts = field(default_factory=InMemoryKeptPosts)
    invitations: InMemoryInvitations = field(default_factory=InMemoryInvitations)
    time: datetime = NOON + timedelta(minutes=10)
    two_step_roles: frozenset[Role] = frozenset()
    https: bool = False
    product: Product = PRODUCT

    @cached_property
    def decisions(self) -> InMemoryDecisions:
        return InMemoryDecisions(self.stored or self.cases)

    @property
    def origin(self) -> str:
        return ORIGIN.replace("http:", "https:") if self.https else ORIGIN

    def now(self) -> datetime:
        return self.time

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
            audit=self.audit,
            now=self.now,
        )

    def app(self) -> FastAPI:
        products = {product.slug: product for product in (self.product, BY_DESK)}
        cases = self.stored or self.cases
        together = SummariseTogether(SummariseCases(cases=cases, summaries=InMemorySummaries(), due=lambda _case: None))
        app = new_app("dashboard", "見積デスク", _not_started, render=render_problem)
        add_routes(app, self.origin)
        app.state.dependencies = Dependencies(
            products=products,
            list_cases=ListCases(
                summaries=SummariesOf(cases=cases),
                cases=cases,
                opener=OPENER,
                set_aside=self.set_aside,
                audit=self.audit,
                now=self.now,
            ),
            open_case=OpenCase(cases=cases, opener=OPENER, audit=self.audit, now=self.now),
            release=ReleaseQuote(
                products=products,
                cases=cases,
                decisions=self.decisions,
                audit=self.audit,
                summarise=together,
                now=self.now,
            ),
            release_request=ReleaseRequest(
                cases=cases, decisions=self.decisions, audit=self.audit, summarise=together, now=self.now
            ),
            take_back=TakeBack(
                cases=cases,
                decisions=self.decisions,
                audit=self.audit,
                summarise=together,
                now=self.now,
                new_id=lambda: str(next(self.ids)),
            ),
            work=WorkOnCase(
                cases=cases,
                summaries=SummariesOf(cases=cases),
                accounts=self.accounts,
                decisions=self.decisions,
                sealer=SEALER,
                audit=self.audit,
                summarise=together,
                now=self.now,
                new_id=lambda: str(next(self.ids)),
            ),
            decide=DecideQuote(
                products=products,
                cases=cases,
                decisions=self.decisions,
                opener=OPENER,
                sealer=SEALER,
                audit=self.audit,
                summarise=together,
                now=self.now,
                new_id=lambda: str(next(self.ids)),
            ),
            log_in=LogIn(
                accounts=self.accounts,
                passwords=self.passwords,
                sessions=self.sessions,
                devices=self.devices,
                tries=self.tries,
                failed=self.failed,
                second_steps=InMemorySecondSteps(self.accounts),
                audit=self.audit,
                now=self.now,
            ),
            log_out=LogOut(self.sessions, self.audit, self.now),
            now=self.now,
            authenticate=Authenticate(self.sessions, self.accounts, self.now),
            staff=self.staff,
            two_step_roles=self.two_step_roles,
            origin=self.origin,
            https=self.https,
        )
        return app

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
    """What a reader sees: no tags, single spaces."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.text)))
