"""Where a log-in comes from: only as much of it as is needed to count, and to recognise an attack afterwards."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final, Literal

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""In this order: most browsers name others too."""
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)

Agent = Literal["browser", "program", "none"]

_ALL_OF_AN_ADDRESS: Final = 32
_ONE_CUSTOMER_V6: Final = 64
"""One line gets a /64 (RFC 6177 and more), so its owner has as many single addresses as they like."""
_SHOWN_V4: Final = 24
_SHOWN_V6: Final = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who asks to log in. `device` is the token of a browser that has logged in before; empty without one.

    `browser`: its name, for its owner to recognise. `session`: the token of the session that
    this browser has; empty without one.
    """

    address: str = ""
    browser: str = ""
    agent: Agent = "none"
    device: str = ""
    session: str = ""

    @property
    def counted_as(self) -> str:
        """The network that tries are counted under: one IPv4 address, or an IPv6 /64."""
        return _network(self.address, _ALL_OF_AN_ADDRESS, _ONE_CUSTOMER_V6)

    @property
    def shown_as(self) -> str:
        """The network as it may be stored for long: a /24 or a /48, which is nobody's own address."""
        return _network(self.address, _SHOWN_V4, _SHOWN_V6)


def agent_of(user_agent: str) -> Agent:
    """What kind of program says that it asks. Every browser calls itself Mozilla."""
    if not user_agent:
        return "none"
    return "browser" if user_agent.startswith("Mozilla/") else "program"


def browser_of(user_agent: str) -> str:
    """`Chrome（Windows）`; `不明なブラウザー` for what no usual browser says."""
    name = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{name or '不明なブラウザー'}{f'（{system}）' if system else ''}"


def _network(address: str, bits_v4: int, bits_v6: int) -> str:
    """`unknown` for what is no address: a proxy that does not say for whom it asks."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is None:
            return str(ip_network((found, bits_v6), strict=False))
        found = found.ipv4_mapped
    return str(ip_network((found, bits_v4), strict=False))
