"""Makes the dashboard's read model again without its process: for `mitsumori cases rebuild`.

It is work for the CPU, so several processes do it side by side.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.domain.awaits_release import awaits_release_of
from services.dashboard.domain.due import due_of
from services.dashboard.usecases.index_case import IndexCase, load_search_keys
from services.dashboard.usecases.summarise import BATCH_SIZE, RebuildSummaries, SummariseCases, rules_of
from services.registry import service
from shared.products import load_products
from shared.runtime.adapters.mongo import connect
from shared.runtime.parcels import load_parcel_opener

_SHARE: Final = 10 * BATCH_SIZE
"""How many cases a process is given at once: a second or two of work."""
_MOST_PROCESSES: Final = 4
"""With more of them MongoDB is what takes the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildInProcesses:
    """Make every summary again from the facts at `mongo`; the dashboard may run.

    `keys`: the folder with the desk's keys; `products`: that of products beside those that come with us.
    """

    mongo: str
    keys: Path
    products: Path | None = None

    async def __call__(self, progress: Callable[[int, int], None]) -> int:
        """Returns how many there are; *progress* is told how many are done, and how many there are.

        Raises `FileNotFoundError` without a key, `Unavailable` when Mongo is away.
        """
        processes = min(os.cpu_count() or 1, _MOST_PROCESSES)
        products = load_products(self.products)
        load_search_keys(self.keys)  # A missing key is told once, and before anything is changed.
        async with connect(self.mongo, service("dashboard").database) as database:
            cases, summaries = MongoCases(database), MongoSummaries(database)
            await summaries.prepare()
            total = await cases.count()
            with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _leave_ctrl_c) as pool:
                rebuild = RebuildSummaries(
                    cases=cases,
                    summaries=summaries,
                    summarise=lambda request_ids: self._side_by_side(pool, request_ids),
                    rules=rules_of(due_of(products), awaits_release_of(products)),
                    batch_size=processes * _SHARE,
                )
                return await rebuild(lambda done: progress(done, total))

    async def _side_by_side(self, pool: ProcessPoolExecutor, request_ids: Sequence[str]) -> None:
        loop = asyncio.get_running_loop()
        shares = [request_ids[first : first + _SHARE] for first in range(0, len(request_ids), _SHARE)]
        await asyncio.gather(*(loop.run_in_executor(pool, _summarise, self, share) for share in shares))

    async def summarise(self, request_ids: Sequence[str]) -> None:
        """The share of one process."""
        products, opener = load_products(self.products), load_parcel_opener(self.keys, "desk")
        due = due_of(products)
        async with connect(self.mongo, service("dashboard").database) as database:
            summarise = SummariseCases(
                cases=MongoCases(database),
                summaries=MongoSummaries(database),
                due=due,
                answer_due=due.first_answer,
                awaits_release=awaits_release_of(products),
                index=IndexCase(opener, load_search_keys(self.keys)),
                opener=opener,
            )
            for first in range(0, len(request_ids), BATCH_SIZE):
                await summarise(request_ids[first : first + BATCH_SIZE])


def _summarise(rebuild: RebuildInProcesses, request_ids: Sequence[str]) -> None:
    asyncio.run(rebuild.summarise(request_ids))


def _leave_ctrl_c() -> None:
    """It reaches every process of the terminal; the first one stops, and the others with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
