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

from services.notify.domain.letter_html import letter_html
from services.notify.domain.mail_header import address_header, check_head, one_line, plain_header, text_header
from services.notify.domain.pieces import Base64Piece, Pieces, joined, size
from shared.errors import Invalid
from shared.events import Paper
from shared.mail_address import is_mail_address

_HEAD: Final = (
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"),
    "Content-Type",
)
_TEXT_PART: Final = 'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
_HTML_PART: Final = _TEXT_PART.replace("text/plain", "text/html")
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
    links: tuple[str, ...] = ()
    """Our own addresses in the text, which its HTML makes links of."""
    attachments: tuple[Pieces, ...]
    """Parts with their own heads."""
    paper: Paper | None = None
    """The 見積書 among them."""
    created_at: datetime


def encode(email: Email) -> Pieces:
    """The bytes of *email*: CRLF, 7-bit. Raises `Invalid`: bad-address, broken-head, letter-too-big."""
    pieces = _multipart(email, _headers(email))
    check_head(joined(pieces[:1]).partition(b"\r\n\r\n")[0], _HEAD)
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


def _multipart(email: Email, head: bytes) -> Pieces:
    # Neither boundary is the beginning of the other: readers need not look at more than that (RFC 2046, 5.1.1).
    mixed, alternative = f"=_{email.letter_id}", f"=_a_{email.letter_id}"
    before = f"{_type('mixed', mixed)}--{mixed}\r\n" if email.attachments else ""
    begin = f"{before}{_type('alternative', alternative)}--{alternative}\r\n{_TEXT_PART}"
    body = (
        head + begin.encode("ascii"),
        _lines(email.text),
        f"--{alternative}\r\n{_HTML_PART}".encode("ascii"),
        _lines(letter_html(one_line(email.subject), email.text, email.links)),
        f"--{alternative}--\r\n".encode("ascii"),
    )
    if not email.attachments:
        return body
    delimiter = f"--{mixed}\r\n".encode("ascii")
    parts = chain.from_iterable((delimiter, *part) for part in email.attachments)
    return (*body, *parts, f"--{mixed}--\r\n".encode("ascii"))


def _type(kind: str, boundary: str) -> str:
    return f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'


def _lines(text: str) -> Base64Piece:
    return Base64Piece(b"".join(line + b"\r\n" for line in text.encode().splitlines()))


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
