"""How long it takes to be told how a system is of which everything hangs; the rest is tried on one that runs."""

import json
import socket
import time
from contextlib import ExitStack
from pathlib import Path

from local.status import status_of


def test_everything_is_asked_at_the_same_time(tmp_path: Path) -> None:
    """Each part that hangs costs up to three seconds: they must not add up."""
    with ExitStack() as listening:
        services, mailbox, mongo = (listening.enter_context(silent()) for _ in range(3))
        run = {
            "form": "",
            "dashboard": "",
            "services": {"rating": {"health": url(services), "metrics": url(services)}},
            "broker": "kafka",
            "kafka": address(services),
            "mailbox": url(mailbox),
            "mongo": f"mongodb://{address(mongo)}",
        }
        tmp_path.joinpath("run.json").write_text(json.dumps(run), "utf-8")
        began = time.monotonic()

        parts = status_of(tmp_path)

    assert {part.name: part.missing for part in parts} == {
        "rating": ("process",),
        "kafka": (),
        "mailbox": ("process",),
        "mongod": ("process",),
    }
    assert [part.name for part in parts] == ["rating", "kafka", "mailbox", "mongod"]
    assert time.monotonic() - began < 6


def silent() -> socket.socket:
    """It takes connections and never answers."""
    return socket.create_server(("127.0.0.1", 0))


def address(server: socket.socket) -> str:
    return f"127.0.0.1:{server.getsockname()[1]}"


def url(server: socket.socket) -> str:
    return f"http://{address(server)}/"
