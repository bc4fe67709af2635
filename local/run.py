"""`mitsumori run`: everything on this machine, until Ctrl-C. No process goes on after it, however it ends."""

import asyncio
import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from local.components import BrokerChoice
from local.data_folder import DataFolder
from local.ports import Ports
from local.set_aside import SetAside
from local.staff import add_staff, list_staff
from local.supervisor import Supervisor
from local.system import System
from shared.errors import Invalid

STAFF_NAME = "staff"
_CHECK_EVERY_S = 0.5
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(data: Path, port_base: int, choice: BrokerChoice) -> None:
    """Start everything, print the addresses, restart what dies, stop everything at a signal. Raises `CannotStart`."""
    console = Console(highlight=False, soft_wrap=True)
    folder = DataFolder(data)
    with interrupted_by_signals(), folder.locked():
        try:
            ports = Ports.from_base(port_base)
            system = System(folder, ports, choice, console.print, os.environ.get("MITSUMORI_MONGO"))
            with running(system):
                _print_addresses(console, system, folder, staff_password(system.mongo, folder))
                checks = (Supervisor(system, console.print).check, SetAside(system.mongo, console.print).check)
                while True:
                    for check in checks:
                        check(time.monotonic())
                    time.sleep(_CHECK_EVERY_S)
        except KeyboardInterrupt:
            console.print("すべて停止しました。データは " + escape(str(data)) + " に残っています。")


@contextmanager
def interrupted_by_signals() -> Iterator[None]:
    """Every signal that asks this process to end raises `KeyboardInterrupt`, as Ctrl-C does."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in _STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def running(system: System) -> Iterator[None]:
    """Start the system for the block, and stop it afterwards, however the block or the start ends."""
    try:
        system.start()
        yield
    finally:
        # A second Ctrl-C must not leave half of the processes running. Stopping has a time limit.
        for number in _STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        system.stop()


def staff_password(mongo: str, folder: DataFolder) -> str | None:
    """Make the first staff account and return its password; None when there are accounts already."""
    # Written before the account is made: a crash in between must not leave an account whose password nobody knows.
    candidate = folder.password_file.with_suffix(".part")
    # Where there is a password file too, an interrupted start left this one: it is no account's password.
    interrupted = candidate.exists() and not folder.password_file.exists()
    # Also none of that name: whoever removed it does not want it back.
    if not interrupted and asyncio.run(list_staff(mongo)):
        candidate.unlink(missing_ok=True)
        return None
    password = candidate.read_text("ascii").strip() if interrupted else ""
    if not password:
        password = secrets.token_urlsafe(15)
        candidate.touch(mode=0o600)
        candidate.write_text(f"{password}\n", "ascii")
    with suppress(Invalid):  # The interrupted start had made it.
        asyncio.run(add_staff(mongo, STAFF_NAME, password))
    candidate.rename(folder.password_file)
    return password


def _print_addresses(console: Console, system: System, folder: DataFolder, password: str | None) -> None:
    known = f"パスワード: {password}" if password else f"最初のパスワードは {folder.password_file} にあります"
    console.print("\n[bold]ミツモリが動いています[/](Mitsumori is up)")
    console.print(f"  フォーム        {system.form_url}  [dim]form[/]")
    console.print(f"  管理画面        {system.dashboard_url}  [dim]dashboard[/]")
    console.print(f"                  ユーザー名: {STAFF_NAME}  {known}")
    console.print(f"  メールボックス  {system.mailbox_url}  [dim]mailbox[/]")
    console.print(
        f"  ログ            {escape(str(folder.path / 'logs'))}  [dim]logs; 別のポートで動かすには --port-base[/]"
    )
    console.print("停止するには Ctrl-C を押してください(Ctrl-C stops everything).\n")
