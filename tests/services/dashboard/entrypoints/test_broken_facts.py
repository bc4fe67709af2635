"""What cannot be shown is said to be so, where it stands: it takes neither the list nor a case away from anybody.

B20: one record with the year 9999 could be read but not written in Japanese time. It was the newest, so the first page
answered 500 until somebody edited the database.
"""

import copy
import json
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from bson.datetime_ms import DatetimeMS
from faststream.kafka import KafkaBroker, TestKafkaBroker

from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.domain.facts import Fact, fact_id
from services.dashboard.entrypoints.consumer import subscribe
from shared.clock import utc_now
from shared.events import Envelope, LetterSent, QuoteOffered, event_id
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.consumer import Consumer
from shared.runtime.delivery import Delivery
from tests.services.dashboard.builders import (
    NOON,
    REQUEST,
    a_decision,
    a_desk_parcel,
    a_desk_parcel_of,
    a_letter_not_made,
    a_letter_sent,
    a_nearest_offer,
    a_referral,
    a_release,
    a_release_of_mails,
    a_request,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, consuming, text
from tests.shared.runtime.builders import VERIFIER, headers_of

pytestmark = pytest.mark.anyio

HEALTHY: Final = a_request("healthy", reception_no="HEALTHY1")
FACTS: Final[list[tuple[str, Fact]]] = [
    ("requests", a_request(suspicions=("honeypot",))),
    ("quotes", a_nearest_offer()),
    ("quotes", a_referral(revision=2)),
    ("letters", a_letter_sent("receipt")),
    ("letters", a_letter_not_made()),
    ("decisions", a_release()),
    ("decisions", a_release_of_mails()),
    ("decisions", a_decision()),
]
TYPED: Final = "カナリア様、来週に再度ご連絡"
ODD: Final[list[Any]] = [
    None,
    "",
    "NaN",
    "\x00\u202e",
    "of-tomorrow",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31",
    -1,
    0,
    2**63 - 1,
    float("nan"),
    float("inf"),
    True,
    [],
    [None],
    {},
    {"a": {}},
    datetime(1, 1, 1, tzinfo=UTC),
    DatetimeMS(2**62),
]


async def store(database: Database, collection: str, fact: Fact, **changes: Any) -> None:  # noqa: ANN401  # whatever BSON holds
    document = {"_id": fact_id(fact), "request_id": fact.request_id, "type": fact.type, "at": NOON}
    event = json.loads(fact.to_json())
    await database[collection].insert_one(document | {"event": event} | changes)


async def assert_shown(database: Database) -> tuple[str, str]:
    """The list and the case are pages, and the healthy request stands on the list. Returns what they say."""
    async with InMemoryDashboard(stored=MongoCases(database)).browser() as browser:
        states = ("", "?state=quoted", "?state=referred", "?state=received", "?state=documents_only", "?suspicious=1")
        lists = [await browser.get(f"/{query}") for query in states]
        case = await browser.get(f"/cases/{REQUEST}")

    assert [page.status_code for page in (*lists, case)] == [200] * 7, database.name
    assert "HEALTHY1" in lists[0].text
    return text(lists[0]), text(case)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401  # JSON
    """The places in a JSON value, at most two of each array."""
    inside = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    return [path] * bool(path) + [below for key, item in inside for below in paths(item, (*path, key))]


def with_value(event: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:  # noqa: ANN401  # whatever BSON holds
    changed = copy.deepcopy(event)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize("number", range(len(FACTS)), ids=lambda number: f"{number}-{type(FACTS[number][1]).__name__}")
async def test_whatever_a_stored_fact_holds_the_pages_are_pages(database: Database, number: int) -> None:
    """Every field of every kind of fact, down to the cells of a grid, with every odd value that BSON can hold."""
    collection, fact = FACTS[number]
    event = json.loads(fact.to_json())
    await store(database, "requests", HEALTHY)
    for other_collection, other in FACTS:
        await store(database, other_collection, other)

    async with InMemoryDashboard(stored=MongoCases(database)).browser() as browser:
        for place, path in enumerate(paths(event)):
            for value in (ODD[place % len(ODD)], ODD[place * 7 % len(ODD)], "9999-12-31T23:59:59Z"):
                changed = with_value(event, path, value)
                await database[collection].update_one({"_id": fact_id(fact)}, {"$set": {"event": changed}})

                pages = [await browser.get(page) for page in ("/", f"/cases/{REQUEST}")]

                assert [page.status_code for page in pages] == [200, 200], (path, value)
                assert "HEALTHY1" in pages[0].text


@pytest.mark.parametrize("collection", ["requests", "quotes", "letters", "decisions"])
async def test_a_document_that_is_no_fact_is_said_to_be_broken(database: Database, collection: str) -> None:
    facts = dict(reversed(FACTS))
    await store(database, "requests", HEALTHY)
    for name, fact in facts.items():
        if name != collection:
            await store(database, name, fact)
    odd: list[dict[str, Any]] = [
        {"event": None},
        {"event": {}},
        {"type": "mitsumori.of.tomorrow.v9"},
        {"type": None},
        {"type": ["a", "list"]},
        {"type": "mitsumori.letter.sent.v1" if collection != "letters" else "mitsumori.request.received.v1"},
        {"at": DatetimeMS(2**62)},
        {"at": "yesterday"},
        {"at": None},
        {"event": {"request_id": "another"}},
    ]
    for number, changes in enumerate(odd):
        if collection == "requests":
            await database["requests"].delete_one({"_id": REQUEST})
        else:
            changes["_id"] = f"odd-{number}"
        await store(database, collection, facts[collection], **changes)

        listed, case = await assert_shown(database)

        if "at" not in changes:
            assert "表示できません" in listed or "一部表示不可" in listed
            assert "このシステムの管理者にお知らせください" in case
            assert (REQUEST if collection == "requests" else f"odd-{number}") in case


async def test_a_broken_request_still_shows_what_is_known_of_it(database: Database) -> None:
    await store(database, "requests", HEALTHY)
    await store(database, "requests", a_request(), event={"accepted_at": "9999-12-31T23:59:59Z"})
    await store(database, "letters", a_letter_sent("receipt"))

    listed, case = await assert_shown(database)

    assert REQUEST in listed
    assert "メールを送信しました：受付のお知らせ" in case


async def test_a_dashboard_shows_what_was_stored_before_moments_were_bounded(database: Database) -> None:
    """The record of B20 lies in databases that exist."""
    event = json.loads(a_request().to_json()) | {"accepted_at": "9999-12-31T23:59:59.000Z"}
    await store(database, "requests", HEALTHY)
    await store(database, "requests", a_request(), event=event, at=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))

    listed, _ = await assert_shown(database)

    assert listed.index("表示できません") < listed.index("HEALTHY1")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"contact": None, "answers": None}, id="nothing"),
        pytest.param({"contact": {}, "answers": {"turnover": 10**4_000}}, id="a figure of 4,000 digits"),
        pytest.param({"contact": {}, "answers": {"turnover": -1, "plan": ["a", {"b": None}]}}, id="odd answers"),
        pytest.param({"contact": {}, "answers": {"d3_22": {}, "liability_limit": 1.5e308}}, id="other kinds"),
        pytest.param({"contact": {"company": 1}, "answers": {}}, id="a company that is a number"),
        pytest.param({"contact": {}, "answers": {}, "typed": {"phone": None}}, id="nothing typed"),
    ],
)
async def test_whatever_a_parcel_holds_the_pages_are_pages(database: Database, content: dict[str, Any]) -> None:
    await store(database, "requests", HEALTHY)
    await store(database, "requests", a_request(parcels=a_desk_parcel(content)))

    await assert_shown(database)


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param(b"[" * 100_000, id="too deep to read"),
        pytest.param(b'{"contact": {"company": "\\ud800"}}', id="half a character"),
        pytest.param(b'{"answers": {"a": ' + b"9" * 5_000 + b"}}", id="a number too long to read"),
        pytest.param(b'{"contact": {}, "answers": {"turnover": NaN}}', id="not a number"),
        pytest.param(b"\xff", id="not UTF-8"),
        pytest.param(b"", id="nothing"),
    ],
)
async def test_whatever_was_sealed_the_pages_are_pages(database: Database, plain: bytes) -> None:
    await store(database, "requests", HEALTHY)
    await store(database, "requests", a_request(parcels=a_desk_parcel_of(plain)))

    await assert_shown(database)


