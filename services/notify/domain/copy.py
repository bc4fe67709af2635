"""Takes a letter's bytes apart again, so that staff can read what was sent."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Final

from shared.events.parcels import Attachment, LetterCopyForDesk

MOST_BYTES: Final = 400_000
"""Of files in a copy, together: in base64, sealed, and in base64 again they are 711 kB. Kafka takes a record of 1 MB.

Four 見積書 fit. What does not, such as an insurer's brochure of some MB, is named with its size and hash.
"""
KEPT_FOR: Final = timedelta(days=7)
"""How long a copy waits to be published, and how late a copy is still made: after that nobody waits for it."""


def copy_of(content: bytes) -> LetterCopyForDesk:
    """What the letter with these bytes says, and to whom. With files of some MB it takes long: use a thread."""
    mail: EmailMessage = message_from_bytes(content, policy=policy.default)
    body = mail.get_body(("plain",))
    return LetterCopyForDesk(
        subject=str(mail["Subject"]),
        sender=str(mail["From"]),
        to=str(mail["To"]),
        written_at=parsedate_to_datetime(str(mail["Date"])),
        text="\n".join(str(body.get_content()).splitlines()) if body else "",
        attachments=tuple(_attachments(mail)),
    )


def _attachments(mail: EmailMessage) -> Iterator[Attachment]:
    room = MOST_BYTES
    for part in mail.iter_attachments():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        fits = len(content) <= room
        room -= len(content) if fits else 0
        yield Attachment(
            name=part.get_filename() or "",
            media_type=part.get_content_type(),
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content=b64encode(content).decode("ascii") if fits else None,
        )
