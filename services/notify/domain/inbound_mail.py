"""A mail that came in, taken apart: anybody may have written its bytes, so nothing about them is believed.

`taken_apart` reads whatever it is given, and never more than what is named here: what is longer was made to be.
"""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from html import unescape
from typing import Final

from services.notify.domain.return_path import UUID, names_a_letter

MOST_READ: Final = 256 * 1024
"""Bytes. A report stands before the letter that it quotes."""
_LONGEST_HEADER: Final = 2_000
_LONGEST_TEXT: Final = 20_000
_MOST_PARTS: Final = 30
_MOST_BOUNDARIES: Final = 12
"""A report with our letter has five. The parser compares each line with each of them."""
_DEEPEST: Final = 10
_CHARSETS: Final = frozenset(
    {
        *("us-ascii", "ascii", "utf-8", "utf8", "iso-2022-jp", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3"),
        *("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "cp932", "ms932", "euc-jp", "eucjp"),
        *("iso-2022-kr", "euc-kr", "ks_c_5601-1987", "gb2312", "gbk", "gb18030", "big5", "koi8-r"),
        *("iso-8859-1", "iso-8859-2", "iso-8859-15", "windows-1250", "windows-1251", "windows-1252", "unknown-8bit"),
    }
)
"""Those of mail. Python knows others that take the square of a text's length, such as punycode."""
_DELIVERED_TO: Final = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")
_RETURNED_HEADS: Final = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_STATUS_PARTS: Final = ("message/delivery-status", "message/global-delivery-status")
_BEGIN_OF_COPY: Final = re.compile(
    r"^[ >]*-{2,}[^\n]{0,40}(?:copy of|original message|returned message|unsent message|below this line|元のメッセージ"
    r"|元のメール|原文)|^[ >]*(?:received: from |return-path: <)",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS: Final = re.compile(r"""[^\s<>()\[\],;:"@]{1,120}@[^\s<>()\[\],;:"@]{1,255}""")
_TAG: Final = re.compile(r"<(?!mailto:)[a-z/!][^<>]*>", re.IGNORECASE)
_STATUS_FIELD: Final = re.compile(r"^([A-Za-z-]{1,40}):[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)", re.MULTILINE)
_MESSAGE_ID: Final = re.compile(rf"<({UUID})@([^<>@\s]{{1,255}})>", re.IGNORECASE)
"""Of a letter of ours."""

StatusFields = Mapping[str, str]
"""The fields of a report about one recipient, with their names in lower case (RFC 3464, 2.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMail:
    """What is of interest in a mail. Texts are decoded and cut."""

    headers: Mapping[str, str] = field(default_factory=dict)
    """The first of each, with its name in lower case."""
    addressed_to: tuple[str, ...] = ()
    report_type: str = ""
    """As in `multipart/report; report-type=…`."""
    statuses: tuple[StatusFields, ...] = ()
    text: str = ""
    """What it says itself, without the letter that it returns."""
    returned: str = ""
    """The head of the letter that it returns, or what follows its own text."""

    def letter_ids(self, domain: str) -> tuple[str, ...]:
        """The letters of *domain* whose Message-IDs stand in the returned head, or in what it answers."""
        heads = (self.returned, self.headers.get("in-reply-to", ""), self.headers.get("references", ""), self.text)
        found = (match for head in heads for match in _MESSAGE_ID.findall(head))
        return tuple(dict.fromkeys(letter.lower() for letter, of in found if of.lower() == domain.lower()))

    def names(self, address: str) -> bool:
        """Whether *address* stands anywhere in the report or in the returned head."""
        fields_of_report = (value for status in self.statuses for value in status.values())
        said = "\n".join((self.text, self.returned, *fields_of_report)).lower()
        return address.lower() in said


def taken_apart(content: bytes) -> InboundMail:
    """*content* as a mail. What cannot be read in it is left out; bytes that are no mail give an empty one."""
    beginning = content[:MOST_READ]
    if beginning.lower().count(b"boundary") > _MOST_BOUNDARIES:
        return InboundMail()
    try:
        return _read(message_from_bytes(beginning, policy=_ShortHeaders()))
    except (RecursionError, MessageError, ValueError):
        return InboundMail()


class _ShortHeaders(Compat32):
    """Cuts each header before anything in it is looked for: to take a long one apart takes the square of its length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


def _read(message: Message) -> InboundMail:
    parts = list(_parts(message))
    text, returned = _text_and_copy("\n".join(_decoded(part) for part in parts if _is_text(part)))
    heads = [_returned_head(part) for part in parts if part.get_content_type() in _RETURNED_HEADS]
    return InboundMail(
        headers={name.lower(): _shown(message[name]) for name in reversed(message.keys()[:200])},
        addressed_to=tuple(_addresses(message)),
        report_type=str(message.get_param("report-type", "") or "").lower(),
        statuses=tuple(fields for part in parts if part.get_content_type() in _STATUS_PARTS for fields in _of(part)),
        text=text,
        returned="\n".join([*heads, returned])[:_LONGEST_TEXT],
    )


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """Its parts in order, without those of a mail that it returns."""
    if depth > _DEEPEST:
        return
    if message.get_content_charset() not in _CHARSETS:
        # Before whatever looks at the payload, which decodes by it.
        message.del_param("charset")
    inner = message.get_payload()
    if message.get_content_maintype() != "multipart" or not isinstance(inner, list):
        yield message
        return
    for part in inner[:_MOST_PARTS]:
        if isinstance(part, Message):
            yield from _parts(part, depth + 1)


def _is_text(part: Message) -> bool:
    return part.get_content_maintype() == "text" and part.get_content_type() not in _RETURNED_HEADS


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    text = _in_charset(payload, part.get_content_charset())
    if part.get_content_subtype() == "html":
        text = unescape(_TAG.sub(" ", text))
    return text.replace("\r\n", "\n")[: 2 * _LONGEST_TEXT]


def _in_charset(payload: bytes, charset: str | None) -> str:
    try:
        return payload.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return payload.decode("latin-1")


def _text_and_copy(text: str) -> tuple[str, str]:
    """Some programs put the letter that they return behind their own words, in the same part."""
    begin = _BEGIN_OF_COPY.search(text)
    own, copy = (text[: begin.start()], text[begin.start() :]) if begin else (text, "")
    return own[:_LONGEST_TEXT], copy[:_LONGEST_TEXT]


def _returned_head(part: Message) -> str:
    inner = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        return "\n".join(f"{name}: {_shown(value)}" for name, value in inner[0].items()[:100])
    return _decoded(part)


def _of(part: Message) -> Iterator[StatusFields]:
    """The blocks about recipients. The one about the mail server has no action and no status."""
    blocks = part.get_payload()
    for block in blocks[:_MOST_PARTS] if isinstance(blocks, list) else []:
        if isinstance(block, Message):
            fields: StatusFields = {name.lower(): _shown(value) for name, value in block.items()}
            if not fields and part.get("content-transfer-encoding", "").lower() == "base64":
                fields = _in_base64(block)
            if fields.keys() & {"action", "status"}:
                yield fields


def _in_base64(block: Message) -> StatusFields:
    """RFC 3464 forbids it and some servers do it: the parser has taken the encoded text for a body."""
    try:
        text = b64decode(str(block.get_payload()), validate=False).decode("utf-8", "replace")
    except ValueError:
        return {}
    found = _STATUS_FIELD.findall(text.replace("\r\n", "\n"))
    return {name.lower(): " ".join(value.split()) for name, value in found}


def _addresses(message: Message) -> Iterator[str]:
    """Where it was delivered, then where it says that it goes; what may be the address of a letter first."""
    values = [_shown(value) for name in _DELIVERED_TO for value in (message.get_all(name) or [])[:20]]
    addresses = [address for value in values for address in _ADDRESS.findall(value)]
    yield from sorted(dict.fromkeys(addresses), key=lambda address: not names_a_letter(address))


def _shown(value: object) -> str:
    """A header as a person reads it. Cut first: decoding a long one takes the square of its length."""
    raw = " ".join(str(value)[:_LONGEST_HEADER].split())
    try:
        pieces = decode_header(raw)
        return str(make_header(pieces)) if all((of or "ascii").lower() in _CHARSETS for _, of in pieces) else raw
    except (MessageError, LookupError, ValueError):
        return raw
