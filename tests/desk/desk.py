"""The dashboard on a port, with all that it keeps in memory: each stop puts it into the state that it is about."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import httpx
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from local.children import LOOPBACK
from services.dashboard.domain.facts import Fact, fact_id
from services.dashboard.domain.roles import Role
from tests.plain_http import a_client
from tests.served import served
from tests.services.dashboard.fakes import FROM_OWN_PAGE, PASSWORD, InMemoryDashboard

BLANK: Final = "/blank"
"""A page of the desk's own that shows nothing, asks for nothing and may send forms."""
_BLANK: Final = HTMLResponse("<!doctype html><html lang=ja><link rel=icon href=data:,><title>空</title>")


@dataclass
class Desk:
    """What the port answers with. `cookies`: of who is logged in."""

    url: str
    dashboard: InMemoryDashboard = field(init=False)
    cookies: dict[str, str] = field(default_factory=dict)
    _app: ASGIApp = field(init=False)

    def __post_init__(self) -> None:
        self.begin()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (_BLANK if scope["path"] == BLANK else self._app)(scope, receive, send)

    def begin(self) -> None:
        """Nothing has happened yet; `desk` is an admin."""
        self.serve(InMemoryDashboard(address=self.url))

    def serve(self, dashboard: InMemoryDashboard) -> None:
        """From now on the port answers for *dashboard*, where nobody is logged in."""
        self.dashboard, self._app, self.cookies = dashboard, dashboard.app(), {}

    def know(self, *facts: Fact) -> None:
        """The dashboard has heard of *facts*."""
        self.dashboard.cases.facts.update({fact_id(fact): fact for fact in facts})

    def has_staff(self, **roles: Role) -> None:
        """These accounts, all with the same password."""
        for name, role in roles.items():
            self.dashboard.accounts.hashes[name] = f"plain:{PASSWORD}"
            self.dashboard.accounts.roles[name] = role

    def log_in(self, name: str = "desk") -> None:
        """As *name*; the browser of `cookies` has a session."""
        with a_client(self.url, headers=FROM_OWN_PAGE) as browser:
            answer = browser.post("/login", data={"name": name, "password": PASSWORD})
            assert answer.status_code == httpx.codes.SEE_OTHER, (name, answer.status_code)
            self.cookies = dict(browser.cookies.items())

    @property
    def now(self) -> datetime:
        """By the dashboard's clock."""
        return self.dashboard.time


@contextmanager
def a_desk() -> Iterator[Desk]:
    """A dashboard on a port of its own."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        desk = Desk(f"http://localhost:{listener.getsockname()[1]}")
        with served(desk, listener):
            try:
                yield desk
            finally:
                desk.dashboard.is_stopping = True
