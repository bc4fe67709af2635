"""`mitsumori run` before anything is up: what it says when something is in the way, and who starts again what died."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.children import CannotStart, Child, environment, python_module
from local.data_folder import DataFolder
from local.kafka import fetch_jars, find_java
from local.keys import add_keys, ensure_keys
from local.mongod import Mongod, find_mongod
from local.ports import Ports
from local.run import staff_password
from local.supervisor import Supervisor


def mitsumori(*words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command line, in a process of its own."""
    order = [str(word) for word in python_module("cli.main", *words)]
    return subprocess.run(order, env=environment(**settings), capture_output=True, text=True, timeout=30, check=False)


def test_a_busy_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]

        ended = mitsumori("run", "--data", tmp_path, "--port-base", str(port))

    assert ended.returncode == 2
    assert f"ポート {port} は使えません" in ended.stderr
    assert "--port-base" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_second_run_on_the_same_folder_is_one_sentence(tmp_path: Path) -> None:
    with DataFolder(tmp_path).locked():
        ended = mitsumori("run", "--data", tmp_path)

    assert ended.returncode == 2
    assert "動作中の別の mitsumori" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_folder_that_a_killed_launcher_held_is_free_again(tmp_path: Path) -> None:
    hold = "import sys, time; from pathlib import Path; from local.data_folder import DataFolder\n"
    hold += "with DataFolder(Path(sys.argv[1])).locked(): (Path(sys.argv[1]) / 'held').touch(); time.sleep(60)"
    launcher = Child("launcher", [sys.executable, "-c", hold, tmp_path], tmp_path / "log", environment())
    launcher.start()
    launcher.wait_until((tmp_path / "held").exists, 10)
    launcher.kill()

    with DataFolder(tmp_path).locked():
        held = True

    assert held


@pytest.mark.parametrize("base", [-1, 65_534, 70_000])
def test_a_number_that_is_no_port_is_refused(base: int) -> None:
    with pytest.raises(CannotStart, match="--port-base"):
        Ports.from_base(base)


def test_without_java_the_sentence_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CannotStart, match="java が見つかりません"):
        find_java()


def test_a_java_that_is_too_old_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CannotStart, match="見つかったのは 11"):
        find_java()


def test_a_fetch_of_kafka_that_fails_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven = tmp_path / "mvn"
    maven.write_text("#!/bin/sh\nmkdir -p target/fetching; echo '[ERROR] no route to host'; exit 1\n")
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")  # noqa: TID251  # the tools of this machine

    with pytest.raises(CannotStart, match="no route to host"):
        fetch_jars(print, tmp_path)

    assert not (tmp_path / "target" / "dependency").exists()


def test_a_mongod_on_the_path_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mongod = tmp_path / "mongod"
    mongod.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_mongod(tmp_path) == mongod


def broken_mongod(folder: Path, last_words: str) -> Path:
    """A folder with a mongod that says something and dies."""
    program = folder / "path" / "mongod"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{last_words}' >&2\nexit 127\n")
    program.chmod(0o755)
    return program.parent


def test_a_library_that_mongod_misses_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file"
    monkeypatch.setenv("PATH", f"{broken_mongod(tmp_path, words)}:{os.environ['PATH']}")  # noqa: TID251  # the tools of this machine
    mongod = Mongod(tmp_path / "mongo")

    with pytest.raises(CannotStart, match=r"ライブラリ libcurl\.so\.4 がありません.*apt install libcurl4 libssl3"):
        mongod.start()


def test_a_demo_that_cannot_start_keeps_the_log_that_it_names(tmp_path: Path) -> None:
    path = f"{broken_mongod(tmp_path, 'no room')}:{os.environ['PATH']}"  # noqa: TID251  # the tools of this machine

    ended = mitsumori("demo", "--broker", "embedded", PATH=path, TMPDIR=str(tmp_path))

    assert ended.returncode == 2
    (log,) = tmp_path.glob("mitsumori-demo-*/mongo/mongod.log")
    assert str(log) in ended.stderr
    assert log.read_text() == "no room\n"


def test_a_demo_that_names_nothing_leaves_nothing(tmp_path: Path) -> None:
    ended = mitsumori("demo", "--broker", "kafka", PATH=str(tmp_path), TMPDIR=str(tmp_path))

    assert ended.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_later_start_that_was_interrupted_does_not_cost_the_right_password(mongo_uri: str, tmp_path: Path) -> None:
    """Ctrl-C, just as it looked whether the account is there, left a password behind that nobody has."""
    folder = DataFolder(tmp_path)
    right = staff_password(mongo_uri, folder)
    (tmp_path / "staff-password.part").write_text("of-no-account\n", "ascii")

    shown = staff_password(mongo_uri, folder)

    assert right is not None
    assert shown is None
    assert folder.password_file.read_text("ascii") == f"{right}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["staff-password.txt"]


