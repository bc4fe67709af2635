"""The real mail client against a real mail server that answers what a test tells it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.notify.adapters.smtp import COMMAND_S, DATA_S, FINAL_DOT_S, GREETING_S, SmtpConnection
from services.notify.adapters.smtp_dialogue import SmtpDialogue
from services.notify.domain.attempts import CLAIM_LEASE, TOKEN_LEASE
from services.notify.domain.mail_server import MailServer
from services.notify.domain.replies import Reply, outcome_before_content
from services.notify.ports import ConnectionLost
from shared.errors import Unavailable
from tests.local.scripted_smtp_server import ScriptedServer
from tests.local.smtp_sink import SmtpSink
from tests.services.notify.builders import a_letter

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """On the event loop of the tests, and on that of `make run` and of the containers.

    Not one letter left a real notify: uvloop's transports were taken for none, and every test used the other loop.
    """
    return "asyncio", {"use_uvloop": request.param == "uvloop"}


CONTENT = b"Subject: hello\r\n\r\n.\r\n..dots\r\nbye\r\n"


@dataclass
class GreetingSink(SmtpSink):
    """Counts the EHLO commands."""

    greetings: int = 0

    async def handle_EHLO(  # noqa: N802  # aiosmtpd finds its hooks by these names
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.greetings += 1
        return await super().handle_EHLO(server, session, envelope, hostname, responses)


def connection_to(sink: SmtpSink | ScriptedServer, seconds: list[float] | None = None) -> SmtpConnection:
    clock = seconds or [0.0]
    return SmtpConnection(MailServer.from_url(sink.url), "agency.example", lambda: clock[0])


async def send(connection: SmtpConnection, content: bytes = CONTENT) -> int:
    await connection.ensure_ready()
    reply = await connection.send_envelope(a_letter(), len(content))
    assert (reply.command, reply.code) == ("DATA", 354)
    return (await connection.send_content(content)).code


async def test_a_letter_arrives_byte_for_byte_from_one_sender_to_one_recipient(smtp_sink: SmtpSink) -> None:
    connection = connection_to(smtp_sink)

    code = await send(connection)
    await connection.close()

    assert code == 250
    assert [mail.content for mail in smtp_sink.accepted] == [CONTENT]
    assert smtp_sink.accepted[0].sender == "noreply@agency.example"
    assert smtp_sink.accepted[0].recipients == ("yoshida@customer.example",)


@pytest.mark.parametrize("code", [451, 552])
async def test_a_refusal_is_an_answer_not_an_error(smtp_sink: SmtpSink, code: int) -> None:
    smtp_sink.replies.append(f"{code} 4.0.0 no")
    connection = connection_to(smtp_sink)

    answers = [await send(connection), await send(connection)]
    await connection.close()

    assert answers == [code, 250]
    assert len(smtp_sink.accepted) == 1


async def test_a_refused_recipient_leaves_the_connection_usable_for_the_next_letter(smtp_sink: SmtpSink) -> None:
    smtp_sink.recipient_replies["gone@customer.example"] = "550 5.1.1 no such user"
    connection = connection_to(smtp_sink)

    await connection.ensure_ready()
    refused = await connection.send_envelope(a_letter(recipient="gone@customer.example"), 10)
    accepted = await send(connection)
    await connection.close()

    assert refused == Reply("RCPT", 550, "5.1.1 no such user")
    assert accepted == 250
    assert smtp_sink.accepted[0].recipients == ("yoshida@customer.example",)


async def test_a_letter_larger_than_the_server_takes_is_refused_before_it_is_sent(smtp_sink: SmtpSink) -> None:
    connection = connection_to(smtp_sink)

    await connection.ensure_ready()
    reply = await connection.send_envelope(a_letter(), 40_000_000)
    await connection.close()

    assert (reply.command, reply.code) == ("MAIL", 552)
    assert smtp_sink.transactions == 0


async def test_silence_after_the_final_dot_is_a_lost_connection(smtp_sink: SmtpSink) -> None:
    smtp_sink.replies.append("drop")
    connection = connection_to(smtp_sink)

    with pytest.raises(ConnectionLost):
        await send(connection)
    again = await send(connection)
    await connection.close()

    assert again == 250
    assert [mail.content for mail in smtp_sink.accepted] == [CONTENT, CONTENT]


async def test_a_server_that_is_away_is_unavailable_and_comes_back(smtp_sink: SmtpSink) -> None:
    connection = connection_to(smtp_sink)
    await send(connection)

    await smtp_sink.close()
    with pytest.raises(Unavailable):
        await connection.ensure_ready()
    await smtp_sink.open()
    code = await send(connection)
    await connection.close()

    assert code == 250


async def test_a_connection_that_broke_in_the_middle_is_a_lost_connection(smtp_sink: SmtpSink) -> None:
    connection = connection_to(smtp_sink)
    await connection.ensure_ready()
    await smtp_sink.close()

    with pytest.raises(ConnectionLost):
        await connection.send_envelope(a_letter(), 10)

    await connection.close()


class Wire(asyncio.Transport):
    """Takes whatever is sent."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        pass

    def is_closing(self) -> bool:
        return False


