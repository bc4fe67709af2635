"""The Maildir into which the mail server of the return path delivers reports (`new`, `cur`, `tmp`).

Its other side is not ours, so anything may lie in it. What is set aside goes to its folder `.Aside`, as a mail program
shows it; that one is bounded, because strangers can fill it.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from errno import EACCES, ELOOP
from heapq import nsmallest
from pathlib import Path
from typing import Final, TypeVar

from services.notify.domain.inbound_mail import MOST_READ
from shared.errors import Unavailable

MOST_ASIDE: Final = 1_000
MOST_BYTES_ASIDE: Final = 200_000_000
"""Of all mails that are set aside, together."""
_ASIDE: Final = ".Aside"
_WAITING: Final = ("new", "cur")
_OF_MAIL: Final = frozenset({EACCES, ELOOP})
_Result = TypeVar("_Result")


class MaildirMails:
    """`ReturnedMails` in a folder. A rename within it is atomic.

    What a mail program has shown to somebody is moved from `new` to `cur`, and waits there: a mail is named `new/…` or
    `cur/…:2,S`.
    """

    def __init__(self, folder: Path, most_aside: int = MOST_ASIDE, most_bytes_aside: int = MOST_BYTES_ASIDE) -> None:
        self._folder = folder
        self._aside = folder / _ASIDE
        self._most_aside = most_aside
        self._most_bytes_aside = most_bytes_aside

    async def waiting(self, most: int) -> list[str]:
        """Their names begin with the time of arrival, so the oldest are the smallest."""

        def oldest() -> list[str]:
            names = (f"{part}/{entry.name}" for part in _WAITING for entry in _mails_in(self._folder / part))
            return nsmallest(most, names, key=_file_name)

        return await _in_thread(oldest)

    async def read(self, name: str) -> bytes | None:
        """Raises `OSError` for a file that we may not read, or a link: only these speak of the mail itself."""

        def beginning() -> bytes | None:
            try:
                with os.fdopen(os.open(self._folder / name, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                    return file.read(MOST_READ)
            except FileNotFoundError:
                return None
            except OSError as error:
                if error.errno in _OF_MAIL:
                    raise
                raise _unavailable(error) from error

        return await asyncio.to_thread(beginning)

    async def remove(self, name: str) -> bool:
        return await self._unless_gone((self._folder / name).unlink)

    async def set_aside(self, name: str) -> bool:
        def move() -> None:
            for part in ("tmp", "new", "cur"):
                (self._aside / part).mkdir(parents=True, exist_ok=True, mode=0o700)
            # Nobody has read it there, so it has no flags.
            (self._folder / name).rename(self._aside / "new" / _file_name(name).partition(":")[0])

        return await self._unless_gone(move)

    async def forget(self, before: datetime) -> None:
        def forget_old() -> None:
            size = 0
            for place, (at, path, own) in enumerate(sorted(self._set_aside(), reverse=True)):
                size += own
                is_too_much = place >= self._most_aside or size > self._most_bytes_aside
                if is_too_much or datetime.fromtimestamp(at, UTC) < before:
                    path.unlink(missing_ok=True)

        await _in_thread(forget_old)

    def _set_aside(self) -> Iterator[tuple[float, Path, int]]:
        """When each mail arrived, where it lies and how large it is."""
        for part in filter(Path.is_dir, (self._aside / part for part in _WAITING)):
            for entry in _mails_in(part):
                about = entry.stat()
                yield about.st_mtime, Path(entry.path), about.st_size

    async def _unless_gone(self, act: Callable[[], None]) -> bool:
        def attempt() -> bool:
            try:
                act()
            except FileNotFoundError:
                return False
            return True

        return await _in_thread(attempt)


def _mails_in(folder: Path) -> Iterator["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False) and not entry.name.startswith("."):
                yield entry


def _file_name(name: str) -> str:
    return name.rpartition("/")[2]


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
        raise _unavailable(error) from error


def _unavailable(error: OSError) -> Unavailable:
    return Unavailable(f"maildir ({error.strerror})")
