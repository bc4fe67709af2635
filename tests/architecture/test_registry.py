"""The registry of services agrees with their code, which does not read it."""

import importlib
import inspect
from configparser import ConfigParser
from pathlib import Path

import pytest
from faststream.kafka import KafkaBroker
from faststream.kafka.subscriber.usecase import LogicSubscriber

from local.keys import ensure_keys
from services.registry import SERVICES, Service, ServiceName
from shared.events import TOPICS
from tests.architecture.repository import ROOT, imports_of, tracked_files
from tests.shared.runtime.fakes import a_consumer

each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


def test_every_service_is_registered_under_its_own_name() -> None:
    folders = {path.parent.name for path in (ROOT / "services").glob("*/__init__.py")}

    assert folders == set(ServiceName)
    assert [service.name for service in SERVICES] == list(ServiceName)


@pytest.mark.parametrize(
    ("contract", "option", "left_out"),
    [("services", "modules", None), ("folders", "containers", None), ("prices", "source_modules", ServiceName.rating)],
)
def test_import_contracts_hold_every_service(contract: str, option: str, left_out: ServiceName | None) -> None:
    """A service that they do not list may import what it likes, and nothing says so."""
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")

    listed = contracts[f"importlinter:contract:{contract}"][option].split()

    assert listed == [f"services.{name}" for name in ServiceName if name != left_out]


def test_every_topic_has_one_writer() -> None:
    assert sorted(topic for service in SERVICES for topic in service.writes) == sorted(TOPICS)


@each_service
def test_a_service_reads_the_topics_that_the_registry_says(service: Service) -> None:
    subscribe = importlib.import_module(f"services.{service.name}.entrypoints.consumer").subscribe
    broker = KafkaBroker()
    subscribe(
        a_consumer(broker, service=service.name), *(None for _ in list(inspect.signature(subscribe).parameters)[1:])
    )

    readers = [subscriber for subscriber in broker.subscribers if isinstance(subscriber, LogicSubscriber)]

    assert {topic for reader in readers for topic in reader.topic_names} == set(service.reads)
    assert {reader.group_id for reader in readers} == {service.name}


@each_service
def test_a_service_starts_with_the_keys_that_the_registry_gives_it(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_keys(tmp_path / "keys")
    configure(service, tmp_path / "keys", monkeypatch)

    assert start(service)


@pytest.mark.parametrize(
    ("service", "key"),
    [
        pytest.param(service, key, id=f"{service.name} without {key}")
        for service in SERVICES
        for key in (
            *([f"{service.opens}-1.key"] if service.opens else []),
            *(f"{reader}-1.pub" for reader in service.seals_for),
            *(f"{writer}-1.verify" for writer in service.trusts),
            *([f"{service.name}-1.sign"] if service.signs else []),
        )
    ],
)
def test_a_service_does_not_start_without_a_key_that_it_needs(
    service: Service, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_keys(tmp_path / "keys")
    (tmp_path / "keys" / service.name / key).unlink()
    configure(service, tmp_path / "keys", monkeypatch)

    with pytest.raises(FileNotFoundError, match=key.partition("-")[0]):
        start(service)


def configure(service: Service, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {
        "MITSUMORI_MONGO": "mongodb://localhost/?replicaSet=rs0",
        "MITSUMORI_KAFKA": "localhost:9092",
        "MITSUMORI_KEYS": str(keys / service.name),
        "MITSUMORI_SMTP": "smtp://localhost",
        "MITSUMORI_MAIL_FROM": "quote-desk@agency.example",
        "MITSUMORI_DESK_EMAIL": "desk@agency.example",
        "MITSUMORI_DASHBOARD_URL": "http://localhost:8081",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def start(service: Service) -> object:
    """Build the app: keys and products are read, but nothing is connected yet."""
    settings = importlib.import_module(f"services.{service.name}.settings").Settings()
    return importlib.import_module(service.module).create_app(settings)


def test_services_do_not_read_the_registry() -> None:
    readers = [
        path
        for path in tracked_files()
        if path.suffix == ".py"
        and path.is_relative_to(ROOT / "services")
        and "services.registry" in set(imports_of(path))
    ]

    assert readers == []
