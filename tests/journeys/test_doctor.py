"""The doctor beside a system that runs: all is well, whoever asks; and what breaks in it is named."""

import json
import re
import resource
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from services.registry import SERVICES
from tests.cli.builders import mitsumori
from tests.journeys.conftest import a_world
from tests.journeys.world import CANARIES, World, a_quote, until

OF_THIS_MACHINE = {"memory", "disk-data", "disk-mongo", "libraries"}


@pytest.fixture(scope="module")
def own_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Of its own: other journeys leave dead letters and keys behind."""
    with a_world(tmp_path_factory.mktemp("doctor")) as found:
        request = found.submit(a_quote())
        found.ends(request, "quoted", {"receipt", "quote", "desk"})
        yield found


def checks(world: World, folder: str = "", **settings: str) -> tuple[Mapping[str, Any], int]:
    """By its name, of the system and not of this machine."""
    ended = mitsumori("doctor", "--json", "--data", folder or str(world.folder), **settings)
    assert ended.stdout, ended.stderr
    assert not [word for word in CANARIES if word in ended.stdout]
    found = {one["check"]: one for one in json.loads(ended.stdout)["checks"]}
    return {name: one for name, one in found.items() if name not in OF_THIS_MACHINE}, ended.returncode


def test_a_bundle_for_support_has_what_is_needed_and_nothing_personal(own_world: World, tmp_path: Path) -> None:
    path = tmp_path / "bundle.tar.gz"

    ended = mitsumori("support-bundle", path, "--data", own_world.folder)

    with tarfile.open(path) as bundle:
        files = {name: file.read().decode() for name in bundle.getnames() if (file := bundle.extractfile(name))}
    assert ended.returncode == 0, ended.stderr
    assert set(files) == {"version.txt", "doctor.json", "status.json", "dead-letters.json"} | {
        f"logs/{one.name}.log" for one in SERVICES
    }
    passwords = re.findall(r"//[^:/@]+:([^@]+)@", own_world.system.mongo)
    assert passwords
    assert [(name, word) for name, text in files.items() for word in (*CANARIES, *passwords) if word in text] == []


def with_state(found: Mapping[str, Any], *states: str) -> dict[str, str]:
    return {name: one["says"] for name, one in found.items() if one["state"] in states}


def test_beside_a_system_that_works_nothing_is_found_within_ten_seconds(own_world: World) -> None:
    """Of work: the machine may have other work too. What it waits for has limits (tests/local/doctor)."""
    began = resource.getrusage(resource.RUSAGE_CHILDREN)

    found, code = checks(own_world)

    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    took_s = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
    assert with_state(found, "warning", "wrong") == {}
    # Its mails stay on this machine, its pages have no TLS, and nobody has said where its backups are.
    assert set(with_state(found, "not-looked-at")) == {"mail", "certificates", "backup-age"}
    assert code == 0
    assert took_s < 10


@pytest.mark.parametrize("service", [str(one.name) for one in SERVICES])
def test_a_service_in_its_container_sees_its_own_and_finds_nothing(own_world: World, service: str) -> None:
    """It may not ask for what is an operator's, which is no finding. That a mongod is old is one."""
    settings = own_world.system.services[service].settings()

    found, code = checks(own_world, str(own_world.folder / "nowhere"), **settings)

    assert set(with_state(found, "warning", "wrong")) <= {"mongo-version"}
    assert code == 0
    seen = with_state(found, "ok")
    assert {"settings-load", "keys-there", "mongo-primary", "kafka-topics", "outbox-age", "kafka-lag"} <= set(seen)
    assert {"mongo-oplog", "kafka-retention"} <= set(with_state(found, "not-looked-at"))


def test_an_index_that_was_removed_and_a_service_that_has_ended_are_found(own_world: World) -> None:
    quotes = "mitsumori_rating", "quotes"
    with own_world.mongo() as client:
        client[quotes[0]][quotes[1]].drop_index("quote_id")
    notify = own_world.system.services["notify"]
    notify.child.stop()

    found, code = checks(own_world)

    own_world.system.restart("notify")
    notify.wait_until_ready()
    with own_world.mongo() as client:
        client[quotes[0]][quotes[1]].create_index({"quote_id": 1}, name="quote_id", unique=True)
    assert code == 1
    assert set(with_state(found, "warning", "wrong")) == {"mongo-indexes", "processes", "kafka-readers"}
    assert "quote_id" in found["mongo-indexes"]["says"]
    assert "mitsumori logs notify" in found["processes"]["repair"]
    until(lambda: checks(own_world)[1] == 0)
