"""`mitsumori run` before anything is up: one sentence when it cannot start, and the first staff account."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from local.data_folder import DataFolder
from local.run import staff_password
from local.staff import add_staff, close_staff, list_staff
from services.registry import service
from tests.cli.builders import mitsumori


@pytest.fixture
def no_accounts(mongo_uri: str) -> str:
    """The address of a MongoDB where nobody has an account yet, whatever other tests have left."""
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        client[service("dashboard").database]["accounts"].delete_many({})
    return mongo_uri


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


def test_a_later_start_that_was_interrupted_does_not_cost_the_right_password(no_accounts: str, tmp_path: Path) -> None:
    """Ctrl-C while it checked for the account left a file with a password that no account has."""
    folder = DataFolder(tmp_path)
    right = staff_password(no_accounts, folder)
    (tmp_path / "staff-password.part").write_text("of-no-account\n", "ascii")

    shown = staff_password(no_accounts, folder)

    assert right is not None
    assert shown is None
    assert folder.password_file.read_text("ascii") == f"{right}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["staff-password.txt"]


def test_a_start_does_not_bring_back_the_first_account_after_its_removal(no_accounts: str, tmp_path: Path) -> None:
    """`mitsumori staff remove staff` held until the next start, which made the account again with a new password."""
    folder = DataFolder(tmp_path)
    staff_password(no_accounts, folder)
    asyncio.run(add_staff(no_accounts, "tanaka"))
    asyncio.run(close_staff(no_accounts, "staff", remove=True))

    shown = staff_password(no_accounts, folder)

    assert shown is None
    assert [account.name for account in asyncio.run(list_staff(no_accounts))] == ["tanaka"]
