"""Reads the SPF record of a domain with all records that it refers to, and says what is wrong with it."""

from dataclasses import dataclass, field

from services.notify.domain.mail_findings import Finding
from services.notify.domain.spf import LOOKED_UP, MAX_LOOKUPS, IpAddress, SpfTerm, read_spf, spf_records
from services.notify.ports import MailDns


class _BrokenSpf(Exception):
    """A record that is read on the way is broken, or is missing where it must not be."""


@dataclass(slots=True)
class SpfCheck:
    """One check of one record: the records that it refers to are read to the end, as for a sender whom none matches."""

    dns: MailDns
    sender: IpAddress | None
    """None: it is not known who sends, and nobody passes."""
    lookups: int = field(default=0, init=False)
    lets_everybody: bool = field(default=False, init=False)
    passes: bool = field(default=False, init=False)

    async def __call__(self, domain: str) -> list[Finding]:
        """What is wrong with the record of *domain*; `passes` then says whether the sender may send for it."""
        records = spf_records(await self.dns.texts(domain))
        if len(records) != 1:
            return [Finding("two-spf" if records else "no-spf", domain)]
        try:
            passes = await self._allows(domain, records[0])
        except _BrokenSpf:
            return [Finding("broken-spf", domain)]
        if self.lookups > MAX_LOOKUPS:
            return [Finding("spf-too-many-lookups", domain)]
        self.passes = passes
        return [Finding("spf-everybody", domain)] if self.lets_everybody else []

    async def _allows(self, domain: str, record: str) -> bool:
        """Whether the first term that matches the sender says that it may send."""
        try:
            terms = read_spf(record)
        except ValueError:
            raise _BrokenSpf from None
        verdict: bool | None = None
        for term in terms:
            if term.mechanism in LOOKED_UP:
                self.lookups += 1
            if self.lookups > MAX_LOOKUPS:
                return False
            self.lets_everybody |= term.mechanism == "all" and term.passes
            if await self._matches(term, term.value or domain) and verdict is None:
                verdict = term.passes
        return bool(verdict)

    async def _matches(self, term: SpfTerm, name: str) -> bool:
        match term.mechanism:
            case "all":
                return True
            case "include" | "redirect":
                return await self._included(name)
            case "ip4" | "ip6":
                return self.sender is not None and term.has(self.sender)
            case "a":
                return await self._is_at(term, (name,))
            case "mx":
                return await self._is_at(term, await self.dns.mail_hosts(name))
            case _:
                # What `exists` and `ptr` say needs the letter, or is not asked any more (RFC 7208, 5.5).
                return False

    async def _included(self, name: str) -> bool:
        if "%" in name:
            return False
        records = spf_records(await self.dns.texts(name))
        if len(records) != 1:
            raise _BrokenSpf
        return await self._allows(name, records[0])

    async def _is_at(self, term: SpfTerm, hosts: tuple[str, ...]) -> bool:
        if self.sender is None or any("%" in host for host in hosts):
            return False
        addresses = [address for host in hosts if host for address in await self.dns.addresses(host)]
        return any(term.is_near(address, self.sender) for address in addresses)
