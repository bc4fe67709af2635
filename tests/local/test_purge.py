"""What is older than its class is kept is forgotten, and nothing else; a dry run only says what that is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.purge import DAYS, Class, Purged, purging
from shared.runtime.adapters.mongo import Database
from tests.local.test_dead_letters import a_letter

pytestmark = pytest.mark.anyio

NOW = datetime(2030, 11, 24, 3, 0, tzinfo=UTC)


async def purged(mongo_uri: str, *, is_dry: bool = False, **days: int) -> dict[Class, Purged]:
    kept: dict[Class, int] = {name: days.get(name.replace("-", "_"), default) for name, default in DAYS.items()}
    async with purging(mongo_uri, kept, lambda: NOW) as purge:
        return {one.name: one for one in await purge(is_dry=is_dry)}


async def accept(ledgers: dict[str, Database], name: str, days: int, **case: Any) -> None:  # noqa: ANN401  # fields of several kinds
    """A request of so many days ago, and its case."""
    at = NOW - timedelta(days=days)
    head = {"_id": name, "reception_no": name, "accepted_at": at, "relay": {"state": "sent", "body": "parcels"}}
    await ledgers["intake"]["requests"].insert_one(head)
    await ledgers["dashboard"]["cases"].insert_one({"_id": name, "changed_at": at, "closed_as": None, **case})


async def erased(ledgers: dict[str, Database]) -> list[str]:
    return sorted([one["_id"] async for one in ledgers["intake"]["erased"].find({"relay.state": "pending"})])


async def test_a_request_is_erased_two_years_after_something_happened_last(
    ledgers: dict[str, Database], mongo_uri: str
) -> None:
    await accept(ledgers, "old", 731)
    await accept(ledgers, "new", 729)
    await accept(ledgers, "called-since", 900, changed_at=NOW - timedelta(days=10))
    await accept(ledgers, "to-be-called", 900, call_again_at=NOW + timedelta(days=10))
    await accept(ledgers, "unreadable", 900, is_broken=True)
    await accept(ledgers, "unknown-to-the-desk", 900)
    await ledgers["dashboard"]["cases"].delete_one({"_id": "unknown-to-the-desk"})
    dry = await purged(mongo_uri, is_dry=True)
    untouched = await erased(ledgers)

    done, again = await purged(mongo_uri), await purged(mongo_uri)

    assert (dry["requests"].count, dry["requests"].oldest) == (1, NOW - timedelta(days=731))
    assert (untouched, done["requests"].count, again["requests"].count) == ([], 1, 0)
    assert await erased(ledgers) == ["old"]


async def test_what_went_to_the_insurer_is_a_class_of_its_own(ledgers: dict[str, Database], mongo_uri: str) -> None:
    await accept(ledgers, "contract", 4_000, closed_as="handed-over")
    for_good = await purged(mongo_uri)

    decided = await purged(mongo_uri, contracts=3_650)

    assert (for_good["contracts"].before, for_good["contracts"].count, for_good["requests"].count) == (None, 0, 0)
    assert (decided["contracts"].count, await erased(ledgers)) == (1, ["contract"])


def a_mail(name: str, kind: str, days: int, **fields: Any) -> dict[str, Any]:  # noqa: ANN401  # fields of several kinds
    head = {"_id": name, "request_id": name, "kind": kind, "created_at": NOW - timedelta(days=days)}
    return {**head, "recipient": "canary@customer.example", "pieces": [b"canary"], **fields}


async def test_letters_are_emptied_by_kind_and_the_estimates_are_kept_apart(
    ledgers: dict[str, Database], mongo_uri: str
) -> None:
    letters = ledgers["notify"]["letters"]
    await letters.insert_many(
        [
            a_mail("receipt", "receipt", 400),
            a_mail("desk", "desk", 400),
            a_mail("quote", "quote", 400),
            a_mail("new", "receipt", 300),
            a_mail("waits", "receipt", 400, due=NOW),
        ]
    )

    found = await purged(mongo_uri)
    later = await purged(mongo_uri, quotes=399)

    left = sorted([one["_id"] async for one in letters.find({"recipient": {"$ne": ""}})])
    assert (found["letters"].count, found["quotes"].count, later["quotes"].count) == (2, 0, 1)
    assert left == ["new", "waits"]
    assert await letters.count_documents({"pieces": [b"canary"]}) == 2
    assert await letters.count_documents({}) == 5


async def test_mails_with_links_go_with_the_parcel_that_they_were_written_from(
    ledgers: dict[str, Database], mongo_uri: str
) -> None:
    await ledgers["notify"]["letters"].insert_many(
        [a_mail("old", "resume", 31), a_mail("invited", "invitation", 31), a_mail("new", "resume", 29)]
    )
    await ledgers["notify"]["requests"].insert_many([{"_id": name} for name in ("old", "invited", "new", "a-request")])

    found = await purged(mongo_uri)

    assert found["links"].count == 2
    assert sorted([one["_id"] async for one in ledgers["notify"]["requests"].find()]) == ["a-request", "new"]


async def test_of_dead_letters_that_have_ended_no_bytes_are_kept_and_open_ones_stay(
    ledgers: dict[str, Database], mongo_uri: str
) -> None:
    ended: dict[str, Any] = {"end": "discarded", "ended_at": NOW - timedelta(days=91)}
    await ledgers["rating"]["dead_letters"].insert_many([a_letter("ended", **ended), a_letter("open")])
    await ledgers["notify"]["dead_letters"].insert_one(a_letter("since", end="retried", ended_at=NOW))

    found = await purged(mongo_uri)

    left = [await one["dead_letters"].count_documents({"body": {"$ne": None}}) for one in ledgers.values()]
    assert (found["dead-letters"].count, found["dead-letters"].oldest) == (1, ended["ended_at"])
    assert sum(left) == 2
