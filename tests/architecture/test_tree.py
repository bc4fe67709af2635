"""What import contracts (.importlinter) cannot see: where files lie and what they are called."""

from pathlib import Path

import pytest

from tests.architecture.repository import PACKAGES, ROOT, SERVICES, imports_of, tracked_files

CONTENT = {"__init__.py", "app.py", "settings.py", "ports.py", "domain", "usecases", "entrypoints", "adapters"}
MORE_CONTENT = {"dashboard": {"ports", "composition"}}
"""It has many times the ports and use cases of others: a folder of ports, and one that puts use cases together."""
LONGEST = 250
"""Lines of a source file; a longer one does a second thing."""
SUPPORT_FILES = {"__init__.py", "conftest.py", "fakes.py", "builders.py", "specs.py"}
OTHER_SUPPORT_FILES = {
    "tests/certificates.py",
    "tests/hostile_texts.py",
    "tests/plain_http.py",
    "tests/printed.py",
    "tests/served.py",
    "tests/architecture/repository.py",
    "tests/contracts/asyncapi.py",
    "tests/contracts/documents.py",
    "tests/contracts/kept_backup.py",
    "tests/contracts/setting_notes.py",
    "tests/contracts/settings_page.py",
    "tests/local/backup/backups.py",
    "tests/local/doctor/faults_of_servers.py",
    "tests/local/doctor/faults_of_settings.py",
    "tests/local/doctor/faults_of_setup.py",
    "tests/local/another_user.py",
    "tests/local/scripted_smtp_server.py",
    "tests/local/secure_kafka.py",
    "tests/local/smtp_sink.py",
    "tests/pricing/actuary/mutations.py",
    "tests/security/costs.py",
    "tests/security/expensive.py",
    "tests/security/standing_still.py",
    "tests/services/intake/wanderer.py",
    "tests/services/dashboard/entrypoints/streams.py",
    "tests/services/dashboard/oidc_server.py",
    "tests/services/dashboard/receiver.py",
    "tests/services/dashboard/adapters/take_back_child.py",
    "tests/services/intake/browser.py",
    "tests/services/notify/dns_server.py",
    "tests/services/notify/receiver.py",
}
"""Programs and parts of a system: more than support for the tests of one folder."""
WITH_THEIR_OWN_NAMES = {"desk", "form", "journeys", "judges"}
"""Folders whose tests have a small library of their own: a browser, judges of its pages, a server, a whole system."""
NOT_A_NAME = {"base_service", "common", "helpers", "impl", "manager", "misc", "utils"}


def python_files() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".py"]


def test_every_file_is_named_for_what_it_does() -> None:
    """Nobody knows what to expect in a file called `utils`, so everything ends up there."""
    nameless = [
        path for path in tracked_files() if NOT_A_NAME & {part.split(".")[0] for part in path.relative_to(ROOT).parts}
    ]

    assert nameless == []


def test_only_adapters_of_a_service_use_its_database() -> None:
    users = [
        path
        for path in python_files()
        if path.is_relative_to(ROOT / "services")
        and path.parent.name != "adapters"
        and {"pymongo", "bson", "gridfs"} & {name.split(".")[0] for name in imports_of(path)}
    ]

    assert users == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_folders_and_no_others(service: str) -> None:
    """Learning one service is learning four."""
    folder = ROOT / "services" / service

    assert {path.relative_to(folder).parts[0] for path in tracked_files() if path.is_relative_to(folder)} == (
        CONTENT - {"ports.py"} | MORE_CONTENT[service] if service in MORE_CONTENT else CONTENT
    )


def test_no_source_file_is_too_long() -> None:
    sources = [path for path in python_files() if path.relative_to(ROOT).parts[0] in {*PACKAGES, "bench"}]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in sources}

    assert {name: length for name, length in lengths.items() if length >= LONGEST} == {}


def test_imports_stand_at_the_top_of_a_file() -> None:
    """The command line too, which is quick to show its help because `cli/lazy.py` imports a whole file when needed."""
    rule = "PLC" + "0415"
    hiding = [str(path.relative_to(ROOT)) for path in python_files() if rule in path.read_text(encoding="utf-8")]

    assert hiding == []


def test_support_of_tests_has_the_same_names_everywhere() -> None:
    tests = ROOT / "tests"
    support = [
        path.relative_to(ROOT)
        for path in python_files()
        if path.is_relative_to(tests) and not path.name.startswith("test_") and path.name not in SUPPORT_FILES
    ]

    others = {str(path) for path in support if path.parts[1] not in WITH_THEIR_OWN_NAMES}
    assert others <= OTHER_SUPPORT_FILES, others - OTHER_SUPPORT_FILES


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_tests_under_its_own_name(service: str) -> None:
    assert list((ROOT / "tests" / "services" / service).rglob("test_*.py"))
