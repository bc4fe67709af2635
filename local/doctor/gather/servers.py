"""Asks servers on the network: the certificates of ours, the DNS about our mails, and the mail server."""

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from local.doctor.check import NotKnown
from local.doctor.example_domains import is_example
from local.doctor.facts import Certificate, Certificates, MailSetUp
from services.notify.adapters.dkim_keys import dkim_records
from services.notify.adapters.dns_resolver import DnsResolver
from services.notify.adapters.smtp_probe import offer_of
from services.notify.settings import MailSettings
from services.notify.settings import Settings as NotifySettings
from services.notify.usecases.check_mail_setup import CheckMailSetup
from shared.clock import Clock
from shared.mail_address import domain_of
from shared.runtime.kafka_address import KafkaAddress

ASK_S: Final = 4.0
_HTTPS: Final = 443
_NO_MAILS: Final = NotKnown("ほかの端末のメールサーバーを使う notify の設定が、ここにはありません。")
_CHECK_IS_OFF: Final = NotKnown("MITSUMORI_MAIL_CHECK が off のため、調べていません。")


def why_no_mails(settings: NotifySettings | None) -> NotKnown | None:
    """Why nobody needs to ask whether its mails arrive: they stay here, or are for trying. None: somebody does."""
    if settings is None or settings.smtp.is_here:
        return _NO_MAILS
    if settings.mail_check == "off":
        return _CHECK_IS_OFF
    sender = domain_of(settings.mail_from)
    return NotKnown(f"差出人が見本のドメイン {sender} のため、調べていません。") if is_example(sender) else None


async def mail_set_up(settings: MailSettings) -> MailSetUp:
    """What is wrong with it. Raises nothing: what does not answer is a finding."""
    own_name = domain_of(settings.mail_from)
    checks = CheckMailSetup(
        dns=DnsResolver(),
        from_domain=own_name,
        envelope_domain=settings.envelope_domain,
        dkim_records=partial(dkim_records, settings.keys),
        host=settings.smtp.host,
        limit_s=ASK_S,
    )
    of_domain, of_server = await asyncio.gather(
        checks.of_domain(), checks.of_server(partial(offer_of, settings.smtp, own_name))
    )
    return MailSetUp(findings=[*of_domain, *of_server])


def tls_servers(urls: Iterable[str], kafka: KafkaAddress | None) -> dict[str, ssl.SSLContext]:
    """`host:port` → whom to trust, of every server that is reached by TLS. MongoDB's driver checks its own."""
    pages = [urlsplit(url) for url in urls if url.startswith("https://")]
    servers = {f"{page.hostname}:{page.port or _HTTPS}": ssl.create_default_context() for page in pages}
    return servers | (dict.fromkeys(kafka.servers, kafka.tls) if kafka and kafka.tls else {})


async def certificates(servers: Mapping[str, ssl.SSLContext], now: Clock) -> Certificates:
    """Of each of them, at the same time."""
    found = await asyncio.gather(*(_certificate(address, tls) for address, tls in servers.items()))
    return Certificates(found=found, now=now())


async def _certificate(address: str, tls: ssl.SSLContext) -> Certificate:
    host, _, port = address.rpartition(":")
    try:
        async with asyncio.timeout(ASK_S):
            _, writer = await asyncio.open_connection(host.strip("[]"), int(port), ssl=tls)
    except ssl.SSLCertVerificationError as error:
        return Certificate(address=address, trouble=error.verify_message)
    except (OSError, TimeoutError) as error:
        return Certificate(address=address, trouble=type(error).__name__, is_away=True)
    shown = writer.get_extra_info("peercert")
    writer.transport.abort()
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(shown["notAfter"]), UTC)
    return Certificate(address=address, until=until)
