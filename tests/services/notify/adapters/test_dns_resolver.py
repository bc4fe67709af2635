"""The real resolver against a real DNS server on loopback."""

import pytest

from services.notify.adapters.dns_resolver import DnsResolver
from shared.errors import Unavailable
from tests.services.notify.dns_server import DnsServer

pytestmark = pytest.mark.anyio


async def test_what_the_dns_says_is_given_as_text() -> None:
    records = {
        ("agency.example", "TXT"): ('"v=DKIM1; p=MII" "BIjAN"', '"other"'),
        ("agency.example", "MX"): ("20 second.agency.example.", "10 first.agency.example."),
        ("null.example", "MX"): ("0 .",),
        ("agency.example", "A"): ("192.0.2.1",),
        ("agency.example", "AAAA"): ("2001:db8::1",),
        ("1.2.0.192.in-addr.arpa", "PTR"): ("agency.example.",),
    }
    async with DnsServer(records) as server:
        dns = DnsResolver("127.0.0.1", server.port)

        assert sorted(await dns.texts("agency.example")) == ["other", "v=DKIM1; p=MIIBIjAN"]
        assert await dns.mail_hosts("agency.example") == ("first.agency.example", "second.agency.example")
        assert await dns.mail_hosts("null.example") == ("",)
        assert sorted(await dns.addresses("agency.example")) == ["192.0.2.1", "2001:db8::1"]
        assert await dns.addresses("192.0.2.9") == ("192.0.2.9",)
        assert await dns.names_of("192.0.2.1") == ("agency.example",)


async def test_what_is_not_there_is_nothing_and_no_error() -> None:
    async with DnsServer({("agency.example", "A"): ("192.0.2.1",)}) as server:
        dns = DnsResolver("127.0.0.1", server.port)

        assert await dns.texts("agency.example") == ()
        assert await dns.texts("nobody.example") == ()
        assert await dns.names_of("192.0.2.9") == ()


async def test_a_name_that_can_be_none_is_nothing_too() -> None:
    """A record of somebody else may refer to anything."""
    dns = DnsResolver("127.0.0.1", 9)

    assert await dns.texts(f"{'x' * 64}.example") == ()
    assert await dns.texts("a..example") == ()


async def test_a_dns_that_does_not_answer_is_unavailable() -> None:
    async with DnsServer(is_silent=True) as server:
        with pytest.raises(Unavailable):
            await DnsResolver("127.0.0.1", server.port).texts("agency.example")
