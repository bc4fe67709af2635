"""Makes the dashboard's read model again without its process: for `mitsumori cases rebuild`."""

from collections.abc import Callable

from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.domain.due import due_of
from services.dashboard.usecases.summarise import RebuildSummaries, SummariseCases
from services.registry import service
from shared.products import Products
from shared.runtime.adapters.mongo import connect


async def rebuild_summaries(mongo: str, products: Products, progress: Callable[[int, int], None]) -> int:
    """Make every summary again from the facts at *mongo*; the dashboard may run. Returns how many there are.

    *progress* is told how many are done, and how many there are. Raises `Unavailable` when Mongo is away.
    """
    async with connect(mongo, service("dashboard").database) as database:
        cases, summaries = MongoCases(database), MongoSummaries(database)
        await summaries.prepare()
        due = due_of(products)
        summarise = SummariseCases(cases=cases, summaries=summaries, due=due, answer_due=due.first_answer)
        rebuild = RebuildSummaries(cases=cases, summaries=summaries, summarise=summarise, rules=due.rules)
        total = await cases.count()
        return await rebuild(lambda done: progress(done, total))
