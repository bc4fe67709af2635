"""What was set aside is looked at, worked on again by its own service, and discarded with a reason."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from local.dead_letters import OPERATOR, discard_letters, find_groups, find_letters, retry_letters
from services.registry import SERVICES
from shared.clock import utc_now
from shared.errors import Invalid
from shared.events import REQUESTS
from shared.runtime.adapters.mongo import Database, connect
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.dead_letters import DeadLetter
from shared.runtime.parcels import UnknownKey
from shared.runtime.work_again import WorkAgain

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def a_letter(letter_id: str, reason: str = "bad-body", minute: int = 0, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # fields of several kinds
    return {
        "_id": letter_id,
        "group": "rating",
        "topic": REQUESTS,
        "partition": 0,
        "offset": 7,
        "key": b"r-1",
        "subject": "r-1",
        "headers": [["ce_type", b"mitsumori.request.received.v1"]],
        "body": b'{"request_id": "r-1"}',
        "class": "poison",
        "reason": reason,
        "first_seen": NOON.replace(minute=minute),
        **more,
    }


class Service:
    """Rating, as far as it works again on what an operator asks for."""

    def __init__(self, database: Database) -> None:
        self.worked: list[str] = []
        self.failure: Exception | None = None
        self.letters = MongoDeadLetters(database)
        self.again = WorkAgain(self.letters, self.work, utc_now, lambda _count: None)

    async def work(self, letter: DeadLetter) -> None:
        if letter.reason == "unknown-key":
            raise UnknownKey("rating-2")
        if self.failure:
            raise self.failure
        self.worked.append(letter.id)


@pytest.fixture
async def rating(mongo_uri: str) -> AsyncIterator[Service]:
    """The service, and three letters of it: two of one kind."""
    async with connect(mongo_uri, "mitsumori_rating") as database:
        for one in SERVICES:
            await database.client[one.database]["dead_letters"].delete_many({})
        service = Service(database)
        await service.letters.prepare()
        for letter in (a_letter("a"), a_letter("b", minute=5), a_letter("c", "unknown-key", waits_for="rating-2")):
            await service.letters.add(letter)
        yield service
        await database["dead_letters"].delete_many({})


@pytest.mark.usefixtures("rating")
async def test_what_has_one_cause_is_one_line_with_its_first_and_last_time(mongo_uri: str) -> None:
    groups = await find_groups(mongo_uri)

    assert [(one.service, one.reason, one.count, one.waits_for) for one in groups] == [
        ("rating", "bad-body", 2, ""),
        ("rating", "unknown-key", 1, "rating-2"),
    ]
    assert (groups[0].first, groups[0].last) == (NOON, NOON.replace(minute=5))


async def test_all_of_a_fingerprint_are_worked_on_again_each_once(rating: Service, mongo_uri: str) -> None:
    [most, _] = await find_groups(mongo_uri)
    letters = await find_letters(mongo_uri, [most.fingerprint])

    ends, _ = await asyncio.gather(retry_letters(mongo_uri, letters, 20), rating_answers(rating))
    again = await retry_letters(mongo_uri, letters, 0)
    await rating.again.look()

    assert [one.end for one in (*ends, *again)] == ["done"] * 4
    assert sorted(rating.worked) == ["a", "b"]


async def rating_answers(rating: Service) -> None:
    """Look until nothing of what was asked for is left."""
    while not await rating.letters.asked(9):  # noqa: ASYNC110  # the command has no event for it
        await asyncio.sleep(0.01)
    while await rating.letters.asked(9):
        await rating.again.look()


async def test_what_fails_again_is_told_with_its_reason(rating: Service, mongo_uri: str) -> None:
    rating.failure = Invalid("no-tariff")
    letters = await find_letters(mongo_uri, ["a"])

    [end], _ = await asyncio.gather(retry_letters(mongo_uri, letters, 20), rating_answers(rating))

    assert (end.end, end.reason) == ("failed", "no-tariff")


async def test_while_its_service_is_away_a_letter_is_still_to_be_worked_on(rating: Service, mongo_uri: str) -> None:
    [end] = await retry_letters(mongo_uri, await find_letters(mongo_uri, ["a"]), 0)
    await rating.again.look()

    assert (end.end, rating.worked) == ("pending", ["a"])


async def test_what_is_discarded_is_kept_with_the_reason_and_never_worked_on(rating: Service, mongo_uri: str) -> None:
    letters = await find_letters(mongo_uri, ["a", "c"])

    ended = [await discard_letters(mongo_uri, letters, "試験の記録") for _ in range(2)]
    await rating.again.look()

    async with connect(mongo_uri, "mitsumori_rating") as database:
        kept = await database["dead_letters"].find({"end": "discarded"}).sort("_id").to_list(None)
    assert ended == [2, 0]
    assert [(one["_id"], one["end_reason"], one["ended_by"]) for one in kept] == [
        (name, "試験の記録", OPERATOR) for name in ("a", "c")
    ]
    assert rating.worked == []


@pytest.mark.usefixtures("rating")
@pytest.mark.parametrize("reason", ["", " ", "x" * 501])
async def test_nothing_is_discarded_without_a_reason(mongo_uri: str, reason: str) -> None:
    letters = await find_letters(mongo_uri, ["a"])

    with pytest.raises(Invalid, match="no-reason"):
        await discard_letters(mongo_uri, letters, reason)

    assert len(await find_letters(mongo_uri, ["a"])) == 1


@pytest.mark.usefixtures("rating")
async def test_a_name_that_names_nothing_is_refused_also_beside_one_that_does(mongo_uri: str) -> None:
    """A mistyped id must not look as if it was done."""
    with pytest.raises(Invalid, match="no-such-letter"):
        await find_letters(mongo_uri, ["a", "zzz"])
