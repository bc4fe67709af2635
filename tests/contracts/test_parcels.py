"""What parcels hold is as published as an event: a golden file is never changed or removed, and writers keep to it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import BaseModel

from shared.events import PUBLISHED, read
from shared.events.parcels import CONTENTS
from tests.contracts.asyncapi import GOLDEN, PARCELS

PAIRS: Final = {(event.type, reader) for event, by_reader in CONTENTS.items() for reader in by_reader}
MODELS: Final = sorted({model for by_reader in CONTENTS.values() for model in by_reader.values()}, key=repr)
EVERY_CONTENT: Final = [pytest.param(path, id=path.stem) for path in sorted(PARCELS.glob("*.json"))]


def content_in(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def pair_of(path: Path) -> tuple[str, str]:
    """`<event>.<reader>[.<what is special about it>]`."""
    return next((event, reader) for event, reader in PAIRS if f"{path.stem}.".startswith(f"{event}.{reader}."))


def model_of(path: Path) -> type[BaseModel]:
    event_type, reader = pair_of(path)
    (event,) = (event for event in PUBLISHED if event.type == event_type)
    return CONTENTS[event][reader]


@pytest.mark.parametrize("path", EVERY_CONTENT)
def test_a_parcel_still_holds_the_same(path: Path) -> None:
    content = content_in(path)

    opened = model_of(path).model_validate(content)

    assert opened.model_dump(mode="json", exclude_unset=True) == content


@pytest.mark.parametrize("path", EVERY_CONTENT)
def test_a_reader_ignores_what_a_later_writer_adds_to_a_parcel(path: Path) -> None:
    content, model = content_in(path), model_of(path)

    assert model.model_validate(content | {"later": {"than": ["now"]}}) == model.model_validate(content)


def test_every_parcel_of_every_event_has_a_model_and_no_model_is_without_a_parcel() -> None:
    """A parcel without a model would be a contract that is written down nowhere."""
    sealed = set()
    for path in GOLDEN.glob("*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        event = read(record["topic"], record["headers"], json.dumps(record["body"]).encode())
        sealed |= {(event.type, reader) for reader in getattr(event, "parcels", {})}

    assert sealed == PAIRS


def test_every_model_has_a_golden_file() -> None:
    assert {pair_of(path) for path in PARCELS.iterdir()} == PAIRS


@pytest.mark.parametrize("model", MODELS)
def test_the_golden_files_show_every_field(model: type[BaseModel]) -> None:
    """A field that joins a model joins a golden file too, or nobody notices when it goes."""
    opened = [model.model_validate(content_in(path)) for path in PARCELS.iterdir() if model_of(path) is model]

    assert {field for content in opened for field in fields_set(content)} == set(fields_of(model))


def fields_set(value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # any part of a content
    match value:
        case BaseModel():
            for name in value.model_fields_set:
                yield type(value).__name__, name
                yield from fields_set(getattr(value, name))
        case tuple():
            for inner in value:
                yield from fields_set(inner)


def fields_of(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    for name, schema in _definitions(model).items():
        yield from ((name, field) for field in schema["properties"])


def _definitions(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    definitions: dict[str, Any] = schema.pop("$defs", {})
    return {**definitions, model.__name__: schema}
