"""The three ports that people type; all others are whatever is free."""

import socket
from dataclasses import dataclass

from local.children import LOOPBACK, CannotStart, free_port


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports that people type."""

    form: int
    dashboard: int
    mailbox: int

    @classmethod
    def from_base(cls, base: int) -> "Ports":
        """Three in a row. Raises `CannotStart` when somebody else has one of them."""
        for port in range(base, base + 3):
            with socket.socket() as probe:
                # As servers do: a port that its last user has just left is free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((LOOPBACK, port))
                except (OSError, OverflowError):
                    raise CannotStart(
                        f"ポート {port} は使えません(使用中の可能性があります)。"
                        f"--port-base で別の番号を指定してください(例: --port-base {base + 1000})。"
                    ) from None
        return cls(base, base + 1, base + 2)

    @classmethod
    def free(cls) -> "Ports":
        """Whatever is free."""
        return cls(free_port(), free_port(), free_port())