async def test_a_reply_of_lines_without_end_is_a_lost_connection() -> None:
    """Only what was not read yet was counted: a broken relay could fill the memory with one reply, line by line."""
    dialogue = SmtpDialogue(Wire())
    reply = asyncio.ensure_future(dialogue.command("MAIL", "MAIL FROM:<us@agency.example>", 60))
    await asyncio.sleep(0)

    for _ in range(200):
        dialogue.data_received(b"250-" + b"x" * 500 + b"\r\n")
        await asyncio.sleep(0)

    assert reply.done()
    assert isinstance(reply.exception(), ConnectionLost)


async def test_one_connection_serves_fifty_letters_and_no_more_after_half_a_minute_of_silence() -> None:
    seconds = [0.0]
    async with GreetingSink() as sink:
        connection = connection_to(sink, seconds)

        for _ in range(51):
            await send(connection)
        connections_for_51_letters = sink.greetings
        seconds[0] = 31.0
        await send(connection)
        await connection.close()

        assert connections_for_51_letters == 2
        assert sink.greetings == 3


@pytest.mark.parametrize("answer", ["250 ok", "220 hello", "200 fine", "350 maybe", "999 what", "ok", "25 ok"])
async def test_content_is_sent_only_when_the_server_asks_for_it(answer: str) -> None:
    """A server answered DATA with 250. Both letters were recorded as sent, and it had received no content."""
    async with ScriptedServer({"DATA": answer}) as server:
        connection = connection_to(server)
        await connection.ensure_ready()

        try:
            outcome = outcome_before_content(await connection.send_envelope(a_letter(), len(CONTENT)))
        except ConnectionLost:
            outcome = "line-lost"
        server.replies.clear()
        again = await send(connection)
        await connection.close()

        assert outcome == "line-lost"
        assert again == 250
        assert server.contents == [CONTENT.replace(b"\r\n.", b"\r\n..") + b".\r\n"]
        assert sum(command.startswith("EHLO") for command in server.commands) == 2


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        pytest.param("MAIL", "250 ok\n250 ok", id="two replies to MAIL"),
        pytest.param("RCPT", "250 ok\n354 go ahead", id="a reply to DATA before DATA"),
        pytest.param("DATA", "354 go ahead\n250 2.0.0 kept", id="accepted before it was sent"),
        pytest.param("content", "250-kept\n554 not kept", id="two codes in one reply after the dot"),
        pytest.param("content", "554-not kept\n250 kept", id="the other way round"),
        pytest.param("content", "kept", id="no code after the dot"),
        pytest.param("content", "", id="silence after the dot"),
        pytest.param("RCPT", "", id="silence after RCPT"),
    ],
)
async def test_a_reply_at_the_wrong_place_is_never_taken_for_acceptance(command: str, answer: str) -> None:
    """Whatever a server says too early or twice would be read as its reply to something else."""
    async with ScriptedServer({command: answer}) as server:
        connection = connection_to(server)

        with pytest.raises(ConnectionLost):
            await send(connection)
        server.replies.clear()
        again = await send(connection)
        await connection.close()

        assert again == 250


