"""A Maildir that keeps each mail byte for byte, and reads it back for the mailbox page and for `mitsumori demo`."""

import itertools
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from shared.clock import JST

_SEQUENCE: Final = itertools.count(1)
_MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True)
class Attachment:
    """A file in a mail."""

    name: str
    content_type: str
    content: bytes

    @property
    def kilobytes(self) -> int:
        """The size, at least 1."""
        return max(1, len(self.content) // 1024)


@dataclass(frozen=True)
class Mail:
    """A stored mail. `name` is the name of its file, which begins with the time of arrival."""

    name: str
    content: bytes

    @cached_property
    def message(self) -> EmailMessage:
        """The parsed mail."""
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def arrived_at(self) -> datetime:
        """When the mail was stored, just before the sender got the reply 250."""
        seconds, microseconds, *_ = self.name.split(".")
        return datetime.fromtimestamp(int(seconds) + int(microseconds[1:7]) / _MICROSECONDS, UTC)

    @property
    def date_text(self) -> str:
        """The Date header, or else the time of arrival, in Japanese time."""
        written = getattr(self.message["date"], "datetime", None) or self.arrived_at
        return f"{written.astimezone(JST):%Y/%m/%d %H:%M:%S}"

    @property
    def text(self) -> str:
        """The plain text; empty when there is none."""
        body = self.message.get_body(("plain",))
        return "" if body is None else str(body.get_content())

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        """The attached files, in order."""
        return tuple(
            Attachment(
                part.get_filename("添付ファイル"), part.get_content_type(), bytes(part.get_payload(decode=True) or b"")
            )
            for part in self.message.iter_attachments()
        )


class Maildir:
    """The folder, in the layout that mail programs know (`tmp`, `new`, `cur`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def add(self, content: bytes) -> None:
        """Store a mail: it is on disk when this returns. Raises `OSError`."""
        now = datetime.now(UTC)
        name = f"{int(now.timestamp())}.M{now.microsecond:06d}P{os.getpid()}Q{next(_SEQUENCE):06d}.localhost"
        waiting = self.folder / "tmp" / name
        with waiting.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        waiting.rename(self.folder / "new" / name)
        _sync(self.folder / "new")

    def names(self) -> list[str]:
        """The names of all mails, newest first."""
        return sorted((path.name for path in (self.folder / "new").iterdir()), reverse=True)

    def newest(self, most: int) -> list[Mail]:
        """The newest mails. The folder is listed once: it may hold many thousands."""
        return [_read(self.folder / "new" / name) for name in self.names()[:most]]

    def read(self, name: str) -> Mail:
        """One mail by its name. Raises `KeyError` for a name that is not in the folder."""
        if name not in self.names():
            raise KeyError(name)
        return _read(self.folder / "new" / name)


@lru_cache(maxsize=256)
def _read(path: Path) -> Mail:
    """The mail in a file. It never changes, so the list of mails need not parse it each time."""
    return Mail(path.name, path.read_bytes())


def _sync(folder: Path) -> None:
    """Write the folder itself to disk: after a power cut the file must still have its name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
