"""The connection to the mail server is encrypted as of today, and only with the server that the settings name."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from services.notify.adapters.smtp import SmtpConnection
from services.notify.adapters.smtp_probe import offer_of
from services.notify.domain.mail_server import MailServer, MailServerOffer
from services.notify.ports import MailServerRefuses
from shared.clock import utc_now
from shared.errors import Unavailable
from tests.certificates import a_certificate

pytestmark = pytest.mark.anyio


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return a_certificate(tmp_path, utc_now() + timedelta(days=1))


@asynccontextmanager
async def serving(certificate: Path, newest: ssl.TLSVersion | None = None) -> AsyncIterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if newest is not None:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = newest, newest
    server = await asyncio.start_server(_greet, "localhost", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 here\r\n")
    if await reader.readline():
        writer.write(b"250-here\r\n250 SIZE 20000000\r\n")
        await reader.read()
    writer.close()


def server_at(port: int) -> MailServer:
    return MailServer.from_url(f"smtps://localhost:{port}")


async def test_a_server_with_a_valid_certificate_is_spoken_to(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    async with serving(certificate, ssl.TLSVersion.TLSv1_2) as port:
        offer = await offer_of(server_at(port), "agency.example")

    assert offer == MailServerOffer(20_000_000, takes_8bit=False)


async def test_a_server_whose_certificate_nobody_vouches_for_gets_no_letter(certificate: Path) -> None:
    async with serving(certificate) as port:
        with pytest.raises(MailServerRefuses) as refusal:
            await SmtpConnection(server_at(port), "agency.example").ensure_ready()

    assert refusal.value.place == "certificate"


async def test_a_server_that_only_knows_tls_of_yesterday_gets_no_letter(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        old = ssl.TLSVersion.TLSv1_1
        async with serving(certificate, old) as port:
            with pytest.raises(Unavailable):
                await SmtpConnection(server_at(port), "agency.example").ensure_ready()
