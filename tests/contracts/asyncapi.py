"""The published language as an AsyncAPI 3 document: every topic, every event, and what its parcels hold."""

import ast
import inspect
import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import Any, Final, cast

from pydantic.json_schema import models_json_schema

from services.registry import SERVICES
from shared.events import (
    PUBLISHED,
    TOPICS,
    Event,
    base,
    desk,
    letters,
    link_parcels,
    parcels,
    quotes,
    requests,
    staff_mails,
    tariffs,
)
from shared.events.envelope import SIGNATURE
from shared.events.parcels import CONTENTS
from shared.runtime.signatures import SIGNERS

GOLDEN: Final = Path(__file__).parent / "golden"
PARCELS: Final = GOLDEN / "parcels"

WRITERS: Final = {topic: service.name for service in SERVICES for topic in service.writes}
"""Each topic has one writer."""
READERS: Final = {topic: [service.name for service in SERVICES if topic in service.reads] for topic in TOPICS}
ENCRYPTED: Final = "x-encrypted-for"
"""Marks a schema that no topic shows: the list of readers who can decrypt it."""

_SCHEMAS: Final = "#/components/schemas/"

Json = dict[str, Any]


def asyncapi() -> Json:
    """The whole document."""
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
            "schemas": _schemas(),
        },
    }


def _short(topic: str) -> str:
    return topic.removeprefix("mitsumori.").removesuffix(".v1")


def _events_on(topic: str) -> list[str]:
    return [event.__name__ for event in PUBLISHED if event.topic == topic]


def _channel(topic: str) -> Json:
    return {
        "address": topic,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _events_on(topic)},
        "bindings": {"kafka": {"topic": topic, "bindingVersion": "0.5.0"}},
    }


def _operations() -> Iterator[tuple[str, Json]]:
    for topic in TOPICS:
        channel = f"#/channels/{_short(topic)}"
        messages = [{"$ref": f"{channel}/messages/{name}"} for name in _events_on(topic)]
        shared = {"channel": {"$ref": channel}, "messages": messages}
        yield f"{WRITERS[topic]}-says-{_short(topic)}", {"action": "send", **shared}
        for service in READERS[topic]:
            group = {"kafka": {"groupId": {"type": "string", "enum": [service]}, "bindingVersion": "0.5.0"}}
            yield f"{service}-hears-{_short(topic)}", {"action": "receive", **shared, "bindings": group}


def _message(event: type[Event]) -> Json:
    return {
        "name": event.type,
        "title": event.__name__,
        "summary": (event.__doc__ or "").partition("\n")[0],
        "contentType": "application/json",
        "headers": _headers(event),
        "payload": {"$ref": f"{_SCHEMAS}{event.__name__}"},
        "bindings": {
            "kafka": {"key": {"type": "string", "description": "the request's id"}, "bindingVersion": "0.5.0"}
        },
        "examples": list(_examples(event)),
    }


def _headers(event: type[Event]) -> Json:
    text = {"type": "string"}
    required = ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "content-type"]
    signature = {}
    if signer := SIGNERS.get(event.topic):
        signature[SIGNATURE] = text | {
            "pattern": f"^{signer}-[0-9]+:[A-Za-z0-9+/]{{86}}==$",
            "description": f"`<key id>:<base64>`, {signer}'s Ed25519 signature, made when the record is published. "
            "Readers set aside what it does not fit. What is signed: docs/adr/0015-who-is-who.md",
        }
    return {
        "type": "object",
        "required": [*required, *signature],
        "properties": {
            "ce_specversion": {"const": "1.0"},
            "ce_id": text | {"format": "uuid", "description": "the same for a repetition of the same fact"},
            "ce_type": {"const": event.type},
            "ce_source": {"const": f"/mitsumori/{WRITERS[event.topic]}"},
            "ce_subject": text | {"description": "the request's id"},
            "ce_time": text | {"format": "date-time", "description": "when the fact became true"},
            "content-type": {"const": "application/json"},
            **signature,
            "traceparent": text | {"description": "W3C trace context of the work that made the fact"},
        },
    }


def _examples(event: type[Event]) -> Iterator[Json]:
    for path in sorted(GOLDEN.glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["headers"]["ce_type"] == event.type:
            yield {"name": path.stem, "headers": record["headers"], "payload": record["body"]}


def _schemas() -> Json:
    """One schema a model: those of the events, and those of the contents of parcels, which are marked as encrypted."""
    contents = {content for by_reader in CONTENTS.values() for content in by_reader.values()}
    models = [*PUBLISHED, *sorted(contents, key=lambda content: content.__name__)]
    _, definitions = models_json_schema([(model, "validation") for model in models], ref_template=_SCHEMAS + "{model}")
    schemas: Json = definitions["$defs"]
    for model in _classes():
        if model.__name__ in schemas:
            _describe_fields(schemas[model.__name__]["properties"], model)
    for event, by_reader in CONTENTS.items():
        parcels = schemas[event.__name__]["properties"]["parcels"]
        inside = ", ".join(f"`{reader}`: {content.__name__}" for reader, content in by_reader.items())
        parcels["description"] = f"Encrypted, one parcel a reader. What each holds once it is opened: {inside}."
        for reader, content in by_reader.items():
            for name in reached(schemas, [content.__name__]):
                readers = schemas[name].setdefault(ENCRYPTED, [])
                readers += [reader] if reader not in readers else []
            schemas[content.__name__].setdefault("examples", []).extend(_opened(event, reader))
        parcels["x-parcel-contents"] = {
            reader: {"$ref": f"{_SCHEMAS}{content.__name__}"} for reader, content in by_reader.items()
        }
    return schemas


def _classes() -> Iterator[type]:
    """Models and dataclasses of the published language."""
    for module in (base, desk, letters, link_parcels, parcels, quotes, requests, staff_mails, tariffs):
        own = (each for each in vars(module).values() if isinstance(each, type))
        yield from (each for each in own if each.__module__ == module.__name__)


def _describe_fields(properties: Json, model: type) -> None:
    """Say of each field what stands below it in the source. The keys stay in pydantic's order, by the alphabet."""
    for owner in (each for each in model.__mro__ if each.__module__.startswith("shared.events")):
        statements = cast("ast.ClassDef", ast.parse(dedent(inspect.getsource(owner))).body[0]).body
        for field, below in pairwise(statements):
            match field, below:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    described = properties[name] | {"description": inspect.cleandoc(text)}
                    properties[name] = dict(sorted(described.items()))


def _opened(event: type[Event], reader: str) -> Iterator[Json]:
    for path in sorted(PARCELS.glob(f"{event.type}.{reader}*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def reached(schemas: Json, names: Iterable[str]) -> set[str]:
    """The schemas of these *names*, and all that they refer to."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [reference.removeprefix(_SCHEMAS) for reference in references(schemas[name])]
    return found


def references(value: object) -> Iterator[str]:
    """Every `$ref` in a piece of JSON."""
    match value:
        case dict():
            yield from (inner for key, inner in value.items() if key == "$ref")
            for inner in value.values():
                yield from references(inner)
        case list():
            for inner in value:
                yield from references(inner)
