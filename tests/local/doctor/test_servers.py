"""Certificates are asked of real servers, as a browser would ask; a mail set-up that reaches nobody is found."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from local.children import free_port
from local.doctor.check import NotKnown
from local.doctor.gather.servers import certificates, mail_set_up, tls_servers, why_no_mails
from services.notify.settings import MailSettings
from services.notify.settings import Settings as NotifySettings
from shared.clock import utc_now
from shared.runtime.kafka_address import KafkaAddress
from tests.certificates import a_certificate

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def serving(with_certificate: Path) -> AsyncIterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(with_certificate)
    server = await asyncio.start_server(_end, "localhost", 0, ssl=context)
    try:
        yield f"localhost:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def _end(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def test_a_certificate_that_holds_says_until_when(tmp_path: Path) -> None:
    until = (utc_now() + timedelta(days=9)).replace(microsecond=0)
    path = a_certificate(tmp_path, until)

    async with serving(path) as address:
        found = await certificates({address: ssl.create_default_context(cafile=path)}, utc_now)

    assert [(one.until, one.trouble) for one in found.found] == [(until, "")]


async def test_a_certificate_that_no_browser_takes_says_why(tmp_path: Path) -> None:
    path = a_certificate(tmp_path, utc_now() - timedelta(days=1))

    async with serving(path) as address:
        ended = await certificates({address: ssl.create_default_context(cafile=path)}, utc_now)
        unknown = await certificates({address: ssl.create_default_context()}, utc_now)

    [first], [second] = ended.found, unknown.found
    assert (first.until, first.trouble, first.is_away) == (None, "certificate has expired", False)
    assert (second.until, "self-signed" in second.trouble.replace("self signed", "self-signed")) == (None, True)


async def test_a_server_that_does_not_answer_shows_no_certificate() -> None:
    found = await certificates({f"localhost:{free_port()}": ssl.create_default_context()}, utc_now)

    assert [(one.is_away, one.until) for one in found.found] == [(True, None)]


def test_pages_and_brokers_with_tls_are_asked_and_others_not() -> None:
    kafka = KafkaAddress.parse("ssl://kafka-1:9093,kafka-2:9093")
    urls = ("https://form.agency.co.jp/x", "https://desk.agency.co.jp:8443", "http://127.0.0.1:8080")

    assert set(tls_servers(urls, kafka)) == {
        "form.agency.co.jp:443",
        "desk.agency.co.jp:8443",
        "kafka-1:9093",
        "kafka-2:9093",
    }
    assert tls_servers(["http://127.0.0.1:8080"], KafkaAddress.parse("kafka:9092")) == {}


async def test_a_mail_set_up_that_reaches_nobody_is_found_in_time(tmp_path: Path) -> None:
    settings = MailSettings(
        smtp="smtps://mail.agency.invalid",
        mail_from="quotes@agency.invalid",
        keys=tmp_path,
    )

    async with asyncio.timeout(8):
        found = await mail_set_up(settings)

    assert "smtp-away" in {finding.code for finding in found.findings}
    assert len(found.findings) > 1


def notify_settings(folder: Path, **changed: str) -> NotifySettings:
    given = {
        "mongo": "mongodb://m",
        "kafka": "k:9092",
        "keys": str(folder),
        "smtp": "smtps://mail.agency.co.jp",
        "mail_from": "quotes@agency.co.jp",
        "desk_email": "desk@agency.co.jp",
        "dashboard_url": "https://desk.agency.co.jp",
    }
    return NotifySettings.model_validate(given | changed)


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"smtp": "smtp://127.0.0.1:25"}, "ほかの端末のメールサーバーを使う notify の設定が、ここにはありません。"),
        ({"mail_check": "off"}, "MITSUMORI_MAIL_CHECK が off のため、調べていません。"),
        (
            # As in docker-compose.yml.
            {"smtp": "smtp://mailpit:1025?plaintext=1", "mail_from": "mitsumori@example.jp"},
            "差出人が見本のドメイン example.jp のため、調べていません。",
        ),
    ],
    ids=["stay here", "check is off", "example"],
)
def test_mails_that_are_for_trying_are_not_looked_at(tmp_path: Path, changed: dict[str, str], because: str) -> None:
    assert why_no_mails(notify_settings(tmp_path, **changed)) == NotKnown(because)


def test_mails_for_customers_are_looked_at(tmp_path: Path) -> None:
    assert why_no_mails(notify_settings(tmp_path)) is None
    assert why_no_mails(notify_settings(tmp_path, mail_check="warn")) is None
