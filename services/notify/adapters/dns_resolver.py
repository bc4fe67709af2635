"""What the DNS says of mail, by dnspython: from the resolver of this machine, or from one that an operator names."""

import asyncio
from ipaddress import ip_address
from typing import Final

from dns.asyncresolver import Resolver
from dns.exception import DNSException
from dns.exception import SyntaxError as NoName
from dns.name import NameTooLong
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT
from dns.resolver import NXDOMAIN, NoAnswer
from dns.reversename import from_address

from shared.errors import Unavailable

TRY_S: Final = 1.5
ANSWER_S: Final = 4.0
"""For one question, with everything that is tried for it."""


class DnsResolver:
    """`MailDns` over the network. *server*: its address; None: as this machine is set up."""

    def __init__(self, server: str | None = None, port: int = 53) -> None:
        self._server = server
        self._port = port
        self._made: Resolver | None = None

    async def texts(self, name: str) -> tuple[str, ...]:
        """Each part of a text is at most 255 bytes; bytes that are no UTF-8 are marks."""
        records = [record for record in await self._look_up(name, "TXT") if isinstance(record, TXT)]
        return tuple(b"".join(record.strings).decode(errors="replace") for record in records)

    async def mail_hosts(self, domain: str) -> tuple[str, ...]:
        """The best first."""
        records = [record for record in await self._look_up(domain, "MX") if isinstance(record, MX)]
        records.sort(key=lambda record: record.preference)
        return tuple(record.exchange.to_text(omit_final_dot=True).removesuffix(".") for record in records)

    async def addresses(self, host: str) -> tuple[str, ...]:
        """An address is its own."""
        try:
            return (str(ip_address(host)),)
        except ValueError:
            four, six = await asyncio.gather(self._look_up(host, "A"), self._look_up(host, "AAAA"))
            return tuple(str(record) for record in (*four, *six))

    async def names_of(self, address: str) -> tuple[str, ...]:
        """The PTR records."""
        return tuple(str(record).removesuffix(".") for record in await self._look_up(from_address(address), "PTR"))

    async def _look_up(self, name: object, kind: str) -> tuple[object, ...]:
        try:
            answer = await self._resolver().resolve(name, kind, search=False)  # type: ignore[arg-type]  # a name or a text
        except (NXDOMAIN, NoAnswer, NoName, NameTooLong):
            return ()
        except (DNSException, OSError) as error:
            raise Unavailable("dns") from error
        return tuple(answer)

    def _resolver(self) -> Resolver:
        """Made at the first question, because a machine may have no DNS set up. Raises `DNSException`."""
        if self._made is None:
            resolver = Resolver(configure=self._server is None)
            if self._server is not None:
                resolver.nameservers, resolver.port = [self._server], self._port
            resolver.timeout, resolver.lifetime = TRY_S, ANSWER_S
            self._made = resolver
        return self._made
