"""An agency's office for the tests: the dashboard's pages on ports in memory, a clock to move, and a browser."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from services.dashboard.entrypoints.web.desk import Desk
from services.dashboard.entrypoints.web.pages import furnish
from services.dashboard.usecases.log_in import LogIn, LogOut, Recognise
from services.dashboard.usecases.release import ReleaseQuote
from services.dashboard.usecases.show import ListCases, ShowCase
from tests.services.dashboard.builders import BY_DESK, NOON, OPENER, PRODUCT
from tests.services.dashboard.fakes import (
    InMemoryAccounts,
    InMemoryAudit,
    InMemoryCases,
    InMemoryDecisions,
    InMemorySessions,
    InMemoryTries,
    PlainPasswords,
)

ORIGIN: Final = "http://desk.example.jp"
PASSWORD: Final = "correct-horse-battery"
OURS: Final = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Office:
    """`desk` may log in. Nobody has yet."""

    cases: InMemoryCases = field(default_factory=InMemoryCases)
    accounts: InMemoryAccounts = field(default_factory=lambda: InMemoryAccounts({"desk": f"plain:{PASSWORD}"}))
    passwords: PlainPasswords = field(default_factory=PlainPasswords)
    sessions: InMemorySessions = field(default_factory=InMemorySessions)
    tries: InMemoryTries = field(default_factory=InMemoryTries)
    audit: InMemoryAudit = field(default_factory=InMemoryAudit)
    time: datetime = NOON + timedelta(minutes=10)
    https: bool = False

    def now(self) -> datetime:
        return self.time

    def app(self) -> FastAPI:
        products = {product.slug: product for product in (PRODUCT, BY_DESK)}
        app = FastAPI()
        furnish(app, ORIGIN)
        app.state.desk = Desk(
            products=products,
            list_cases=ListCases(self.cases, OPENER),
            show_case=ShowCase(self.cases, OPENER, self.audit, self.now),
            release=ReleaseQuote(products, self.cases, InMemoryDecisions(self.cases), self.audit, self.now),
            log_in=LogIn(self.accounts, self.passwords, self.sessions, self.tries, self.audit, self.now),
            log_out=LogOut(self.sessions, self.audit, self.now),
            recognise=Recognise(self.sessions, self.now),
            https=self.https,
        )
        return app

    @asynccontextmanager
    async def browser(self, *, logged_in: bool = True) -> AsyncIterator[AsyncClient]:
        transport = ASGITransport(self.app(), raise_app_exceptions=False)
        base = ORIGIN.replace("http:", "https:") if self.https else ORIGIN
        async with AsyncClient(transport=transport, base_url=base) as browser:
            if logged_in:
                await log_in(browser)
            yield browser


async def log_in(browser: AsyncClient, name: str = "desk", password: str = PASSWORD, page: str = "/") -> Response:
    return await browser.post("/login", data={"name": name, "password": password, "next": page}, headers=OURS)


def text(response: Response) -> str:
    """What a reader sees: no tags, single spaces."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.text)))
