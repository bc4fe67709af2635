"""docker-compose.yml and the image are held to the code: settings, ports, probes, keys, topics and versions.

No Docker engine runs here, so what these tests promise is agreement, not that it starts.
"""

import importlib
import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
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
from services import registry
from shared.runtime.settings import RuntimeSettings, load
from shared.web.app import new_app
from tests.architecture.repository import PACKAGES, ROOT, SERVICES, compose

COMPOSE = compose()
PARTS: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: part for name, part in PARTS.items() if part["image"] == "mitsumori"}
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
IMAGE_SETTINGS = dict(re.findall(r"(MITSUMORI_[A-Z_]+)=(\S+)", DOCKERFILE))

MONGO, KAFKA = "mongo:27017", "kafka:9092"


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


def test_the_image_is_built_once() -> None:
    """Builds of one tag run side by side, and the last one wins."""
    built = {name: part["build"] for name, part in PARTS.items() if "build" in part}

    assert built == {"keys": {"context": ".", "dockerfile": "deploy/Dockerfile"}}


def test_every_user_may_read_the_code() -> None:
    """Files keep the modes that they have in the clone, and its owner may keep them private."""
    package = DOCKERFILE.split("\nFROM ")[2]

    assert package.index("--prefix /package /app") < package.index("chmod -R a+rX /package")
    assert "COPY --from=package /package /venv" in DOCKERFILE


def test_the_image_is_given_every_package_and_nothing_that_is_kept_from_it() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE))
    sent = set(re.findall(r"^!(.*)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))

    assert copied == sent == {*PACKAGES, "pyproject.toml", "requirements/run.txt"}


def test_a_change_of_the_code_leaves_the_layer_of_the_dependencies_as_it_is() -> None:
    dependencies = DOCKERFILE.split("\nFROM ")[1]

    assert re.findall(r"^COPY (\S+)", dependencies, re.MULTILINE) == ["requirements/run.txt"]
    assert DOCKERFILE.index("COPY --from=dependencies /venv") < DOCKERFILE.index("COPY --from=package /package")


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
    assert understood(OURS["users"]["command"]) == {"folder": Path("/keys"), "mongo": MONGO}
    assert f"User:{OPERATOR}" in PARTS["kafka"]["environment"]["KAFKA_SUPER_USERS"].split(";")


def test_the_keys_one_shot_makes_the_keys_of_every_service_once(tmp_path: Path) -> None:
    """A second `up` must not add new keys, and one after an update must add what the version before did not know."""
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    keys, access = (words.split()[1:] for words in OURS["keys"]["command"][0].split(" && "))

    made = ensure_keys(tmp_path)

    assert understood(keys) == {"folder": Path("/keys"), "missing": True}
    assert understood(access) == {"folder": Path("/keys"), "mongo": MONGO, "kafka": KAFKA}
    assert {folder.name for folder in tmp_path.iterdir()} == set(FOLDERS)
    assert {path.suffix for path in (tmp_path / "intake").iterdir()} == {".pub", ".verify"}
    assert len(made) == len(KINDS)
    assert ensure_keys(tmp_path) == []


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


def test_the_database_is_the_replica_set_that_the_services_ask_for(tmp_path: Path) -> None:
    """Majority writes mean what they say only in a replica set (docs/adr/0005-embedded-mongod-and-brokers.md)."""
    words, probe = PARTS["mongo"]["command"][0].split(), PARTS["mongo"]["healthcheck"]["test"][-1]
    name = words[words.index("--replSet") + 1]
    write_access_files(tmp_path, MONGO, KAFKA)

    assert f'_id: "{name}"' in probe
    assert f'host: "{MONGO}"' in probe
    for service in SERVICES:
        assert (tmp_path / service / "mitsumori_mongo").read_text("ascii").endswith(f"replicaSet={name}")


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


def test_the_image_is_probed_where_every_service_answers() -> None:
    probe = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)", DOCKERFILE)
    app = new_app("any", "any", lambda _: None)  # type: ignore[arg-type, return-value]  # it is never started
    routes = {getattr(route, "path", "") for route in app.state.operations.routes}

    assert [port for port, _ in probe] == [IMAGE_SETTINGS["MITSUMORI_OPS_PORT"]]
    assert {path for _, path in probe} <= routes


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_holds_its_own_keys_and_cannot_change_them(service: str) -> None:
    """Above all intake: it seals what it must not be able to open (docs/adr/0003-parcels.md)."""
    assert OURS[service]["volumes"] == [f"keys-{service}:{IMAGE_SETTINGS['MITSUMORI_KEYS']}:ro"]
    assert f"keys-{service}:/keys/{service}" in OURS["keys"]["volumes"]


def test_the_image_has_a_folder_of_keys_for_every_service() -> None:
    """A new volume takes its owner from the folder that it is mounted on."""
    names = re.findall(r'/venv/bin/python -c "(.*)" \\\n +\| xargs install .* --owner mitsumori', DOCKERFILE)[0]

    folders = subprocess.run([sys.executable, "-c", names], capture_output=True, text=True, check=True, cwd=ROOT).stdout

    assert folders.split() == ["/keys", *(f"/keys/{name}" for name in FOLDERS)]
    assert set(FOLDERS) > set(SERVICES)


def test_every_volume_is_declared_and_used() -> None:
    used = {volume.split(":")[0] for part in PARTS.values() for volume in part.get("volumes", [])}

    assert used == set(COMPOSE["volumes"])


@pytest.mark.parametrize("part", [*SERVICES, "topics", "users", "keys"])
def test_our_containers_have_no_rights_and_write_nothing(part: str) -> None:
    assert OURS[part]["read_only"] is True
    assert OURS[part]["cap_drop"] == ["ALL"]
    assert "\nUSER mitsumori\n" in DOCKERFILE


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_waits_for_what_it_needs(service: str) -> None:
    assert OURS[service]["depends_on"] == {
        "mongo": {"condition": "service_healthy"},
        "topics": {"condition": "service_completed_successfully"},
        "users": {"condition": "service_completed_successfully"},
        "keys": {"condition": "service_completed_successfully"},
    }


def test_a_one_shot_ends() -> None:
    assert {OURS[part]["restart"] for part in ("topics", "users", "keys")} == {"no"}


def test_the_image_installs_what_services_need_and_no_more() -> None:
    assert re.findall(r"requirements/(\w+)\.txt", DOCKERFILE) == ["run"]
    assert "--require-hashes" in DOCKERFILE


@pytest.mark.parametrize("command", ["serve", "keys", "topics", "access", "staff"])
def test_what_runs_in_containers_needs_no_package_that_the_image_lacks(command: str) -> None:
    lacking = pinned("local") - pinned("run")
    modules = {module for module, names in packages_distributions().items() if lacking & {*map(normalised, names)}}
    hidden = f"import sys; sys.modules.update(dict.fromkeys({sorted(modules)}))"

    ended = subprocess.run(
        [sys.executable, "-c", f"{hidden}; import cli.{command}"], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert {"httpx", "confluent_kafka", "numpy"} <= modules
    assert ended.returncode == 0, ended.stderr


def pinned(part: str) -> set[str]:
    text = (ROOT / "requirements" / f"{part}.txt").read_text(encoding="utf-8")
    return {normalised(name) for name in re.findall(r"^([\w.-]+)(?:\[.*\])?==", text, re.MULTILINE)}


def normalised(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
