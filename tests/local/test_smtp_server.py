"""The mailbox's SMTP server, byte by byte: what a mail is, where it ends, and what is refused."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.maildir import Maildir
from local.smtp_server import LARGEST_MAIL, SmtpServer

pytestmark = pytest.mark.anyio

END = b".\r\n"
LINE = b"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2\r\n"
LONGEST_LINE = b"x" * 999 + b"\r\n"


@dataclass(frozen=True)
class Client:
    """Speaks SMTP by hand."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    maildir: Maildir

    async def says(self, *pieces: bytes) -> None:
        """Write each of *pieces* as a packet of its own."""
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            # Lets the server, which is in the same loop, read this piece alone.
            for _ in range(3):
                await asyncio.sleep(0)

    async def reply(self) -> str:
        return (await self.reader.readline()).decode().strip()

    async def begins_a_mail(self) -> None:
        for command in (b"MAIL FROM:<a@agency.example>", b"RCPT TO:<b@customer.example>", b"DATA"):
            await self.says(command + b"\r\n")
            last = await self.reply()
        assert last == "354 End data with <CR><LF>.<CR><LF>"

    def kept(self) -> list[bytes]:
        """The mails in the mailbox, oldest first."""
        return [self.maildir.read(name).content for name in reversed(self.maildir.names())]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    maildir = Maildir(tmp_path)
    server = await asyncio.get_running_loop().create_server(lambda: SmtpServer(maildir), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    found = Client(reader, writer, maildir)
    await found.reply()
    await found.says(b"HELO desk.example\r\n")
    await found.reply()
    yield found
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        pytest.param(b"", b"", id="an empty mail"),
        pytest.param(b"\r\n", b"\r\n", id="an empty line"),
        pytest.param(b"a\r\n", b"a\r\n", id="one line"),
        pytest.param(b"a.\r\n", b"a.\r\n", id="one line that ends with a dot"),
        pytest.param(
            b"A: b\r\n\r\nEnd.\r\n\r\nc.\r\n", b"A: b\r\n\r\nEnd.\r\n\r\nc.\r\n", id="lines that end with dots"
        ),
        pytest.param(b"..\r\n", b".\r\n", id="a line with nothing but a dot"),
        pytest.param(b"a\r\n..\r\n..\r\nb\r\n", b"a\r\n.\r\n.\r\nb\r\n", id="two of them"),
        pytest.param(b"...a\r\n..b\r\n", b"..a\r\n.b\r\n", id="lines that begin with dots"),
        pytest.param(b".a\r\n", b"a\r\n", id="a dot that its sender did not double"),
        pytest.param(b"a\n.\nb\n..\r\n", b"a\n.\nb\n..\r\n", id="line feeds alone end no line"),
        pytest.param(b"a\r.\rb\n.\r\n\r\r\n", b"a\r.\rb\n.\r\n\r\r\n", id="nor do carriage returns alone"),
        pytest.param(
            "見積書\0\r\n".encode() + b"\xff\r\n", "見積書\0\r\n".encode() + b"\xff\r\n", id="bytes of every kind"
        ),
        pytest.param(LONGEST_LINE * 2, LONGEST_LINE * 2, id="the longest lines"),
        pytest.param(LINE * 14_000, LINE * 14_000, id="brochures"),
    ],
)
async def test_a_mail_is_kept_as_its_sender_meant_it(client: Client, sent: bytes, kept: bytes) -> None:
    await client.begins_a_mail()

    await client.says(sent + END)

    assert await client.reply() == "250 2.0.0 kept"
    assert client.kept() == [kept]


@pytest.mark.parametrize("content", [b"", b"\r\n", b"a\r\n..\r\nb.\r\n\r\n"])
async def test_a_mail_may_come_in_pieces_of_any_size(client: Client, content: bytes) -> None:
    whole = content + END
    cuts = [[whole[:at], whole[at:]] for at in range(1, len(whole))]

    for pieces in [*cuts, [whole[at : at + 1] for at in range(len(whole))]]:
        await client.begins_a_mail()
        await client.says(*pieces)
        assert await client.reply() == "250 2.0.0 kept"

    assert set(client.kept()) == {content.replace(b"\r\n..", b"\r\n.")}


async def test_commands_right_behind_a_mail_are_answered_after_it(client: Client) -> None:
    await client.begins_a_mail()

    await client.says(b"a\r\n" + END + b"NOOP\r\nMAIL FROM:<a@agency.example>\r\n")

    assert [await client.reply() for _ in range(3)] == ["250 2.0.0 kept", "250 OK", "250 OK"]
    assert client.kept() == [b"a\r\n"]


