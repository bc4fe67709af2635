"""The contracts as documents that other tools read: AsyncAPI 3 of the events, OpenAPI of the form's API.

Both are derived from the code; `make docs` writes them into docs/, and a test fails when they have fallen behind.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from services.intake.app import with_doors
from shared.events import DESK, LETTERS, PUBLISHED, QUOTES, REQUESTS, TOPICS, Event

ROOT: Final = Path(__file__).parents[2]
GOLDEN: Final = Path(__file__).parent / "golden"
SERVICES: Final = ("intake", "rating", "notify", "dashboard")

SPEAKS: Final = {REQUESTS: "intake", QUOTES: "rating", LETTERS: "notify", DESK: "dashboard"}
"""Each topic has one writer."""
HEARS: Final = {
    REQUESTS: ("rating", "notify", "dashboard"),
    QUOTES: ("intake", "notify", "dashboard"),
    LETTERS: ("intake", "dashboard"),
    DESK: ("rating", "notify", "dashboard"),
}

Json = dict[str, Any]


def asyncapi() -> Json:
    """The published language, whole: every topic, every event, who says it and who listens."""
    _, schemas = models_json_schema(
        [(event, "validation") for event in PUBLISHED], ref_template="#/components/schemas/{model}"
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Mitsumori: what the services say to each other",
            "version": "1.0.0",
            "description": "CloudEvents 1.0 in Kafka's binary mode. Within .v1 fields are only added; readers ignore "
            "what they do not know. Delivery is at least once: `ce_id` makes a repetition recognisable. Names, "
            "addresses and disclosure answers travel only inside parcels (docs/adr/0003-parcels.md).",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_short(topic): _channel(topic) for topic in TOPICS},
        "operations": dict(_operations()),
        "components": {
            "messages": {event.__name__: _message(event) for event in PUBLISHED},
            "schemas": schemas["$defs"],
        },
    }


def _short(topic: str) -> str:
    return topic.removeprefix("mitsumori.").removesuffix(".v1")


def _said_on(topic: str) -> list[str]:
    return [event.__name__ for event in PUBLISHED if event.topic == topic]


def _channel(topic: str) -> Json:
    return {
        "address": topic,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _said_on(topic)},
        "bindings": {"kafka": {"topic": topic, "bindingVersion": "0.5.0"}},
    }


def _operations() -> Iterator[tuple[str, Json]]:
    for topic in TOPICS:
        channel = f"#/channels/{_short(topic)}"
        messages = [{"$ref": f"{channel}/messages/{name}"} for name in _said_on(topic)]
        shared = {"channel": {"$ref": channel}, "messages": messages}
        yield f"{SPEAKS[topic]}-says-{_short(topic)}", {"action": "send", **shared}
        for service in HEARS[topic]:
            group = {"kafka": {"groupId": {"type": "string", "enum": [service]}, "bindingVersion": "0.5.0"}}
            yield f"{service}-hears-{_short(topic)}", {"action": "receive", **shared, "bindings": group}


def _message(event: type[Event]) -> Json:
    return {
        "name": event.type,
        "title": event.__name__,
        "summary": (event.__doc__ or "").partition("\n")[0],
        "contentType": "application/json",
        "headers": _headers(event),
        "payload": {"$ref": f"#/components/schemas/{event.__name__}"},
        "bindings": {
            "kafka": {"key": {"type": "string", "description": "the request's id"}, "bindingVersion": "0.5.0"}
        },
        "examples": list(_examples(event)),
    }


def _headers(event: type[Event]) -> Json:
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "content-type"],
        "properties": {
            "ce_specversion": {"const": "1.0"},
            "ce_id": text | {"format": "uuid", "description": "the same for a repetition of the same fact"},
            "ce_type": {"const": event.type},
            "ce_source": {"const": f"/mitsumori/{SPEAKS[event.topic]}"},
            "ce_subject": text | {"description": "the request's id"},
            "ce_time": text | {"format": "date-time", "description": "when the fact became true"},
            "content-type": {"const": "application/json"},
            "traceparent": text | {"description": "W3C trace context of the work that made the fact"},
        },
    }


def _examples(event: type[Event]) -> Iterator[Json]:
    for path in sorted(GOLDEN.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["headers"]["ce_type"] == event.type:
            yield {"name": path.stem, "headers": record["headers"], "payload": record["body"]}


def openapi() -> Json:
    """What programs may ask of intake. Pages are for people and stay out."""
    document: Json = with_doors(_never_started).openapi()
    return document


@asynccontextmanager
async def _never_started(_app: FastAPI) -> AsyncIterator[None]:
    yield


DOCUMENTS: Final[dict[str, Callable[[], Json]]] = {"asyncapi.json": asyncapi, "openapi.json": openapi}


def main() -> None:
    """Write them all anew."""
    for name, document in DOCUMENTS.items():
        text = json.dumps(document(), ensure_ascii=False, indent=2)
        (ROOT / "docs" / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
