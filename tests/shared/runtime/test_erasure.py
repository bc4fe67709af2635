"""A request that is erased is forgotten, and nothing of it is taken in again, whoever is working on it meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import Invalid, Unavailable
from shared.events import REQUESTS, RequestErased, RequestReceived, Wishes
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.adapters.mongo_erased import Holding, MongoErased, MongoHoldings
from shared.runtime.erasure import Erased, Erasure
from shared.runtime.waiting import Lately
from tests.shared.runtime.fakes import InMemoryErased
from tests.shared.runtime.test_dead_letters import a_letter

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ERASED = RequestErased(request_id="r-1", erased_at=NOON)


class ErasedSpec:
    async def test_a_request_is_erased_for_good(self, erased: Erased) -> None:
        before = await erased.among(["r-1"])

        for _ in range(2):
            await erased.add("r-1", NOON)

        assert (set(before), set(await erased.among(["r-1", "r-2"]))) == (set(), {"r-1"})

    async def test_those_of_the_last_minutes_are_found_without_a_name(self, erased: Erased) -> None:
        for minutes, name in enumerate(("now", "a minute ago", "two minutes ago")):
            await erased.add(name, NOON - timedelta(minutes=minutes))

        assert set(await erased.since(NOON - timedelta(minutes=1))) == {"now", "a minute ago"}


class TestInMemoryErased(ErasedSpec):
    @pytest.fixture
    def erased(self) -> Erased:
        return InMemoryErased()


class TestMongoErased(ErasedSpec):
    @pytest.fixture
    def erased(self, database: Database) -> Erased:
        return MongoErased(database)

    async def test_nothing_but_the_id_and_the_moment_is_remembered(self, erased: Erased, database: Database) -> None:
        await erased.add("r-1", NOON)

        assert await database["erased"].find().to_list(None) == [{"_id": "r-1", "erased_at": NOON}]


async def nothing(_event: RequestErased) -> None:
    """A use case that does nothing."""


@pytest.fixture
def erased() -> InMemoryErased:
    return InMemoryErased()


@pytest.fixture
def erase(erased: InMemoryErased) -> Erasure:
    return Erasure(erased, erased.forget)


async def test_it_is_remembered_before_anything_is_forgotten(erased: InMemoryErased) -> None:
    """Who dies in between reads the event again; who keeps something in between finds out afterwards."""
    remembered = []

    async def forget(request_id: str) -> None:
        remembered.append(bool(await erased.among([request_id])))

    await Erasure(erased, forget)(ERASED)

    assert remembered == [True]


async def test_nothing_is_done_for_an_erased_request_and_what_came_back_is_forgotten(
    erase: Erasure, erased: InMemoryErased
) -> None:
    """A backup brings back what was erased since."""
    done: list[str] = []
    await erased.add("r-1", NOON)

    async def work(event: RequestErased) -> None:
        done.append(event.request_id)

    await erase.guard(work)(ERASED)

    assert (done, erased.forgotten) == ([], ["r-1"])


async def test_what_still_counts_of_an_erased_request_is_told_instead(erase: Erasure, erased: InMemoryErased) -> None:
    told: list[str] = []
    await erased.add("r-1", NOON)

    async def late(event: RequestErased) -> None:
        told.append(event.request_id)

    await erase.guard(nothing, late=late)(ERASED)

    assert (told, erased.forgotten) == (["r-1"], ["r-1"])


async def keeps(erased: InMemoryErased) -> None:
    await erased.add("r-1", NOON)


async def fails(erased: InMemoryErased) -> None:
    await erased.add("r-1", NOON)
    raise Invalid("broken-parcel")


@pytest.mark.parametrize("end", [keeps, fails])
async def test_what_is_kept_while_a_request_is_erased_is_forgotten_afterwards(
    erase: Erasure, erased: InMemoryErased, end: Callable[[InMemoryErased], Awaitable[None]]
) -> None:
    """The handler of another topic has looked before the erasure, and keeps its parcel after it."""
    raised = ""

    async def work(_request_id: str) -> None:
        await end(erased)

    try:
        await erase.guard_work(work)("r-1")
    except Invalid as error:
        raised = str(error)

    assert erased.forgotten == ["r-1"]
    assert raised == ("broken-parcel" if end is fails else "")


async def test_before_a_record_is_done_what_its_handler_kept_beside_the_erasure_is_forgotten_once(
    erase: Erasure, erased: InMemoryErased
) -> None:
    async def keeps_beside_it(_event: RequestErased) -> None:
        await erased.add("r-1", NOON)

    await erase.guard(keeps_beside_it)(ERASED)
    await erase.guard(nothing)(RequestErased(request_id="r-2", erased_at=NOON))
    before = list(erased.forgotten)

    for _ in range(2):
        await erase.settle()

    assert (before, erased.forgotten) == ([], ["r-1"])


async def test_a_look_while_the_handler_works_is_not_the_last_one(erase: Erasure, erased: InMemoryErased) -> None:
    """Another reader of the service commits its own records meanwhile, and obeys the erasure after that."""

    async def works_for_long(_event: RequestErased) -> None:
        await erase.settle()
        await erased.add("r-1", NOON)

    await erase.guard(works_for_long)(ERASED)

    await erase.settle()

    assert erased.forgotten == ["r-1"]


async def test_a_look_that_could_not_be_had_comes_again(erased: InMemoryErased) -> None:
    async def is_away(_request_id: str) -> None:
        raise Unavailable("mongo")

    await erased.add("r-1", NOON)
    erase = Erasure(erased, is_away, {"r-1": 0})
    with pytest.raises(Unavailable):
        await erase.settle()

    await Erasure(erased, erased.forget, erase.worked_on).settle()

    assert erased.forgotten == ["r-1"]


class Counted(InMemoryErased):
    """Counts the looks."""

    looks = 0

    async def since(self, at: datetime) -> Collection[str]:
        self.looks += 1
        await asyncio.sleep(0)  # As with a database, others come meanwhile.
        return await super().since(at)

    async def among(self, request_ids: Collection[str]) -> Collection[str]:
        self.looks += 1
        return await super().among(request_ids)


async def test_the_events_of_one_form_are_looked_up_once_and_later_ones_again() -> None:
    erased, seconds = Counted(), 0.0
    guarded = Erasure(erased, erased.forget, not_erased=Lately(1.0, lambda: seconds)).guard(nothing)

    for _ in range(3):
        await guarded(ERASED)
    together = erased.looks
    seconds = 1.5
    await guarded(ERASED)

    assert (together, erased.looks) == (1, 2)


async def test_a_look_that_began_before_the_erasure_was_obeyed_does_not_count_after_it() -> None:
    answer = asyncio.Event()

    class Slow(InMemoryErased):
        async def among(self, request_ids: Collection[str]) -> Collection[str]:
            found = await super().among(request_ids)
            await answer.wait()
            return found

    erased = Slow()
    erase = Erasure(erased, erased.forget)
    looking = asyncio.ensure_future(erase.is_erased("r-1"))
    await asyncio.sleep(0)
    await erase(ERASED)
    answer.set()

    assert (await looking, await erase.is_erased("r-1")) == (False, True)


async def test_what_comes_right_after_the_erasure_was_obeyed_is_not_worked_on(
    erase: Erasure, erased: InMemoryErased
) -> None:
    done: list[str] = []

    async def work(event: RequestErased) -> None:
        done.append(event.request_id)

    guarded = erase.guard(work)
    await guarded(ERASED)
    await erase(ERASED)

    await guarded(ERASED)

    assert (done, erased.forgotten) == (["r-1"], ["r-1", "r-1"])


async def test_others_are_worked_on_as_ever(erase: Erasure, erased: InMemoryErased) -> None:
    await erased.add("another", NOON)

    await erase.guard(nothing)(ERASED)

    assert erased.forgotten == []


HOLDINGS = (
    Holding("quotes", lambda one: {"request_id": one, "parcel": {"$ne": ""}}, {"$set": {"parcel": ""}}),
    Holding("quotes", lambda one: {"request_id": one, "steps": {"$ne": []}}, {"$set": {"steps": []}}),
    Holding("copies", lambda one: {"request_id": one}),
)


async def test_what_is_held_is_counted_and_forgotten_by_the_same_list(database: Database) -> None:
    holdings = MongoHoldings(database, HOLDINGS, lambda: NOON)
    for one in ("r-1", "r-2"):
        await database["quotes"].insert_one({"_id": f"q-{one}", "request_id": one, "parcel": "x", "steps": ["y"]})
        await database["copies"].insert_one({"_id": f"c-{one}", "request_id": one})
    held = await holdings.count("r-1")

    for _ in range(2):
        await holdings.forget("r-1")

    assert (held, await holdings.count("r-1")) == ({"quotes": 1, "copies": 1}, {})
    assert await holdings.count("r-2") == {"quotes": 1, "copies": 1}
    assert await database["quotes"].find_one("q-r-1") == {
        "_id": "q-r-1",
        "request_id": "r-1",
        "parcel": "",
        "steps": [],
    }


async def test_no_bytes_of_what_was_set_aside_are_kept_and_nobody_has_to_work_on_it(database: Database) -> None:
    """Of a record without readable headers, only its key says whose it is."""
    letters, holdings = MongoDeadLetters(database), MongoHoldings(database, (), lambda: NOON)
    await letters.prepare()
    waiting = {"waits_for": "rating-2", "until": NOON}
    for letter in (
        a_letter("by-subject") | {"subject": "r-1"} | waiting,
        a_letter("by-key") | {"key": b"r-1"},
        a_letter("another") | {"subject": "r-2"},
    ):
        await letters.add(letter)
    held = await holdings.count("r-1")

    await holdings.forget("r-1")

    kept = {one["_id"]: one async for one in database["dead_letters"].find()}
    assert (held, await holdings.count("r-1")) == ({"dead_letters": 2}, {})
    assert [(kept[name]["body"], kept[name]["headers"]) for name in ("by-subject", "by-key")] == [(None, [])] * 2
    assert (kept["by-key"]["end"], kept["by-key"]["end_reason"]) == ("discarded", "request-erased")
    assert (await letters.count_open(), await letters.count_waiting()) == (1, 0)
    assert kept["another"]["body"] == b"body"


async def test_how_a_dead_letter_ended_before_stays(database: Database) -> None:
    letters = MongoDeadLetters(database)
    await letters.add(a_letter("one") | {"subject": "r-1"})
    await letters.end("one", "retried", at=NOON, by="hanako")

    await letters.erase("r-1", NOON)

    document = await database["dead_letters"].find_one("one")
    assert document
    assert (document["end"], document["ended_by"], document["body"]) == ("retried", "hanako", None)


async def test_a_record_that_is_set_aside_after_the_erasure_is_kept_without_its_bytes(database: Database) -> None:
    await MongoErased(database).add("r-1", NOON)

    is_new = await MongoDeadLetters(database).add(a_letter("late") | {"subject": "r-1"})

    document = await database["dead_letters"].find_one("late")
    assert document
    assert (is_new, document["topic"], document["body"], document["end"]) == (True, REQUESTS, None, "discarded")


def a_new_request(name: str, accepted_at: datetime = NOON) -> RequestReceived:
    return RequestReceived(
        request_id=name,
        reception_no="K7M2P4XR",
        product="cyber-security",
        form_version="2026-10-01",
        accepted_at=accepted_at,
        wishes=Wishes(brochure="email", quote=False),
        parcels={},
    )


async def test_one_look_is_for_all_requests_that_are_new() -> None:
    erased, done = Counted(), list[str]()

    async def work(event: RequestReceived) -> None:
        done.append(event.request_id)

    guarded = Erasure(erased, erased.forget, now=lambda: NOON).guard(work)
    await erased.add("erased", NOON - timedelta(minutes=4))
    await asyncio.gather(*(guarded(a_new_request(name)) for name in ("one", "erased", "two")))

    assert (done, erased.forgotten, erased.looks) == (["one", "two"], ["erased"], 1)


async def test_a_request_of_an_hour_ago_may_have_been_erased_before_the_last_minutes() -> None:
    erased, done = Counted(), list[str]()

    async def work(event: RequestReceived) -> None:
        done.append(event.request_id)

    await erased.add("old", NOON - timedelta(minutes=50))
    await Erasure(erased, erased.forget, now=lambda: NOON).guard(work)(a_new_request("old", NOON - timedelta(hours=1)))

    assert (done, erased.forgotten) == ([], ["old"])


async def test_a_new_request_that_this_process_has_erased_is_not_worked_on_again() -> None:
    """Its last look for new ones may have been a moment before."""
    erased, done = InMemoryErased(), list[str]()

    async def work(event: RequestReceived) -> None:
        done.append(event.request_id)

    erase = Erasure(erased, erased.forget, now=lambda: NOON)
    guarded = erase.guard(work)
    await guarded(a_new_request("another"))
    await erase(ERASED)

    await guarded(a_new_request("r-1"))

    assert done == ["another"]
