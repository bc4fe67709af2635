"""The real mail client against a real mail server that answers what a test tells it."""

from dataclasses import dataclass

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.notify.adapters.smtp import SmtpConnection
from services.notify.domain.mail_server import MailServer
from services.notify.ports import ConnectionLost
from shared.errors import Unavailable
from tests.local.smtp_sink import SmtpSink
from tests.services.notify.builders import a_letter

pytestmark = pytest.mark.anyio

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


def connection_to(sink: SmtpSink, seconds: list[float] | None = None) -> SmtpConnection:
    clock = seconds or [0.0]
    return SmtpConnection(MailServer.from_url(sink.url), "agency.example", lambda: clock[0])


async def send(connection: SmtpConnection, content: bytes = CONTENT) -> int:
    await connection.ensure_ready()
    code = await connection.send_envelope(a_letter(), len(content))
    assert code == 250
    return await connection.send_content(content)


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

    assert (refused, accepted) == (550, 250)
    assert smtp_sink.accepted[0].recipients == ("yoshida@customer.example",)


async def test_a_letter_larger_than_the_server_takes_is_refused_before_it_is_sent(smtp_sink: SmtpSink) -> None:
    connection = connection_to(smtp_sink)

    await connection.ensure_ready()
    code = await connection.send_envelope(a_letter(), 40_000_000)
    await connection.close()

    assert code == 552
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


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 25, None, None, tls=False, starttls=False)),
        ("smtp://[::1]:2525", MailServer("::1", 2525, None, None, tls=False, starttls=False)),
        ("smtps://u:p%40w@mail.example", MailServer("mail.example", 465, "u", "p@w", tls=True, starttls=False)),
        ("smtp://u:pw@mail.example?starttls=1", MailServer("mail.example", 587, "u", "pw", tls=False, starttls=True)),
    ],
)
async def test_the_mail_server_is_one_url(url: str, server: MailServer) -> None:
    assert MailServer.from_url(url) == server
    assert "pw" not in repr(server)


@pytest.mark.parametrize("url", ["", "mail.example:25", "http://mail.example", "smtp://u:secret@mail.example"])
async def test_a_bad_mail_server_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"must look like|needs smtps") as refusal:
        MailServer.from_url(url)

    assert "secret" not in str(refusal.value)
