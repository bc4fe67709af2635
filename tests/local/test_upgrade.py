"""What an update will change is said before it is begun, and its end is made once (ADR 0033)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.upgrade import ORDER, STEPS, finish, hand_back, read_model, stored_data
from services.dashboard.domain.summary import VERSION
from services.registry import SERVICES, ServiceName, service
from shared.errors import Invalid
from shared.products import load_products
from shared.runtime.adapters.mongo import Database, connect
from shared.runtime.adapters.mongo_migrations import restoring
from tests.architecture.repository import ROOT

pytestmark = pytest.mark.anyio

ALL = tuple(map(str, ServiceName))
LONG_AGO = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
USED = ("migrations", "requests", "cases", "read_models")


@pytest.fixture
async def dashboard(mongo_uri: str) -> AsyncIterator[Database]:
    """As a version before has left it, with an index that this one drops; and nothing of the other services."""
    async with connect(mongo_uri, service("dashboard").database) as database:
        await empty(database)
        await database["requests"].insert_one({"_id": "r-1"})
        await database["cases"].create_index("accepted_at", name="figures")
        yield database
        await empty(database)


async def empty(database: Database) -> None:
    for one in SERVICES:
        for name in USED:
            await database.client[one.database][name].drop()


async def note_of_later(database: Database, *, removes: bool) -> None:
    """As if a later version of rating had run."""
    note = {"_id": 99, "title": "後のバージョンの変更", "removes": removes, "version": "9.0.0", "done_at": LONG_AGO}
    await database.client["mitsumori_rating"]["migrations"].insert_one(note)


async def test_before_an_update_it_says_what_waits_and_changes_nothing(dashboard: Database, mongo_uri: str) -> None:
    found = await stored_data(mongo_uri, ALL)
    model = await read_model(mongo_uri, load_products())

    assert [(one.service, [step.number for step in one.removes], one.too_new) for one in found] == [
        ("intake", [], None),
        ("rating", [], None),
        ("notify", [], None),
        ("dashboard", [1], None),
    ]
    assert (model.cases, model.is_current, model.takes_s) == (1, False, 1)
    assert "figures" in await dashboard["cases"].index_information()


async def test_an_update_is_finished_once_and_then_there_is_no_way_back(dashboard: Database, mongo_uri: str) -> None:
    first = await finish(mongo_uri, ALL)
    again = await finish(mongo_uri, ALL)

    assert {name: [step.number for step in steps] for name, steps in first.items() if steps} == {"dashboard": [1]}
    assert not any(again.values())
    assert "figures" not in await dashboard["cases"].index_information()
    before = {one.service: one.no_way_back_before for one in await stored_data(mongo_uri, ALL)}
    assert before == {"intake": None, "rating": None, "notify": None, "dashboard": "0.1.0"}


async def test_what_is_half_restored_is_said_to_be_and_neither_finished_nor_handed_back(
    dashboard: Database, mongo_uri: str
) -> None:
    await dashboard.client["mitsumori_rating"]["migrations"].insert_one(restoring("0.1.0"))

    found = {one.service: (one.is_half_restored, one.too_new, one.noted) for one in await stored_data(mongo_uri, ALL)}

    assert found["rating"] == (True, None, [])
    assert not any(half for half, *_ in (found[name] for name in ("intake", "notify", "dashboard")))
    with pytest.raises(Invalid, match="復元の途中です"):
        await finish(mongo_uri, ALL)
    with pytest.raises(Invalid, match="復元の途中です"):
        await hand_back(mongo_uri)


async def test_nothing_is_finished_where_a_newer_version_has_finished(dashboard: Database, mongo_uri: str) -> None:
    await note_of_later(dashboard, removes=True)

    with pytest.raises(Invalid, match=r"9\.0\.0 以降のイメージに戻して"):
        await finish(mongo_uri, ALL)

    assert "figures" in await dashboard["cases"].index_information()


async def test_one_may_go_back_from_a_version_that_has_only_added(dashboard: Database, mongo_uri: str) -> None:
    await note_of_later(dashboard, removes=False)

    found = await stored_data(mongo_uri, ["rating"])

    assert [(one.too_new, one.no_way_back_before) for one in found] == [(None, None)]


async def test_a_dashboard_that_is_gone_back_to_makes_the_read_model_again(dashboard: Database, mongo_uri: str) -> None:
    """What a newer one had summarised stayed as it was for good: the list told of no change any more."""
    await dashboard["cases"].insert_one({"_id": "r-1", "version": VERSION + 1})
    await dashboard["read_models"].insert_one({"_id": "cases", "version": VERSION + 1, "rules": "of later"})
    before = await read_model(mongo_uri, load_products())

    await hand_back(mongo_uri)

    after = await read_model(mongo_uri, load_products())
    case = await dashboard["cases"].find_one({})
    assert (before.is_current, after.is_current) == (True, False)
    assert case
    assert case["version"] < VERSION


async def test_after_the_end_of_an_update_nothing_is_prepared_for_going_back(
    dashboard: Database, mongo_uri: str
) -> None:
    await dashboard["read_models"].insert_one({"_id": "cases", "version": VERSION, "rules": ""})
    await finish(mongo_uri, ALL)

    with pytest.raises(Invalid, match=r"dashboard の更新は終えてある"):
        await hand_back(mongo_uri)

    assert await dashboard["read_models"].count_documents({}) == 1


def test_every_service_with_steps_is_known() -> None:
    with_steps = {path.parents[1].name for path in (ROOT / "services").glob("*/adapters/migrations.py")}

    assert with_steps == set(STEPS)


def test_a_service_gives_its_steps_to_its_start() -> None:
    """Else it would neither add anything nor refuse what is too new."""
    for name in STEPS:
        source = Path(ROOT / "services" / name / "app.py").read_text("utf-8")
        assert "            steps=STEPS,\n" in source


def test_numbers_of_steps_go_up_from_one() -> None:
    for steps in STEPS.values():
        assert [step.number for step in steps] == list(range(1, len(steps) + 1))


def test_the_order_of_a_rolling_update_is_that_of_the_changelog() -> None:
    head = (ROOT / "CHANGELOG.md").read_text("utf-8").partition("### Added")[0]

    places = [head.index(str(name), head.index("The order of a rolling update")) for name in ORDER]
    assert places == sorted(places)
