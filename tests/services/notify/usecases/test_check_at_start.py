"""A start ends where it is certain that no mail of ours can arrive, and for nothing that is only likely."""

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from local.dkim import add_dkim_key
from services.notify.adapters.dkim_keys import dkim_records
from services.notify.adapters.dns_resolver import DnsResolver
from services.notify.domain.mail_findings import MailCheck
from services.notify.usecases.check_at_start import CheckAtStart
from services.notify.usecases.check_mail_setup import CheckMailSetup
from shared.errors import Invalid
from tests.services.notify.dns_server import DnsServer

pytestmark = pytest.mark.anyio

Records = dict[tuple[str, str], tuple[str, ...]]
MX: Records = {("agency.example", "MX"): ("10 mx.agency.example.",)}
SPF: Records = {("agency.example", "TXT"): ('"v=spf1 mx -all"',)}


def a_start(server: DnsServer, keys: Path, mode: MailCheck = "refuse") -> CheckAtStart:
    return CheckAtStart(
        check=CheckMailSetup(
            dns=DnsResolver("127.0.0.1", server.port),
            from_domain="agency.example",
            envelope_domain="agency.example",
            dkim_records=lambda: dkim_records(keys / "notify"),
            host="localhost",
            limit_s=0.5,
        ),
        mode=mode,
    )


async def said(start: CheckAtStart) -> list[Any]:
    with capture_logs() as lines:
        await start()
    return [line["reason"] for line in lines]


async def test_mails_that_are_neither_signed_nor_allowed_end_the_start(tmp_path: Path) -> None:
    add_dkim_key(tmp_path, "202611")

    async with DnsServer(MX) as server:
        with pytest.raises(Invalid, match="`mitsumori doctor mail` says what mends it"):
            await a_start(server, tmp_path)()


async def test_a_domain_that_takes_no_mail_ends_the_start(tmp_path: Path) -> None:
    async with DnsServer({("agency.example", "MX"): ("0 .",), **SPF}) as server:
        with pytest.raises(Invalid, match="MITSUMORI_MAIL_CHECK=warn"):
            await a_start(server, tmp_path)()


async def test_who_is_told_to_start_all_the_same_does_and_says_why_mails_may_not_arrive(tmp_path: Path) -> None:
    add_dkim_key(tmp_path, "202611")

    async with DnsServer(MX) as server:
        assert await said(a_start(server, tmp_path, "warn")) == [
            "no-spf",
            "dkim-not-published",
            "no-dmarc",
            "unaligned",
        ]


async def test_without_a_key_of_ours_the_provider_may_sign_so_the_start_goes_on(tmp_path: Path) -> None:
    """Amazon SES and others sign in the customer's name, with keys that only the DNS and they know."""
    async with DnsServer(MX) as server:
        assert await said(a_start(server, tmp_path)) == ["no-spf", "no-dkim-key", "no-dmarc", "unaligned"]


async def test_what_could_be_better_does_not_end_the_start(tmp_path: Path) -> None:
    add_dkim_key(tmp_path, "202611")

    async with DnsServer({**MX, **SPF}) as server:
        assert await said(a_start(server, tmp_path)) == ["dkim-not-published", "no-dmarc"]


async def test_a_dns_that_does_not_answer_does_not_end_the_start(tmp_path: Path) -> None:
    add_dkim_key(tmp_path, "202611")

    async with DnsServer(is_silent=True) as server:
        assert set(await said(a_start(server, tmp_path))) == {"dns-silent"}


async def test_where_it_is_off_nobody_is_asked(tmp_path: Path) -> None:
    async with DnsServer() as server:
        assert await said(a_start(server, tmp_path, "off")) == []
        assert server.questions == []
