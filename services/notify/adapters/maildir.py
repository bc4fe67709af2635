"""The Maildir into which the mail server of the return path delivers reports (`new`, `cur`, `tmp`).

Its other side is not ours, so anything may lie in it. What is set aside goes to its folder `.Aside`, as a mail program
shows it; that one is bounded, because strangers can fill it.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from heapq import nsmallest
from pathlib import Path
from typing import Final, TypeVar

from services.notify.domain.inbound_mail import MOST_READ
from shared.errors import Unavailable

MOST_ASIDE: Final = 1_000
"""Mails, of 25 MB each where the mail server takes such."""
_ASIDE: Final = ".Aside"
_Result = TypeVar("_Result")


class MaildirMails:
    """`ReturnedMails` in a folder. A file keeps its name for life, and a rename within the folder is atomic."""

    def __init__(self, folder: Path, most_aside: int = MOST_ASIDE) -> None:
        self._new = folder / "new"
        self._aside = folder / _ASIDE
        self._most_aside = most_aside

    async def waiting(self, most: int) -> list[str]:
        """Their names begin with the time of arrival, so the oldest are the smallest."""

        def oldest() -> list[str]:
            with os.scandir(self._new) as entries:
                return nsmallest(most, (entry.name for entry in entries if _is_mail(entry)))

        return await _in_thread(oldest)

    async def read(self, name: str) -> bytes | None:
        """Raises `OSError` for a file that we may not read: that is no reason to wait with the others."""

        def beginning() -> bytes | None:
            try:
                with os.fdopen(os.open(self._new / name, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                    return file.read(MOST_READ)
            except FileNotFoundError:
                return None

        return await asyncio.to_thread(beginning)

    async def remove(self, name: str) -> bool:
        return await self._unless_gone((self._new / name).unlink)

    async def set_aside(self, name: str) -> bool:
        def move() -> None:
            for part in ("tmp", "new", "cur"):
                (self._aside / part).mkdir(parents=True, exist_ok=True, mode=0o700)
            (self._new / name).rename(self._aside / "new" / name)

        return await self._unless_gone(move)

    async def forget(self, before: datetime) -> None:
        def forget_old() -> None:
            arrived = sorted(self._set_aside(), reverse=True)
            for place, (at, path) in enumerate(arrived):
                if place >= self._most_aside or datetime.fromtimestamp(at, UTC) < before:
                    path.unlink(missing_ok=True)

        await _in_thread(forget_old)

    def _set_aside(self) -> Iterator[tuple[float, Path]]:
        for part in ("new", "cur"):
            if (self._aside / part).is_dir():
                with os.scandir(self._aside / part) as entries:
                    yield from ((entry.stat().st_mtime, Path(entry.path)) for entry in entries if _is_mail(entry))

    async def _unless_gone(self, act: Callable[[], None]) -> bool:
        def attempt() -> bool:
            try:
                act()
            except FileNotFoundError:
                return False
            return True

        return await _in_thread(attempt)


def _is_mail(entry: "os.DirEntry[str]") -> bool:
    return entry.is_file(follow_symlinks=False) and not entry.name.startswith(".")


def _in_thread(act: Callable[[], _Result]) -> Awaitable[_Result]:
    def attempt() -> _Result:
        with _disk_errors():
            return act()

    return asyncio.to_thread(attempt)


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"maildir ({error.strerror})") from error