async def test_a_mail_may_come_together_with_its_command(client: Client) -> None:
    await client.says(b"MAIL FROM:<a@agency.example>\r\nRCPT TO:<b@customer.example>\r\nDATA\r\na\r\n" + END)

    assert [(await client.reply())[:3] for _ in range(4)] == ["250", "250", "354", "250"]
    assert client.kept() == [b"a\r\n"]


@pytest.mark.parametrize(
    ("content", "reply"),
    [
        pytest.param(b"x" + LONGEST_LINE, "500 Line too long (see RFC5321 4.5.3.1.6)", id="a line of 1,000 bytes"),
        pytest.param(
            b"a\r\n" + b"x" * 1_000_000, "500 Line too long (see RFC5321 4.5.3.1.6)", id="a line without an end"
        ),
        pytest.param(b"." + LONGEST_LINE, "500 Line too long (see RFC5321 4.5.3.1.6)", id="with its doubled dot"),
        pytest.param(LINE * (LARGEST_MAIL // 78 + 1), "552 Error: Too much mail data", id="too large"),
    ],
)
async def test_what_is_too_long_is_refused_at_its_end_and_the_next_mail_is_kept(
    client: Client, content: bytes, reply: str
) -> None:
    await client.begins_a_mail()
    await client.says(content + b"\r\n" + END)
    refused = await client.reply()

    await client.begins_a_mail()
    await client.says(b"a\r\n" + END)

    assert refused == reply
    assert await client.reply() == "250 2.0.0 kept"
    assert client.kept() == [b"a\r\n"]


async def test_a_mail_of_the_largest_size_is_kept(client: Client) -> None:
    content = (LINE * (LARGEST_MAIL // len(LINE))) + b"\r\n"
    content = b"x" * (LARGEST_MAIL - len(content)) + content
    await client.begins_a_mail()

    await client.says(content + END)

    assert await client.reply() == "250 2.0.0 kept"
    assert client.kept() == [content]


@pytest.mark.parametrize("content", [b"", b"a\r\n", b"a\r\n."])
async def test_of_a_mail_that_breaks_off_nothing_is_kept(client: Client, content: bytes) -> None:
    await client.begins_a_mail()

    await client.says(content)
    client.writer.write_eof()

    assert await client.reader.read() == b""
    assert client.kept() == []


async def test_a_mail_that_the_disk_refuses_may_be_sent_again(client: Client) -> None:
    await client.begins_a_mail()
    folder = client.maildir.folder / "tmp"
    folder.rmdir()

    await client.says(b"a\r\n" + END)

    assert await client.reply() == "451 4.3.0 not kept: No such file or directory"
    folder.mkdir()
    await client.begins_a_mail()
    await client.says(b"a\r\n" + END)
    assert await client.reply() == "250 2.0.0 kept"


@pytest.mark.parametrize(
    ("commands", "reply"),
    [
        pytest.param([b"DATA"], "503 Error: need RCPT command", id="no recipient"),
        pytest.param([b"MAIL FROM:<a@agency.example>", b"DATA"], "503 Error: need RCPT command", id="only a sender"),
        pytest.param(
            [b"MAIL FROM:<a@agency.example>", b"RCPT TO:<b@customer.example>", b"DATA now"],
            "501 Syntax: DATA",
            id="an argument",
        ),
    ],
)
async def test_data_out_of_its_turn_is_refused(client: Client, commands: list[bytes], reply: str) -> None:
    for command in commands:
        await client.says(command + b"\r\n")
        last = await client.reply()

    assert last == reply


async def test_a_client_that_does_not_greet_may_not_send(client: Client) -> None:
    host, port = client.writer.get_extra_info("peername")
    reader, writer = await asyncio.open_connection(host, port)
    stranger = Client(reader, writer, client.maildir)
    await stranger.reply()

    await stranger.says(b"DATA\r\n")

    assert await stranger.reply() == "503 Error: send HELO first"
    writer.close()
    await writer.wait_closed()


async def test_a_command_that_is_too_long_is_refused_and_the_next_one_answered(client: Client) -> None:
    await client.says(b"NOOP " + b"x" * 5_000 + b"\r\n", b"NOOP\r\n")

    assert [await client.reply() for _ in range(2)] == ["500 Command line too long", "250 OK"]
