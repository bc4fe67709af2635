"""When the topics are lost, all events are published again: no restart may lose a request."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from local.children import CannotStart, free_port
from local.components import BrokerChoice
from local.data_folder import DataFolder
from local.intake_client import IntakeClient
from local.ports import Ports
from local.republish import republish_events
from local.scenarios import SCENARIOS
from local.system import System
from services.registry import SERVICES
from shared.events import QUOTES, TARIFFS
from tests.journeys.world import until


@contextmanager
def up(folder: Path, choice: BrokerChoice) -> Iterator[System]:
    system = System(DataFolder(folder), Ports.free(), choice, lambda _line: None)
    try:
        system.start()
        yield system
    finally:
        system.stop()


def publish_a_request_that_nobody_prices(system: System) -> None:
    """It is on its topic, and rating dies before it reads it."""
    system.services["rating"].child.kill()
    send_a_request_for_a_quote(system)
    with MongoClient[dict[str, Any]](system.mongo) as client:
        until(lambda: client["mitsumori_intake"]["requests"].count_documents({"relay.state": "sent"}) == 1)


def send_a_request_for_a_quote(system: System) -> None:
    with closing(IntakeClient(system.form_url)) as customers:
        customers.send(
            1, next(story for story in SCENARIOS if story.name.startswith("quote")), customers.consent_version()
        )


def has_published_a_quote(system: System) -> bool:
    with MongoClient[dict[str, Any]](system.mongo) as client:
        return client["mitsumori_rating"]["quotes"].count_documents({"relay.state": "sent"}) == 1


def is_priced(system: System) -> bool:
    with MongoClient[dict[str, Any]](system.mongo) as client:
        return client["mitsumori_rating"]["quotes"].count_documents({}) == 1


def test_only_what_was_published_is_published_again_and_no_place_of_before_is_kept(mongo_uri: str) -> None:
    """New topics begin at zero: with its place of before, an event would seem to be lost."""
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        outboxes = [client[service.database][name] for service in SERVICES for name in service.outboxes]
        for outbox in outboxes:
            outbox.drop()
            outbox.insert_many({"_id": state, "relay": {"state": state, "tries": 1}} for state in ("sent", "parked"))
            placed = {"tries": 1, "partition": 3, "offset": 7}
            outbox.insert_many(
                {"_id": f"{state} at 7", "relay": {"state": state, **placed}} for state in ("sent", "pending", "parked")
            )

        republish_events(mongo_uri)

        found = [{one["_id"]: one["relay"] for one in outbox.find()} for outbox in outboxes]
        for outbox in outboxes:
            outbox.drop()
    waits = {name: {"state": "pending", "tries": 1} for name in ("sent", "sent at 7", "pending at 7")}
    parked = {"state": "parked", "tries": 1}
    expected = {**waits, "parked": parked, "parked at 7": parked}
    assert found == [expected] * len(outboxes)


def test_what_no_topic_has_any_more_is_left_as_it_is_but_for_its_place(mongo_uri: str) -> None:
    """What is kept for good is published again however old it is."""
    old, new = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        events = client["mitsumori_rating"]["tariffs"]
        events.drop()
        placed = {"state": "sent", "partition": 3, "offset": 7}
        events.insert_many(
            {"_id": f"{name} of {topic}", "relay": {**placed, "time": time, "topic": topic}}
            for name, time in (("old", old), ("new", new))
            for topic in (QUOTES, TARIFFS)
        )

        republish_events(mongo_uri, since=new)

        found = {one["_id"]: (one["relay"]["state"], one["relay"].get("offset")) for one in events.find()}
        events.drop()
    assert found == {
        f"old of {QUOTES}": ("sent", None),
        f"old of {TARIFFS}": ("pending", None),
        f"new of {QUOTES}": ("pending", None),
        f"new of {TARIFFS}": ("pending", None),
    }


def test_a_ledger_that_is_away_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.republish._TIMEOUT_MS", 50)

    with pytest.raises(CannotStart, match="ServerSelectionTimeoutError"):
        republish_events(f"mongodb://127.0.0.1:{free_port()}/")


@pytest.mark.parametrize("choice", ["embedded", "kafka"])
def test_a_request_survives_a_restart_that_loses_the_topics(tmp_path: Path, choice: BrokerChoice) -> None:
    with up(tmp_path, choice) as system:
        publish_a_request_that_nobody_prices(system)
    shutil.rmtree(tmp_path / "kafka", ignore_errors=True)

    with up(tmp_path, choice) as system:
        until(lambda: is_priced(system))


def test_a_quote_of_the_version_before_signatures_still_becomes_a_letter(tmp_path: Path) -> None:
    """It was on its topic, unread, when the update came. Readers refuse that record; the ledger has it to sign."""
    with up(tmp_path, "kafka") as system:
        system.services["notify"].child.kill()
        send_a_request_for_a_quote(system)
        until(lambda: has_published_a_quote(system))
    for path in (tmp_path / "keys").glob("*/*"):
        if path.suffix in {".sign", ".verify"}:
            path.unlink()

    with up(tmp_path, "kafka") as system, MongoClient[dict[str, Any]](system.mongo) as client:
        until(lambda: client["mitsumori_notify"]["letters"].count_documents({"kind": "quote"}) == 1)


def test_a_request_survives_the_death_of_the_broker_in_memory(tmp_path: Path) -> None:
    with up(tmp_path, "embedded") as system:
        publish_a_request_that_nobody_prices(system)
        system.broker.child.kill()

        system.restart("embedded")

        until(lambda: is_priced(system))