def test_intake_gets_public_keys_only_and_every_file_is_private(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "keys")

    made = {str(path.relative_to(tmp_path / "keys")): path for path in (tmp_path / "keys").glob("*/*")}
    assert sorted(made) == [
        "dashboard/desk-1.key",
        "dashboard/rating-1.pub",
        "intake/desk-1.pub",
        "intake/notify-1.pub",
        "intake/rating-1.pub",
        "notify/desk-1.pub",
        "notify/notify-1.key",
        "rating/desk-1.pub",
        "rating/notify-1.pub",
        "rating/rating-1.key",
        "rating/rating-1.pub",
    ]
    assert {path.stat().st_mode & 0o777 for path in made.values()} == {0o600}


def test_a_service_that_has_come_to_need_a_key_gets_it_at_the_next_start(tmp_path: Path) -> None:
    """Data folders live longer than versions, and a service without a key that it needs does not start."""
    ensure_keys(tmp_path / "keys")
    missing = tmp_path / "keys" / "rating" / "notify-1.pub"
    missing.unlink()

    ensure_keys(tmp_path / "keys")

    assert missing.read_text("ascii") == (tmp_path / "keys" / "intake" / "notify-1.pub").read_text("ascii")


def test_keys_are_made_once_and_rotated_by_adding(tmp_path: Path) -> None:
    ensure_keys(tmp_path / "keys")
    first = (tmp_path / "keys" / "rating" / "rating-1.key").read_text()

    ensure_keys(tmp_path / "keys")
    added = add_keys(tmp_path / "keys")

    assert added == ["rating-2", "notify-2", "desk-2"]
    assert (tmp_path / "keys" / "rating" / "rating-1.key").read_text() == first


class MortalParts:
    """A system whose parts die when a test says so."""

    def __init__(self) -> None:
        self.gone: set[str] = set()
        self.revived: list[str] = []

    def dead(self) -> list[str]:
        return sorted(self.gone)

    def restart(self, name: str) -> None:
        self.gone.discard(name)
        self.revived.append(name)


def test_a_part_that_dies_is_reported_and_started_again() -> None:
    parts, said = MortalParts(), list[str]()
    supervisor = Supervisor(parts, said.append)

    parts.gone.add("rating")
    supervisor.check(0)
    supervisor.check(0.5)
    supervisor.check(1)

    assert parts.revived == ["rating"]
    assert "rating が終了しました" in said[0]
    assert said[-1] == "rating を再起動しました。"


def test_a_part_that_keeps_dying_is_started_less_and_less_often() -> None:
    parts = MortalParts()
    supervisor = Supervisor(parts, lambda _said: None)

    for second in range(60):
        parts.gone.add("rating")
        supervisor.check(second)

    assert len(parts.revived) == 5


def test_after_a_sound_minute_a_death_counts_as_the_first() -> None:
    parts, said = MortalParts(), list[str]()
    supervisor = Supervisor(parts, said.append)
    for second in (0, 1, 2, 4):
        parts.gone.add("rating")
        supervisor.check(second)

    parts.gone.add("rating")
    supervisor.check(100)

    assert "1 秒後" in said[-1]


def test_a_child_does_not_outlive_a_launcher_that_is_killed(tmp_path: Path) -> None:
    """`kill -9` gives the launcher no chance to stop anything; the kernel does it."""
    start = (
        "import sys, time; from pathlib import Path; from local.children import Child\n"
        "child = Child('c', [sys.executable, '-c', 'import time; time.sleep(60)'], Path(sys.argv[1]) / 'log')\n"
        "child.start(); (Path(sys.argv[1]) / 'part').write_text(str(child.pid))\n"
        "(Path(sys.argv[1]) / 'part').rename(Path(sys.argv[1]) / 'pid'); time.sleep(60)"
    )
    launcher = Child("launcher", [sys.executable, "-c", start, tmp_path], tmp_path / "launcher.log", environment())
    launcher.start()
    launcher.wait_until((tmp_path / "pid").exists, 10)
    grandchild = Path("/proc") / (tmp_path / "pid").read_text()

    launcher.kill()

    watch = Child("watch", ["sleep", "10"], tmp_path / "watch.log")
    watch.start()
    watch.wait_until(lambda: not grandchild.exists() or "Z" in (grandchild / "stat").read_text().split()[2], 5)
    watch.kill()
