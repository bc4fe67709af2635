"""The proxies whose `X-Forwarded-For` counts, as uvicorn compares them.

uvicorn takes what it cannot read for a name that no visitor ever has. Then nobody is trusted, nothing says so, and all
visitors behind the proxy are limited as one.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

EVERYBODY: Final = "*"
_FORM: Final = "write addresses or networks, separated by commas, such as 127.0.0.1,172.18.0.0/16"


def proxy_addresses(text: str) -> str:
    """*text* with each address and network in its usual form. Blanks around a comma are left out.

    `*` alone trusts everybody. Raises `ValueError` in a sentence that names the first part that uvicorn would not
    understand.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        raise ValueError(f"names nobody: {_FORM}")
    if parts == [EVERYBODY]:
        return EVERYBODY
    return ",".join(_network(part) if "/" in part else _address(part) for part in parts)


def _network(part: str) -> str:
    try:
        return str(ip_network(part))
    except ValueError:
        pass
    try:
        meant = ip_network(part, strict=False)
    except ValueError:
        raise ValueError(f"{part!r} is no network: {_FORM}") from None
    raise ValueError(f"{part!r} is an address within a network: write {meant} for all of it")


def _address(part: str) -> str:
    try:
        address: IPv4Address | IPv6Address = ip_address(part)
    except ValueError:
        raise ValueError(f"{part!r} is no address: {_FORM}") from None
    if address.is_unspecified:
        raise ValueError(f"{part!r} is nobody's address: {_FORM}")
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        raise ValueError(f"{part!r} is never seen in this form: write {address.ipv4_mapped}")
    return str(address)
