"""A letter as the bytes that go over the wire.

The same letter always gives the same bytes: Message-ID, Date and boundary are fixed, because mail systems drop a
second copy only when it is identical. Names are strangers' text: they get into headers through `Address` objects
and without control characters, never through a string that the header parser would take apart.
"""

import unicodedata
from base64 import encodebytes
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from shared.errors import Invalid

_SEEN_AS = {"Cc": " ", "Zl": " ", "Zp": " ", "Cf": ""}
MOST_BYTES = 10_000_000
"""Mail servers commonly refuse more; a letter that cannot arrive must not be written."""


@dataclass(frozen=True, slots=True)
class Party:
    """A name to show and an address to send to."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF with the (ASCII) file name that the reader will see."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that a letter says and to whom; exactly one recipient."""

    letter_id: str
    sender: Party
    reply_to: Party
    to: Party
    subject: str
    text: str
    attachments: tuple[Attachment, ...]
    created_at: datetime


def compose(draft: Draft) -> bytes:
    """The bytes of *draft*: CRLF, 7-bit. Raises `Invalid`: bad-address, letter-too-big."""
    text = EmailMessage(policy=SMTP)
    text.set_content(draft.text, charset="utf-8", cte="base64")
    del text["MIME-Version"]
    if draft.attachments:
        content = _multipart(draft, [text.as_bytes(), *(_part(attachment) for attachment in draft.attachments)])
    else:
        content = _head(draft) + text.as_bytes()
    if len(content) > MOST_BYTES:
        raise Invalid("letter-too-big")
    return content


def _head(draft: Draft) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(draft.sender)
    mail["To"] = _address(draft.to)
    mail["Reply-To"] = _address(draft.reply_to)
    mail["Subject"] = one_line(draft.subject)
    mail["Date"] = format_datetime(draft.created_at)
    mail["Message-ID"] = f"<{draft.letter_id}@{draft.sender.email.rpartition('@')[2]}>"
    # Out-of-office replies must not come back to the desk (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail["MIME-Version"] = "1.0"
    return b"".join(SMTP.fold_binary(name, value) for name, value in mail.items())


def _multipart(draft: Draft, parts: list[bytes]) -> bytes:
    # Put together by hand: the email package writes attachments line by line, which takes longer than to make them.
    boundary = f"=_{draft.letter_id}"
    kind = f'Content-Type: multipart/mixed;\r\n boundary="{boundary}"\r\n\r\n'
    mark = f"--{boundary}\r\n".encode()
    body = b"".join(mark + part.removesuffix(b"\r\n") + b"\r\n" for part in parts)
    return _head(draft) + kind.encode() + body + f"--{boundary}--\r\n".encode()


def _part(attachment: Attachment) -> bytes:
    head = (
        "Content-Type: application/pdf\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{attachment.filename}"\r\n\r\n'
    )
    return head.encode("ascii") + encodebytes(attachment.content).replace(b"\n", b"\r\n")


def one_line(text: str) -> str:
    """*text* as one visible line: line ends and controls of any alphabet become spaces, invisible marks go.

    What is left may stand in a header, and shows in the order in which it is stored.
    """
    return " ".join("".join(_SEEN_AS.get(unicodedata.category(character), character) for character in text).split())


def addr_spec(text: str) -> str:
    """*text*, if it is one plain ASCII address. Raises `ValueError`, which does not quote it."""
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError):
        address = Address()
    if not (text.isascii() and address.username and address.domain):
        raise ValueError("must be one mail address")
    return text


def _address(party: Party) -> Address:
    try:
        return Address(display_name=one_line(party.name), addr_spec=addr_spec(party.email))
    except ValueError:
        raise Invalid("bad-address") from None
