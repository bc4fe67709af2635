"""What is sealed with an old key is found wherever it stands, sealed anew, and nothing else is touched."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from bson import Binary, Int64
from pymongo import MongoClient

from local.children import environment
from local.key_rotation import NamedKey, move_away, named_key, rotate
from local.key_uses import Uses, reseal, sign_again, uses_in_ledgers, uses_on_topics
from local.keys import ensure_keys
from services.notify.adapters.letter_seals import load_letter_seals
from services.notify.domain.pieces import Base64Piece, Pieces
from services.registry import SERVICES
from shared.clock import utc_now
from shared.errors import Invalid, Unavailable
from shared.events import DESK, LETTERS, QUOTES, REQUESTS, TARIFFS, Parcel
from shared.runtime.parcels import load_parcel_opener, load_sealer
from tests.services.notify.builders import a_letter

Client = MongoClient[dict[str, Any]]
CONTENT = {"company": '見本"商事\\', "note": '"key":"notify-1","box":"QUJD"'}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    ensure_keys(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def client(mongo_uri: str) -> Iterator[Client]:
    """The ledgers of the four services, and nothing in them."""
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True) as client:
        for service in SERVICES:
            client.drop_database(service.database)
        yield client
        for service in SERVICES:
            client.drop_database(service.database)


def quiet(_done: int, _total: int) -> None:
    """Nobody looks at the bar."""


def sealed(keys: Path, reader: str, content: dict[str, str] | None = None) -> dict[str, str]:
    return load_sealer(keys / "rating", [reader]).seal(reader, content or CONTENT).model_dump()


def event(**parcels: object) -> str:
    """As an outbox keeps it."""
    said = {"request_id": "r", "amount": 1.10, "note": '"key":"notify-1","box":"QUJD"', "parcels": parcels}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def used(client: Client, key: NamedKey, now: datetime | None = None) -> Uses:
    uses = uses_in_ledgers(client, key, now or utc_now() + timedelta(days=30), quiet)
    uses.stored, uses.set_aside = +uses.stored, +uses.set_aside
    return uses


def everything(client: Client) -> dict[str, list[dict[str, Any]]]:
    return {
        f"{service.name}.{name}": list(client[service.database][name].find().sort("_id", 1))
        for service in SERVICES
        for name in client[service.database].list_collection_names()
    }


def without_parcels(value: object) -> Any:  # noqa: ANN401  # whatever a document holds
    match value:
        case {"key": str(), "box": str(), **rest}:
            return {**rest, "key": "?", "box": "?"}
        case dict():
            return {name: without_parcels(one) for name, one in value.items()}
        case list():
            return [without_parcels(one) for one in value]
        case str():
            return re.sub(r'"key":"[a-z]+-\d","box":"[\w+/=]{100,}"', "?", value)
        case _:
            return value


def opened(keys: Path, stored: dict[str, str]) -> dict[str, Any]:
    return load_parcel_opener(keys / "notify", "notify").open(Parcel.model_validate(stored))


def store(client: Client, keys: Path) -> None:
    """A parcel for notify in each way in which one can be stored, and what looks like one."""
    mine = {"$numberLong": Int64(2**40), "at": datetime(2030, 1, 1, tzinfo=UTC), "bytes": Binary(b"\x00", 5), "n": None}
    both = event(notify=sealed(keys, "notify"), desk=sealed(keys, "desk"))
    client["mitsumori_intake"]["requests"].insert_one({"_id": "r", "relay": {"body": both, "state": "sent"}, **mine})
    client["mitsumori_intake"]["drafts"].insert_one(
        {"_id": "d", "box": b"encrypted", "until": datetime(2031, 1, 1, tzinfo=UTC)}
    )
    client["mitsumori_notify"]["requests"].insert_one(
        {"_id": "r", "event": {"parcels": {"notify": sealed(keys, "notify")}}}
    )
    client["mitsumori_notify"]["letters"].insert_one({"_id": "l", "pieces": [b"mail"], "to": "a@example.jp"})
    listed = [{"by": "x", **sealed(keys, "notify")}, {"by": "y"}]
    client["mitsumori_dashboard"]["staff_mails"].insert_one({"_id": "s", "several": listed, **mine})
    client["mitsumori_dashboard"]["webhooks"].insert_one({"_id": "w", "box": sealed(keys, "desk")})
    client["mitsumori_dashboard"]["decisions"].insert_one({"_id": "d", "note": '{"key":"notify-1","box":"QUJD"}'})
    client["mitsumori_rating"]["quotes"].insert_one({"_id": "q", "answers": {"key": "notify-1", "box": "QUJD"}})


STORED = {"mitsumori_intake.requests": 1, "mitsumori_notify.requests": 1, "mitsumori_dashboard.staff_mails": 1}


def test_a_parcel_is_found_wherever_it_stands_and_what_the_key_does_not_open_is_none(
    client: Client, keys: Path
) -> None:
    store(client, keys)
    key = named_key(keys, "notify-1.key")
    rotate(key)

    assert used(client, key).stored == STORED


def test_resealing_moves_every_parcel_to_the_newest_key_and_touches_nothing_else(client: Client, keys: Path) -> None:
    store(client, keys)
    key = named_key(keys, "notify-1.key")
    newest, _ = rotate(key)
    before = everything(client)

    first, again = reseal(client, key, quiet), reseal(client, key, quiet)
    move_away(key)

    after = everything(client)
    assert (+first, +again) == (STORED, {})
    assert used(client, key).stored == {}
    assert without_parcels(after) == without_parcels(before)
    body = after["intake.requests"][0]["relay"]["body"]
    parcels = json.loads(body)["parcels"]
    assert body == event(**parcels), "the text was written in another way"
    moved = [
        parcels["notify"],
        after["notify.requests"][0]["event"]["parcels"]["notify"],
        after["dashboard.staff_mails"][0]["several"][0],
    ]
    assert {one["key"] for one in moved} == {newest.id}
    assert [opened(keys, one) for one in moved] == [CONTENT] * 3
    assert parcels["desk"] == json.loads(before["intake.requests"][0]["relay"]["body"])["parcels"]["desk"]
    assert after["dashboard.webhooks"] == before["dashboard.webhooks"]


def test_a_letter_moves_to_the_newest_key_and_its_bytes_stay_as_they_are(client: Client, keys: Path) -> None:
    """Of 100,000 bytes 32 are sealed anew. With the old key away it is still sent, and still read by staff."""
    letters = client["mitsumori_notify"]["letters"]
    letter = a_letter()
    content: Pieces = [b"head", Base64Piece(b"text"), Base64Piece(b"%PDF-1.7")]
    fields = load_letter_seals(keys / "notify").fields_of(letter, content)
    letters.insert_one({"_id": letter.id, "kind": letter.kind, **fields})
    key = named_key(keys, "notify-1.key")
    rotate(key)

    needed, done = used(client, key).stored, reseal(client, key, quiet)
    move_away(key)

    kept = letters.find_one()
    assert kept is not None
    assert (needed, +done) == ({letters.full_name: 1}, {letters.full_name: 1})
    assert kept["pieces"] == fields["pieces"]
    pieces = load_letter_seals(keys / "notify").pieces_of(kept)
    assert pieces == [b"head", {"base64": b"text"}, {"base64": b"%PDF-1.7"}]


def test_what_a_service_has_changed_meanwhile_stands(client: Client, keys: Path) -> None:
    """An erasure must not be undone by what was read before it."""
    notify = client["mitsumori_notify"]["requests"]
    notify.insert_many(
        [{"_id": number, "event": {"parcels": {"notify": sealed(keys, "notify")}}} for number in range(3)]
    )
    key = named_key(keys, "notify-1.key")
    rotate(key)

    def erased_meanwhile(done: int, _total: int) -> None:
        if done == 3:
            notify.update_one({"_id": 1}, {"$set": {"event.parcels": {}}})

    done = reseal(client, key, erased_meanwhile)

    assert done.total() == 2
    assert notify.find_one({"_id": 1}) == {"_id": 1, "event": {"parcels": {}}}


RESEALS = """
import os, signal, sys
from pathlib import Path
from pymongo import MongoClient
from local.key_rotation import named_key
from local.key_uses import reseal

