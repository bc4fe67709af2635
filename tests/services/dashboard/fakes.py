"""The dashboard's ports in memory, held to the same specs as Mongo's, and the whole dashboard on them.

They are values that a test looks into afterwards.
"""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from services.dashboard.domain.case import Case, State, case_of
from services.dashboard.domain.facts import Fact, fact_id
from services.dashboard.entrypoints.web.dependencies import Dependencies
from services.dashboard.entrypoints.web.rendering import render_problem
from services.dashboard.entrypoints.web.routes import add_routes
from services.dashboard.ports import Act, Page
from services.dashboard.usecases.list_cases import ListCases
from services.dashboard.usecases.log_in import Authenticate, LogIn, LogOut
from services.dashboard.usecases.open_case import OpenCase
from services.dashboard.usecases.release import ReleaseQuote
from shared.errors import Unavailable
from shared.events import QuoteReleased
from shared.web.app import new_app
from tests.services.dashboard.builders import BY_DESK, NOON, OPENER, PRODUCT

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

    async def find(self, request_id: str) -> Case | None:
        if self.away:
            raise Unavailable("mongo")
        return case_of(fact for fact in self.facts.values() if fact.request_id == request_id)

    async def page(self, state: State | None, skip: int, limit: int, *, suspicious: bool = False) -> Page:
        cases = [case for fact in self.facts for case in [await self.find(fact)] if case]
        cases.sort(key=lambda case: (case.request.accepted_at, case.request.request_id), reverse=True)
        wanted = [case for case in cases if state in (None, case.state) and (case.request.suspicions or not suspicious)]
        return Page(tuple(wanted[skip : skip + limit]), len(wanted))


@dataclass
class InMemoryDecisions:
    cases: InMemoryCases

    async def add(self, decision: QuoteReleased) -> bool:
        return await self.cases.add(decision)


@dataclass
class InMemoryAccounts:
    hashes: dict[str, str] = field(default_factory=dict)

    async def add(self, name: str, password_hash: str, at: datetime) -> bool:  # noqa: ARG002  # only Mongo stores when
        new = name not in self.hashes
        self.hashes.setdefault(name, password_hash)
        return new

    async def set_password(self, name: str, password_hash: str, at: datetime) -> None:  # noqa: ARG002  # only Mongo stores when
        self.hashes[name] = password_hash

    async def password_hash(self, name: str) -> str | None:
        return self.hashes.get(name)


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

    async def begin(self, digest: str, account: str, at: datetime, until: datetime) -> None:  # noqa: ARG002  # only Mongo stores when
        self.begun[digest] = (account, until)

    async def account(self, digest: str, now: datetime) -> str | None:
        account, until = self.begun.get(digest, (None, now))
        return account if now < until else None

    async def end(self, digest: str) -> None:
        self.begun.pop(digest, None)

    async def end_all(self, account: str) -> None:
        self.begun = {digest: session for digest, session in self.begun.items() if session[0] != account}


@dataclass
class InMemoryTries:
    tries: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _ids: "count[int]" = field(default_factory=count)

    async def count(self, account: str, at: datetime, since: datetime) -> tuple[str, tuple[datetime, ...]]:
        others = tuple(moment for name, moment in self.tries.values() if name == account and moment > since)
        this = str(next(self._ids))
        self.tries[this] = (account, at)
        return this, others

    async def uncount(self, try_id: str) -> None:
        self.tries.pop(try_id, None)

    async def clear(self, account: str) -> None:
        self.tries = {key: made for key, made in self.tries.items() if made[0] != account}


@dataclass
class InMemoryAudit:
    acts: list[tuple[Act, str | None, str | None]] = field(default_factory=list)

    async def record(self, act: Act, at: datetime, account: str | None, request_id: str | None = None) -> None:  # noqa: ARG002  # only Mongo stores when
        self.acts.append((act, account, request_id))


@asynccontextmanager
async def _not_started(_app: FastAPI) -> AsyncIterator[None]:
    yield


@dataclass
class InMemoryDashboard:
    """The pages on ports in memory, with a clock to move and a browser. `desk` may log in. Nobody has yet."""

    cases: InMemoryCases = field(default_factory=InMemoryCases)
    accounts: InMemoryAccounts = field(default_factory=lambda: InMemoryAccounts({"desk": f"plain:{PASSWORD}"}))
    passwords: PlainPasswords = field(default_factory=PlainPasswords)
    sessions: InMemorySessions = field(default_factory=InMemorySessions)
    tries: InMemoryTries = field(default_factory=InMemoryTries)
    audit: InMemoryAudit = field(default_factory=InMemoryAudit)
    time: datetime = NOON + timedelta(minutes=10)
    https: bool = False

    @property
    def origin(self) -> str:
        return ORIGIN.replace("http:", "https:") if self.https else ORIGIN

    def now(self) -> datetime:
        return self.time

    def app(self) -> FastAPI:
        products = {product.slug: product for product in (PRODUCT, BY_DESK)}
        app = new_app("dashboard", "見積デスク", _not_started, render=render_problem)
        add_routes(app, self.origin)
        app.state.dependencies = Dependencies(
            products=products,
            list_cases=ListCases(self.cases, OPENER),
            open_case=OpenCase(cases=self.cases, opener=OPENER, audit=self.audit, now=self.now),
            release=ReleaseQuote(
                products=products,
                cases=self.cases,
                decisions=InMemoryDecisions(self.cases),
                audit=self.audit,
                now=self.now,
            ),
            log_in=LogIn(
                accounts=self.accounts,
                passwords=self.passwords,
                sessions=self.sessions,
                tries=self.tries,
                audit=self.audit,
                now=self.now,
            ),
            log_out=LogOut(self.sessions, self.audit, self.now),
            authenticate=Authenticate(self.sessions, self.now),
            https=self.https,
        )
        return app

    @asynccontextmanager
    async def browser(self, *, logged_in: bool = True) -> AsyncIterator[AsyncClient]:
        transport = ASGITransport(self.app(), raise_app_exceptions=False)
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
