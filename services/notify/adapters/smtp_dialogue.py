"""Commands and replies on an open SMTP connection, one after the other.

aiosmtplib connects, encrypts and logs in; what decides about letters is read here, because it takes any reply to DATA
but 354 for the same error, the last of several replies for the right one, and keeps one that came too early for later.
"""

import asyncio
import re
from typing import Final

from services.notify.domain.replies import Command, Reply
from services.notify.ports import ConnectionLost

_LONGEST_REPLY: Final = 64 * 1024
_LINE: Final = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)
_LEADING_DOT: Final = re.compile(rb"^\.", re.MULTILINE)


class SmtpDialogue(asyncio.Protocol):
    """The other side of `transport.set_protocol`. Every method raises `ConnectionLost`."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._received = bytearray()
        self._arrived = asyncio.Event()
        self._is_over = False

    @property
    def is_open(self) -> bool:
        """False once the server or we have hung up, or said something out of turn."""
        return not (self._is_over or self._transport.is_closing() or self._received)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        self._received += data
        self._is_over = self._is_over or len(self._received) > _LONGEST_REPLY
        self._arrived.set()

    def eof_received(self) -> None:
        """Called by the event loop: the server will say no more."""
        self.connection_lost(None)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # the event loop's signature
        """Called by the event loop."""
        self._is_over = True
        self._arrived.set()

    async def command(self, name: Command, line: str, timeout_s: float) -> Reply:
        """Send *line*, and read the reply."""
        code, text = await self._exchange(line.encode("ascii") + b"\r\n", timeout_s)
        return Reply(name, code, text)

    async def content(self, content: bytes, timeout_s: float) -> Reply:
        """Send a letter and the final dot, and read the reply. *content* ends with CRLF."""
        # Looked for first: base64 has no dots, and the pattern takes longer than the rest of the letter's way.
        has_dot = content.startswith(b".") or b"\n." in content
        stuffed = _LEADING_DOT.sub(b"..", content) if has_dot else content
        code, text = await self._exchange(stuffed + b".\r\n", timeout_s)
        return Reply("content", code, text)

    async def reset(self, timeout_s: float) -> bool:
        """Whether the server still answers, and has forgotten an unfinished letter."""
        code, _ = await self._exchange(b"RSET\r\n", timeout_s)
        return code // 100 == 2  # noqa: PLR2004  # RFC 5321: done

    async def quit(self, timeout_s: float) -> None:
        """Take leave, and wait for the answer."""
        await self._exchange(b"QUIT\r\n", timeout_s)

    def abort(self) -> None:
        """Break the connection off: what was not ended with its dot is dropped by the server."""
        self._transport.abort()

    async def _exchange(self, data: bytes, timeout_s: float) -> tuple[int, str]:
        if not self.is_open:
            # A reply to nothing would be taken for the reply to this.
            raise ConnectionLost
        self._transport.write(data)
        try:
            async with asyncio.timeout(timeout_s):
                return await self._reply()
        except (TimeoutError, ConnectionLost):
            # What comes now may be the rest of this reply, so nothing that comes can be trusted.
            self._is_over = True
            raise ConnectionLost from None

    async def _reply(self) -> tuple[int, str]:
        codes: list[int] = []
        texts: list[str] = []
        size = 0
        while True:
            line = await self._line()
            size += len(line)
            match = _LINE.fullmatch(line)
            if match is None or size > _LONGEST_REPLY:
                raise ConnectionLost
            codes.append(int(match[1]))
            texts.append((match[3] or b"").decode("utf-8", "replace").strip())
            if match[2] != b"-":
                break
        if len(set(codes)) > 1:
            raise ConnectionLost
        return codes[0], "\n".join(texts)

    async def _line(self) -> bytes:
        while (end := self._received.find(b"\n")) < 0:
            if self._is_over:
                raise ConnectionLost
            self._arrived.clear()
            await self._arrived.wait()
        line = bytes(self._received[:end]).removesuffix(b"\r")
        del self._received[: end + 1]
        return line
