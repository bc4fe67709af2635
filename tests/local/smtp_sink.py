"""A real SMTP server inside the test's event loop: it keeps what it accepts and refuses what it is told to refuse."""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

_25_MB = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """One accepted mail: the envelope and the very bytes (line ends as sent, without the final dot)."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The bytes, parsed."""
        return message_from_bytes(self.content, policy=policy.default)


@dataclass
class SmtpSink:
    """Listens on a free loopback port while it is entered. `close()` and `open()` play an outage, on the same port."""

    accepted: list[Received] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    """What to answer to the next DATA commands, e.g. `451 4.7.1 come back`, `drop` (accept, then hang up silently)."""
    recipient_replies: dict[str, str] = field(default_factory=dict)
    """What to answer to RCPT TO for an address, e.g. `550 5.1.1 no such user`."""
    transactions: int = 0
    """How many DATA commands came to their end, whatever the answer."""
    port: int = 0
    _server: asyncio.Server | None = None
    _sessions: set[asyncio.Transport] = field(default_factory=set)

    @property
    def url(self) -> str:
        """What `MITSUMORI_SMTP` takes."""
        return f"smtp://127.0.0.1:{self.port}"

    def messages(self) -> list[EmailMessage]:
        """The accepted mails, parsed, in order of arrival."""
        return [mail.message for mail in self.accepted]

    async def open(self) -> None:
        """Accept connections."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, hostname="sink.test", data_size_limit=_25_MB, enable_SMTPUTF8=True, loop=loop),
            "127.0.0.1",
            self.port,
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Refuse connections, and cut those that are open."""
        if self._server is not None:
            self._server.close()
            for session in self._sessions:
                session.close()
            self._sessions.clear()
            await self._server.wait_closed()
            self._server = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def handle_EHLO(  # noqa: N802  # aiosmtpd finds its hooks by these names
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self._sessions.add(_transport(server))
        return responses

    async def handle_RCPT(  # noqa: N802  # aiosmtpd finds its hooks by these names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        reply = self.recipient_replies.get(address, "250 2.1.5 ok")
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # see above
        self.transactions += 1
        reply = self.replies.pop(0) if self.replies else "250 2.0.0 kept"
        if reply.startswith("2") or reply == "drop":
            assert isinstance(envelope.content, bytes)
            self.accepted.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content))
        if reply == "drop":
            _transport(server).abort()
        return reply


def _transport(server: SMTP) -> asyncio.Transport:
    # uvloop's transports are no instances of `asyncio.Transport`.
    assert server.transport is not None
    return cast("asyncio.Transport", server.transport)
