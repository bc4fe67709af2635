"""The second process of test_take_back.py: it takes decisions back, or stores one and is killed at once."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[4]))

from services.dashboard.adapters.mongo_decisions import MongoDecisions
from shared.events import DecisionWithdrawn, QuoteReleased
from shared.runtime.adapters.mongo import connect
from tests.services.dashboard.builders import NOON, a_release


def tell(line: str) -> None:
    """To the process that waits for it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def take_back(uri: str, name: str, request_ids: list[str]) -> None:
    """Say that it begins, then take back each, and tell what became of it."""
    async with connect(uri, name) as database:
        decisions = MongoDecisions(database, lambda _event: None)
        await database.command("ping")
        tell("begun")
        told = {}
        for request_id in reversed(request_ids):
            withdrawal = DecisionWithdrawn(
                request_id=request_id,
                decision_id=f"{request_id}:back",
                decided_at=NOON,
                decided_by="desk",
                withdrawn_type=QuoteReleased.type,
                withdrawn_id="x",
            )
            end = await decisions.withdraw(f"{request_id}:released", withdrawal, after=1, before=NOON)
            told[request_id] = end.value
        tell(json.dumps(told))


async def decide(uri: str, name: str) -> None:
    """Store a release, and die as if by accident."""
    async with connect(uri, name) as database:
        await MongoDecisions(database, lambda _event: None).add(a_release())
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    uri, name, *rest = sys.argv[1:]
    asyncio.run(decide(uri, name) if rest == ["--decide"] else take_back(uri, name, rest))
