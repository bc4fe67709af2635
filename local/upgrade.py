"""What an update changes in the stored data, and what of it waits: for `mitsumori upgrade` (ADR 0033)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from services.dashboard.adapters.migrations import STEPS as OF_DASHBOARD
from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.domain.awaits_release import awaits_release_of
from services.dashboard.domain.due import due_of
from services.dashboard.usecases.summarise import rules_of
from services.registry import ServiceName, service
from shared.errors import Invalid
from shared.products import Products
from shared.runtime.adapters.mongo import Database, connect
from shared.runtime.adapters.mongo_migrations import MongoMigrations, Noted, Step, half_restored

STEPS: Final[Mapping[str, Sequence[Step]]] = {ServiceName.dashboard: OF_DASHBOARD}
"""Of each service that has any."""
ORDER: Final = (ServiceName.rating, ServiceName.notify, ServiceName.dashboard, ServiceName.intake)
"""In which services are updated of which several processes run: intake last: it may have a new form. Back: reversed."""
CASES_PER_S: Final = 500
"""A dashboard that makes its read model again beside its other work: half of what two processes do (performance.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredData:
    """The stored data of one service. `adds` and `removes`: the steps that wait for its start, or for an operator.

    `too_new`: what a version after this code has removed. None: this code may use the database, unless it
    `is_half_restored`.
    """

    service: str
    database: str
    noted: Sequence[Noted]
    adds: Sequence[Step]
    removes: Sequence[Step]
    too_new: Noted | None
    is_half_restored: bool

    @property
    def no_way_back_before(self) -> str | None:
        """The newest version that has removed something. None: any version may be gone back to."""
        return next((one.version for one in reversed(self.noted) if one.removes), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadModel:
    """The dashboard's. `is_current`: its next start leaves it as it is; else it takes about *takes_s* in background."""

    cases: int
    is_current: bool

    @property
    def takes_s(self) -> int:
        """While the list shows what it had before."""
        return 0 if self.is_current else self.cases // CASES_PER_S + 1


async def stored_data(uri: str, services: Sequence[str]) -> list[StoredData]:
    """Of each of *services*; nothing is changed. Raises `Unavailable`, and `Invalid` where *uri* may not read it."""
    async with connect(uri, service(services[0]).database) as database:
        return [await _of(database.client[service(name).database], name) for name in services]


async def finish(uri: str, services: Sequence[str]) -> dict[str, list[Step]]:
    """Do everything that waits; returns service → what was done. Raises as above, and when a database is too new."""
    done = {}
    async with connect(uri, service(services[0]).database) as database:
        for name in services:
            done[name] = await _migrations(database.client[service(name).database], name).finish()
    return done


async def hand_back(uri: str) -> None:
    """Prepare the way back to the version before, whose dashboard would never renew what this one has summarised.

    Raises `Unavailable`, and `Invalid` with a sentence for the operator when there is no way back.
    """
    for one in await stored_data(uri, tuple(map(str, ServiceName))):
        if one.is_half_restored:
            raise Invalid(half_restored(one.database))
        if one.too_new or one.no_way_back_before == version("mitsumori"):
            raise Invalid(
                f"{one.service} の更新は終えてあるので、前のバージョンには戻せません。"
                "更新の前のバックアップから復元してください(docs/operating/update.md)。"
            )
    async with connect(uri, service(ServiceName.dashboard).database) as database:
        await MongoSummaries(database).hand_back()


async def read_model(uri: str, products: Products) -> ReadModel:
    """As the dashboard with these products will find it at its next start. Raises `Unavailable`."""
    async with connect(uri, service(ServiceName.dashboard).database) as database:
        rules = rules_of(due_of(products), awaits_release_of(products))
        cases = await MongoCases(database).count()
        return ReadModel(cases=cases, is_current=await MongoSummaries(database).is_current(rules))


async def _of(database: Database, name: str) -> StoredData:
    migrations = _migrations(database, name)
    waiting = await migrations.waiting()
    return StoredData(
        service=name,
        database=database.name,
        noted=await migrations.noted(),
        adds=[step for step in waiting if not step.removes],
        removes=[step for step in waiting if step.removes],
        too_new=await migrations.too_new(),
        is_half_restored=await migrations.is_half_restored(),
    )


def _migrations(database: Database, name: str) -> MongoMigrations:
    return MongoMigrations(database, STEPS.get(name, ()), version("mitsumori"))
