"""Every web app of the system, in memory, for attacks that must fail on each of them in the same way."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from httpx import ASGITransport, AsyncClient
from starlette.types import ASGIApp

from local.mailbox import create_app as mailbox_app
from local.maildir import Maildir
from services.intake.app import create_web_app
from tests.services.dashboard.fakes import ORIGIN, InMemoryDashboard
from tests.services.intake.browser import no_lifespan
from tests.services.intake.fakes import Scene

FORM: Final = "http://form.example.jp"
MAILBOX: Final = "http://127.0.0.1:8082"


def form() -> ASGIApp:
    app = create_web_app(no_lifespan, public_url=FORM)
    app.state.dependencies = Scene(public_url=FORM).dependencies
    return app


def dashboard() -> ASGIApp:
    return InMemoryDashboard().app()


def mailbox() -> ASGIApp:
    return mailbox_app(Maildir(Path("/nowhere")), 0)


SITES: Final[dict[str, tuple[Callable[[], ASGIApp], str, str]]] = {
    "form": (form, FORM, "/cyber-security/"),
    "dashboard": (dashboard, ORIGIN, "/login"),
    "mailbox": (mailbox, MAILBOX, "/"),
}
"""How each is made, where it is opened, and a page of it."""


@asynccontextmanager
async def visitor(site: str) -> AsyncIterator[AsyncClient]:
    """A client that opens the site as it is meant to be opened."""
    make, url, _ = SITES[site]
    async with AsyncClient(transport=ASGITransport(make()), base_url=url) as client:
        yield client
