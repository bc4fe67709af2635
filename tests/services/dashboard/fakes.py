"""The dashboard's ports in memory, held to the same specs as Mongo's, and the whole dashboard on them.

They are values that a test looks into afterwards.
"""

import html
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any, Final

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from services.dashboard.domain.case import BrokenCase, Case, case_of
from services.dashboard.domain.facts import Decided, Fact, fact_id
from services.dashboard.domain.listing import DESCENDING, Selection, sort_value
from services.dashboard.domain.summary import CaseSummary
from services.dashboard.domain.visitor import Visitor
from services.dashboard.entrypoints.web.dependencies import Dependencies
from services.dashboard.entrypoints.web.rendering import render_problem
from services.dashboard.entrypoints.web.routes import add_routes
from services.dashboard.ports import Account, Act, Added, Cases, Failure, Summaries, Window
from services.dashboard.usecases.list_cases import ListCases
from services.dashboard.usecases.log_in import Authenticate, LogIn, LogOut
from services.dashboard.usecases.open_case import OpenCase
from services.dashboard.usecases.record_fact import RecordFact
from services.dashboard.usecases.release import ReleaseQuote, ReleaseRequest
from services.dashboard.usecases.summarise import SummariseCases, SummariseTogether
from services.dashboard.usecases.work_on_case import WorkOnCase
from shared.errors import Unavailable
from shared.events import RequestReceived
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


@dataclass
class InMemoryAccounts:
    hashes: dict[str, str] = field(default_factory=dict)
    disabled: dict[str, datetime] = field(default_factory=dict)

    async def add(self, name: str, password_hash: str, at: datetime) -> bool:  # noqa: ARG002  # only Mongo stores when
        new = name not in self.hashes
        self.hashes.setdefault(name, password_hash)
        return new

    async def set_password(self, name: str, password_hash: str, at: datetime) -> None:  # noqa: ARG002  # only Mongo stores when
        self.hashes[name] = password_hash
        self.disabled.pop(name, None)

    async def password_hash(self, name: str) -> str | None:
        return None if name in self.disabled else self.hashes.get(name)

    async def all(self) -> Sequence[Account]:
        return [Account(name=name, since=NOON, disabled_at=self.disabled.get(name)) for name in sorted(self.hashes)]

    async def disable(self, name: str, at: datetime) -> None:
        self.disabled[name] = at

    async def remove(self, name: str) -> None:
        self.hashes.pop(name, None)


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

    async def begin(self, digest: str, account: str, at: datetime, until: datetime) -> None:
        self.begun[digest] = (account, until)
        self.used[digest] = at

    async def account(self, digest: str, now: datetime, unused_since: datetime) -> str | None:
        account, until = self.begun.get(digest, (None, now))
        if now >= until or self.used[digest] < unused_since:
            return None
        self.used[digest] = now
        return account

    async def end(self, digest: str) -> None:
        self.begun.pop(digest, None)

    async def end_all(self, account: str) -> None:
        self.begun = {digest: session for digest, session in self.begun.items() if session[0] != account}


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
class InMemorySetAside:
    count: int = 0

    async def count_open(self) -> int:
        return self.count


@dataclass
class InMemoryAudit:
    acts: list[tuple[Act, str, str | None]] = field(default_factory=list)
    seen: list[tuple[str, Sequence[str]]] = field(default_factory=list)
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
    ) -> None:
        if self.away:
            raise Unavailable("mongo")
        self.acts.append((act, account, request_id))
        if seen:
            self.seen.append((account, seen))


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
    time: datetime = NOON + timedelta(minutes=10)
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

    def app(self) -> FastAPI:
        products = {product.slug: product for product in (self.product, BY_DESK)}
        cases = self.stored or self.cases
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
                now=self.now,
            ),
            release_request=ReleaseRequest(cases=cases, decisions=self.decisions, audit=self.audit, now=self.now),
            work=WorkOnCase(
                cases=cases,
                summaries=SummariesOf(cases=cases),
                accounts=self.accounts,
                decisions=self.decisions,
                sealer=SEALER,
                audit=self.audit,
                summarise=SummariseTogether(
                    SummariseCases(cases=cases, summaries=InMemorySummaries(), due=lambda _case: None)
                ),
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
                audit=self.audit,
                now=self.now,
            ),
            log_out=LogOut(self.sessions, self.audit, self.now),
            authenticate=Authenticate(self.sessions, self.now),
            now=self.now,
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


async def log_in(browser: AsyncClient, name: str = "desk", password: str = PASSWORD, page: str = "/") -> Response:
    return await browser.post("/login", data={"name": name, "password": password, "next": page}, headers=FROM_OWN_PAGE)


def text(response: Response) -> str:
    """What a reader sees: no tags, single spaces."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.text)))
