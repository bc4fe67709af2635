"""What is missing is named after 120 seconds; before, it is on its way."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.check import Sums, check_ledgers
from shared.products import load_products
from shared.runtime.adapters.mongo import Database
from tests.local.test_dead_letters import a_letter

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PRODUCTS = load_products()


async def accept(ledgers: dict[str, Database], **changes: Any) -> None:  # noqa: ANN401  # fields of several kinds
    request = {"_id": "r-1", "reception_no": "K7M2P4XR", "product": "cyber-security", "accepted_at": NOON}
    await ledgers["intake"]["requests"].insert_one({**request, "wishes": {"quote": True}, **changes})


async def checked(mongo_uri: str, after: timedelta) -> Sums:
    return await check_ledgers(mongo_uri, PRODUCTS, lambda: NOON + after)


@pytest.mark.parametrize(
    ("after_s", "missing"),
    [
        pytest.param(119, [], id="on its way"),
        pytest.param(120, ["case", "not-received", "quote"], id="missing everywhere"),
    ],
)
async def test_a_request_that_nobody_has_read_is_missing_after_two_minutes(
    ledgers: dict[str, Database], mongo_uri: str, after_s: int, missing: list[str]
) -> None:
    await accept(ledgers)

    sums = await checked(mongo_uri, timedelta(seconds=after_s))

    assert sorted(one.where for one in sums.missing) == missing
    assert (sums.accepted, sums.on_its_way, sums.without_quote) == (1, int(not missing), int(bool(missing)))


async def test_a_request_for_documents_only_is_owed_no_quote(ledgers: dict[str, Database], mongo_uri: str) -> None:
    await accept(ledgers, wishes={"quote": False})

    sums = await checked(mongo_uri, timedelta(days=1))

    assert (sums.documents_only, sorted(one.where for one in sums.missing)) == (1, ["case", "not-received"])


async def test_what_is_set_aside_is_not_missing_but_waits_for_somebody(
    ledgers: dict[str, Database], mongo_uri: str
) -> None:
    """Accepted = documents only + quoted + referred + set aside."""
    await accept(ledgers)
    late: dict[str, Any] = {"waits_for": "rating-2"}
    for name, waits in (("rating", late), ("notify", {}), ("dashboard", {})):
        await ledgers[name]["dead_letters"].insert_one(a_letter(f"{name}-1", **waits))

    sums = await checked(mongo_uri, timedelta(days=1))

    assert (sums.missing, sums.set_aside, sums.waiting_for_key, sums.dead_letters) == ([], 1, 1, 2)


async def test_a_dead_letter_that_was_discarded_hides_nothing(ledgers: dict[str, Database], mongo_uri: str) -> None:
    await accept(ledgers)
    await ledgers["rating"]["dead_letters"].insert_one(a_letter("a", end="discarded"))

    sums = await checked(mongo_uri, timedelta(days=1))

    assert "quote" in [one.where for one in sums.missing]


@pytest.mark.parametrize(
    ("quotes", "counted"),
    [
        pytest.param([], ("erased", 1), id="before it was priced"),
        pytest.param([{"result": "offered", "revision": 1, "quote_id": "q-1"}], ("quoted", 1), id="after that"),
    ],
)
async def test_of_an_erased_request_nothing_is_missing(
    ledgers: dict[str, Database], mongo_uri: str, quotes: list[dict[str, Any]], counted: tuple[str, int]
) -> None:
    await accept(ledgers)
    await ledgers["intake"]["erased"].insert_one({"_id": "r-1", "erased_at": NOON})
    for quote in quotes:
        await ledgers["rating"]["quotes"].insert_one({"_id": "q", "request_id": "r-1", "issued_at": NOON, **quote})

    sums = await checked(mongo_uri, timedelta(days=1))

    name, count = counted
    assert (sums.accepted, getattr(sums, name), sums.missing) == (1, count, [])
