"""Facts are what the services themselves would read, and the lists of the doctor are held to the code."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.doctor.checks import GROUPS
from local.doctor.gather.machine import free_memory, keys_in, libraries, machine, package
from local.doctor.gather.mongo import servers_in
from local.doctor.gather.products import load_all
from local.doctor.gather.settings import OF_COMMANDS, OF_CONTAINERS, SETTINGS, settings_of, variables
from local.doctor.surroundings import look_around
from local.doctor.wanted_indexes import wanted_indexes
from local.keys import ensure_keys
from services.notify.domain.brochure import ENCLOSED_BYTES
from services.registry import ServiceName
from shared.clock import utc_now
from tests.architecture.repository import PACKAGES, ROOT, SERVICES, text_files
from tests.shared.products.builders import copy_of_the_product


def test_the_settings_of_a_service_are_those_of_its_environment_and_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MITSUMORI_PUBLIC_URL", "https://ours.agency.co.jp")
    its = {"MITSUMORI_MONGO": "mongodb://m", "MITSUMORI_KAFKA": "k:9092", "MITSUMORI_KEYS": str(tmp_path)}

    found = settings_of("intake", {**its, "MITSUMORI_PUBLIC_URL": "https://its.agency.co.jp"}, is_in_container=True)

    assert found.urls == {"MITSUMORI_PUBLIC_URL": "https://its.agency.co.jp"}
    assert os.environ["MITSUMORI_PUBLIC_URL"] == "https://ours.agency.co.jp"  # noqa: TID251  # what must be as before
    assert "MITSUMORI_MONGO" not in os.environ  # noqa: TID251  # what must be as before


def test_every_bad_variable_is_named_without_its_value(tmp_path: Path) -> None:
    its = {"MITSUMORI_KAFKA": "k:9092:s3cret", "MITSUMORI_KEYS": str(tmp_path), "MITSUMORI_PORT": "x"}

    bad = settings_of("rating", its, is_in_container=False).bad

    assert [line.partition(":")[0] for line in bad] == ["MITSUMORI_MONGO", "MITSUMORI_KAFKA", "MITSUMORI_PORT"]
    assert "s3cret" not in "".join(bad)


def test_every_variable_that_the_code_reads_is_known() -> None:
    """A new one would be called a mistake by the doctor."""
    places = {"cli", "local", "shared", "services", "deploy", "docker-compose.yml", "compose.prod.yml"}
    named = {
        name
        for path, text in text_files()
        if path.parts[0] in places
        for name in re.findall(r"\bMITSUMORI_[A-Z_]+[A-Z]\b", text)
    }

    assert set(SETTINGS) == set(ServiceName)
    assert named <= variables({}).known
    assert named >= OF_COMMANDS | OF_CONTAINERS


def test_the_indexes_that_are_looked_for_are_those_of_the_code() -> None:
    """Those that keep something once or delete it: each is asked for by name, or has the usual one of its field."""
    made = {service: sorted(_made_by(service)) for service in SERVICES}

    listed = {
        service: sorted(name for names in collections.values() for name in names if name not in {"relay_due", "due_1"})
        for service, collections in wanted_indexes().items()
    }

    assert made == listed


def _made_by(service: str) -> Iterator[str]:
    for path in (ROOT / "services" / service / "adapters").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if not (isinstance(call.func, ast.Attribute) and call.func.attr == "create_index"):
                continue
            options = {option.arg: option.value for option in call.keywords}
            if options.keys() & {"unique", "expireAfterSeconds"}:
                name = options.get("name")
                # Of a loop over two collections: one call, two indexes.
                times = 2 if path.name == "mongo_letter_copies.py" else 1
                yield from [ast.literal_eval(name) if name else f"{ast.literal_eval(call.args[0])}_1"] * times


def test_the_document_has_every_check_with_its_title() -> None:
    text = (ROOT / "docs" / "operating" / "doctor.md").read_text(encoding="utf-8")

    rows = re.findall(r"^\| `([a-z-]+)` \| (.*?) \|", text, re.MULTILINE)
    assert rows == [(check.name, check.title) for group in GROUPS for check in group.checks]


def test_the_public_half_of_a_key_is_known_and_what_is_no_key_has_none(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "keys")
    rating = tmp_path / "keys" / "rating"
    rating.joinpath("rating-2.pub").write_text("cut short", "ascii")
    rating.joinpath("mitsumori_mongo").write_text("mongodb://m", "ascii")

    files = {file.name: file for file in keys_in({"rating": rating}).folders["rating"]}

    assert files["rating-1.key"].public == files["rating-1.pub"].public == (rating / "rating-1.pub").read_text("ascii")
    assert files["rating-1.sign"].public
    assert (files["rating-2.pub"].public, files["mitsumori_mongo"].public) == (None, None)


def test_the_pinned_libraries_and_the_release_are_read_from_the_checkout(tmp_path: Path) -> None:
    pinned = tmp_path / "run.txt"
    pinned.write_text("pydantic==2.0.0 \\\n    --hash=sha256:00\nwinonly==1 ; sys_platform == 'win32' \\\n", "utf-8")
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text("## [Unreleased]\n\n## [0.3.0] - 2026-11-01\n\n## [0.2.0] - 2026-10-01\n", "utf-8")

    found = libraries(pinned)

    assert found.pinned == {"pydantic": "2.0.0"}
    assert found.installed["pydantic"] not in {None, "2.0.0"}
    assert package(changelog).released == "0.3.0"
    assert len(libraries().pinned) > 20


def test_a_product_folder_is_loaded_as_the_services_load_it(tmp_path: Path) -> None:
    """`PACKAGES` are what is installed: the products are among them."""
    tmp_path.joinpath("cyber-two").mkdir()

    broken = load_all(tmp_path, utc_now, with_links=False)
    whole = load_all(None, utc_now, with_links=False)

    assert {problem.file.parent.name for problem in broken.folders.problems} >= {"cyber-two"}
    assert (broken.products, broken.tariffs) == ({}, None)
    assert whole.folders.problems == []
    assert whole.tariffs is not None
    assert "shared" in PACKAGES
    assert set(whole.products) == set(whole.tariffs.effective) == {"cyber-security"}


def test_brochures_may_be_too_big_for_a_mail_where_it_is_not_known_whether_mails_have_links(tmp_path: Path) -> None:
    """From the container of another service, or an operator's."""
    folder = copy_of_the_product(tmp_path)
    folder.joinpath("brochures", "a.pdf").write_bytes(b"%PDF-1.7\n".ljust(ENCLOSED_BYTES) + b"%%EOF\n")

    not_known = load_all(tmp_path, utc_now, with_links=None)
    without = load_all(tmp_path, utc_now, with_links=False)

    assert not_known.folders.problems == []
    assert ["too big for a mail" in problem.message for problem in without.folders.problems] == [True]


