"""`mitsumori run` before anything is up: one sentence when it cannot start, and the first staff account."""

import socket
from pathlib import Path

from local.data_folder import DataFolder
from local.run import staff_password
from tests.cli.builders import mitsumori


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


def test_a_later_start_that_was_interrupted_does_not_cost_the_right_password(mongo_uri: str, tmp_path: Path) -> None:
    """Ctrl-C while it checked for the account left a file with a password that no account has."""
    folder = DataFolder(tmp_path)
    right = staff_password(mongo_uri, folder)
    (tmp_path / "staff-password.part").write_text("of-no-account\n", "ascii")

    shown = staff_password(mongo_uri, folder)

    assert right is not None
    assert shown is None
    assert folder.password_file.read_text("ascii") == f"{right}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["staff-password.txt"]
