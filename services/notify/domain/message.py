"""An email, and its bytes as they are sent.

The same email always gives the same bytes: Message-ID, Date and boundary are fixed, because mail systems drop a
second copy only when it is identical. Names are strangers' text: how they get into headers is in `mail_header.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import format_datetime
from itertools import chain
from typing import Final

from services.notify.domain.mail_header import address_header, check_head, one_line, plain_header, text_header
from services.notify.domain.pieces import Base64Piece, Pieces, joined, size
from shared.errors import Invalid
from shared.mail_address import is_mail_address

_HEAD: Final = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version")
_TEXT_HEAD: Final = ("Content-Type", "Content-Transfer-Encoding")
_TEXT_PART: Final = b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
MAX_BYTES = 10_000_000
"""Mail servers commonly refuse more; a letter that cannot arrive must not be written."""


@dataclass(frozen=True, slots=True)
class NamedAddress:
    """A name to show and an address to send to."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """Everything that a letter says and to whom; exactly one recipient."""

    letter_id: str
    sender: NamedAddress
    reply_to: NamedAddress
    to: NamedAddress
    subject: str
    text: str
    attachments: tuple[Pieces, ...]
    """Parts with their own heads."""
    created_at: datetime


def encode(email: Email) -> Pieces:
    """The bytes of *email*: CRLF, 7-bit. Raises `Invalid`: bad-address, broken-head, letter-too-big."""
    head, text = _headers(email), _text(email.text)
    pieces = _multipart(email, head, text) if email.attachments else (head + _TEXT_PART, text)
    names = (*_HEAD, "Content-Type") if email.attachments else (*_HEAD, *_TEXT_HEAD)
    check_head(joined(pieces[:1]).partition(b"\r\n\r\n")[0], names)
    if size(pieces) > MAX_BYTES:
        raise Invalid("letter-too-big")
    return pieces


def _headers(email: Email) -> bytes:
    domain = email.sender.address.rpartition("@")[2]
    return b"".join(
        (
            _address_header("From", email.sender),
            _address_header("To", email.to),
            _address_header("Reply-To", email.reply_to),
            text_header("Subject", one_line(email.subject)),
            plain_header("Date", format_datetime(email.created_at)),
            plain_header("Message-ID", f"<{email.letter_id}@{domain}>"),
            # Out-of-office replies must not come back to the desk (RFC 3834).
            plain_header("Auto-Submitted", "auto-generated"),
            plain_header("MIME-Version", "1.0"),
        )
    )


def _text(text: str) -> Base64Piece:
    return Base64Piece(b"".join(line + b"\r\n" for line in text.encode().splitlines()))


def _multipart(email: Email, head: bytes, text: Base64Piece) -> Pieces:
    boundary = f"=_{email.letter_id}"
    content_type = f'Content-Type: multipart/mixed;\r\n boundary="{boundary}"\r\n\r\n'.encode()
    delimiter = f"--{boundary}\r\n".encode()
    parts = chain.from_iterable((delimiter, *part) for part in email.attachments)
    return (head + content_type + delimiter + _TEXT_PART, text, *parts, f"--{boundary}--\r\n".encode())


def addr_spec(text: str) -> str:
    """*text*, if it is one plain ASCII address. Raises `ValueError`, which does not quote it."""
    if is_mail_address(text):
        return text
    # Of ours, which may be at a host without a domain (`desk@localhost`).
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError):
        address = Address()
    # What it leaves out, such as a blank or a comment, would still be in the envelope.
    if not (text.isascii() and address.username and address.domain and address.addr_spec == text):
        raise ValueError("must be one mail address")
    return text


def _address_header(name: str, named: NamedAddress) -> bytes:
    try:
        return address_header(name, one_line(named.name), addr_spec(named.address))
    except ValueError:
        raise Invalid("bad-address") from None
