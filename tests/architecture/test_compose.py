"""docker-compose.yml is held to the code: settings, ports, keys, topics, limits and versions.

No Docker engine runs here, so what these tests promise is agreement. deploy/lab/try starts it.
"""

import importlib
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import typer
from pydantic_settings import BaseSettings

from cli.lazy import LazyCommand
from cli.main import app
from local.access_files import FOLDERS, write_access_files
from local.keys import KINDS, ensure_keys
from local.mongo_access import OPERATOR
from local.replica_set import REPLICA_SET
from local.system import STOP_SERVICE_S
from services import registry
from services.notify.entrypoints.worker import KEPT_S, SHUTDOWN_S
from shared.runtime.leaving import MOST_S as LEAVING_S
from shared.runtime.process import STOP_S
from shared.runtime.servers import ANSWERS_S
from shared.runtime.settings import RuntimeSettings, load
from tests.architecture.repository import ROOT, SERVICES, compose, dockerfile

COMPOSE = compose()
PARTS: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: part for name, part in PARTS.items() if part["image"] == "mitsumori"}
IMAGE = dockerfile()["image"]
IMAGE_SETTINGS = dict(re.findall(r"(MITSUMORI_[A-Z_]+)=(\S+)", IMAGE))

MONGO, KAFKA = "mongo:27017", "kafka:9092"

DECLARED = {
    "mongo": {"/data/db", "/data/configdb"},
    "kafka": {"/var/lib/kafka/data", "/mnt/shared/config", "/etc/kafka/secrets"},
}
"""What the public images declare as volumes. Each that a container does not name becomes one without a name."""


def settings_of(service: str) -> type[RuntimeSettings]:
    found: type[RuntimeSettings] = importlib.import_module(f"services.{service}.settings").Settings
    return found


def given_to(part: str) -> set[str]:
    """By its environment, or as a file in the folder that it has its keys from."""
    environment = {name for name in OURS[part].get("environment", {}) if name.startswith("MITSUMORI_")}
    return environment | {"MITSUMORI_MONGO", "MITSUMORI_KAFKA"}


def variables_of(settings: type[BaseSettings], *, required: bool) -> set[str]:
    fields = settings.model_fields.items()
    return {f"MITSUMORI_{name.upper()}" for name, field in fields if field.is_required() or not required}


def test_the_four_services_and_three_one_shots_are_one_image() -> None:
    assert set(OURS) == {*SERVICES, "topics", "users", "keys"}
    assert {name: part["command"] for name, part in OURS.items() if name in SERVICES} == {
        name: ["serve", name] for name in SERVICES
    }


@pytest.mark.parametrize("file", ["docker-compose.yml", "compose.prod.yml"])
def test_a_service_ends_by_itself_before_it_is_killed(file: str) -> None:
    """Two notify that stopped while Kafka dealt out their partitions took up to 27 seconds."""
    patience = {part["stop_grace_period"] for name, part in compose(file=file)["services"].items() if name in SERVICES}

    assert patience == {f"{STOP_SERVICE_S}s"}
    assert LEAVING_S + ANSWERS_S + STOP_S < STOP_SERVICE_S
    assert SHUTDOWN_S + KEPT_S + STOP_S < STOP_SERVICE_S


def test_the_image_is_built_once() -> None:
    """Builds of one tag run side by side, and the last one wins."""
    built = {name: part["build"] for name, part in PARTS.items() if "build" in part}

    assert built == {"keys": {"context": ".", "dockerfile": "deploy/Dockerfile"}}


def test_nobody_asks_a_registry_for_our_image() -> None:
    """The first start began with an error for each container, and who read them stopped there."""
    assert {name for name, part in PARTS.items() if part.get("pull_policy") == "never"} == set(OURS)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_given_only_settings_that_it_has(service: str) -> None:
    """A misspelt variable would be ignored, and the default would be used without a word."""
    known = variables_of(settings_of(service), required=False)

    assert given_to(service) | set(IMAGE_SETTINGS) <= known


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_given_every_setting_that_it_must_have(service: str) -> None:
    needed = variables_of(settings_of(service), required=True)

    assert needed <= given_to(service) | set(IMAGE_SETTINGS)