@pytest.mark.parametrize(
    ("service", "settings", "has_links"),
    [
        ("notify", {"MITSUMORI_BROCHURES_URL": "https://form.agency.co.jp"}, True),
        ("notify", {}, False),
        ("rating", {}, None),
    ],
)
def test_whether_mails_have_links_is_what_notify_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, service: str, settings: dict[str, str], has_links: object
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    assert look_around(tmp_path, service).has_links is has_links


@pytest.mark.parametrize(
    "uri",
    [
        "mongodb://mongo-1:27017,mongo-2:27017",
        "mongodb://mongo-1:27017,mongo-2:27017/?replicaSet=rs0",
        "mongodb://rating:p@ss@mongo-1:27017,mongo-2:27017/?replicaSet=rs0",
        "mongodb+srv://rating:pw@mongo-1:27017,mongo-2:27017?tls=true",
    ],
)
def test_of_the_address_of_mongodb_its_servers_are_shown(uri: str) -> None:
    """Without a user, `mongodb:` was shown."""
    assert servers_in(uri) == "mongo-1:27017,mongo-2:27017"


@pytest.mark.parametrize(
    ("maximum", "free", "limit"),
    [
        ("536870912\n", 236_870_912, 536_870_912),
        ("max\n", 4_096_000_000, None),
        ("99999999999\n", 4_096_000_000, None),
        (None, 4_096_000_000, None),
    ],
    ids=["the container's", "no limit", "the machine's", "no container"],
)
def test_free_memory_is_that_of_the_container_where_it_has_less(
    tmp_path: Path, maximum: str | None, free: int, limit: int | None
) -> None:
    """What the kernel can take back from files at once is free, as in `docker stats`."""
    tmp_path.joinpath("meminfo").write_text("MemTotal: 9 kB\nMemAvailable:    4000000 kB\n", "ascii")
    tmp_path.joinpath("memory.current").write_text("400000000\n", "ascii")
    tmp_path.joinpath("memory.stat").write_text("anon 300000000\ninactive_file 100000000\n", "ascii")
    if maximum:
        tmp_path.joinpath("memory.max").write_text(maximum, "ascii")

    assert free_memory(tmp_path / "meminfo", tmp_path) == (free, limit)


def test_this_machine_has_memory_and_the_time_of_japan() -> None:
    found = machine()

    assert found.free_memory_bytes is None or found.free_memory_bytes > 0
    assert found.python >= (3, 11)


def test_in_a_container_the_service_is_known_by_its_user_of_kafka(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As docker-compose.yml has it: the addresses are files beside the keys."""
    tmp_path.joinpath("mitsumori_kafka").write_text("sasl://notify:pw@kafka:9092?mechanism=plain", "ascii")
    tmp_path.joinpath("mitsumori_mongo").write_text("mongodb://notify:pw@mongo:27017", "ascii")
    monkeypatch.setenv("MITSUMORI_KEYS", str(tmp_path))

    found = look_around(tmp_path / "no-data")

    assert found.services == ("notify",)
    assert (set(found.environments), found.keys) == ({"notify"}, {"notify": tmp_path})
    assert found.mongo == "mongodb://notify:pw@mongo:27017"


def test_where_nothing_is_named_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    found = look_around(tmp_path / "no-data")

    assert (found.is_there, found.mongo, found.kafka, dict(found.keys)) == (False, None, None, {})


def test_own_products_are_those_of_the_services_or_else_of_this_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator's container runs no service."""
    monkeypatch.setenv("MITSUMORI_PRODUCTS", str(tmp_path))

    of_operator = look_around(tmp_path / "no-data")
    of_service = look_around(tmp_path / "no-data", "rating")
    monkeypatch.delenv("MITSUMORI_PRODUCTS")
    of_nobody = look_around(tmp_path / "no-data", "rating")

    assert (of_operator.products, dict(of_operator.environments)) == (tmp_path, {})
    assert (of_service.products, of_nobody.products) == (tmp_path, None)