@pytest.mark.parametrize(
    "content",
    [
        {"workings": [{"label": "\u202e", "amount": "NaN"}], "reasons": [{"code": ""}]},
        {"savings": [{"advice": "", "saves": -(10**30), "premium": 10**30}]},
        {"workings": None},
        {"reasons": [None]},
    ],
)
async def test_whatever_the_parcel_of_a_quote_holds_the_case_is_a_page(
    database: Database, content: dict[str, Any]
) -> None:
    quote = json.loads(a_nearest_offer().to_json())
    quote["parcels"] = {"desk": json.loads(a_desk_parcel(content)["desk"].model_dump_json())}
    await store(database, "requests", HEALTHY)
    await store(database, "requests", a_request())
    await store(database, "quotes", a_nearest_offer(), event=quote)

    await assert_shown(database)


async def test_a_grid_that_does_not_fit_hides_the_quote_and_nothing_else(database: Database) -> None:
    event = json.loads(a_nearest_offer().to_json())
    event["grids"][0]["cells"] = []
    await store(database, "requests", HEALTHY)
    await store(database, "requests", a_request())
    await store(database, "quotes", a_nearest_offer(), event=event)

    _, case = await assert_shown(database)

    assert "「見積り」を表示できません" in case
    assert "お客さま 企業名" in case


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("work", {"kind": "close", "outcome": "finished", "text": TYPED}, 422),
        ("work", {"kind": "note", "text": TYPED}, 422),
        ("decide", {"kind": "premium", "premium": "70000", "reason": TYPED}, 409),
        ("approve", {"answer": "refuse", "reason": TYPED}, 409),
        ("release", {"quote_id": "x"}, 409),
        ("release-mails", {}, 409),
    ],
)
async def test_what_is_sent_to_a_case_that_cannot_be_shown_is_refused_and_the_text_stays(
    database: Database, path: str, form: dict[str, str], status: int
) -> None:
    """The answer to a closing was the page alone, as if it was done, and the text was gone."""
    await store(database, "requests", a_request(), event=None)

    async with InMemoryDashboard(stored=MongoCases(database)).browser() as browser:
        answer = await browser.post(f"/cases/{REQUEST}/{path}", data={"seen": "0"} | form, headers=FROM_OWN_PAGE)

    assert answer.status_code == status
    assert "保存していません" in text(answer)
    assert TYPED in text(answer) or TYPED not in form.values()