def killed(done, total):
    if done == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

with MongoClient(sys.argv[1]) as client:
    reseal(client, named_key(Path(sys.argv[2]), "notify-1.key"), killed)
"""


def test_resealing_that_is_killed_goes_on_where_it_was(client: Client, keys: Path, mongo_uri: str) -> None:
    """At the first document, and after some that were read and not written yet."""
    count = 500
    parcels = [sealed(keys, "notify", {"company": str(number)}) for number in range(count)]
    notify = client["mitsumori_notify"]["requests"]
    notify.insert_many([{"_id": number, "event": {"parcels": {"notify": one}}} for number, one in enumerate(parcels)])
    key = named_key(keys, "notify-1.key")
    newest, _ = rotate(key)
    moved, parts = {"event.parcels.notify.key": newest.id}, []
    for after in ("1", "250", "450"):
        words = [sys.executable, "-c", RESEALS, mongo_uri, str(keys), after]
        assert subprocess.run(words, env=environment(), check=False).returncode == -signal.SIGKILL
        parts.append(notify.count_documents(moved))

    done = reseal(client, key, quiet)

    assert parts == [0, 200, 400]
    assert (done.total(), notify.count_documents(moved)) == (100, count)
    found = [opened(keys, one["event"]["parcels"]["notify"]) for one in notify.find().sort("_id", 1)]
    assert found == [{"company": str(number)} for number in range(count)]


def test_a_record_that_was_set_aside_needs_its_key_until_somebody_has_ended_it(client: Client, keys: Path) -> None:
    signed = ["ce_signature", b"rating-1:QUJD"]
    letters = client["mitsumori_notify"]["dead_letters"]
    letters.insert_one({"_id": "open", "body": event(notify=sealed(keys, "notify")).encode(), "headers": [signed]})
    letters.insert_one({"_id": "ended", "end": "discarded", "body": event(notify=sealed(keys, "notify")).encode()})
    letters.insert_one({"_id": "strange", "body": b'"notify-1" \xff', "headers": [["ce_signature", None]]})
    before = everything(client)
    of_parcels, of_signatures = named_key(keys, "notify-1.key"), named_key(keys, "rating-1.sign")
    rotate(of_parcels)
    rotate(of_signatures)

    reseal(client, of_parcels, quiet)

    assert everything(client) == before, "a signed record was changed"
    assert used(client, of_parcels).set_aside == used(client, of_signatures).set_aside == {letters.full_name: 1}
    letters.update_one({"_id": "open"}, {"$set": {"end": "retried"}})
    assert used(client, of_parcels).set_aside == used(client, of_signatures).set_aside == {}


def test_half_filled_forms_may_hold_a_parcel_until_they_have_ended(client: Client, keys: Path) -> None:
    """Whom a colleague's answers are told to is in the colleague's draft, which only their link opens."""
    now = utc_now()
    client["mitsumori_intake"]["drafts"].insert_one({"_id": "d", "box": b"?", "until": now + timedelta(days=400)})
    notify, desk = named_key(keys, "notify-1.key"), named_key(keys, "desk-1.key")
    rotate(notify)
    rotate(desk)

    assert (used(client, notify, now).drafts, used(client, notify, now + timedelta(days=15)).drafts) == (1, 0)
    assert used(client, desk, now).drafts == 0


def test_half_filled_forms_are_waited_for_from_when_something_was_last_sealed_with_the_key(
    client: Client, keys: Path
) -> None:
    """Not from a key that was made long after its successor; and from later, where intake went on with it."""
    now = utc_now()
    client["mitsumori_intake"]["drafts"].insert_one({"_id": "d", "box": b"?", "until": now + timedelta(days=400)})
    first = named_key(keys, "notify-1.key")
    second, _ = rotate(first)
    made = (now - timedelta(days=10)).replace(microsecond=0)
    os.utime(second.secret, (made.timestamp(), made.timestamp()))
    rotate(second)
    later = now + timedelta(days=5)

    assert used(client, first, now).drafts_until == made + timedelta(days=14)
    assert (used(client, first, later).drafts, used(client, second, later).drafts) == (0, 1)
    for sealed_last, until in ((now, now + timedelta(days=14)), (made - timedelta(days=1), None)):
        uses = uses_in_ledgers(client, first, later, quiet, sealed_last)
        assert uses.drafts_until == until


@pytest.mark.anyio
async def test_when_intake_has_last_sealed_with_a_key_is_seen_on_its_topic(topics: str, keys: Path) -> None:
    """By the time of the event, which may have been published again since; never later than it was written."""
    key, old = named_key(keys, "notify-1.key"), event(notify=sealed(keys, "notify")).encode()
    rotate(key)
    new = event(notify=sealed(keys, "notify")).encode()
    for moment, value in (("2026-11-20T00:00:00Z", old), ("2026-11-22T00:00:00Z", old), ("2026-11-25T00:00:00Z", new)):
        await put(topics, REQUESTS, value, ce_time=moment.encode())
    await put(topics, QUOTES, old, ce_time=b"2026-11-26T00:00:00Z")
    seen = await asyncio.to_thread(uses_on_topics, topics, key)
    await put(topics, REQUESTS, old, ce_time=b"2999-01-01T00:00:00Z")
    forged = await asyncio.to_thread(uses_on_topics, topics, key)

    assert seen.sealed_last == datetime(2026, 11, 22, tzinfo=UTC)
    assert forged.sealed_last is not None
    assert forged.sealed_last <= utc_now() + timedelta(minutes=1)


@pytest.mark.parametrize("broken", ["notify-1.key", "notify-2.key"])
def test_a_broken_key_is_named_before_anything_is_changed(client: Client, keys: Path, broken: str) -> None:
    key = named_key(keys, "notify-1.key")
    rotate(key)
    (keys / "notify" / broken).write_text("AAAA", "ascii")

    for work in (lambda: reseal(client, key, quiet), lambda: used(client, key)):
        with pytest.raises(Invalid, match=f"{broken} が壊れています"):
            work()


async def put(kafka: str, topic: str, value: bytes | None, **headers: bytes | None) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all") as producer:
        await producer.send_and_wait(topic, value, key=b"r", headers=list(headers.items()))


@pytest.mark.anyio
async def test_records_on_topics_need_the_key_that_they_are_sealed_or_signed_with(topics: str, keys: Path) -> None:
    old, signature = event(notify=sealed(keys, "notify")).encode(), b"rating-1:QUJD"
    await put(topics, REQUESTS, old)
    await put(topics, REQUESTS, event(desk=sealed(keys, "desk")).encode())
    await put(topics, QUOTES, old, ce_signature=signature)
    await put(topics, QUOTES, None, ce_signature=b"rating-11:QUJD")
    await put(topics, LETTERS, b'"notify-1" \xff', ce_signature=None)
    await put(topics, DESK, b"{}", ce_signature=b"dashboard-1:QUJD")
    for of_tariff, by in (("a", b"rating-1"), ("b", b"rating-1"), ("a", b"rating-2")):
        await put(topics, TARIFFS, b"{}", ce_id=of_tariff.encode(), ce_signature=by + b":QUJD")
    of_parcels, of_signatures = named_key(keys, "notify-1.key"), named_key(keys, "rating-1.sign")
    rotate(of_parcels)
    rotate(of_signatures)

    sealed_with, signed_with = await on_topics(topics, of_parcels), await on_topics(topics, of_signatures)

    assert sealed_with == {REQUESTS: 1, QUOTES: 1}
    assert signed_with == {QUOTES: 1, TARIFFS: 1}, "one tariff was published again, with the new signature"


async def on_topics(kafka: str, key: NamedKey) -> dict[str, int]:
    """As the command looks, which has no event loop of its own."""
    return +(await asyncio.to_thread(uses_on_topics, kafka, key)).records


def test_a_kafka_that_is_away_is_told_in_a_sentence(keys: Path) -> None:
    key = named_key(keys, "notify-1.key")
    rotate(key)

    with pytest.raises(Unavailable, match="Kafka の記録は読めません"):
        uses_on_topics("127.0.0.1:1", key)


def test_records_that_no_retention_deletes_are_published_again_to_be_signed_anew(client: Client, keys: Path) -> None:
    tariffs, quotes = client["mitsumori_rating"]["tariffs"], client["mitsumori_rating"]["quotes"]
    tariffs.insert_one({"_id": "t", "relay": {"state": "sent", "topic": TARIFFS, "partition": 1, "offset": 7}})
    quotes.insert_one({"_id": "q", "relay": {"state": "sent", "topic": QUOTES}})
    key = named_key(keys, "rating-1.sign")
    rotate(key)

    assert sign_again(client, key) == 1

    assert tariffs.find_one() == {"_id": "t", "relay": {"state": "pending", "topic": TARIFFS}}
    assert quotes.find_one() == {"_id": "q", "relay": {"state": "sent", "topic": QUOTES}}
