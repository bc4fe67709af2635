"""The search on a real mongod: what is stored, and what a question finds of it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import bson
import pytest

from services.dashboard.adapters.mongo_terms import TERMS_INDEX, terms_filter, unfindable_filter
from services.dashboard.domain.search_keys import SearchKeys
from services.dashboard.domain.search_terms import terms_of_case, terms_of_query
from shared.events.parcels import Contact
from shared.runtime.adapters.mongo import Database, Document
from tests.services.dashboard.builders import CONTACT, NOON

pytestmark = pytest.mark.anyio

FIRST, SECOND = b"1" * 32, b"2" * 32
BEFORE: Final = SearchKeys({"desk-1": FIRST})
AFTER: Final = SearchKeys({"desk-1": FIRST, "desk-2": SECOND})
COMPANIES: Final = ("株式会社カナリア商会", "カナリア工業", "見本商会", "アイウ商事イウエ")


def stored(number: int, keys: SearchKeys = BEFORE) -> Document:
    contact = Contact.model_validate(CONTACT | {"company": COMPANIES[number]})
    hashes = keys.of_case(terms_of_case(contact, f"KM4RP6X{number}", ()))
    at = NOON + timedelta(minutes=number)
    return {"_id": str(number), "accepted_at": at, "terms": hashes, "terms_key": keys.newest}


async def found(database: Database, asked: str, keys: SearchKeys = BEFORE) -> Sequence[str]:
    cases = database["cases"].find(terms_filter(keys.of_query(terms_of_query(asked)), {})).sort("accepted_at", -1)
    return [case["_id"] async for case in cases]


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("カナリア", ["1", "0"]),
        ("商会", ["2", "0"]),
        ("見", ["2"]),
        ("金糸雀", ["3", "2", "1", "0"]),
        ("ムクドリ", []),
        ("", []),
        ("03-1234-5678", ["3", "2", "1", "0"]),
        ("km4rp6x3", ["3"]),
    ],
)
async def test_a_question_finds_its_cases_newest_first(database: Database, asked: str, ids: list[str]) -> None:
    await database["cases"].insert_many([stored(number) for number in range(len(COMPANIES))])
    await database["cases"].create_index(TERMS_INDEX)

    assert await found(database, asked) == ids


async def test_a_question_among_some_cases_finds_only_those(database: Database) -> None:
    await database["cases"].insert_many([stored(number) for number in range(len(COMPANIES))])
    asked = BEFORE.of_query(terms_of_query("カナリア"))

    cases = database["cases"].find(terms_filter(asked, {"accepted_at": {"$lte": NOON}}))

    assert [case["_id"] async for case in cases] == ["0"]


@pytest.mark.parametrize("among", [{}, {"state": "quoted"}, {"accepted_at": {"$lte": NOON}}])
async def test_the_newest_cases_are_read_from_the_index_in_their_order(database: Database, among: Document) -> None:
    """Without `at` behind the hash, all cases with 商事 would be read and sorted for each page."""
    await database["cases"].insert_many([stored(number) for number in range(len(COMPANIES))])
    await database["cases"].create_index(TERMS_INDEX)
    await database["cases"].create_index({"state": 1, "accepted_at": -1})

    asked = terms_filter(BEFORE.of_query(terms_of_query("商会")), among)
    plan = await database["cases"].find(asked).sort("accepted_at", -1).limit(50).explain()

    stages = str(plan["queryPlanner"]["winningPlan"])
    assert "SORT_MERGE" in stages
    assert "COLLSCAN" not in stages
    assert "'SORT'" not in stages


async def test_after_a_rotation_no_case_is_lost_and_one_without_its_key_is_counted(database: Database) -> None:
    await database["cases"].insert_many([stored(0, BEFORE), stored(1, AFTER)])
    cases = database["cases"]

    assert await found(database, "カナリア", AFTER) == ["1", "0"]
    assert await found(database, "カナリア", BEFORE) == ["0"]
    assert await cases.count_documents(unfindable_filter(AFTER.ids)) == 0
    assert await cases.count_documents(unfindable_filter(BEFORE.ids)) == 1


async def test_nothing_that_a_customer_wrote_is_stored(database: Database) -> None:
    await database["cases"].insert_one(stored(0))

    raw = bson.encode(await database["cases"].find_one({}) or {})

    words = {*CONTACT.values(), "カナリア", "商会", "カナ", "金糸雀", "花子", "hanako", "canary", "5678", "0312345678"}
    assert [word for word in words if word.encode() in raw] == []
    assert [word for word in words if word.encode("utf-16-le") in raw] == []
