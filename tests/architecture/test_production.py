"""compose.prod.yml: one server that customers reach, held to docker-compose.yml, the code, the Caddyfile and its page.

deploy/lab/try starts it where a Docker engine is; tests/security/test_proxy.py starts Caddy.
"""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from local.access_files import FOLDERS, write_access_files
from local.mongo_access import OPERATOR
from local.topics import PARTITIONS
from services import registry
from shared.runtime.kafka_address import KafkaAddress
from shared.runtime.settings import load
from tests.architecture.repository import ROOT, SERVICES, compose
from tests.architecture.test_compose import (
    COMPOSE,
    DECLARED,
    IMAGE_SETTINGS,
    megabytes,
    settings_of,
    understood,
    variables_of,
)

GIVEN: Final = {
    "MITSUMORI_VERSION": "1.2.3",
    "MITSUMORI_FORM_HOST": "form.agency.co.jp",
    "MITSUMORI_DASHBOARD_HOST": "desk.agency.co.jp",
    "MITSUMORI_CERTIFICATES": "it@agency.co.jp",
    "MITSUMORI_OFFICE_NETWORKS": "203.0.113.7/32",
    "MITSUMORI_MAIL_FROM": "mitsumori@agency.co.jp",
    "MITSUMORI_DESK_EMAIL": "desk@agency.co.jp",
}
"""What `.env` must have."""
FILE: Final = "compose.prod.yml"
TEXT: Final = (ROOT / FILE).read_text(encoding="utf-8")
PRODUCTION: Final = compose(file=FILE, **GIVEN)
PARTS: Final[dict[str, dict[str, Any]]] = PRODUCTION["services"]
TRIED: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
OURS: Final = (*SERVICES, "topics", "users", "keys")
CADDYFILE: Final = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
INSTALL: Final = (ROOT / "docs" / "operating" / "install.md").read_text(encoding="utf-8")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """What the one-shot `keys` writes, as its command says."""
    words = PARTS["keys"]["command"][0].partition(" && ")[2].split()[1:]
    given = understood(words)
    write_access_files(tmp_path, given["mongo"], given["kafka"], tls=given["tls"])
    return tmp_path


def test_it_has_the_parts_of_the_one_for_trying_with_a_proxy_for_the_mail_catcher() -> None:
    assert set(PARTS) == set(TRIED) - {"mailpit"} | {"caddy"}


@pytest.mark.parametrize("part", sorted(set(PARTS) & set(TRIED)))
def test_what_need_not_differ_from_the_one_for_trying_does_not(part: str) -> None:
    """What was mended there is mended here: limits, logs, rights, health checks, who waits for whom."""
    differing = {"image", "pull_policy", "build", "environment", "ports", "networks", "command", "secrets"}
    differing |= {"healthcheck"} if part == "kafka" else {"depends_on"} if part == "users" else set()

    here, there = ({name: one[name] for name in one.keys() - differing} for one in (PARTS[part], TRIED[part]))

    assert here == there


