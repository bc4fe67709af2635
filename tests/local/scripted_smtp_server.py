"""An SMTP server that says what a test tells it, also what no real one should say."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

_GOOD: Mapping[str, str] = {
    "greeting": "220 scripted",
    "EHLO": "250 scripted",
    "HELO": "250 scripted",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go ahead",
    "content": "250 2.0.0 kept",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


@dataclass
class ScriptedServer:
    """Listens on loopback. `replies` replaces the good reply to a command; "" hangs up instead.

    A line end in a reply is sent as CRLF, so that a script may also send several replies at once.
    """

    replies: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    greetings: int = 0
    port: int = 0
    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _sessions: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for session in self._sessions:
            session.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Until *holds* after one of the connections, commands or contents that arrive."""
        async with asyncio.timeout(20):
            while not holds():
                self._heard.clear()
                await self._heard.wait()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._sessions.add(task)
        try:
            await self._serve(reader, lambda reply: _write(writer, reply))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, say: Callable[[str], bool]) -> None:
        self.greetings += 1
        self._heard.set()
        going = self._reply("greeting", say)
        while going and (line := await reader.readline()):
            # A client that begins with TLS sends no text.
            text = line.decode(errors="replace").rstrip("\r\n")
            command = text.split(maxsplit=1)[0].upper() if text else ""
            self.commands.append(text)
            self._heard.set()
            going = self._reply(command, say) and command != "QUIT"
            if going and command == "DATA" and self.replies.get("DATA", "354").startswith("354"):
                content = await reader.readuntil(b"\r\n.\r\n")
                self.contents.append(content)
                self._heard.set()
                going = self._reply("content", say)

    def _reply(self, command: str, say: Callable[[str], bool]) -> bool:
        return say(self.replies.get(command, _GOOD.get(command, "502 5.5.1 not here")))


def _write(writer: asyncio.StreamWriter, reply: str) -> bool:
    if reply:
        writer.write(reply.replace("\n", "\r\n").encode() + b"\r\n")
    return bool(reply)
