"""The ports of the three web pages that people open. All other processes get any free port."""

import socket
from dataclasses import dataclass
from typing import Final

from local.children import LOOPBACK, CannotStart, free_port, not_free

_HIGH: Final = 64_000
"""From here on a port that is suggested instead is a lower one: there is none above 65535."""


@dataclass(frozen=True, slots=True)
class Ports:
    """One port for each of the three pages."""

    form: int
    dashboard: int
    mailbox: int

    @classmethod
    def from_base(cls, base: int) -> "Ports":
        """Three ports in a row, from *base*. Raises `CannotStart` when one of them cannot be used."""
        for port in range(base, base + 3):
            with socket.socket() as probe:
                # Servers set this too: without it a port counts as used for a while after its last server has stopped.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((LOOPBACK, port))
                except (OSError, OverflowError):
                    other = base + 1000 if base < _HIGH else base - 1000
                    raise CannotStart(
                        f"ポート {port} は使えません(使用中の可能性があります)。"
                        f"--port-base で別の番号を指定してください(例: --port-base {other})。"
                    ) from None
            not_free(port)
        return cls(base, base + 1, base + 2)

    @classmethod
    def free(cls) -> "Ports":
        """Three ports that nobody uses at the moment."""
        return cls(free_port(), free_port(), free_port())
