"""The desk's audit with very many entries: how long it takes to find one byte that was changed."""

import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bench.results import Figures, Missed
from bench.yardstick import keeping_pace
from local.mongod import Mongod
from services.dashboard.adapters.audit_chain import GENESIS, Entry, Link, chained, digests_by_day
from services.dashboard.adapters.mongo_audit import verify_audit
from services.registry import service
from shared.runtime.adapters.mongo import Database, connect

ENTRIES: Final = 1_000_000
CHANGED: Final = ENTRIES - 10
"""Near the end: nearly everything has to be read before it is found."""
GOAL_S: Final = 5.0
_BATCH: Final = 20_000
_NOW: Final = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


def report() -> Figures:
    """Seconds to read a whole audit without a fault, and seconds to find the fault."""
    return asyncio.run(_report())


async def _report() -> Figures:
    with tempfile.TemporaryDirectory(prefix="mitsumori-bench-") as folder:
        mongod = Mongod(Path(folder))
        mongod.start()
        try:
            async with connect(mongod.uri, service("dashboard").database) as database:
                await _fill(database)
                began = time.perf_counter()
                whole = await verify_audit(database, _NOW)
                read_s = time.perf_counter() - began
                await database["audit"].update_one({"_id": CHANGED}, {"$set": {"account": "hanakp"}})
                began = time.perf_counter()
                with keeping_pace() as pace:
                    changed = await verify_audit(database, _NOW)
                found_s = time.perf_counter() - began
        finally:
            mongod.kill()
    print(
        f"audit: {ENTRIES:,} entries read in {read_s:.1f} s, a changed byte found in {found_s:.1f} s (goal ≤ {GOAL_S})"
    )
    figures = {"read s": read_s, "found s": found_s}
    if whole.broken or not changed.broken or changed.broken.id != str(CHANGED):
        problem = f"the fault is at {CHANGED}, found before it was there: {whole.broken}, afterwards: {changed.broken}"
        raise Missed(problem, figures)
    if found_s > GOAL_S * pace.factor:
        raise Missed(f"found after {found_s:.1f} s, where {GOAL_S * pace.factor:.1f} are allowed at this pace", figures)
    return figures


async def _fill(database: Database) -> None:
    """An act every half minute up to now."""
    last: Link | None = None
    for first in range(0, ENTRIES, _BATCH):
        linked = chained(last, [_entry(number) for number in range(first, first + _BATCH)])
        await database["audit"].insert_many(linked, ordered=True)
        newest = linked[-1]
        last = Link(newest["_id"], bytes(newest["hash"]), newest["at"])


def _entry(number: int) -> Entry:
    at = _NOW - timedelta(seconds=30) * (ENTRIES - number)
    if number == 0:
        return {"act": GENESIS, "at": at, "account": "", "request_id": None, "before": digests_by_day([])}
    return {"act": "case-opened", "at": at, "account": "hanako", "request_id": f"{number:032x}", "seen": ["answers"]}
