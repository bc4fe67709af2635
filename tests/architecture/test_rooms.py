"""What import contracts (.importlinter) cannot see: where files lie and what they are called."""

from pathlib import Path

import pytest

from tests.architecture.repository import ROOT, SERVICES, imports_of, tracked_files

NOT_A_NAME = {"base_service", "common", "helpers", "impl", "manager", "misc", "utils"}
MOTORS_HOME = Path("shared/runtime/adapters/mongo.py")


def python_files() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".py"]


def test_every_file_is_named_for_what_it_does() -> None:
    """A file called `utils` has no reader who knows what to expect in it, so everything ends up there."""
    nameless = [
        path for path in tracked_files() if NOT_A_NAME & {part.split(".")[0] for part in path.relative_to(ROOT).parts}
    ]

    assert nameless == []


def test_motor_lives_behind_one_door() -> None:
    """Motor is past its end of life: leaving it must stay a change of one file (docs/adr/0006-motor.md)."""
    users = [path for path in python_files() if any(name.split(".")[0] == "motor" for name in imports_of(path))]

    assert [path.relative_to(ROOT) for path in users] == [MOTORS_HOME]


def test_only_adapters_of_a_service_speak_to_its_database() -> None:
    users = [
        path
        for path in python_files()
        if path.is_relative_to(ROOT / "services")
        and path.parent.name != "adapters"
        and {"pymongo", "bson", "gridfs"} & {name.split(".")[0] for name in imports_of(path)}
    ]

    assert users == []


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("room", ["app.py", "settings.py", "ports.py", "domain", "usecases", "entrypoints", "adapters"])
def test_every_service_has_the_same_rooms(service: str, room: str) -> None:
    """Learning one service is learning four."""
    assert (ROOT / "services" / service / room).exists()


def test_there_are_no_other_services() -> None:
    folders = {path.parent.name for path in (ROOT / "services").glob("*/__init__.py")}

    assert folders == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_tests_under_its_own_name(service: str) -> None:
    assert list((ROOT / "tests" / "services" / service).rglob("test_*.py"))
