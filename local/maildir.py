"""A Maildir that keeps each mail byte for byte, and reads it back for the mailbox page and for `mitsumori demo`."""

import itertools
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from local.folders import sync_folder
from shared.clock import JST

_SEQUENCE: Final = itertools.count(1)
_MICROSECONDS: Final = 1_000_000
_BEGINNING: Final = 32 * 1024
"""Bytes of a mail that hold its head and its text, unless the text is unusually long."""


@dataclass(frozen=True)
class Attachment:
    """A file in a mail, which is decoded when somebody asks for it."""

    part: EmailMessage

    @property
    def name(self) -> str:
        """As its sender called it."""
        return str(self.part.get_filename("添付ファイル"))

    @property
    def content_type(self) -> str:
        """Such as `application/pdf`."""
        return self.part.get_content_type()

    @cached_property
    def content(self) -> bytes:
        """The file."""
        return bytes(self.part.get_payload(decode=True) or b"")

    @property
    def kilobytes(self) -> int:
        """The size, at least 1."""
        return max(1, len(self.content) // 1024)


@dataclass(frozen=True)
class Mail:
    """A stored mail. Its file is read as far as somebody asks: a list of mails with brochures needs little of them."""

    path: Path

    @property
    def name(self) -> str:
        """The name of its file, which begins with the time of arrival."""
        return self.path.name

    @cached_property
    def content(self) -> bytes:
        """The mail as it arrived."""
        return self.path.read_bytes()

    @cached_property
    def message(self) -> EmailMessage:
        """The mail with its head and its text, but only as much of its attachments as stands in `_BEGINNING`."""
        with self.path.open("rb") as file:
            begun = _parsed(file.read(_BEGINNING))
        *before, _last = begun.walk()
        is_whole = self.path.stat().st_size <= _BEGINNING or begun.get_body(("plain",)) in before
        return begun if is_whole else self._whole

    @cached_property
    def _whole(self) -> EmailMessage:
        return _parsed(self.content)

    @property
    def arrived_at(self) -> datetime:
        """When the mail was stored, just before the sender got the reply 250."""
        return _arrived_at(self.name)

    @property
    def date_text(self) -> str:
        """The Date header, or else the time of arrival, in Japanese time."""
        return _date_text(self.message, self.name)

    @property
    def text(self) -> str:
        """The plain text; empty when there is none."""
        return _body(self.message, "plain")

    @cached_property
    def html(self) -> str:
        """The HTML part; empty when there is none."""
        return _body(self._whole, "html")

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        """The attached files, in order."""
        return tuple(map(Attachment, self._whole.iter_attachments()))


@dataclass(frozen=True, kw_only=True)
class Line:
    """What the list of mails shows of one."""

    name: str
    subject: str
    sender: str
    recipient: str
    date_text: str
    has_attachments: bool


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
        sync_folder(self.folder / "new")

    def names(self) -> list[str]:
        """The names of all mails, newest first."""
        return sorted((path.name for path in (self.folder / "new").iterdir()), reverse=True)

    def newest(self, most: int) -> list[Line]:
        """The newest mails. The folder is listed once: it may hold many thousands."""
        return [_line(self.folder / "new" / name) for name in self.names()[:most]]

    def read(self, name: str) -> Mail:
        """One mail by its name. Raises `KeyError` for a name that is not in the folder."""
        if name not in self.names():
            raise KeyError(name)
        return Mail(self.folder / "new" / name)


@lru_cache(maxsize=200)
def _line(path: Path) -> Line:
    """Of the mail in a file, which never changes. Only its head is read: a hundred mails with brochures are 37 MB."""
    with path.open("rb") as file:
        head = BytesHeaderParser(policy=policy.default).parsebytes(file.read(_BEGINNING))
    return Line(
        name=path.name,
        subject=str(head["subject"] or ""),
        sender=str(head["from"] or ""),
        recipient=str(head["to"] or ""),
        date_text=_date_text(head, path.name),
        has_attachments=head.get_content_type() == "multipart/mixed",
    )


def _arrived_at(name: str) -> datetime:
    seconds, microseconds, *_ = name.split(".")
    return datetime.fromtimestamp(int(seconds) + int(microseconds[1:7]) / _MICROSECONDS, UTC)


def _date_text(head: EmailMessage, name: str) -> str:
    written = getattr(head["date"], "datetime", None) or _arrived_at(name)
    return f"{written.astimezone(JST):%Y/%m/%d %H:%M:%S}"


def _body(message: EmailMessage, subtype: str) -> str:
    body = message.get_body((subtype,))
    return "" if body is None else str(body.get_content())


def _parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)