async def test_a_letter_that_was_begun_and_not_sent_is_dropped_with_its_connection(smtp_sink: SmtpSink) -> None:
    """We were taken for dead between DATA and the content: the next command would become content."""
    connection = connection_to(smtp_sink)
    await connection.ensure_ready()
    await connection.send_envelope(a_letter(), len(CONTENT))

    code = await send(connection)
    await connection.close()

    assert code == 250
    assert [mail.content for mail in smtp_sink.accepted] == [CONTENT]


@pytest.mark.parametrize("code", [500, 502, 504])
async def test_a_server_that_does_not_know_ehlo_is_greeted_as_before_1995(code: int) -> None:
    """Letters waited for ever for a server that only knows HELO (RFC 5321, 3.2)."""
    async with ScriptedServer({"EHLO": f"{code} what?"}) as server:
        connection = connection_to(server)

        sent = await send(connection)
        await connection.close()

        assert sent == 250
        assert "HELO agency.example" in server.commands
        assert "MAIL FROM:<noreply@agency.example>" in server.commands


@pytest.mark.parametrize("answer", ["550 5.7.1 blocked", "421 too busy", "554 no service here", "530 no"])
@pytest.mark.parametrize("command", ["greeting", "EHLO"])
async def test_a_server_that_does_not_let_us_in_is_away(command: str, answer: str) -> None:
    async with ScriptedServer({command: answer}) as server:
        with pytest.raises(Unavailable):
            await connection_to(server).ensure_ready()


def test_a_slow_server_has_the_time_that_the_protocol_gives_it() -> None:
    """A greeting after 12 s, or a reply to RCPT after 25 s, and not one letter ever left (RFC 5321, 4.5.3.2)."""
    assert GREETING_S >= 300
    assert COMMAND_S >= 300
    assert DATA_S >= 120
    assert FINAL_DOT_S >= 600
    assert timedelta(seconds=2 * COMMAND_S + DATA_S) < CLAIM_LEASE
    assert timedelta(seconds=FINAL_DOT_S) < TOKEN_LEASE


async def test_an_address_of_an_old_phone_is_quoted_in_the_envelope() -> None:
    async with ScriptedServer() as server:
        connection = connection_to(server)
        await connection.ensure_ready()

        await connection.send_envelope(a_letter(recipient="a..b@docomo.ne.jp"), 10)
        await connection.close()

        assert 'RCPT TO:<"a..b"@docomo.ne.jp>' in server.commands


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example?plaintext=1", MailServer("mail.example", 25, None, None, tls=False, starttls=False)),
        ("smtp://[::1]:2525", MailServer("::1", 2525, None, None, tls=False, starttls=False)),
        ("smtps://u:p%40w@mail.example", MailServer("mail.example", 465, "u", "p@w", tls=True, starttls=False)),
        ("smtp://u:pw@mail.example?starttls=1", MailServer("mail.example", 587, "u", "pw", tls=False, starttls=True)),
    ],
)
async def test_the_mail_server_is_one_url(url: str, server: MailServer) -> None:
    assert MailServer.from_url(url) == server
    assert "pw" not in repr(server)


@pytest.mark.parametrize("host", ["mail.example", "10.0.0.5", "mailpit", "128.0.0.1", "localhost.example"])
def test_letters_leave_this_machine_encrypted_or_on_purpose_not(host: str) -> None:
    """Without a password, names and prices went over the network in plain text, and nothing said so."""
    with pytest.raises(ValueError, match="starttls"):
        MailServer.from_url(f"smtp://{host}:25")

    assert MailServer.from_url(f"smtp://{host}:25?plaintext=1").host == host
    assert MailServer.from_url(f"smtp://{host}:25?starttls=1").starttls


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"])
def test_a_mail_server_on_this_machine_needs_no_encryption(host: str) -> None:
    assert not MailServer.from_url(f"smtp://{host}:25").starttls


@pytest.mark.parametrize("url", ["", "mail.example:25", "http://mail.example", "smtp://u:secret@mail.example"])
async def test_a_bad_mail_server_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"must look like|needs smtps") as refusal:
        MailServer.from_url(url)

    assert "secret" not in str(refusal.value)
