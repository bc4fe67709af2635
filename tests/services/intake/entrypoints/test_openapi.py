"""What docs/openapi.json promises, held by calls that schemathesis makes up from it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.intake.app import create_web_app
from tests.services.intake.browser import browser
from tests.services.intake.fakes import Scene


@asynccontextmanager
async def _ready(app: FastAPI) -> AsyncIterator[None]:
    app.state.dependencies = Scene().dependencies
    yield


app = create_web_app(_ready, public_url="http://intake.test", more_hosts={"testserver", "localhost"})
schema = schemathesis.openapi.from_asgi("/openapi.json", app)


@schema.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_call_ends_as_the_document_says(case: schemathesis.Case[Any]) -> None:
    # Which answers a form needs follows from its own conditions, which no JSON schema of ours repeats.
    case.call_and_validate(excluded_checks=[positive_data_acceptance])


@pytest.mark.anyio
async def test_the_example_in_the_document_is_accepted() -> None:
    async with browser(Scene()) as client:
        document = (await client.get("/openapi.json")).json()
        post = document["paths"]["/api/v1/requests"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        example = {name: one["examples"][0] for name, one in post["properties"].items()}

        assert (await client.post("/api/v1/requests", json=example)).status_code == 202
