"""The whole system as real processes: it starts, writes its addresses, restarts what dies, and ends completely."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from local.children import environment, python_module
from local.mongod import Mongod
from local.services import responds_ok
from services.registry import SERVICES, ServiceName

_PATIENCE_S = 90


@dataclass(frozen=True)
class Launcher:
    """A `mitsumori …` that runs, and what it prints and writes for other programs."""

    process: subprocess.Popen[str]
    data: Path

    @property
    def where(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.data / "run.json").read_text("utf-8"))
        return found

    @property
    def output(self) -> str:
        return (self.data / "output").read_text("utf-8")

    def wait_until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not holds():
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def wait_for_start(self) -> None:
        self.wait_until((self.data / "run.json").exists)

    def kill_service(self, name: str) -> None:
        os.kill(self.where["services"][name]["pid"], signal.SIGKILL)

    def report(self) -> dict[str, Any]:
        """What `demo --json` prints when it ends."""
        self.process.wait(_PATIENCE_S)
        found: dict[str, Any] = json.loads(self.output.splitlines()[-1])
        return found


@contextmanager
def mitsumori(data: Path, *words: str, **settings: str) -> Iterator[Launcher]:
    command = [str(word) for word in python_module("cli.main", *words, "--data", data)]
    with (data / "output").open("w") as output:
        process = subprocess.Popen(
            command, env=environment(**settings), stdout=output, stderr=subprocess.STDOUT, text=True
        )
    try:
        yield Launcher(process, data)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(_PATIENCE_S)


def processes_of(data: Path) -> Sequence[int]:
    """Every process that was started with something of this data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            text = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(data).encode() in text and int(process.name) != os.getpid():
            found.append(int(process.name))
    return found


def port_base() -> int:
    """Three free ports in a row, from below those that connections and our own processes are given."""
    return next(base for base in range(10_000, 19_990, 7) if all(map(_is_free, range(base, base + 3))))


def _is_free(port: int) -> bool:
    with socket.socket() as found:
        try:
            found.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    folder = tmp_path_factory.mktemp("running")
    with mitsumori(folder, "run", "--broker", "embedded", "--port-base", str(port_base())) as launcher:
        launcher.wait_for_start()
        yield launcher


def test_run_tells_other_programs_where_everything_is(running: Launcher) -> None:
    where = running.where

    form, dashboard, mailbox = (int(where[page].split(":")[2].strip("/")) for page in ("form", "dashboard", "mailbox"))
    assert (dashboard, mailbox) == (form + 1, form + 2)
    assert where["broker"] == "embedded"
    assert where["maildir"] == str(running.data / "maildir")
    assert set(where["services"]) == set(ServiceName)
    pages = [httpx.get(where[page], follow_redirects=True) for page in ("form", "dashboard", "mailbox")]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert all(responds_ok(service["metrics"]) for service in where["services"].values())


def test_visitors_do_not_see_the_probes(running: Launcher) -> None:
    """Turnover of business and the version of Python were once on the port of the form, for everybody."""
    where = running.where

    for page in ("form", "dashboard"):
        assert [httpx.get(f"{where[page]}{path}").status_code for path in ("live", "ready", "metrics")] == [404] * 3
    for service in where["services"].values():
        assert httpx.get(service["health"].replace("/ready", "/login")).status_code == 404


def test_the_launcher_knows_where_each_service_keeps_its_events(running: Launcher) -> None:
    """It has them published again when the topics are lost."""
    with MongoClient[dict[str, Any]](running.where["mongo"]) as client:
        ledgers = {service.name: client[service.database] for service in SERVICES}
        found = {
            service: [
                name for name in ledger.list_collection_names() if "relay_due" in ledger[name].index_information()
            ]
            for service, ledger in ledgers.items()
        }

    assert {service: set(names) for service, names in found.items()} == {
        service.name: set(service.outboxes) for service in SERVICES
    }


def test_nothing_in_the_data_folder_is_for_other_users(running: Launcher) -> None:
    """run.json, the logs and the mails were open to everybody who has an account on the machine."""
    assert running.data.stat().st_mode & 0o777 == 0o700
    written = [path for path in running.data.rglob("*") if path.name != "output" and not path.is_symlink()]
    assert {"run.json", "intake.log", "passwords.json", "keyfile"} <= {path.name for path in written}
    assert [path for path in written if path.exists() and path.stat().st_mode & 0o077] == []


def test_a_mongodb_that_was_given_is_in_run_json_without_its_password(tmp_path: Path) -> None:
    """Programs that read the file are told where it is; whoever gave the password has it."""
    given = Mongod(tmp_path / "given")
    given.start()
    words = ("run", "--broker", "embedded", "--port-base", str(port_base()))
    with mitsumori(tmp_path, *words, MITSUMORI_MONGO=given.uri) as launcher:
        launcher.wait_for_start()
        where = launcher.where["mongo"]
        asked = subprocess.run(
            [*python_module("cli.main", "funnel", "--data", tmp_path)],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    given.kill()

    password = given.uri.split(":")[2].partition("@")[0]
    assert where == given.uri.replace(password, "***")
    assert asked.returncode == 2
    assert "MITSUMORI_MONGO に接続先を指定してください" in asked.stderr


def test_a_service_that_dies_is_started_again(running: Launcher) -> None:
    before = running.where["services"]["rating"]

    running.kill_service("rating")

    running.wait_until(lambda: running.where["services"]["rating"]["pid"] != before["pid"])
    running.wait_until(lambda: responds_ok(before["health"]))
    assert "rating が終了しました" in running.output


def test_a_killed_launcher_takes_everything_with_it_and_the_next_one_ends_without_a_trace(tmp_path: Path) -> None:
    words = ("run", "--broker", "embedded", "--port-base", str(port_base()))
    with mitsumori(tmp_path, *words) as first:
        first.wait_until(lambda: "停止するには" in first.output)
        password = (tmp_path / "staff-password.txt").read_text("ascii").strip()
        first.process.kill()
    assert password in first.output

    with mitsumori(tmp_path, *words) as second:
        second.wait_until(lambda: "停止するには" in second.output)

    assert "staff-password.txt にあります" in second.output
    assert (tmp_path / "staff-password.txt").stat().st_mode & 0o777 == 0o600
    assert second.process.returncode == 0
    assert processes_of(tmp_path) == []
    assert not (tmp_path / "run.json").exists()


def test_the_demo_finds_every_request_ended(tmp_path: Path) -> None:
    with mitsumori(tmp_path, "demo", "--json", "--requests", "7") as demo:
        report = demo.report()

    assert report["missing"] == []
    assert demo.process.returncode == 0
    assert report["broker"] == "kafka"
    assert (report["accepted"], report["documents_only"], report["quoted"], report["referred"]) == (7, 2, 4, 1)
    assert report["letters"] == {"desk": 7, "quote": 4, "receipt": 7, "referral": 1}
    assert report["latency_ms"]["p50"] <= report["latency_ms"]["p99"]
    assert processes_of(tmp_path) == []


def test_the_demo_names_what_is_missing_when_a_service_was_killed(tmp_path: Path) -> None:
    with mitsumori(tmp_path, "demo", "--json", "--requests", "30", "--broker", "embedded") as demo:
        demo.wait_for_start()
        demo.kill_service("rating")
        report = demo.report()

    assert demo.process.returncode == 1
    assert "rating が動いていません" in report["missing"]
    assert any("quote-all-answers" in line and "メール quote" in line for line in report["missing"])
