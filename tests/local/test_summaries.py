"""The read model is made again by several processes, each with a share of the cases."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.desk_cases import facts_of
from local.keys import ensure_keys
from local.mongod import Mongod
from local.summaries import RebuildInProcesses
from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_facts import document_of
from services.registry import service
from shared.runtime.adapters.mongo import Document, connect
from shared.runtime.parcels import load_sealer

pytestmark = pytest.mark.anyio

MORE_THAN_ONE_SHARE = 2_001
NOON = datetime(2026, 11, 26, 3, tzinfo=UTC)
DASHBOARD = service("dashboard").database


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The folder with the desk's keys."""
    ensure_keys(tmp_path / "keys")
    return tmp_path / "keys" / "dashboard"


async def test_every_case_is_summarised_once_and_can_be_found(own_mongod: Mongod, keys: Path) -> None:
    sealer = load_sealer(keys, ["desk"])
    async with connect(own_mongod.uri, DASHBOARD) as database:
        await MongoCases(database).prepare()
        by_collection: dict[str, list[Document]] = {}
        for number in range(MORE_THAN_ONE_SHARE):
            for name, document in map(document_of, facts_of(number, NOON, sealer)):
                by_collection.setdefault(name, []).append(document)
        for name, documents in by_collection.items():
            await database[name].insert_many(documents)
    told: list[tuple[int, int]] = []

    done = await RebuildInProcesses(mongo=own_mongod.uri, keys=keys)(lambda *so_far: told.append(so_far))

    assert done == MORE_THAN_ONE_SHARE
    assert told[-1] == (MORE_THAN_ONE_SHARE, MORE_THAN_ONE_SHARE)
    async with connect(own_mongod.uri, DASHBOARD) as database:
        summaries = await database["cases"].find().to_list(None)
    assert len(summaries) == MORE_THAN_ONE_SHARE
    assert all(summary["terms"] for summary in summaries)


async def test_a_missing_key_is_told_before_anything_is_changed(own_mongod: Mongod, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await RebuildInProcesses(mongo=own_mongod.uri, keys=tmp_path)(lambda _done, _total: None)
