"""A process with a watchdog, whose loop then does what a test wants: run with that word and the watchdog's limit."""

import asyncio
import hashlib
import re
import sys
import threading
import time
from itertools import repeat

from shared.runtime.logs import set_up_logs
from shared.runtime.watchdog import Watchdog


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def sleep(_secret: str) -> None:
    time.sleep(60)


def backtrack(typed: str) -> None:
    re.fullmatch(r"(?:([0-9]{1,20})(a|b|))+", typed)


def count(_secret: str) -> None:
    sum(repeat(1))


def compute(secret: str) -> None:
    while secret:
        pass


def write(secret: str) -> None:
    while secret:
        say("x" * 1000)


def wait_for_a_lock(_secret: str) -> None:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def work() -> None:
    until = time.monotonic() + 4
    while time.monotonic() < until:
        hashlib.sha256(b"x" * 5_000_000).digest()


async def main(what: str, limit_s: float) -> None:
    secret = "a secret of a customer"
    with Watchdog(limit_s).watching():
        say("begun")
        match what:
            case "sleeps":
                sleep(secret)
            case "waits-for-a-lock":
                wait_for_a_lock(secret)
            case "backtracks":
                backtrack("1" * 45 + "x")
            case "counts":
                count(secret)
            case "computes":
                compute(secret)
            case "writes":
                write(secret)
            case "turns":
                await asyncio.sleep(limit_s * 2)
            case "works-in-threads":
                await asyncio.gather(*(asyncio.to_thread(work) for _ in range(4)))
    say("still here")


if __name__ == "__main__":
    set_up_logs("any", "json")
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
