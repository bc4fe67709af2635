"""What docs/openapi-dashboard.json promises, held by calls that schemathesis makes up from it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.dashboard.domain.token import Scope
from services.dashboard.entrypoints.web.rendering import render_problem
from services.dashboard.entrypoints.web.routes import add_routes
from shared.web.app import new_app
from tests.services.dashboard.builders import a_whole_story
from tests.services.dashboard.fakes import ORIGIN, InMemoryDashboard

DASHBOARD: Final = InMemoryDashboard()


@asynccontextmanager
async def _ready(app: FastAPI) -> AsyncIterator[None]:
    app.state.dependencies = DASHBOARD.app().state.dependencies
    yield


async def _prepare() -> dict[str, str]:
    for fact in a_whole_story():
        await DASHBOARD.cases.add(fact)
    return await DASHBOARD.token(*Scope)


TOKEN: Final = asyncio.run(_prepare())
app = new_app("dashboard", "見積デスク API", _ready, render=render_problem, openapi_url="/openapi.json")
add_routes(app, ORIGIN, {"testserver", "localhost"})
schema = schemathesis.openapi.from_asgi("/openapi.json", app)


@schema.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_call_ends_as_the_document_says(case: schemathesis.Case[Any]) -> None:
    # Each in a minute of its own: no token asks too often.
    DASHBOARD.time += timedelta(minutes=1)

    # A moment must lie between 2000 and 2199, and a cursor be one of ours: no JSON schema of ours says so.
    case.call_and_validate(headers=TOKEN, excluded_checks=[positive_data_acceptance])
