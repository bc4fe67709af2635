"""Under which names a browser may open our pages, and from which origins it may post to them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

LOOPBACK_NAMES: Final = ("127.0.0.1", "localhost", "::1")
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
        host = _ascii(parts.hostname or "")
        names = {host, *map(_ascii, more_hosts)}
        if host in LOOPBACK_NAMES:
            names |= set(LOOPBACK_NAMES)
        port = "" if parts.port in {None, {"http": 80, "https": 443}.get(parts.scheme)} else f":{parts.port}"
        origins = (f"{parts.scheme}://{f'[{name}]' if ':' in name else name}{port}" for name in names)
        return cls(frozenset({*names, *LOOPBACK_NAMES}), frozenset(origins))


def _ascii(name: str) -> str:
    """The name as browsers send it: lower case, and Japanese ones in their ASCII form (RFC 3490)."""
    return name.lower() if name.isascii() else name.encode("idna").decode("ascii")


def host_of(header: str) -> str | None:
    """The name in a `Host` header, without its port; None for what is no `Host` header (RFC 9110, 7.2)."""
    found = _HOST.fullmatch(header.lower())
    return found and (found[1] or found[2])
