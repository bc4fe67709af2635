"""An email, and its bytes as they are sent.

The same email always gives the same bytes: Message-ID, Date and boundary are fixed, because mail systems drop a
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

_VISIBLE_AS = {"Cc": " ", "Zl": " ", "Zp": " ", "Cf": ""}
MAX_BYTES = 10_000_000
"""Mail servers commonly refuse more; a letter that cannot arrive must not be written."""


@dataclass(frozen=True, slots=True)
class NamedAddress:
    """A name to show and an address to send to."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF with the (ASCII) file name that the reader will see."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """Everything that a letter says and to whom; exactly one recipient."""

    letter_id: str
    sender: NamedAddress
    reply_to: NamedAddress
    to: NamedAddress
    subject: str
    text: str
    attachments: tuple[Attachment, ...]
    created_at: datetime


def encode(email: Email) -> bytes:
    """The bytes of *email*: CRLF, 7-bit. Raises `Invalid`: bad-address, letter-too-big."""
    text = EmailMessage(policy=SMTP)
    text.set_content(email.text, charset="utf-8", cte="base64")
    del text["MIME-Version"]
    if email.attachments:
        content = _multipart(email, [text.as_bytes(), *(_part(attachment) for attachment in email.attachments)])
    else:
        content = _headers(email) + text.as_bytes()
    if len(content) > MAX_BYTES:
        raise Invalid("letter-too-big")
    return content


def _headers(email: Email) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(email.sender)
    mail["To"] = _address(email.to)
    mail["Reply-To"] = _address(email.reply_to)
    mail["Subject"] = one_line(email.subject)
    mail["Date"] = format_datetime(email.created_at)
    mail["Message-ID"] = f"<{email.letter_id}@{email.sender.address.rpartition('@')[2]}>"
    # Out-of-office replies must not come back to the desk (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail["MIME-Version"] = "1.0"
    return b"".join(SMTP.fold_binary(name, value) for name, value in mail.items())


def _multipart(email: Email, parts: list[bytes]) -> bytes:
    # Built by hand: the email package writes attachments line by line, which takes longer than making the PDFs.
    boundary = f"=_{email.letter_id}"
    content_type = f'Content-Type: multipart/mixed;\r\n boundary="{boundary}"\r\n\r\n'
    delimiter = f"--{boundary}\r\n".encode()
    body = b"".join(delimiter + part.removesuffix(b"\r\n") + b"\r\n" for part in parts)
    return _headers(email) + content_type.encode() + body + f"--{boundary}--\r\n".encode()


def _part(attachment: Attachment) -> bytes:
    headers = (
        "Content-Type: application/pdf\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{attachment.filename}"\r\n\r\n'
    )
    return headers.encode("ascii") + encodebytes(attachment.content).replace(b"\n", b"\r\n")


def one_line(text: str) -> str:
    """*text* as one visible line: line ends and control characters become spaces, invisible marks are removed.

    The result may be used in a header, and is displayed in the order in which it is stored.
    """
    return " ".join("".join(_VISIBLE_AS.get(unicodedata.category(character), character) for character in text).split())


def addr_spec(text: str) -> str:
    """*text*, if it is one plain ASCII address. Raises `ValueError`, which does not quote it."""
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError):
        address = Address()
    if not (text.isascii() and address.username and address.domain):
        raise ValueError("must be one mail address")
    return text


def _address(named: NamedAddress) -> Address:
    try:
        return Address(display_name=one_line(named.name), addr_spec=addr_spec(named.address))
    except ValueError:
        raise Invalid("bad-address") from None
