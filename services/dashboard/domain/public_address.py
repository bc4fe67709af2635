"""Which addresses belong to the public internet: a webhook must not reach what only this network can reach.

Judged is the address that is connected to, never a name: a name may lead elsewhere at the next look.
"""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Network = IPv4Network | IPv6Network
_NOT_PUBLIC: Final[tuple[Network, ...]] = (
    # What Python 3.11 takes for public. In the first one is the metadata address of a cloud (192.0.0.192).
    *map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")),
    # Gateways turn these into the IPv4 addresses that they hold (NAT64, IPv4-compatible, IPv4-translated).
    *map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96")),
    *map(IPv6Network, ("fec0::/10", "5f00::/16", "3fff::/20")),
)


def may_be_reached(text: str, allowed: Collection[Network]) -> bool:
    """Whether the address *text* is public, or in one of the networks that the operator has allowed."""
    return is_in(text, allowed) or _is_public(ip_address(text.partition("%")[0]))


def is_in(text: str, networks: Collection[Network]) -> bool:
    """Whether *networks* hold the address *text*; an IPv4-mapped IPv6 address is IPv4."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in networks)


def networks_in(text: str) -> tuple[Network, ...]:
    """The networks in *text*, separated by commas. Raises `ValueError`, also for one with host bits."""
    return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return _is_public(address.ipv4_mapped)
        if address.sixtofour or address.teredo:
            return False
    is_special = any(address in network for network in _NOT_PUBLIC)
    return address.is_global and not address.is_multicast and not is_special
