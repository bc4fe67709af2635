"""Makes the dashboard's read model again without its process: for `mitsumori cases rebuild`."""

from collections.abc import Callable
from pathlib import Path

from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.domain.awaits_release import awaits_release_of
from services.dashboard.domain.due import due_of
from services.dashboard.usecases.index_case import IndexCase, load_search_keys
from services.dashboard.usecases.summarise import RebuildSummaries, SummariseCases, rules_of
from services.registry import service
from shared.products import Products
from shared.runtime.adapters.mongo import connect
from shared.runtime.parcels import load_parcel_opener


async def rebuild_summaries(mongo: str, keys: Path, products: Products, progress: Callable[[int, int], None]) -> int:
    """Make every summary again from the facts at *mongo*; the dashboard may run. Returns how many there are.

    *keys*: the folder with the desk's keys. *progress* is told how many are done, and how many there are. Raises
    `FileNotFoundError` without a key, `Unavailable` when Mongo is away.
    """
    opener = load_parcel_opener(keys, "desk")
    async with connect(mongo, service("dashboard").database) as database:
        cases, summaries = MongoCases(database), MongoSummaries(database)
        await summaries.prepare()
        due, awaits_release = due_of(products), awaits_release_of(products)
        summarise = SummariseCases(
            cases=cases,
            summaries=summaries,
            due=due,
            answer_due=due.first_answer,
            awaits_release=awaits_release,
            index=IndexCase(opener, load_search_keys(keys)),
            opener=opener,
        )
        rules = rules_of(due, awaits_release)
        rebuild = RebuildSummaries(cases=cases, summaries=summaries, summarise=summarise, rules=rules)
        total = await cases.count()
        return await rebuild(lambda done: progress(done, total))
