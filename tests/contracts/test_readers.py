"""Readers ignore what is not for them: an event type that joins a topic must not stop its earlier readers."""

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from faststream.kafka import KafkaBroker, TestKafkaBroker

from tests.shared.runtime.fakes import a_consumer

pytestmark = pytest.mark.anyio

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("service", "name"),
    [
        pytest.param("rating", "mitsumori.request.resume_link_asked.v1", id="rating: there is nothing to price yet"),
        pytest.param("rating", "mitsumori.request.colleague_asked.v1", id="rating: nor when a colleague is asked"),
        pytest.param("rating", "mitsumori.request.colleague_answered.v1", id="rating: nor when they have answered"),
        pytest.param("rating", "mitsumori.form.counted.v1", id="rating: a count of visits"),
        pytest.param("notify", "mitsumori.form.counted.v1", id="notify: a count of visits"),
        pytest.param("dashboard", "mitsumori.request.resume_link_asked.v1", id="dashboard: there is no case yet"),
        pytest.param("dashboard", "mitsumori.request.colleague_asked.v1", id="dashboard: nor for a colleague"),
        pytest.param("dashboard", "mitsumori.request.colleague_answered.v1", id="dashboard: nor with their answers"),
        pytest.param("dashboard", "mitsumori.letter.sent.v1.resume", id="dashboard: nor a letter of one"),
        pytest.param("dashboard", "mitsumori.letter.sent.v1.colleague-asked", id="dashboard: nor to a colleague"),
        pytest.param("dashboard", "mitsumori.letter.sent.v1.colleague-answered", id="dashboard: nor to who asked"),
        pytest.param("dashboard", "mitsumori.letter.sent.v1.invitation", id="dashboard: a letter to staff"),
    ],
)
async def test_a_reader_ignores_what_belongs_to_no_request(service: str, name: str) -> None:
    record = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    subscribe, worked_on = importlib.import_module(f"services.{service}.entrypoints.consumer").subscribe, []

    async def work_on(fact: Any) -> None:  # noqa: ANN401  # whatever the service works on
        worked_on.append(fact)

    broker = KafkaBroker()
    subscribe(a_consumer(broker), *(work_on for _ in list(inspect.signature(subscribe).parameters)[1:]))
    async with TestKafkaBroker(broker):
        body = json.dumps(record["body"]).encode()
        await broker.publish(body, record["topic"], key=record["key"].encode(), headers=record["headers"])

    assert worked_on == []
