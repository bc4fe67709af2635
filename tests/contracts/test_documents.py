"""The documents say what the code does; these tests notice when they have fallen behind."""

import importlib
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from faststream.kafka import KafkaBroker
from faststream.kafka.subscriber.usecase import LogicSubscriber

from shared.events import PUBLISHED, TOPICS
from tests.contracts.documents import DOCUMENTS, GOLDEN, HEARS, ROOT, SERVICES, SPEAKS, asyncapi


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_up_to_date(name: str) -> None:
    """Red? `make docs`, and read the difference: it is what other programs will notice."""
    written = json.loads((ROOT / "docs" / name).read_text(encoding="utf-8"))

    assert written == DOCUMENTS[name]()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_reference_leads_somewhere(name: str) -> None:
    document = DOCUMENTS[name]()

    for reference in references(document):
        place = document
        for step in reference.removeprefix("#/").split("/"):
            assert step in place, reference
            place = place[step]


def references(value: Any) -> Iterator[str]:  # noqa: ANN401  # any JSON
    match value:
        case dict():
            yield from (inner for key, inner in value.items() if key == "$ref")
            for inner in value.values():
                yield from references(inner)
        case list():
            for inner in value:
                yield from references(inner)


def test_the_event_document_is_complete() -> None:
    document = asyncapi()
    messages = document["components"]["messages"]

    assert {channel["address"] for channel in document["channels"].values()} == set(TOPICS)
    assert {message["name"] for message in messages.values()} == {event.type for event in PUBLISHED}
    assert all(message["examples"] and message["summary"] for message in messages.values())


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_hears_the_topics_that_the_document_says(service: str) -> None:
    subscribe = importlib.import_module(f"services.{service}.entrypoints.consumer").subscribe
    broker = KafkaBroker()
    subscribe(broker, *(None for _ in list(inspect.signature(subscribe).parameters)[1:]))

    listeners = [subscriber for subscriber in broker.subscribers if isinstance(subscriber, LogicSubscriber)]

    assert {name for listener in listeners for name in listener.topic_names} == {
        topic for topic, readers in HEARS.items() if service in readers
    }
    assert {listener.group_id for listener in listeners} == {service}


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_each_topic_has_one_writer(path: Path) -> None:
    record = json.loads(path.read_text(encoding="utf-8"))

    assert record["headers"]["ce_source"] == f"/mitsumori/{SPEAKS[record['topic']]}"


def test_no_event_has_a_place_for_a_name_or_an_answer() -> None:
    """Topics cannot forget: what is personal goes into parcels (docs/adr/0003-parcels.md)."""
    personal = {
        "address",
        "answers",
        "building",
        "company",
        "contact",
        "email",
        "name",
        "person",
        "phone",
        "postal_code",
        "url",
    }

    places = {name for schema in asyncapi()["components"]["schemas"].values() for name in schema.get("properties", {})}

    assert personal & places == set()
