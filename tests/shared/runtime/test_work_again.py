"""A record whose key is not there yet waits, stops no other, and is worked on once when the key is there."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from faststream.kafka import KafkaBroker, TestKafkaBroker
from nacl.signing import SigningKey
from structlog.testing import capture_logs

from shared.clock import Clock
from shared.errors import Invalid, Unavailable
from shared.events import Envelope, Event, Parcel, QuoteReleased, RequestReceived, Wishes
from shared.events.envelope import SIGNATURE
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.broker import new_broker
from shared.runtime.consumer import Consumer
from shared.runtime.delivery import Delivery
from shared.runtime.known import NOT_UNDERSTOOD, word_for
from shared.runtime.parcels import KeyPair, load_parcel_opener, load_sealer, new_key_pair
from shared.runtime.signatures import Signer, Verifier, load_verifier, new_signing_key_pair
from shared.runtime.work_again import WorkAgain
from tests.shared.runtime.builders import VERIFIER
from tests.shared.runtime.fakes import Waits

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def keep(pair: KeyPair, folder: Path, *, secret: bool = True) -> None:
    folder.joinpath(f"{pair.id}.pub").write_text(pair.public, "ascii")
    if secret:
        folder.joinpath(f"{pair.id}.key").write_text(pair.secret, "ascii")


def a_request(request_id: str, parcel: Parcel) -> RequestReceived:
    return RequestReceived(
        request_id=request_id,
        reception_no="K7M2P4XR",
        product="cyber-security",
        form_version="2026-10-01",
        accepted_at=NOON,
        wishes=Wishes(brochure="none", quote=True),
        parcels={"rating": parcel},
    )


@dataclass
class Reader:
    """A service that opens the parcel of each request. `failures`: what it raises then, of some requests."""

    database: Database
    keys: Path
    done: list[str] = field(default_factory=list)
    failures: dict[str, Exception] = field(default_factory=dict)
    time: datetime = NOON
    waiting: int = 0
    verifier: Verifier = VERIFIER
    knows: str = "today"

    def __post_init__(self) -> None:
        self.letters = MongoDeadLetters(self.database, self.knows)
        self.opener = load_parcel_opener(self.keys, "rating")
        self.broker: KafkaBroker = new_broker("nowhere:9092", "rating")
        now: Clock = lambda: self.time  # noqa: E731  # a type for the checker
        self.consumer = Consumer(self.broker, Delivery("rating", self.letters, now, pause=Waits()), self.verifier)
        self.consumer.read({RequestReceived: self.on_request, QuoteReleased: self.on_release})
        self.again = WorkAgain(self.letters, self.consumer.work_again, now, self.count)

    async def on_request(self, request: RequestReceived) -> None:
        self.opener.open(request.parcels["rating"])
        if failure := self.failures.get(request.request_id):
            raise failure
        self.done.append(request.request_id)

    async def on_release(self, release: QuoteReleased) -> None:
        self.done.append(release.request_id)

    def count(self, waiting: int) -> None:
        self.waiting = waiting

    async def read(self, *events: Event, signer: Signer | None = None) -> None:
        async with TestKafkaBroker(self.broker):
            for one in events:
                envelope = Envelope(id=one.request_id, type=one.type, source="/test", subject=one.request_id, time=NOON)
                key, headers, body = one.request_id.encode(), envelope.headers(), one.to_json()
                if signer:
                    headers[SIGNATURE] = signer.sign(one.topic, key, headers, body)
                await self.broker.publish(body, one.topic, key=key, headers=headers)

    async def open(self) -> list[str]:
        return [letter.reason for letter in await self.letters.oldest(99)]


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    keep(new_key_pair("rating", 1), tmp_path)
    return tmp_path


@pytest.fixture
async def reader(database: Database, keys: Path) -> Reader:
    await MongoDeadLetters(database).prepare()
    return Reader(database, keys)


@pytest.fixture
def late(keys: Path) -> KeyPair:
    """A key with which writers seal already, and which the reader does not have."""
    pair = new_key_pair("rating", 2)
    keep(pair, keys, secret=False)
    return pair


Sealed = Callable[[str], RequestReceived]


@pytest.fixture
def sealed(keys: Path, late: KeyPair) -> Sealed:
    """A request that is sealed with the late key."""
    sealer = load_sealer(keys, ["rating"])
    assert late.id == "rating-2"
    return lambda request_id: a_request(request_id, sealer.seal("rating", {"answers": {}}))


async def test_requests_whose_key_comes_late_wait_and_each_is_worked_on_once(
    reader: Reader, sealed: Sealed, late: KeyPair, keys: Path
) -> None:
    """44 of 44 requests of a minute became dead letters: no price, no mail, no alarm."""
    await reader.read(*(sealed(f"r-{number}") for number in range(44)))
    await reader.again.look()
    before = (reader.done[:], reader.waiting, await reader.open())
    keep(late, keys)

    await reader.again.look()
    await reader.again.look()

    assert before == ([], 44, [])
    assert sorted(reader.done) == sorted(f"r-{number}" for number in range(44))
    assert (reader.waiting, await reader.open()) == (0, [])


async def test_decisions_whose_signing_key_comes_late_wait_and_each_is_acted_on_once(
    database: Database, keys: Path
) -> None:
    """They were refused for good: a quote was never released, and no customer got it."""
    await MongoDeadLetters(database).prepare()
    first, late = (new_signing_key_pair("dashboard", number) for number in (1, 2))
    keys.joinpath("dashboard-1.verify").write_text(first.public, "ascii")
    reader = Reader(database, keys, verifier=load_verifier(keys, ["dashboard"]))
    await reader.read(a_release("r-1"), a_release("r-2"), signer=signer_with(late))
    await reader.again.look()
    before = (reader.done[:], reader.waiting, await reader.open())
    keys.joinpath("dashboard-2.verify").write_text(late.public, "ascii")

    await reader.again.look()
    await reader.again.look()

    assert before == ([], 2, [])
    assert (sorted(reader.done), reader.waiting, await reader.open()) == (["r-1", "r-2"], 0, [])


def a_release(request_id: str) -> QuoteReleased:
    return QuoteReleased(request_id=request_id, quote_id="q-1", released_at=NOON, released_by="staff-1")


def signer_with(pair: KeyPair) -> Signer:
    return Signer(pair.id, SigningKey(base64.b64decode(pair.secret)))


@pytest.mark.parametrize("reason", NOT_UNDERSTOOD)
async def test_what_the_version_before_did_not_understand_is_worked_on_once_by_the_one_that_does(
    reader: Reader, sealed: Sealed, late: KeyPair, keys: Path, database: Database, *, reason: str
) -> None:
    """In a rolling update, whatever its order: it stayed a dead letter until somebody asked for it."""
    await reader.read(sealed("r-1"))
    of_before = {"$set": {"reason": reason}, "$unset": {"waits_for": "", "until": "", "tried_with": ""}}
    await database["dead_letters"].update_one({}, of_before)
    keep(late, keys)
    before = await reader.open()

    await reader.again.look()
    await reader.again.look()

    assert (before, reader.done, await reader.open()) == ([reason], ["r-1"], [])
    ended = await database["dead_letters"].find_one({})
    assert ended
    assert (ended["end"], ended["ended_by"]) == ("retried", "update")


async def test_what_nobody_knows_waits_for_a_later_version_or_a_person(reader: Reader, database: Database) -> None:
    later = Envelope(id="e-1", type="mitsumori.request.of.later.v1", source="/test", subject="r-1", time=NOON)
    async with TestKafkaBroker(reader.broker):
        await reader.broker.publish(b"{}", RequestReceived.topic, key=b"r-1", headers=later.headers())

    await reader.again.look()

    assert await reader.open() == ["unknown-type"]
    assert await database["dead_letters"].count_documents({"refused": {"$exists": True}}) == 0  # It was not tried.


async def test_what_is_not_understood_is_tried_once_by_each_version_and_never_by_two_in_turn(
    reader: Reader, keys: Path, late: KeyPair, sealed: Sealed, database: Database
) -> None:
    """Two versions run side by side for days, and neither may know what a third one has written."""
    keep(late, keys)
    reader.failures["r-1"] = Invalid("unknown-form")
    others = [Reader(database, keys, knows=name, failures=dict(reader.failures)) for name in ("later", "latest")]
    await reader.read(sealed("r-1"))
    for _ in range(3):
        for one in (reader, *others):
            await one.again.look()
    tried = await database["dead_letters"].find_one({})
    del others[1].failures["r-1"]
    late_one = Reader(database, keys, knows="with its form")
    for one in (reader, *others, late_one):
        await one.again.look()

    assert tried
    assert (tried["tried_with"], tried["refused"]) == (["today", "later", "latest"], "unknown-form")
    assert (reader.done, others[1].done, late_one.done, await reader.open()) == ([], [], ["r-1"], [])


async def test_a_process_of_before_that_is_faster_does_not_keep_it_from_being_understood(
    reader: Reader, keys: Path, late: KeyPair, sealed: Sealed, database: Database
) -> None:
    """It looks for what was asked for too, and refuses it as before."""
    keep(late, keys)
    before = Reader(database, keys, knows="before", failures={"r-1": Invalid("unknown-form")})
    await before.read(sealed("r-1"))
    await reader.letters.ask_for_known("update")
    await before.again.look()

    await reader.again.look()

    assert (before.done, reader.done, await reader.open()) == ([], ["r-1"], [])


def test_products_with_other_forms_understand_something_else() -> None:
    words = [word_for(forms) for forms in ([], ["cyber 1"], ["cyber 1", "cyber 2"], ["cyber 2", "cyber 1"])]

    assert [words.index(word) for word in words] == [0, 1, 2, 2]


async def test_a_record_under_a_key_that_nobody_has_stops_no_other(
    reader: Reader, keys: Path, late: KeyPair, sealed: Sealed
) -> None:
    made_up = a_request("made-up", Parcel(key="rating-99", box="AAAA"))
    keep(late, keys)

    await reader.read(made_up, sealed("after"))
    await reader.again.look()

    assert (reader.done, reader.waiting) == (["after"], 1)


async def test_a_key_that_does_not_come_within_three_days_leaves_a_dead_letter_for_a_person(
    reader: Reader, sealed: Sealed
) -> None:
    await reader.read(sealed("r-1"))
    reader.time = NOON + timedelta(hours=72) - timedelta(seconds=1)
    await reader.again.look()
    before = await reader.open()

    reader.time = NOON + timedelta(hours=72)
    await reader.again.look()

    assert (before, await reader.open(), reader.waiting) == ([], ["unknown-key"], 0)


async def test_the_log_says_once_that_records_wait_and_once_that_none_does(
    reader: Reader, sealed: Sealed, late: KeyPair, keys: Path
) -> None:
    with capture_logs() as lines:
        await reader.read(*(sealed(f"r-{number}") for number in range(9)))
        for _ in range(3):
            await reader.again.look()
        keep(late, keys)
        await reader.again.look()

    told = [(line["event"], line.get("count")) for line in lines if line["log_level"] in ("warning", "error")]
    assert told == [("records wait for a key", 9), ("no record waits for a key any more", None)]


async def test_a_restart_forgets_none_that_waits(
    reader: Reader, sealed: Sealed, late: KeyPair, keys: Path, database: Database
) -> None:
    await reader.read(sealed("r-1"))
    keep(late, keys)
    restarted = Reader(database, keys)

    await restarted.again.look()

    assert restarted.done == ["r-1"]


async def test_what_fails_when_its_key_is_there_waits_for_a_person_and_the_others_are_worked_on(
    reader: Reader, sealed: Sealed, late: KeyPair, keys: Path
) -> None:
    await reader.read(sealed("bug"), sealed("bad"), sealed("good"))
    reader.failures = {"bug": ZeroDivisionError(), "bad": Invalid("no-tariff")}
    keep(late, keys)

    await reader.again.look()

    assert reader.done == ["good"]
    assert (sorted(await reader.open()), reader.waiting) == (["ZeroDivisionError", "no-tariff"], 0)


async def test_while_something_is_away_a_record_goes_on_waiting(
    reader: Reader, sealed: Sealed, late: KeyPair, keys: Path
) -> None:
    await reader.read(sealed("r-1"))
    reader.failures = {"r-1": Unavailable("mongo")}
    keep(late, keys)
    with pytest.raises(Unavailable):
        await reader.again.look()

    reader.failures = {}
    await reader.again.look()

    assert (reader.done, await reader.open()) == (["r-1"], [])


async def test_a_dead_letter_that_an_operator_asks_for_is_worked_on_once(
    reader: Reader, sealed: Sealed, late: KeyPair, keys: Path
) -> None:
    keep(late, keys)
    reader.failures = {"r-1": Invalid("no-tariff")}
    await reader.read(sealed("r-1"))
    (letter,) = await reader.letters.oldest(1)
    reader.failures = {}

    asked = [await reader.letters.ask(letter.id, "operator") for _ in range(2)]
    await reader.again.look()
    await reader.again.look()

    assert asked == [True, True]
    assert (reader.done, await reader.open()) == (["r-1"], [])
    assert await reader.letters.ask(letter.id, "operator") is False


async def test_what_fails_again_stays_a_dead_letter_with_its_new_reason(
    reader: Reader, sealed: Sealed, late: KeyPair, keys: Path
) -> None:
    keep(late, keys)
    reader.failures = {"r-1": Invalid("no-tariff")}
    await reader.read(sealed("r-1"))
    (letter,) = await reader.letters.oldest(1)
    reader.failures = {"r-1": ZeroDivisionError()}

    await reader.letters.ask(letter.id, "operator")
    await reader.again.look()

    assert (await reader.open(), await reader.letters.asked(9)) == (["ZeroDivisionError"], [])


async def test_asked_for_before_its_key_is_there_it_waits_for_the_key_again(
    reader: Reader, sealed: Sealed, late: KeyPair, keys: Path
) -> None:
    await reader.read(sealed("r-1"))
    reader.time = NOON + timedelta(hours=100)
    await reader.again.look()
    (letter,) = await reader.letters.oldest(1)
    await reader.letters.ask(letter.id, "operator")
    await reader.again.look()
    before = reader.waiting
    keep(late, keys)

    await reader.again.look()

    assert (before, reader.done, await reader.open()) == (1, ["r-1"], [])