def test_kafka_is_configured_as_the_one_for_trying_except_who_comes_in_and_how() -> None:
    here, there = (parts["kafka"]["environment"] for parts in (PARTS, TRIED))
    differing = {name for name in here if here[name] != there[name]}

    assert here.keys() == there.keys()
    assert differing == {
        *("KAFKA_LISTENERS", "KAFKA_ADVERTISED_LISTENERS", "KAFKA_CONTROLLER_QUORUM_VOTERS"),
        *("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "KAFKA_SASL_ENABLED_MECHANISMS"),
    }
    assert here["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] == "SERVICES:SASL_SSL,CONTROLLER:PLAINTEXT"
    assert here["KAFKA_LISTENERS"] == "SERVICES://:9093,CONTROLLER://localhost:9094"
    assert PARTS["kafka"]["healthcheck"]["test"][-1].endswith("/9093")
    assert PARTS["mongo"]["command"] == TRIED["mongo"]["command"]


@pytest.mark.parametrize("part", PARTS)
def test_a_container_cannot_take_the_whole_machine(part: str) -> None:
    limits = PARTS[part]

    assert limits["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}}
    assert limits["pids_limit"] <= 512
    assert 0 < megabytes(limits["mem_limit"]) <= 1536
    assert limits["restart"] == ("no" if part in {"topics", "users", "keys"} else "unless-stopped")


def test_only_the_proxy_is_published() -> None:
    """With ports of its own in the place of 443, where another proxy stands before it."""
    published = {name: part["ports"] for name, part in PARTS.items() if "ports" in part}
    elsewhere = compose(file=FILE, **GIVEN, MITSUMORI_HTTPS="127.0.0.1:8443")["services"]["caddy"]["ports"]

    assert published == {"caddy": ["0.0.0.0:80:80", "0.0.0.0:443:443"]}
    assert elsewhere[1] == "127.0.0.1:8443:443"


def test_a_container_is_in_the_networks_that_it_needs() -> None:
    """The form, which strangers talk to, has no way out; the database and the broker are met by our own alone."""
    networks = {name: set(part.get("networks", [])) for name, part in PARTS.items()}

    assert {name for name, among in networks.items() if "outside" in among} == {"notify", "dashboard"}
    assert {name for name, among in networks.items() if "published" in among} == {"caddy"}
    assert {name for name, among in networks.items() if "data" in among} == {*OURS, "mongo", "kafka"} - {"keys"}
    assert {name for name, among in networks.items() if "front" in among} == {"caddy", "intake", "notify", "dashboard"}
    assert PRODUCTION["networks"]["data"] == {"internal": True}
    assert PRODUCTION["networks"]["front"]["internal"] is True
    assert PARTS["keys"]["network_mode"] == "none"


def test_services_believe_the_proxy_and_nobody_else_who_visits() -> None:
    """Its address is outside of the range from which others get theirs."""
    address = PARTS["caddy"]["networks"]["front"]["ipv4_address"]
    (pool,) = PRODUCTION["networks"]["front"]["ipam"]["config"]
    moved = compose(file=FILE, **GIVEN, MITSUMORI_FRONT="10.9.8")["services"]

    assert {PARTS[one]["environment"]["MITSUMORI_TRUSTED_PROXIES"] for one in SERVICES} == {address}
    assert (pool["subnet"], pool["ip_range"], address) == ("172.31.250.0/24", "172.31.250.128/25", "172.31.250.2")
    assert moved["caddy"]["networks"]["front"]["ipv4_address"] == "10.9.8.2"
    assert moved["intake"]["environment"]["MITSUMORI_TRUSTED_PROXIES"] == "10.9.8.2"


@pytest.mark.parametrize("service", SERVICES)
def test_the_settings_of_a_service_are_known_and_valid(
    service: str, written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, smtp = written / service, tmp_path / "smtp"
    smtp.write_text("smtp://agency:secret@mail.agency.co.jp:587?starttls=1\n", "ascii")
    kafka = folder / "mitsumori_kafka"
    kafka.write_text(kafka.read_text("ascii").replace("/keys/", f"{folder}/"), "ascii")
    environment = {**IMAGE_SETTINGS, **PARTS[service]["environment"], "MITSUMORI_KEYS": str(folder)}
    if "MITSUMORI_SMTP_FILE" in environment:
        environment["MITSUMORI_SMTP_FILE"] = str(smtp)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    settings = load(settings_of(service))

    known = {*variables_of(settings_of(service), required=False), "MITSUMORI_SMTP_FILE"}
    assert environment.keys() <= known
    assert KafkaAddress.parse(settings.kafka).tls


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_finds_only_its_own_users_beside_its_keys(service: str, written: Path) -> None:
    """In MongoDB, where it has its own database alone, and in Kafka, by TLS with SCRAM."""
    files = {path.name: path.read_text("ascii") for path in (written / service).iterdir()}
    passwords = json.loads((written / OPERATOR / "passwords.json").read_text("ascii"))

    assert files["mitsumori_mongo"].startswith(f"mongodb://{service}:")
    assert re.fullmatch(rf"sasl\+ssl://{service}:\S+@kafka:9093\?ca=/keys/kafka-ca\.crt", files["mitsumori_kafka"])
    assert {name for name, password in passwords.items() if any(password in text for text in files.values())} == {
        service
    }
    assert "PRIVATE KEY" not in "".join(files.values())
    assert PARTS[service]["volumes"] == [f"keys-{service}:/keys:ro"]


def test_kafka_itself_is_told_no_password_but_the_operators(written: Path) -> None:
    passwords = json.loads((written / OPERATOR / "passwords.json").read_text("ascii"))
    told = (written / "kafka" / "server.properties").read_text("ascii")

    assert {name for name, password in passwords.items() if password in told} == {OPERATOR}


def test_one_shots_make_the_users_of_both_servers_and_what_they_may_do() -> None:
    assert understood(PARTS["users"]["command"]) == {"folder": Path("/keys"), "mongo": "mongo:27017", "scram": True}
    assert understood(PARTS["topics"]["command"])["grant"] is True
    assert PARTS["topics"]["volumes"] == PARTS["users"]["volumes"] == [f"access-{OPERATOR}:/keys:ro"]
    assert {volume.rpartition("/")[2] for volume in PARTS["keys"]["volumes"]} == set(FOLDERS)
    assert PARTITIONS > 1


def test_no_password_is_in_the_environment() -> None:
    """`docker inspect` shows it to whoever may call it."""
    named = {name for part in PARTS.values() for name in part.get("environment", {})}
    values = " ".join(str(value) for part in PARTS.values() for value in part.get("environment", {}).values())

    assert [name for name in named if re.search("PASSWORD|SECRET|TOKEN|JAAS", name)] == []
    assert not re.search(r"://[^/\s]*:[^/\s]*@|password=", values, re.IGNORECASE)
    assert named & {"MITSUMORI_MONGO", "MITSUMORI_KAFKA", "MITSUMORI_SMTP", "MITSUMORI_OIDC_CLIENT_SECRET"} == set()
    assert PARTS["notify"]["environment"]["MITSUMORI_SMTP_FILE"] == "/run/secrets/smtp"
    assert {name: part["secrets"] for name, part in PARTS.items() if "secrets" in part} == {"notify": ["smtp"]}
    assert "secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_images_are_named_with_their_version() -> None:
    images = {name: part["image"] for name, part in PARTS.items()}

    assert {images[name] for name in OURS} == {"mitsumori:1.2.3"}
    assert [image for image in images.values() if not re.fullmatch(r"[\w./-]+:v?\d[\w.]*", image)] == []
    assert {name: images[name] for name in ("kafka", "mongo")} == {
        name: TRIED[name]["image"] for name in ("kafka", "mongo")
    }
    assert compose(file=FILE, **GIVEN, MITSUMORI_IMAGE="registry.agency.co.jp/mitsumori")["services"]["intake"][
        "image"
    ].startswith("registry.agency.co.jp/mitsumori:")


def test_compose_asks_for_every_variable_that_must_be_set_and_the_page_lists_it() -> None:
    """Unset, it would be an empty word: a certificate for nobody, a sender without an address."""
    asked = set(re.findall(r"\$\{(\w+):\?", TEXT))
    settable = set(re.findall(r"\$\{(\w+):-", TEXT))
    bare = set(re.findall(r"\$\{(\w+)\}", TEXT))

    assert asked == set(GIVEN)
    assert bare <= asked
    assert [name for name in asked if f"\n{name}=" not in INSTALL] == []
    assert [name for name in settable if f"`{name}`" not in INSTALL] == []


def test_the_proxy_is_told_what_its_file_asks_for() -> None:
    """An unset variable of a Caddyfile is an empty word."""
    environment = PARTS["caddy"]["environment"]

    assert set(re.findall(r"\{\$(\w+)\}", CADDYFILE)) == set(environment)
    assert "./deploy/Caddyfile:/etc/caddy/Caddyfile:ro" in PARTS["caddy"]["volumes"]
    for one, of_whom in {"FORM_HOST": "PUBLIC_URL", "DASHBOARD_HOST": "DASHBOARD_URL"}.items():
        assert PARTS["notify"]["environment"][f"MITSUMORI_{of_whom}"] == f"https://{environment[one]}"


def test_the_body_of_a_post_may_wait_longer_than_the_proxy_waits_for_its_service() -> None:
    """With 10 seconds, 41 of 75 posts were lost while intake was made anew on a busy machine."""
    seconds = {name: int(value) for name, value in re.findall(r"(\w+) (\d+)s\n", CADDYFILE)}

    assert seconds["read_body"] > seconds["lb_try_duration"] > 20


def test_the_proxy_leads_to_services_with_pages_at_their_port() -> None:
    led = set(re.findall(r"reverse_proxy (?:@\w+ )?(\w+):(\d+)", CADDYFILE))
    with_pages = {service.name for service in registry.SERVICES if service.has_pages}

    assert led == {(name, IMAGE_SETTINGS["MITSUMORI_PORT"]) for name in {*with_pages, "notify"}}


def test_down_leaves_no_volume_without_a_name_behind_and_every_volume_is_used() -> None:
    used = {volume.split(":")[0] for part in PARTS.values() for volume in part.get("volumes", [])}

    assert used - {"./deploy/Caddyfile"} == set(PRODUCTION["volumes"])
    for part, folders in (DECLARED | {"caddy": {"/data", "/config"}}).items():
        named = {volume.split(":")[1] for volume in PARTS[part]["volumes"]}
        assert folders <= named | {folder.partition(":")[0] for folder in PARTS[part].get("tmpfs", [])}


def test_it_shares_no_volume_with_the_one_for_trying() -> None:
    """What was tried must not be found among customers."""
    assert PRODUCTION["name"] != COMPOSE["name"]
