"""The contracts as documents that other tools read: AsyncAPI 3 of the events, OpenAPI of both APIs; and the settings.

All are derived from the code; `make docs` writes them into docs/, and a test fails when they have fallen behind.
"""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI

from services.dashboard.entrypoints.web.routes import add_routes
from services.intake.app import create_web_app
from shared.web.app import new_app
from tests.contracts.asyncapi import asyncapi
from tests.contracts.settings_page import settings_page

ROOT: Final = Path(__file__).parents[2]

Json = dict[str, Any]


def openapi() -> Json:
    """What programs may ask of intake. Pages are for people and stay out."""
    document: Json = create_web_app(_never_started, public_url="http://127.0.0.1:8000").openapi()
    return document


def openapi_dashboard() -> Json:
    """What programs of the agency may ask of the desk. It is another server than the form, for other people."""
    app = new_app("dashboard", "見積デスク API", _never_started)
    add_routes(app, "http://127.0.0.1:8081")
    document: Json = app.openapi()
    return document


@asynccontextmanager
async def _never_started(_app: FastAPI) -> AsyncIterator[None]:
    yield


DOCUMENTS: Final[dict[str, Callable[[], Json]]] = {
    "asyncapi.json": asyncapi,
    "openapi.json": openapi,
    "openapi-dashboard.json": openapi_dashboard,
}
PAGES: Final[dict[str, Callable[[], str]]] = {"operating/settings.md": settings_page}
"""For people."""


def main() -> None:
    """Write them all anew."""
    for name, page in PAGES.items():
        (ROOT / "docs" / name).write_text(page(), encoding="utf-8")
    for name, document in DOCUMENTS.items():
        text = json.dumps(document(), ensure_ascii=False, indent=2)
        (ROOT / "docs" / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
