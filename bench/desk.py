"""The desk with very many cases: how long its lists take, and how long it takes to make the read model again."""

import asyncio
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from bench.companies import company
from bench.desk_cases import facts_of
from bench.results import Figures
from local.keys import ensure_keys
from local.mongod import Mongod
from local.summaries import RebuildInProcesses
from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_audit import MongoAudit
from services.dashboard.adapters.mongo_facts import document_of
from services.dashboard.adapters.mongo_figures import MongoFigures
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.domain.case import State
from services.dashboard.domain.figures import period_of
from services.dashboard.domain.listing import NOBODY, Filter, Order, Selection, Tab, Viewer
from services.dashboard.domain.search_keys import SearchKeys
from services.dashboard.ports.cases import Window
from services.dashboard.usecases.index_case import load_search_keys
from services.dashboard.usecases.list_cases import ListCases
from services.dashboard.usecases.show_figures import ShowFigures
from services.registry import service
from shared.clock import JST
from shared.runtime.adapters.mongo import Database, connect
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.parcels import Sealer, load_parcel_opener, load_sealer

CASES: Final = 200_000
ROUNDS: Final = 20
GOAL_MS: Final = 100
GOAL_FIGURES_MS: Final = 500
GOAL_REBUILD_S: Final = 120
_BATCH: Final = 2_000
_NOW: Final = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
_VIEWER: Final = Viewer(account="hanako", now=_NOW)


def report() -> Figures:
    """The 95th percentile of each list in ms, with its parcels opened, and the rebuild in seconds."""
    return asyncio.run(_report())


async def _report() -> Figures:
    async with _a_mongod() as (uri, keys):
        async with connect(uri, service("dashboard").database) as database:
            await _fill(database, load_sealer(keys, ["desk"]))
        began = time.perf_counter()
        await RebuildInProcesses(mongo=uri, keys=keys)(lambda _done, _total: None)
        rebuilt_s = time.perf_counter() - began
        async with connect(uri, service("dashboard").database) as database:
            lists = await _lists(database, keys)
            figures = await _figures(database)
    memory_mb = (
        max(resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    )
    slowest = max(lists, key=lambda name: lists[name])
    print(f"desk: {CASES:,} cases made again in {rebuilt_s:.0f} s (goal ≤ {GOAL_REBUILD_S})")
    print(f"desk: the slowest of {len(lists)} lists is {slowest}, p95 {lists[slowest]:.0f} ms (goal ≤ {GOAL_MS})")
    slowest = max(figures, key=lambda name: figures[name])
    print(f"desk: the slowest {slowest}, p95 {figures[slowest]:.0f} ms (goal ≤ {GOAL_FIGURES_MS})")
    pages = lists | figures
    for name, took_ms in pages.items():
        print(f"desk:   {took_ms:6.1f} ms  {name}")
    return {"rebuild s": rebuilt_s, "memory MB": memory_mb, **{f"{name} p95 ms": ms for name, ms in pages.items()}}


@asynccontextmanager
async def _a_mongod() -> AsyncIterator[tuple[str, Path]]:
    """Its address, and a folder with the desk's keys."""
    with tempfile.TemporaryDirectory(prefix="mitsumori-bench-") as folder:
        ensure_keys(Path(folder) / "keys")
        mongod = Mongod(Path(folder))
        mongod.start()
        try:
            yield mongod.uri, Path(folder) / "keys" / "dashboard"
        finally:
            mongod.kill()


async def _fill(database: Database, sealer: Sealer) -> None:
    """Store the facts of every case, as the consumer would, and no summary."""
    await MongoCases(database).prepare()
    for first in range(0, CASES, _BATCH):
        by_collection: dict[str, list[dict[str, Any]]] = {}
        for number in range(first, first + _BATCH):
            for fact in facts_of(number, _NOW, sealer):
                name, document = document_of(fact)
                by_collection.setdefault(name, []).append(document)
        for name, documents in by_collection.items():
            await database[name].insert_many(documents, ordered=False)


def _selections(keys: SearchKeys) -> Iterator[tuple[str, Selection, Window]]:
    for tab in Tab:
        yield f"tab {tab}", Selection(viewer=_VIEWER).in_tab(tab), Window()
        yield f"tab {tab}, last page", Selection(viewer=_VIEWER).in_tab(tab), Window(is_last=True)
    for order in Order:
        yield f"order {order}", Selection(viewer=_VIEWER, order=order), Window()
    for name, wanted in {
        "two states": Filter(states=frozenset({State.QUOTED, State.REFERRED})),
        "by post": Filter(brochures=frozenset({"post"})),
        "two industries": Filter(industries=frozenset({"retail", "it"})),
        "nobody's": Filter(assignees=frozenset({NOBODY})),
        "premiums": Filter(premium_from=200_000, premium_to=210_000),
        "a day": Filter(received_from=_NOW - timedelta(days=100), received_before=_NOW - timedelta(days=99)),
        "closed": Filter(is_open=False),
        "suspicious": Filter(is_suspicious=True),
        "failed": Filter(has_failed_letters=True),
        "a frequent word": Filter(search=keys.search("商事")),
        "a frequent word in a rare state": Filter(search=keys.search("商事"), has_failed_letters=True, is_open=True),
        "five characters": Filter(search=keys.search("東京システム")),
        "a telephone": Filter(search=keys.search(company(4_711).phone)),
        "a mail address": Filter(search=keys.search(company(4_711).email)),
        "no hit": Filter(search=keys.search("ぬるぬる水産研究会")),
        "everything": Filter(
            states=frozenset({State.REFERRED}), industries=frozenset({"it"}), is_open=True, is_suspicious=True
        ),
    }.items():
        yield f"filter {name}", Selection(viewer=_VIEWER, filter=wanted), Window()


async def _lists(database: Database, keys: Path) -> dict[str, float]:
    list_cases = ListCases(
        summaries=MongoSummaries(database),
        cases=MongoCases(database),
        opener=load_parcel_opener(keys, "desk"),
        keys=load_search_keys(keys),
        set_aside=MongoDeadLetters(database),
        audit=MongoAudit(database),
        now=lambda: _NOW,
    )
    return {
        name: await _p95_ms(lambda selection=selection, window=window: list_cases(selection, window))  # type: ignore[misc]  # bound now
        for name, selection, window in _selections(list_cases.keys)
    }


async def _figures(database: Database) -> dict[str, float]:
    figures = MongoFigures(database)
    await figures.prepare()
    show, today = ShowFigures(figures, lambda: _NOW), _NOW.astimezone(JST).date()
    return {
        f"figures of {days} days": await _p95_ms(partial(show, period_of(today - timedelta(days=days - 1), today)))
        for days in (7, 30, 90, 366)
    }


async def _p95_ms(ask: Callable[[], Awaitable[object]]) -> float:
    await ask()
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await ask()
        took.append(time.perf_counter() - began)
    return sorted(took)[-1 - ROUNDS // 20] * 1000
