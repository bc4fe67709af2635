"""SPF (RFC 7208): which servers may send for a domain, as its record says."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, Literal

IpAddress = IPv4Address | IPv6Address
Mechanism = Literal["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists", "redirect"]

MAX_LOOKUPS: Final = 10
"""Receivers follow no more, and take a record with more for broken (4.6.4)."""
LOOKED_UP: Final = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
_MECHANISM: Final = re.compile(
    r"([+?~-]?)(all|include|a|mx|ptr|exists)(?::([^/\s]\S*?))?(?:/(\d{1,3}))?(?://(\d{1,3}))?", re.IGNORECASE
)
_BITS: Final = {4: 32, 6: 128}
"""Of an address, by its version."""
_IP: Final = re.compile(r"([+?~-]?)(ip4|ip6):(\S+)", re.IGNORECASE)
_MODIFIER: Final = re.compile(r"([a-z][a-z0-9_.-]*)=(\S*)", re.IGNORECASE)
_NEEDS_VALUE: Final = frozenset({"include", "exists"})


@dataclass(frozen=True, slots=True)
class SpfTerm:
    """One word of a record; *value* is a domain or a network, or empty for the domain of the record itself."""

    mechanism: Mechanism
    value: str = ""
    passes: bool = True
    """Whether who is matched may send. `-`, `~` and `?` do not say so."""
    prefixes: tuple[int, int] = (32, 128)
    """How much of an IPv4 or IPv6 address must be the same, for `a` and `mx`."""

    def has(self, address: IpAddress) -> bool:
        """Whether *address* is in the network of an `ip4` or `ip6`."""
        return address in ip_network(self.value, strict=False)

    def is_near(self, host: str, address: IpAddress) -> bool:
        """Whether *address* is that of *host*, or in its network, for an `a` or `mx`."""
        if ip_address(host).version != address.version:
            return False
        prefix = dict(zip(_BITS, self.prefixes, strict=True))[address.version]
        return address in ip_network(f"{host}/{prefix}", strict=False)


def spf_records(texts: tuple[str, ...]) -> list[str]:
    """Those of the texts of a domain that are SPF records."""
    return [text for text in texts if re.match(r"v=spf1( |\Z)", text, re.IGNORECASE)]


def read_spf(record: str) -> tuple[SpfTerm, ...]:
    """The terms of *record*, in their order. Raises `ValueError`."""
    words = record.split()[1:]
    terms = [_term(word) for word in words if not _is_modifier(word)]
    redirects = [match[2] for word in words if (match := _MODIFIER.fullmatch(word)) and match[1].lower() == "redirect"]
    # It stands for what the record says of nobody, so it has no meaning beside `all` (RFC 7208, 6.1).
    if redirects and all(term.mechanism != "all" for term in terms):
        terms.append(SpfTerm("redirect", redirects[0].lower()))
    return tuple(terms)


def _is_modifier(word: str) -> bool:
    return _MODIFIER.fullmatch(word) is not None


def _term(word: str) -> SpfTerm:
    if network := _IP.fullmatch(word):
        if ip_network(network[3], strict=False).version != int(network[2][-1]):
            raise ValueError(word)
        return SpfTerm("ip4" if network[2][-1] == "4" else "ip6", network[3], _passes(network[1]))
    match = _MECHANISM.fullmatch(word)
    if match is None or (match[2].lower() in _NEEDS_VALUE and not match[3]):
        raise ValueError(word)
    mechanism: Mechanism = match[2].lower()  # type: ignore[assignment]  # the pattern has no other words
    prefixes = int(match[4] or _BITS[4]), int(match[5] or _BITS[6])
    if prefixes[0] > _BITS[4] or prefixes[1] > _BITS[6]:
        raise ValueError(word)
    return SpfTerm(mechanism, (match[3] or "").lower(), _passes(match[1]), prefixes)


def _passes(qualifier: str) -> bool:
    return qualifier in ("", "+")
