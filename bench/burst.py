"""A thousand forms at once: how many are mailed in a second, and that no letter goes out twice."""

import mailbox
import time
from collections import Counter
from typing import Final

from bench.sending import send
from local.system import System

FORMS: Final = 1_000
GOAL: Final = 25


def report(system: System) -> dict[str, float]:
    """Forms a second from the first POST until the mail server has every quote. Raises when a letter came twice."""
    began = time.perf_counter()
    send(system, FORMS, rate=1_000_000)
    took = time.perf_counter() - began
    copies = Counter(str(mail["Message-ID"]) for mail in mailbox.Maildir(system.maildir, create=False))
    twice = sum(count > 1 for count in copies.values())
    if twice:
        raise AssertionError(f"{twice} letters came twice")
    print(f"burst: {FORMS:,} forms at once, mailed at {FORMS / took:.1f} forms/s (goal {GOAL}), no letter twice")
    return {"forms/s": FORMS / took}
