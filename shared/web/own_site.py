"""Under which names a browser may open our pages, and from which origins it may post to them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from shared.host_name import host_name

LOOPBACK_NAMES: Final = ("127.0.0.1", "localhost", "::1")
_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9_.-]{1,253}))(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class OwnSite:
    """`hosts`: names without a port. `origins`: as browsers write them (RFC 6454), `https://form.example.jp`."""

    hosts: frozenset[str]
    origins: frozenset[str]

    @classmethod
    def at(cls, url: str, more_hosts: Iterable[str] = ()) -> "OwnSite":
        """The site at *url*, which is also reached as *more_hosts* with the same scheme and port.

        This machine's own names are always among the hosts, for probes and tunnels. They are origins only where *url*
        is one of them: `make run` prints `http://127.0.0.1:8080`, and people type `localhost`.
        """
        parts = urlsplit(url)
        host = host_name(parts.hostname or "")
        names = {host, *map(host_name, more_hosts)}
        if host in LOOPBACK_NAMES:
            names |= set(LOOPBACK_NAMES)
        origins = (_origin(parts.scheme, name, parts.port) for name in names)
        return cls(frozenset({*names, *LOOPBACK_NAMES}), frozenset(origins))


def origin_of(url: str) -> str:
    """The origin of *url* as browsers write it (RFC 6454). Raises `ValueError` where they have none or another."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or parts.username is not None:
        raise ValueError("must begin with https:// or http://, and name no user")
    if parts.port == 0:
        raise ValueError("has a port that does not exist")
    return _origin(parts.scheme, host_name(parts.hostname or ""), parts.port)


def page_address(url: str) -> str:
    """*url* as browsers write it, without a slash at its end, for links that begin with it.

    It is also sent in a header, which holds no Japanese. Raises `ValueError` where no page can be.
    """
    parts = urlsplit(url)
    if "?" in url or "#" in url or not parts.path.isascii() or re.search(r"\s", url):
        raise ValueError("must be an address such as https://form.example.jp, without ? and #")
    return origin_of(url) + parts.path.rstrip("/")


def _origin(scheme: str, name: str, port: int | None) -> str:
    """A port that goes without saying is left out."""
    shown = f"[{name}]" if ":" in name else name
    return f"{scheme}://{shown}" if port in {None, _PORTS.get(scheme)} else f"{scheme}://{shown}:{port}"


def host_of(header: str) -> str | None:
    """The name in a `Host` header, without its port; None for what is no `Host` header (RFC 9110, 7.2)."""
    found = _HOST.fullmatch(header.lower())
    return found and (found[1] or found[2])
