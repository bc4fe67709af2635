"""Where a request comes from, for limits that count by place: a customer's network, and the neighbourhood around it."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request comes from: one customer's network, and the `neighbourhood` around it.

    Whoever has one IPv6 address has 2^64 of them, and a rented server's neighbours may be rented by the same person.
    """

    name: str
    neighbourhood: str
    is_local: bool
    """Not the address of a customer: a proxy on this machine that does not say for whom it asks, or a test."""


@lru_cache(maxsize=1_000)
def locate(ip: str) -> Place:
    """The place of an address: IPv4 with its /24, IPv6 as its /64 with its /48; an IPv4-mapped one is IPv4."""
    try:
        address = ip_address(ip)
    except ValueError:
        return Place(ip, ip, is_local=not ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if isinstance(address, IPv4Address):
        return Place(str(address), _network(address, 24), is_local=address.is_loopback)
    return Place(_network(address, 64), _network(address, 48), is_local=address.is_loopback)


def _network(address: IPv4Address | IPv6Address, length: int) -> str:
    return str(ip_network((address.packed, length), strict=False))


def locate_client(request: Request) -> Place:
    """The place of the client, from the server or a trusted proxy."""
    return locate(request.client.host if request.client else "")
