"""Forms that flow while parts break (`make chaos RATE=10`): each that was accepted is quoted once and mailed once."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Final

import httpx

from bench.letters import sent_twice
from tests.journeys.world import World, a_quote, until

DRAINED_AFTER_S: Final = 300.0
_CLIENTS: Final = 8


@contextmanager
def traffic(world: World, rate: float) -> Iterator[None]:
    """Send *rate* forms a second while the block runs, then wait for the quotes of those that were accepted."""
    accepted: set[str] = set()
    stopping = Event()

    def post() -> None:
        try:
            reply = world.post(a_quote())
        except httpx.HTTPError:
            return  # Intake is away.
        if reply.status_code == httpx.codes.ACCEPTED:
            accepted.add(reply.json()["request_id"])

    def send() -> None:
        began, number = time.monotonic(), 0
        while not stopping.wait(max(0.0, began + number / rate - time.monotonic())):
            clients.submit(post)
            number += 1

    with ThreadPoolExecutor(_CLIENTS) as clients, ThreadPoolExecutor(1) as sender:
        sending = sender.submit(send)
        try:
            yield
        finally:
            stopping.set()
            sending.result()
    _each_ended_once(world, accepted)


def _each_ended_once(world: World, accepted: set[str]) -> None:
    wanted = {"request_id": {"$in": list(accepted)}}
    sent = {**wanted, "letter": "quote", "fate": "sent"}
    with world.mongo() as client:
        outcomes, quotes = client["mitsumori_intake"]["outcomes"], client["mitsumori_rating"]["quotes"]
        until(lambda: outcomes.count_documents(sent) >= len(accepted), DRAINED_AFTER_S)
        doubtful = client["mitsumori_notify"]["outcomes"].find({"ambiguous": True}, {"_id": 1})
        in_doubt = {str(letter["_id"]) for letter in doubtful}

        assert accepted
        assert quotes.count_documents(wanted) == len(accepted)
        assert {letter.strip("<>").partition("@")[0] for letter in sent_twice(world.system.maildir)} <= in_doubt