@pytest.mark.parametrize("service", SERVICES)
def test_the_settings_of_a_service_are_valid(service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_access_files(tmp_path, MONGO, KAFKA)
    keys = {"MITSUMORI_KEYS": str(tmp_path / service)}  # The image's own folder is not on this machine.
    for name, value in {**IMAGE_SETTINGS, **OURS[service].get("environment", {}), **keys}.items():
        monkeypatch.setenv(name, value)

    settings = load(settings_of(service))

    assert settings.model_fields_set >= {"mongo", "kafka", "keys", "host", "port"}


def understood(words: list[str]) -> dict[str, Any]:
    """What the command line makes of *words*; it refuses what it does not know."""
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        command, words = command.commands[words[0]], words[1:]
        command = command.load() if isinstance(command, LazyCommand) else command
    found: dict[str, Any] = command.make_context("mitsumori", words).params
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_the_command_line_knows_how_to_serve_each_service(service: str) -> None:
    assert understood(OURS[service]["command"]) == {"service": service}


def test_the_topics_one_shot_also_grants_access_as_the_operator() -> None:
    assert understood(OURS["topics"]["command"])["grant"] is True
    assert OURS["topics"]["volumes"] == OURS["users"]["volumes"] == [f"access-{OPERATOR}:/keys:ro"]
    assert understood(OURS["users"]["command"]) == {"folder": Path("/keys"), "mongo": MONGO, "scram": False}
    assert f"User:{OPERATOR}" in PARTS["kafka"]["environment"]["KAFKA_SUPER_USERS"].split(";")


def test_the_keys_one_shot_makes_the_keys_of_every_service_once(tmp_path: Path) -> None:
    """A second `up` must not add new keys, and one after an update must add what the version before did not know."""
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    keys, access = (words.split()[1:] for words in OURS["keys"]["command"][0].split(" && "))

    made = ensure_keys(tmp_path)

    assert understood(keys) == {"folder": Path("/keys"), "missing": True}
    assert understood(access) == {"folder": Path("/keys"), "mongo": MONGO, "kafka": KAFKA, "tls": False}
    assert {folder.name for folder in tmp_path.iterdir()} == set(FOLDERS)
    assert {path.suffix for path in (tmp_path / "intake").iterdir()} == {".pub", ".verify"}
    assert len(made) == len(KINDS)
    assert ensure_keys(tmp_path) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_has_come_to_need_a_key_is_handed_it_at_the_next_up(service: str, tmp_path: Path) -> None:
    """Volumes live longer than versions. The one before knew nothing of the public keys that this one hands out."""
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    ensure_keys(tmp_path)
    write_access_files(tmp_path, MONGO, KAFKA)
    whole = contents(tmp_path)
    for public in [*tmp_path.glob(f"{service}/*.pub"), *tmp_path.glob(f"{service}/*.verify")]:
        public.unlink()

    ensure_keys(tmp_path)
    write_access_files(tmp_path, MONGO, KAFKA)

    assert contents(tmp_path) == whole


def contents(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_finds_only_its_own_user_beside_its_keys(service: str, tmp_path: Path) -> None:
    """Who breaks into intake finds in its container no password but intake's."""
    write_access_files(tmp_path, MONGO, KAFKA)
    first = {path.name: path.read_text("ascii") for path in (tmp_path / service).iterdir()}

    write_access_files(tmp_path, MONGO, KAFKA)

    assert {path.name: path.read_text("ascii") for path in (tmp_path / service).iterdir()} == first
    assert first["mitsumori_mongo"].startswith(f"mongodb://{service}:")
    assert first["mitsumori_kafka"].startswith(f"sasl://{service}:")
    passwords = json.loads((tmp_path / OPERATOR / "passwords.json").read_text("ascii"))
    told = {name for name, password in passwords.items() if any(password in text for text in first.values())}
    assert told == {service}
    assert set(OURS[service]["volumes"][0].split(":")[:1]) == {f"keys-{service}"}


def test_nobody_reaches_the_broker_or_the_database_as_nobody() -> None:
    broker = PARTS["kafka"]["environment"]

    assert broker["KAFKA_LISTENERS"] == "SERVICES://:9092,CONTROLLER://localhost:9093"
    assert broker["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].startswith("SERVICES:SASL_PLAINTEXT,")
    assert broker["KAFKA_AUTHORIZER_CLASS_NAME"].endswith("StandardAuthorizer")
    assert "--keyFile" in PARTS["mongo"]["command"][0]


def test_a_container_is_in_the_networks_that_it_needs() -> None:
    """Mails leave from notify alone, and neither database nor broker can be reached from where the public comes in."""
    networks = {name: set(part.get("networks", [])) for name, part in PARTS.items()}

    assert {name for name, among in networks.items() if "mail" in among} == {"notify", "mailpit"}
    assert {name for name, among in networks.items() if "front" in among} == {"intake", "dashboard"}
    assert networks["mongo"] == networks["kafka"] == networks["rating"] == {"data"}
    assert COMPOSE["networks"]["data"] == {"internal": True}
    assert {name for name, among in networks.items() if not among} == {"keys"}
    assert PARTS["keys"]["network_mode"] == "none"


def test_only_notify_is_told_where_mails_are_sent() -> None:
    assert {name for name in SERVICES if "MITSUMORI_SMTP" in given_to(name)} == {"notify"}


def test_topics_are_made_on_purpose_only() -> None:
    """A topic made by accident has one partition and loses its order when it grows."""
    assert PARTS["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert all("topics" in OURS[service]["depends_on"] for service in SERVICES)


def test_the_broker_is_the_one_that_the_tests_run_on() -> None:
    pom = ET.parse(ROOT / "deploy" / "kafka" / "pom.xml")  # noqa: S314  # our own file
    space = {"pom": "http://maven.apache.org/POM/4.0.0"}
    artifacts = pom.findall(".//pom:dependency", space)
    versions = {
        found.findtext("pom:artifactId", "", space): found.findtext("pom:version", "", space) for found in artifacts
    }

    assert PARTS["kafka"]["image"] == f"apache/kafka:{versions['kafka_2.13']}"


def test_every_address_leads_to_a_part_of_the_same_file() -> None:
    assert f"SERVICES://{KAFKA}" in PARTS["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(",")
    assert MONGO.partition(":")[0] in PARTS
    assert OURS["notify"]["environment"]["MITSUMORI_SMTP"].startswith("smtp://mailpit:")


def test_the_broker_is_back_after_a_crash_as_soon_as_in_make_run() -> None:
    """With Kafka's own 9 seconds it was away for two minutes (local/kafka.py)."""
    properties = (ROOT / "local" / "kafka.py").read_text(encoding="utf-8")
    found = dict(re.findall(r"^((?:broker|log\.cleaner)\.[\w.]+)=(\d+)$", properties, re.MULTILINE))
    environment = PARTS["kafka"]["environment"]

    assert {name: str(environment.get(f"KAFKA_{name.replace('.', '_').upper()}")) for name in found} == found
    assert "broker.session.timeout.ms" in found


def test_a_one_shot_makes_the_database_the_replica_set_that_the_services_ask_for(tmp_path: Path) -> None:
    """Majority writes mean what they say only in a replica set (docs/adr/0005-embedded-mongod-and-brokers.md)."""
    words = PARTS["mongo"]["command"][0].split()
    write_access_files(tmp_path, MONGO, KAFKA)

    assert words[words.index("--replSet") + 1] == REPLICA_SET
    assert understood(OURS["users"]["command"])["mongo"] == MONGO
    for service in SERVICES:
        assert (tmp_path / service / "mitsumori_mongo").read_text("ascii").endswith(f"replicaSet={REPLICA_SET}")


def test_a_one_shot_starts_with_what_it_waits_for() -> None:
    """A health check looks at intervals, so that waiting for one makes the first start longer."""
    assert {name: OURS[name]["depends_on"] for name in ("topics", "users")} == {
        "topics": {
            "kafka": {"condition": "service_started"},
            "keys": {"condition": "service_completed_successfully"},
        },
        "users": {
            "mongo": {"condition": "service_started"},
            "keys": {"condition": "service_completed_successfully"},
        },
    }


def test_a_health_check_costs_next_to_nothing() -> None:
    """A mongosh every 3 seconds took a fifth of a core."""
    checks = {name: part["healthcheck"] for name, part in PARTS.items() if "healthcheck" in part}

    assert {name: check["test"] for name, check in checks.items()} == {
        "kafka": ["CMD", "bash", "-c", f"</dev/tcp/127.0.0.1/{KAFKA.partition(':')[2]}"],
        "mongo": ["CMD", "bash", "-c", f"</dev/tcp/127.0.0.1/{MONGO.partition(':')[2]}"],
    }
    assert {check["interval"] for check in checks.values()} == {"10s"}


@pytest.mark.parametrize("part", PARTS)
def test_a_container_cannot_take_the_whole_machine(part: str) -> None:
    """Its log, its memory and its processes have an end; /tmp is memory too."""
    limits = PARTS[part]

    assert limits["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}}
    assert limits["pids_limit"] <= 512
    assert 0 < megabytes(limits["mem_limit"]) <= 1536
    if part in OURS:
        (folder,) = limits["tmpfs"]
        size = re.fullmatch(r"/tmp:size=(\d+m),mode=1777", folder)  # noqa: S108  # the container's own
        assert size
        assert megabytes(size[1]) <= megabytes(limits["mem_limit"]) / 2


def test_the_database_and_the_broker_fit_in_their_memory() -> None:
    """Else mongod takes half of the machine's memory for its cache, and is killed when the container's ends."""
    words = PARTS["mongo"]["command"][0].split()
    heap = re.search(r"-Xmx(\d+m)", PARTS["kafka"]["environment"]["KAFKA_HEAP_OPTS"])

    assert float(words[words.index("--wiredTigerCacheSizeGB") + 1]) * 1024 <= megabytes(PARTS["mongo"]["mem_limit"]) / 2
    assert int(words[words.index("--oplogSize") + 1]) == 512
    assert int(words[words.index("--slowms") + 1]) >= 86_400_000, "its log would show whole letters"
    assert heap
    assert megabytes(heap[1]) <= megabytes(PARTS["kafka"]["mem_limit"]) / 2


def megabytes(size: str) -> int:
    return int(size[:-1]) * {"m": 1, "g": 1024}[size[-1]]


@pytest.mark.parametrize("part", DECLARED)
def test_down_leaves_no_volume_without_a_name_behind(part: str) -> None:
    named = {volume.split(":")[1] for volume in PARTS[part]["volumes"]}
    in_memory = {folder.partition(":")[0] for folder in PARTS[part]["tmpfs"]}

    assert DECLARED[part] <= named | in_memory


def test_the_mail_catcher_keeps_its_mails() -> None:
    database = PARTS["mailpit"]["environment"]["MP_DATABASE"]

    assert PARTS["mailpit"]["volumes"] == [f"mails:{Path(database).parent}"]


def test_the_proxies_that_say_who_visits_are_a_variable() -> None:
    """All visitors behind a proxy that is not trusted are limited as one, and the site is refused to all of them."""
    default = RuntimeSettings.model_fields["trusted_proxies"].default
    behind_a_proxy = compose(MITSUMORI_TRUSTED_PROXIES="172.18.0.1")["services"]

    for service in SERVICES:
        assert OURS[service]["environment"]["MITSUMORI_TRUSTED_PROXIES"] == default
        assert behind_a_proxy[service]["environment"]["MITSUMORI_TRUSTED_PROXIES"] == "172.18.0.1"


@pytest.mark.parametrize(
    ("variable", "part", "setting"),
    [
        ("MITSUMORI_PORT_FORM", "intake", "MITSUMORI_PUBLIC_URL"),
        ("MITSUMORI_PORT_DASHBOARD", "dashboard", "MITSUMORI_DASHBOARD_URL"),
        ("MITSUMORI_PORT_MAILS", "mailpit", None),
    ],
)
def test_a_port_is_a_variable_and_links_follow_it(variable: str, part: str, setting: str | None) -> None:
    elsewhere = compose(**{variable: "9999"})["services"]

    assert elsewhere[part]["ports"][0].startswith("127.0.0.1:9999:")
    for service in SERVICES:
        environment = elsewhere[service]["environment"]
        assert setting not in environment or environment[setting] == "http://localhost:9999"


def test_only_pages_are_published_and_only_to_this_machine() -> None:
    published = {name: port.split(":") for name, part in PARTS.items() for port in part.get("ports", [])}

    pages = {service.name for service in registry.SERVICES if service.has_pages}
    assert set(published) == {*pages, "mailpit"}
    assert {host for host, _, _ in published.values()} == {"127.0.0.1"}
    assert {published[name][2] for name in pages} == {IMAGE_SETTINGS["MITSUMORI_PORT"]}


def test_metrics_are_for_other_containers_only() -> None:
    """They were once on the port of the form, for everybody."""
    assert {OURS[service]["environment"]["MITSUMORI_OPS_HOST"] for service in SERVICES} == {
        IMAGE_SETTINGS["MITSUMORI_HOST"]
    }
    assert IMAGE_SETTINGS["MITSUMORI_OPS_PORT"] != IMAGE_SETTINGS["MITSUMORI_PORT"]
    assert "MITSUMORI_OPS_HOST" not in IMAGE_SETTINGS


@pytest.mark.parametrize(
    ("service", "setting"),
    [
        ("intake", "MITSUMORI_PUBLIC_URL"),
        ("dashboard", "MITSUMORI_DASHBOARD_URL"),
        ("notify", "MITSUMORI_DASHBOARD_URL"),
    ],
)
def test_a_public_address_is_the_published_one(service: str, setting: str) -> None:
    page = "intake" if setting == "MITSUMORI_PUBLIC_URL" else "dashboard"
    port = OURS[page]["ports"][0].split(":")[1]

    assert OURS[service]["environment"][setting] == f"http://localhost:{port}"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_holds_its_own_keys_and_cannot_change_them(service: str) -> None:
    """Above all intake: it seals what it must not be able to open (docs/adr/0003-parcels.md)."""
    assert OURS[service]["volumes"] == [f"keys-{service}:{IMAGE_SETTINGS['MITSUMORI_KEYS']}:ro"]
    assert f"keys-{service}:/keys/{service}" in OURS["keys"]["volumes"]


def test_every_volume_is_declared_and_used() -> None:
    used = {volume.split(":")[0] for part in PARTS.values() for volume in part.get("volumes", [])}

    assert used == set(COMPOSE["volumes"])


@pytest.mark.parametrize("part", [*SERVICES, "topics", "users", "keys"])
def test_our_containers_have_no_rights_and_write_nothing(part: str) -> None:
    assert OURS[part]["read_only"] is True
    assert OURS[part]["cap_drop"] == ["ALL"]
    assert "\nUSER mitsumori\n" in IMAGE


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_waits_for_what_it_needs(service: str) -> None:
    assert OURS[service]["depends_on"] == {
        "topics": {"condition": "service_completed_successfully"},
        "users": {"condition": "service_completed_successfully"},
        "keys": {"condition": "service_completed_successfully"},
    }


def test_a_one_shot_ends() -> None:
    assert {OURS[part]["restart"] for part in ("topics", "users", "keys")} == {"no"}
