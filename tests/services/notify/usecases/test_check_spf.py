"""Whether a sender may send for a domain, asked of a real DNS server on loopback."""

from ipaddress import ip_address

import pytest

from services.notify.adapters.dns_resolver import DnsResolver
from services.notify.usecases.check_spf import SpfCheck
from tests.services.notify.dns_server import DnsServer

pytestmark = pytest.mark.anyio

RECORDS = {
    ("agency.example", "MX"): ("10 mx.agency.example.",),
    ("agency.example", "A"): ("192.0.2.1",),
    ("mx.agency.example", "A"): ("192.0.2.25",),
    ("mx.agency.example", "AAAA"): ("2001:db8::25",),
    ("provider.example", "TXT"): ('"v=spf1 ip4:198.51.100.0/24 -all"',),
    ("everybody.example", "TXT"): ('"v=spf1 all"',),
}


async def checked(record: str, sender: str | None) -> tuple[bool, list[str]]:
    async with DnsServer({**RECORDS, ("agency.example", "TXT"): (f'"{record}"',)}) as dns:
        check = SpfCheck(DnsResolver("127.0.0.1", dns.port), ip_address(sender) if sender else None)
        findings = await check("agency.example")
        return check.passes, [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("record", "sender", "passes"),
    [
        ("v=spf1 a -all", "192.0.2.1", True),
        ("v=spf1 a/24 -all", "192.0.2.99", True),
        ("v=spf1 a -all", "192.0.2.2", False),
        ("v=spf1 mx -all", "192.0.2.25", True),
        ("v=spf1 mx -all", "2001:db8::25", True),
        ("v=spf1 a:mx.agency.example -all", "192.0.2.25", True),
        ("v=spf1 include:provider.example -all", "198.51.100.7", True),
        ("v=spf1 include:provider.example -all", "198.51.101.7", False),
        ("v=spf1 -include:provider.example ip4:198.51.100.7 -all", "198.51.100.7", False),
        ("v=spf1 redirect=provider.example", "198.51.100.7", True),
        ("v=spf1 ?ip4:198.51.100.7 ip4:198.51.100.0/24 -all", "198.51.100.7", False),
        ("v=spf1 exists:%{i}.spf.example -all", "198.51.100.7", False),
        ("v=spf1 mx -all", None, False),
    ],
)
async def test_the_first_term_that_matches_a_sender_decides(record: str, sender: str | None, passes: bool) -> None:  # noqa: FBT001  # a table
    assert await checked(record, sender) == (passes, [])


@pytest.mark.parametrize(
    ("record", "finding"),
    [
        ("v=spf1 include:agency.example -all", "spf-too-many-lookups"),
        ("v=spf1 include:everybody.example -all", "spf-everybody"),
        ("v=spf1 include:nobody.example -all", "broken-spf"),
        ("v=spf1 ip4:192.0.2.1 ip5:192.0.2.2 -all", "broken-spf"),
    ],
)
async def test_a_record_that_receivers_do_not_use_is_named(record: str, finding: str) -> None:
    """Also one that refers to itself, which would be followed for ever."""
    assert (await checked(record, "192.0.2.1"))[1] == [finding]
