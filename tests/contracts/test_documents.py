"""The documents say what the code does; these tests notice when they have fallen behind."""

import json
from pathlib import Path

import pytest
from pydantic.json_schema import models_json_schema

from shared.events import PUBLISHED, TOPICS
from shared.events.parcels import CONTENTS, Contact
from tests.contracts.asyncapi import ENCRYPTED, GOLDEN, WRITERS, asyncapi, references
from tests.contracts.documents import DOCUMENTS, ROOT


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


def test_the_event_document_is_complete() -> None:
    document = asyncapi()
    messages = document["components"]["messages"]

    assert {channel["address"] for channel in document["channels"].values()} == set(TOPICS)
    assert {message["name"] for message in messages.values()} == {event.type for event in PUBLISHED}
    assert all(message["examples"] and message["summary"] for message in messages.values())


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_each_topic_has_one_writer(path: Path) -> None:
    record = json.loads(path.read_text(encoding="utf-8"))

    assert record["headers"]["ce_source"] == f"/mitsumori/{WRITERS[record['topic']]}"


def test_the_event_document_says_what_each_parcel_holds() -> None:
    schemas = asyncapi()["components"]["schemas"]

    for event, by_reader in CONTENTS.items():
        parcels = schemas[event.__name__]["properties"]["parcels"]
        assert parcels["x-parcel-contents"].keys() == by_reader.keys()
        for reader, content in by_reader.items():
            assert f"`{reader}`: {content.__name__}" in parcels["description"]
            assert reader in schemas[content.__name__][ENCRYPTED]
            assert schemas[content.__name__]["examples"]


def test_no_event_has_a_place_for_a_name_or_an_answer() -> None:
    """Topics cannot forget: what is personal goes into parcels (docs/adr/0003-parcels.md)."""
    personal = {*Contact.model_fields, "answers", "contact", "name", "url"}
    schemas = asyncapi()["components"]["schemas"]

    in_the_open = {name for name, schema in schemas.items() if ENCRYPTED not in schema}
    places = {name for schema in in_the_open for name in schemas[schema].get("properties", {})}

    assert personal & places == set()


def test_what_is_marked_as_encrypted_is_part_of_no_event() -> None:
    """The mark excuses a schema from the rule above, so it must be true."""
    _, in_the_open = models_json_schema([(event, "validation") for event in PUBLISHED])

    encrypted = {name for name, schema in asyncapi()["components"]["schemas"].items() if ENCRYPTED in schema}

    assert encrypted & in_the_open["$defs"].keys() == set()
