"""Whatever a mail server refuses us for, an operator sees the same: one error that says what to do, and one metric.

The real mail client, a server that answers what a test tells it, and a dispatcher that delivers between them.
"""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from structlog.typing import EventDict

from services.notify.adapters.smtp import SmtpConnection
from services.notify.domain.mail_server import MailServer
from services.notify.domain.refusals import TO_DO, Place
from services.notify.entrypoints.new_letters import NewLetters
from services.notify.entrypoints.worker import MailDispatcher
from services.notify.ports import MailServerRefuses
from shared.errors import Unavailable
from shared.runtime.waiting import Backoff
from tests.local.scripted_smtp_server import ScriptedServer
from tests.services.notify.usecases.fakes import Delivery, a_delivery

pytestmark = pytest.mark.anyio

AUTH = "250-scripted\n250 AUTH PLAIN"
STARTTLS = "250-scripted\n250 STARTTLS"


ENOUGH = 60
"""Connections and commands after which each kind of refusal has been given several times."""


@pytest.fixture(params=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """On the event loop of the tests, and on that of `make run` and of the containers."""
    return "asyncio", {"use_uvloop": request.param == "uvloop"}


def settings(port: int, query: str = "", log_in: str | None = None, scheme: str = "smtp") -> MailServer:
    server = MailServer.from_url(f"{scheme}://127.0.0.1:{port}{query}")
    if log_in:
        # An URL lets nobody send a password in plain text, and the server here speaks no TLS.
        return MailServer(server.host, server.port, log_in, log_in, tls=False, starttls=False)
    return server


def dispatcher(delivery: Delivery, server: MailServer) -> MailDispatcher:
    return MailDispatcher(
        delivery.letters,
        delivery.deliver(),
        delivery.finish,
        new_connection=lambda: SmtpConnection(server, "agency.example"),
        new_letters=NewLetters(),
        now=delivery.clock,
        count_without_key=lambda _count: None,
        backoff=Backoff((0.01,)),
    )


def has_come_to(command: str, server: ScriptedServer) -> bool:
    return any(line.startswith(command) for line in server.commands)


def refused() -> float | None:
    return REGISTRY.get_sample_value("mail_server_refuses_us")


def errors(lines: list[EventDict]) -> list[EventDict]:
    return [line for line in lines if line["log_level"] == "error"]


@pytest.mark.parametrize(
    ("query", "log_in", "replies", "place", "reason"),
    [
        pytest.param("", None, {"greeting": "554 5.7.1 blocked"}, "greeting", "554", id="the greeting"),
        pytest.param("", None, {"EHLO": "550 5.7.1 bad name"}, "greeting", "550", id="EHLO"),
        pytest.param("?starttls=1", None, {}, "encryption", "encryption", id="no STARTTLS"),
        pytest.param(
            "?starttls=1", None, {"EHLO": STARTTLS, "STARTTLS": "554 5.7.3 no"}, "encryption", "554", id="STARTTLS"
        ),
        pytest.param("", "us", {}, "log-in", "log-in", id="no log-in there"),
        pytest.param("", "us", {"EHLO": AUTH, "AUTH": "535 5.7.8 no"}, "log-in", "535", id="the password"),
        pytest.param("", "us", {"EHLO": AUTH, "AUTH": "525 5.7.13 disabled"}, "log-in", "525", id="our account"),
        pytest.param("", "us", {"EHLO": AUTH, "AUTH": "451 credits exceeded"}, "log-in", "451", id="our plan"),
        pytest.param("", None, {"MAIL": "530 5.7.0 log in first"}, "log-in", "530", id="MAIL: no log-in"),
        pytest.param("", None, {"MAIL": "550 5.7.1 not verified"}, "sender", "550", id="MAIL: our address"),
        pytest.param("", None, {"RCPT": "530 5.7.0 log in first"}, "log-in", "530", id="RCPT: no log-in"),
        pytest.param("", None, {"RCPT": "454 Daily message quota exceeded"}, "sender", "454", id="RCPT: our quota"),
    ],
)
async def test_a_server_that_refuses_us_is_one_error_with_what_to_do_until_it_takes_a_letter(
    query: str, log_in: str | None, replies: dict[str, str], place: Place, reason: str
) -> None:
    """A changed password was one of many warnings `letters wait`, as if the server were away: nobody was called.

    A refusal of MAIL rang the alarm, and one at the log-in did not. Now all ring it once, however many connections are
    refused and however often, and the metric stays 1 until a letter has been taken.
    """
    delivery = await a_delivery()
    async with ScriptedServer(dict(replies)) as server:
        with capture_logs() as lines:
            async with dispatcher(delivery, settings(server.port, query, log_in)).running():
                # Connections are refused again and again; a letter with which we are refused is tried once.
                await server.until(
                    lambda: server.greetings + len(server.commands) > ENOUGH or has_come_to("RCPT", server)
                )
        while_refused = refused()
        server.replies = {"EHLO": AUTH, "AUTH": "235 ok"} if log_in else {}
        delivery.clock.advance(minutes=2)
        async with dispatcher(delivery, settings(server.port, "", log_in)).running():
            await server.until(lambda: len(server.contents) == 1)

    assert while_refused == 1
    assert refused() == 0
    assert [(line["event"], line["reason"], line["to_do"]) for line in errors(lines)] == [
        ("letters wait", f"smtp refuses us ({reason})", TO_DO[place])
    ]
    assert delivery.outcome() == (True, 1, False)


async def test_a_refusal_after_an_outage_is_an_error_too() -> None:
    """The provider was away for a night and came back with another password: it had been one more warning of many."""
    delivery = await a_delivery()
    async with ScriptedServer({"greeting": "421 4.3.2 closing"}) as server:
        with capture_logs() as lines:
            async with dispatcher(delivery, settings(server.port, log_in="us")).running():
                await server.until(lambda: server.greetings > ENOUGH)
                while_away = len(errors(lines))
                server.replies = {"EHLO": AUTH, "AUTH": "535 5.7.8 no"}
                await server.until(lambda: sum(line.startswith("AUTH") for line in server.commands) > ENOUGH)

    assert while_away == 0
    assert [line["reason"] for line in errors(lines)] == ["smtp refuses us (535)"]


@pytest.mark.parametrize("answer", ["421 4.3.2 busy", "450 4.3.2 busy", ""])
async def test_a_server_that_is_away_or_busy_is_no_refusal_of_us(answer: str) -> None:
    """Nobody can mend that here, so nobody is woken."""
    async with ScriptedServer({"greeting": answer}) as server:
        with pytest.raises(Unavailable) as away:
            await SmtpConnection(settings(server.port), "agency.example").ensure_ready()

    assert not isinstance(away.value, MailServerRefuses)


async def test_a_port_without_the_encryption_of_the_settings_is_a_refusal() -> None:
    """`smtps://` and the port of STARTTLS: waiting does not help."""
    async with ScriptedServer() as server:
        with pytest.raises(MailServerRefuses) as refusal:
            await SmtpConnection(settings(server.port, scheme="smtps"), "agency.example").ensure_ready()

    assert refusal.value.to_do == TO_DO["encryption"]


async def test_a_certificate_for_another_host_is_a_refusal_and_no_letter_goes_there(tmp_path: Path) -> None:
    """Somebody else may be answering, and a person has to look: it was a warning like any outage."""
    async with impostor(tmp_path) as port:
        with pytest.raises(MailServerRefuses) as refusal:
            await SmtpConnection(settings(port, scheme="smtps"), "agency.example").ensure_ready()

    assert refusal.value.to_do == TO_DO["certificate"]


@asynccontextmanager
async def impostor(folder: Path) -> AsyncIterator[int]:
    """The port of a server whose certificate nobody trusts."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    request = ("openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=mail.example")
    files = ("-keyout", str(key), "-out", str(certificate))
    subprocess.run((*request, *files), check=True, capture_output=True)  # noqa: ASYNC221  # nothing else runs meanwhile
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


def test_every_sentence_names_the_setting_or_whom_to_ask() -> None:
    """The reader is an operator at night who does not know SMTP."""
    for sentence in TO_DO.values():
        assert "MITSUMORI_" in sentence or "provider" in sentence
