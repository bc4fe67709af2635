"""Checks whether mails of ours can arrive: what the DNS says of the domain of From, and what the mail server offers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from services.notify.domain.dmarc import (
    Dmarc,
    dmarc_records,
    is_aligned,
    places_of_dmarc,
    read_dmarc,
    read_tags,
)
from services.notify.domain.mail_findings import NOBODY_PASSES_SPF, Finding, refused_at
from services.notify.domain.message import MAX_BYTES
from services.notify.ports import AskOffer, MailDns, MailServerRefuses
from services.notify.usecases.check_spf import SpfCheck
from shared.errors import Unavailable

LIMIT_S: Final = 10.0
"""For everything together: who waits at a terminal, or for a start, must know when it is over."""
_ED25519: Final = "k=ed25519"

Check = Callable[[], Awaitable[list[Finding]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckMailSetup:
    """Name everything that keeps mails from arriving; none is right. What cannot be asked is a finding too."""

    dns: MailDns
    from_domain: str
    envelope_domain: str
    """Of the address to which a server returns what it cannot deliver."""
    dkim_records: Callable[[], Mapping[str, str]]
    """Selector → the record of each of our keys. Raises `ValueError`, which names a file that is no key."""
    host: str
    """Of the mail server."""
    from_ip: str | None = None
    """From where receivers see our mails come; None: perhaps from the mail server's address."""
    limit_s: float = LIMIT_S

    async def of_domain(self) -> list[Finding]:
        """What is wrong with the domain, its records and the sending address."""
        checks: tuple[tuple[str, Check], ...] = (
            (self.from_domain, self._mail_host),
            (f"{self.from_domain} (SPF, DKIM, DMARC)", self._authentication),
            (self.from_ip or self.host, self._reverse_names),
        )
        found = await asyncio.gather(*(self._in_time(check, Finding("dns-silent", what)) for what, check in checks))
        return [finding for findings in found for finding in findings]

    async def of_server(self, ask_offer: AskOffer) -> list[Finding]:
        """What is wrong with the mail server."""

        async def check() -> list[Finding]:
            try:
                offer = await ask_offer()
            except MailServerRefuses as refusal:
                return [refused_at(refusal.place, self.host)]
            too_small = offer.size is not None and offer.size < MAX_BYTES
            return [
                *([Finding("smtp-too-small", self.host)] if too_small else []),
                *([] if offer.takes_8bit else [Finding("smtp-no-8bitmime", self.host)]),
            ]

        return await self._in_time(check, Finding("smtp-away", self.host))

    async def _in_time(self, check: Check, silent: Finding) -> list[Finding]:
        try:
            async with asyncio.timeout(self.limit_s):
                return await check()
        except (TimeoutError, Unavailable):
            return [silent]

    async def _mail_host(self) -> list[Finding]:
        hosts = await self.dns.mail_hosts(self.from_domain)
        takes_mail = any(hosts) if hosts else await self.dns.addresses(self.from_domain)
        return [] if takes_mail else [Finding("no-mail-host", self.from_domain)]

    async def _authentication(self) -> list[Finding]:
        spf, (dkim, is_signed), (dmarc, policy) = await asyncio.gather(self._spf(), self._dkim(), self._dmarc())
        # Of a sender whose address is not known, a sound record is taken to allow it.
        spf_may_pass = not any(finding.code in NOBODY_PASSES_SPF for finding in spf)
        has_aligned_spf = spf_may_pass and is_aligned(self.from_domain, self.envelope_domain, strict=policy.strict_spf)
        unaligned = [] if has_aligned_spf or is_signed else [Finding("unaligned", self.from_domain)]
        return [*spf, *dkim, *dmarc, *unaligned]

    async def _spf(self) -> list[Finding]:
        sender = self.from_ip or next(iter(await self._public_addresses_of_host()), None)
        check = SpfCheck(self.dns, ip_address(sender) if sender else None)
        findings = await check(self.envelope_domain)
        if sender and not findings and not check.passes:
            return [Finding("spf-without-sender" if self.from_ip else "spf-without-host", sender)]
        return findings

    async def _dkim(self) -> tuple[list[Finding], bool]:
        """What is wrong with our keys, and whether a receiver finds a signature of ours right."""
        try:
            records = self.dkim_records()
        except ValueError as error:
            return [Finding("broken-dkim-key", str(error))], False
        if not records:
            return [Finding("no-dkim-key", self.from_domain)], False
        found = [finding for selector, record in records.items() for finding in await self._key(selector, record)]
        is_signed = len(found) < len(records)
        if all(_ED25519 in record for record in records.values()):
            found.append(Finding("dkim-ed25519-only", self.from_domain))
        return found, is_signed

    async def _key(self, selector: str, record: str) -> list[Finding]:
        name = f"{selector}._domainkey.{self.from_domain}"
        published = [tags for text in await self.dns.texts(name) if "p" in (tags := read_tags(text))]
        if not published:
            return [Finding("dkim-not-published", name, use=record)]
        is_ours = [tags["p"] for tags in published] == [read_tags(record)["p"]]
        return [] if is_ours else [Finding("dkim-other-key", name, use=record)]

    async def _dmarc(self) -> tuple[list[Finding], Dmarc]:
        unknown = Dmarc("none")
        for place in places_of_dmarc(self.from_domain):
            records = dmarc_records(await self.dns.texts(place))
            if not records:
                continue
            if len(records) > 1:
                return [Finding("two-dmarc", place)], unknown
            try:
                dmarc = read_dmarc(records[0])
            except ValueError:
                return [Finding("broken-dmarc", place)], unknown
            return ([Finding("dmarc-none", place)] if dmarc.policy == "none" else []), dmarc
        return [Finding("no-dmarc", self.from_domain)], unknown

    async def _reverse_names(self) -> list[Finding]:
        """Of an address that is only guessed they say nothing: a provider often sends from another."""
        if self.from_ip is None:
            return []
        names = await self.dns.names_of(self.from_ip)
        if not names:
            return [Finding("no-ptr", self.from_ip)]
        for name in names:
            if ip_address(self.from_ip) in map(ip_address, await self.dns.addresses(name)):
                return []
        return [Finding("ptr-not-confirmed", self.from_ip)]

    async def _public_addresses_of_host(self) -> list[str]:
        """None of this machine or of a network of ours: from there no receiver sees a mail come."""
        addresses = () if self.host == "localhost" else await self.dns.addresses(self.host)
        return [address for address in addresses if ip_address(address).is_global]