async def test_thousands_of_facts_of_one_request_leave_the_others_theirs(database: Database) -> None:
    """Whoever can write to a topic can write a thousand revisions, and reading all of them would stop the page."""
    cases = MongoCases(database)
    await cases.prepare()
    await store(database, "requests", HEALTHY)
    await store(database, "requests", a_request())
    await cases.add(
        a_letter_sent("receipt").model_copy(update={"request_id": "healthy", "letter_id": "healthy:receipt"})
    )
    offer, letter = json.loads(a_nearest_offer().to_json()), json.loads(a_letter_sent("quote").to_json())
    await database["quotes"].insert_many(
        _many(QuoteOffered.type, offer | {"quote_id": f"q{number}", "revision": number}, f"q{number}")
        for number in range(1, 3_001)
    )
    await database["letters"].insert_many(
        _many(LetterSent.type, letter | {"letter_id": f"l{number}"}, f"l{number}:sent") for number in range(3_000)
    )

    listed, case = await assert_shown(database)

    assert listed.count("見積済") == 2  # in the filter, and in the row
    assert "記録が非常に多いため" in case
    found = await cases.find("healthy")
    assert found is not None
    assert [entry.name for entry in found.timeline] == ["received", "sent"]


def _many(event_type: str, event: dict[str, Any], document_id: str) -> dict[str, Any]:
    return {"_id": document_id, "request_id": REQUEST, "type": event_type, "at": NOON, "event": event}


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1999-12-31T23:59:59Z"])
@pytest.mark.parametrize("fact", [fact for _, fact in FACTS], ids=lambda fact: type(fact).__name__)
async def test_a_record_of_another_time_is_set_aside(database: Database, fact: Fact, moment: str) -> None:
    """It is refused when it is read, at once: so no reader of any service has to write such a time."""
    [field] = [name for name in type(fact).model_fields if name.endswith("_at")]
    body = json.loads(fact.to_json()) | {field: moment}

    reason = await deliver(database, fact, body)

    assert reason == "bad-body"


@pytest.mark.parametrize("field", ["revision", "attempts", "reply_code"])
async def test_a_number_that_cannot_be_stored_is_set_aside_at_once(database: Database, field: str) -> None:
    fact = next(fact for _, fact in FACTS if field in type(fact).model_fields)
    body = json.loads(fact.to_json()) | {field: 10**300}

    reason = await deliver(database, fact, body)

    assert reason == "cannot-be-stored"


async def deliver(database: Database, fact: Fact, body: dict[str, Any]) -> str | None:
    """Read a record as the process does; why it was set aside, or None. A bug would wait, and fail the test."""
    dead_letters = MongoDeadLetters(database)

    async def no_wait(wait_s: float) -> None:
        raise AssertionError(wait_s)

    broker, value = KafkaBroker(), json.dumps(body).encode()
    consumer = Consumer(broker, Delivery("dashboard", dead_letters, utc_now, no_wait), VERIFIER)
    subscribe(consumer, *consuming(MongoCases(database)))
    envelope = Envelope(id=event_id("x", fact.type), type=fact.type, source="/test", subject=fact.request_id, time=NOON)
    headers = headers_of(fact, envelope, value)
    async with TestKafkaBroker(broker):
        await broker.publish(value, fact.topic, key=fact.request_id.encode(), headers=headers)
    letter = await database["dead_letters"].find_one()
    return letter["reason"] if letter else None
