"""Sends webhooks over HTTP, never to addresses that only this network can reach (server-side request forgery).

A name is looked up here and the address that was judged is the one that is connected to, so nobody can answer the
check with one address and the connection with another. Redirects are not followed, and answers are not read.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import httpcore

from services.dashboard.domain.public_address import Network, is_in, may_be_reached
from services.dashboard.ports.api import PostAnswer, PostProblem

_CONNECT_S: Final = 5.0
_STEP_S: Final = 10.0
WHOLE_S: Final = 15.0
"""For a whole attempt, however slowly a receiver goes on."""


LookUp = Callable[[str, int], Awaitable[Sequence[str]]]


async def addresses_of(host: str, port: int) -> list[str]:
    """By the resolver of this machine; empty for what leads nowhere."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class ForbiddenAddress(httpcore.ConnectError):
    """Everything that the name leads to is out of bounds."""


class NoAddress(httpcore.ConnectError):
    """The name leads nowhere."""


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to public addresses and to *allowed* ones; with *only_allowed* to no others.

    *look_up* gives the addresses that a name and a port lead to; none for a name that leads nowhere.
    """

    def __init__(self, allowed: Collection[Network], look_up: LookUp, *, only_allowed: bool) -> None:
        self._allowed = allowed
        self._look_up = look_up
        self._only_allowed = only_allowed
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's own interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises `ForbiddenAddress`, `NoAddress`, and what httpcore raises."""
        addresses = await self._look_up(host, port)
        usable = [address for address in addresses if self._may_reach(address)]
        if not usable:
            raise ForbiddenAddress if addresses else NoAddress
        for address in usable[:-1]:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError:
                continue
        return await self._network.connect_tcp(usable[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        """As httpcore needs it."""
        await asyncio.sleep(seconds)

    def _may_reach(self, address: str) -> bool:
        return is_in(address, self._allowed) if self._only_allowed else may_be_reached(address, self._allowed)


class HttpPosts:
    """`Posts`. Plain HTTP goes to addresses in *allowed* only: whoever is on the way could read it and answer."""

    def __init__(
        self, allowed: Collection[Network], *, look_up: LookUp = addresses_of, whole_s: float = WHOLE_S
    ) -> None:
        self._whole_s = whole_s
        self._pools = {
            b"https": _pool(CheckedNetwork(allowed, look_up, only_allowed=False)),
            b"http": _pool(CheckedNetwork(allowed, look_up, only_allowed=True)),
        }

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> PostAnswer:
        target = httpcore.URL(url)
        timeouts = {"connect": _CONNECT_S, "read": _STEP_S, "write": _STEP_S, "pool": _STEP_S}
        sent = [("content-type", "application/json"), ("user-agent", "mitsumori-webhooks"), *headers.items()]
        try:
            async with (
                asyncio.timeout(self._whole_s),
                self._pools[target.scheme].stream(
                    "POST", target, headers=sent, content=body, extensions={"timeout": timeouts}
                ) as response,
            ):
                return PostAnswer(response.status)
        except ForbiddenAddress:
            return PostAnswer(None, _forbidden(target))
        except NoAddress:
            return PostAnswer(None, "no-address")
        except (TimeoutError, httpcore.TimeoutException):
            return PostAnswer(None, "timed-out")
        except (httpcore.NetworkError, httpcore.ProtocolError):
            return PostAnswer(None, "connection-failed")


def _forbidden(target: httpcore.URL) -> PostProblem:
    return "not-https" if target.scheme == b"http" else "forbidden-address"


def _pool(network: CheckedNetwork) -> httpcore.AsyncConnectionPool:
    """Every attempt has a connection of its own, which is judged: none is kept."""
    return httpcore.AsyncConnectionPool(
        network_backend=network, max_connections=None, max_keepalive_connections=0, http2=False
    )
