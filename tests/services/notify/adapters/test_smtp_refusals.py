"""A letter, the real mail client, and a server that refuses us: what is waited for, and that it then leaves once.

test_smtp.py says what a connection does; here whole letters are delivered over it.
"""

import pytest
from structlog.testing import capture_logs

from services.notify.adapters.smtp import SmtpConnection
from services.notify.domain.mail_server import MailServer
from shared.errors import Unavailable
from tests.local.scripted_smtp_server import ScriptedServer
from tests.services.notify.builders import a_letter
from tests.services.notify.usecases.fakes import CONTENT, Delivery, a_delivery

pytestmark = pytest.mark.anyio

NOT_VERIFIED = (
    "554 Message rejected: Email address is not verified. The following identities failed the check in region"
    " AP-NORTHEAST-1: noreply@agency.example"
)


@pytest.fixture(params=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """On the event loop of the tests, and on that of `make run` and of the containers."""
    return "asyncio", {"use_uvloop": request.param == "uvloop"}


@pytest.fixture
async def delivery() -> Delivery:
    return await a_delivery()


def connection_to(server: ScriptedServer, query: str = "", log_in: str | None = None) -> SmtpConnection:
    settings = MailServer.from_url(server.url + query)
    if log_in:
        # An URL lets nobody send a password in plain text, and the server here speaks no TLS.
        settings = MailServer(settings.host, settings.port, log_in, log_in, tls=False, starttls=False)
    return SmtpConnection(settings, "agency.example")


async def test_a_letter_that_ses_refuses_because_of_us_waits_and_leaves_once_when_that_is_mended(
    delivery: Delivery,
) -> None:
    """Nobody had verified the agency's address with SES, which says so only when it has the content.

    The letter failed at its first try, and so did the mail that told the desk. Nothing had been accepted, so the second
    attempt makes no copy. The log says that a 5xx is waited for, without a word of the server: it may name a person.
    """
    async with ScriptedServer({"content": NOT_VERIFIED}) as server:
        connection = connection_to(server)
        with capture_logs() as lines:
            await delivery.deliver_due(connection)
        told = list(delivery.failed)
        server.replies.clear()

        await delivery.deliver_due(connection, seconds=30)
        await delivery.deliver_due(connection, hours=80)
        await connection.close()

    assert told == []
    assert [(line["event"], line["log_level"], line["code"]) for line in lines] == [("letter waits", "warning", 554)]
    assert lines[0].keys() == {"event", "log_level", "code", "letter_id", "request_id", "kind"}
    assert delivery.attempts.outcomes() == ["later", "accepted"]
    assert server.contents == [CONTENT + b".\r\n"] * 2
    assert delivery.outcome() == (True, 2, False)


async def test_a_refusal_of_us_that_nobody_mends_is_told_to_the_desk_after_three_days(delivery: Delivery) -> None:
    """The account stayed closed: the letter must not wait for ever without a word."""
    async with ScriptedServer({"content": "554 Message rejected: Sending paused for this account."}) as server:
        connection = connection_to(server)
        for _ in range(74):
            await delivery.deliver_due(connection, hours=1)
        after_74_hours = delivery.outcome()
        for _ in range(6):
            await delivery.deliver_due(connection, hours=1)
        await connection.close()

    assert after_74_hours is None
    assert delivery.outcome() == (False, 78, False)
    assert delivery.failed == [a_letter().request_id]


@pytest.mark.parametrize(
    ("query", "log_in", "replies"),
    [
        pytest.param("", None, {"greeting": "554 5.7.1 your address is blocked"}, id="the greeting"),
        pytest.param("", None, {"EHLO": "550 5.7.1 bad name"}, id="EHLO"),
        pytest.param("", None, {"EHLO": "502 what?", "HELO": "550 and not you"}, id="HELO"),
        pytest.param("?starttls=1", None, {}, id="no STARTTLS"),
        pytest.param(
            "?starttls=1",
            None,
            {"EHLO": "250-scripted\n250 STARTTLS", "STARTTLS": "454 4.7.0 not available"},
            id="STARTTLS for now",
        ),
        pytest.param(
            "?starttls=1", None, {"EHLO": "250-scripted\n250 STARTTLS", "STARTTLS": "554 5.7.3 no"}, id="STARTTLS"
        ),
        pytest.param("", "us", {}, id="no AUTH"),
        pytest.param("", "us", {"EHLO": "250-scripted\n250 AUTH PLAIN", "AUTH": "535 5.7.8 no"}, id="the password"),
        pytest.param(
            "", "us", {"EHLO": "250-scripted\n250 AUTH PLAIN", "AUTH": "525 5.7.13 account disabled"}, id="our account"
        ),
        pytest.param(
            "",
            "us",
            {"EHLO": "250-scripted\n250 AUTH PLAIN", "AUTH": "550 5.1.1 user unknown"},
            id="a recipient's words",
        ),
        pytest.param(
            "", "us", {"EHLO": "250-scripted\n250 AUTH PLAIN", "AUTH": "451 credits exceeded"}, id="the log-in for now"
        ),
    ],
)
async def test_whatever_is_refused_before_mail_costs_the_letter_no_attempt(
    delivery: Delivery, query: str, log_in: str | None, replies: dict[str, str]
) -> None:
    """No letter has been named yet, so nothing that a server says can be of one."""
    async with ScriptedServer(replies) as server:
        connection = connection_to(server, query, log_in)

        with pytest.raises(Unavailable):
            await delivery.deliver_due(connection)
        await connection.close()

    assert delivery.attempts.steps == {}
    assert delivery.outcome() is None


@pytest.mark.parametrize("answer", ["550 5.1.1 user unknown", "421 4.3.2 closing", "502 what?", ""])
async def test_a_refused_reset_is_of_no_letter(delivery: Delivery, answer: str) -> None:
    """RSET only asks whether the connection still serves: any refusal is answered by a new one."""
    async with ScriptedServer({"content": "451 4.3.0 try again", "RSET": answer}) as server:
        connection = connection_to(server)
        await delivery.deliver_due(connection)
        del server.replies["content"]

        await delivery.deliver_due(connection, seconds=30)
        await connection.close()

    assert delivery.outcome() == (True, 2, False)
    assert sum(command.startswith("EHLO") for command in server.commands) == 2


@pytest.mark.parametrize(
    ("command", "answer", "failed"),
    [
        pytest.param(
            "content",
            "550-5.7.1 [203.0.113.9 12] Our system has detected that this\n550-5.7.1 message is likely unsolicited"
            " mail.\n550 5.7.1 It was blocked to reduce spam. - gsmtp",
            True,
            id="its content",
        ),
        pytest.param(
            "content",
            "550-5.7.1 [203.0.113.9 12] Our system has detected an unusual rate of\n550-5.7.1 unsolicited mail from"
            " your\n550 5.7.1 IP address. - gsmtp",
            False,
            id="our address",
        ),
        pytest.param(
            "RCPT", "550-Verification failed\n550-No such user here\n550 Sender verify failed", False, id="us"
        ),
        pytest.param(
            "RCPT", "550-5.1.1 The account that you tried\n550 5.1.1 to reach does not exist", True, id="nobody"
        ),
        pytest.param(
            "RCPT",
            "550-Callback setup failed while verifying <noreply@agency.example>\n550-5.1.1 User unknown\n"
            "550 The initial connection was rejected.",
            False,
            id="a callout",
        ),
        pytest.param(
            "RCPT", "550-Refused\n550-The other server said: 550 5.1.1 User unknown\n550 Bye", False, id="a quotation"
        ),
        pytest.param(
            "RCPT",
            "554 5.7.1 <yoshida@customer.example>: Recipient address rejected: Quota exceeded",
            False,
            id="our quota",
        ),
        pytest.param("RCPT", "550 5.0.0 Recipient rejected", True, id="the recipient, and no reason"),
        pytest.param("RCPT", "550 5.1.1 <noreply@agency.example>: User unknown", False, id="our own address"),
        pytest.param("content", "550 <noreply@agency.example> is an unknown user", False, id="our address in the head"),
        pytest.param(
            "RCPT", "550 5.1.1 noreply@agency.example to yoshida@customer.example: no such user", True, id="both"
        ),
    ],
)
async def test_a_reply_of_several_lines_is_read_as_one_sentence(
    delivery: Delivery, command: str, answer: str, *, failed: bool
) -> None:
    """Servers break lines anywhere and repeat the code in each, so that words stood apart that belong together."""
    async with ScriptedServer({command: answer}) as server:
        connection = connection_to(server)

        await delivery.deliver_due(connection)
        await connection.close()

    assert bool(delivery.failed) is failed
