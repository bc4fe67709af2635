"""The ports of notify's ledger: said once, held by the fakes and by Mongo alike."""

import json
from datetime import timedelta

import pytest

from services.notify.adapters.mongo import MongoFacts, MongoLetters
from services.notify.adapters.mongo_attempts import MongoAttempts, MongoOutcomes
from services.notify.adapters.mongo_workers import FORGET_AFTER, MongoWorkers
from services.notify.domain.attempts import TOKEN_LEASE, Ended, Step
from services.notify.domain.due import Failure
from services.notify.ports import Attempts, Facts, Letters, Outcomes, Workers
from shared.events import Parcel
from shared.runtime.adapters.mongo import Database
from tests.services.notify.builders import (
    ASKING_ID,
    NOON,
    QUOTE_ID,
    REQUEST_ID,
    a_claim,
    a_letter,
    a_link,
    a_referral,
    a_release,
    a_request,
    a_result,
    a_token,
    an_offer,
)
from tests.services.notify.fakes import (
    InMemoryAttempts,
    InMemoryFacts,
    InMemoryLetters,
    InMemoryOutcomes,
    InMemoryWorkers,
)

pytestmark = pytest.mark.anyio

FAILED = Ended(sent=False, at=NOON, attempts=1, ambiguous=False, code=550)
SENT = Ended(sent=True, at=NOON, attempts=2, ambiguous=True, code=250)


class FactsSpec:
    async def test_nothing_is_known_of_a_request_that_nobody_spoke_of(self, facts: Facts) -> None:
        known = await facts.known(REQUEST_ID)

        assert known.request is None
        assert known.quotes == ()

    async def test_what_was_heard_twice_is_known_once(self, facts: Facts) -> None:
        for fact in (a_request(), an_offer(), a_referral(quote_id="other", revision=2), a_release()) * 2:
            await facts.add(fact)

        known = await facts.known(REQUEST_ID)

        assert known.request is not None
        assert known.request.wishes == a_request().wishes
        assert known.request.parcels["notify"] == a_request().parcels["notify"]
        assert sorted((type(quote).__name__, quote.revision) for quote in known.quotes) == [
            ("QuoteOffered", 1),
            ("QuoteReferred", 2),
        ]
        assert known.released == {QUOTE_ID: NOON + timedelta(hours=2)}

    async def test_somebody_who_asked_for_a_link_is_known_under_the_id_of_that_asking(self, facts: Facts) -> None:
        await facts.add(a_request(suspicions=("too-fast",)))
        for _ in range(2):
            await facts.add(a_link())

        asking, request = await facts.known(ASKING_ID), await facts.known(REQUEST_ID)

        assert (asking.request, asking.resume) == (None, a_link())
        assert request.request is not None
        assert (request.request.suspicions, request.resume) == (("too-fast",), None)

    async def test_an_offer_is_known_to_the_last_yen(self, facts: Facts) -> None:
        ours = {"notify": Parcel(key="notify-1", box="c2F2aW5ncw==")}
        await facts.add(an_offer(premium=93_010, parcels=ours))

        known = await facts.known(REQUEST_ID)

        assert known.quotes[0] == an_offer(premium=93_010, parcels=ours)

    async def test_a_letter_that_failed_is_known_and_one_that_was_sent_is_not_a_failure(
        self, facts: Facts, outcomes: Outcomes
    ) -> None:
        await outcomes.settle(a_letter(), FAILED)
        await outcomes.settle(a_letter(id="another"), SENT)

        known = await facts.known(REQUEST_ID)

        assert known.failures == (Failure(a_letter().id, "receipt", NOON, 1, 550),)


class TestInMemoryFacts(FactsSpec):
    @pytest.fixture
    def outcomes(self) -> InMemoryOutcomes:
        return InMemoryOutcomes()

    @pytest.fixture
    def facts(self, outcomes: InMemoryOutcomes) -> Facts:
        return InMemoryFacts(outcomes)


class TestMongoFacts(FactsSpec):
    @pytest.fixture
    def outcomes(self, database: Database) -> Outcomes:
        return MongoOutcomes(database, nudge=lambda: None)

    @pytest.fixture
    async def facts(self, database: Database) -> Facts:
        facts = MongoFacts(database)
        await facts.prepare()
        return facts

    async def test_a_request_that_was_kept_by_an_earlier_version_is_still_known(
        self, facts: Facts, database: Database
    ) -> None:
        event = a_request().model_dump(mode="json", exclude={"suspicions"})
        await database["requests"].insert_one({"_id": REQUEST_ID, "event": event})

        known = await facts.known(REQUEST_ID)

        assert known.request == a_request()

    async def test_only_the_parcels_sealed_for_notify_are_kept(self, facts: Facts, database: Database) -> None:
        await facts.add(a_request())
        parcel = Parcel(key="notify-1", box="")
        await facts.add(an_offer(parcels={"desk": parcel, "notify": parcel}))

        request = await database["requests"].find_one({})
        quote = await database["quotes"].find_one({})

        assert request is not None
        assert list(request["event"]["parcels"]) == ["notify"]
        assert quote is not None
        assert list(quote["event"]["parcels"]) == ["notify"]


class LettersSpec:
    async def test_the_first_bytes_of_a_letter_are_its_bytes_for_ever(self, letters: Letters) -> None:
        first = await letters.keep(a_letter(), b"first")
        second = await letters.keep(a_letter(), b"second")

        assert (first, second) == (True, False)
        assert await letters.content(a_letter().id) == b"first"
        assert await letters.written(REQUEST_ID) == {a_letter().id}

    async def test_the_letter_that_waited_longest_goes_first(self, letters: Letters) -> None:
        await letters.keep(a_letter(id="young", due=NOON + timedelta(seconds=1)), b"")
        await letters.keep(a_letter(id="old"), b"")
        later = NOON + timedelta(seconds=1)

        assert await letters.next_due(NOON - timedelta(seconds=1), ()) is None
        assert await letters.next_due(later, ()) == a_letter(id="old")
        assert await letters.next_due(later, {"old"}) == a_letter(id="young", due=later)
        assert await letters.next_due(later, {"old", "young"}) is None

    async def test_a_letter_keeps_until_when_it_helps(self, letters: Letters) -> None:
        letter = a_letter(kind="resume", reception_no="", until=NOON + timedelta(days=14))

        await letters.keep(letter, b"")

        assert await letters.next_due(NOON, ()) == letter

    async def test_a_postponed_letter_is_not_looked_at_before(self, letters: Letters) -> None:
        await letters.keep(a_letter(), b"")

        await letters.look_again(a_letter(), NOON + timedelta(minutes=1))

        assert await letters.next_due(NOON, ()) is None
        assert await letters.next_due(NOON + timedelta(minutes=1), ()) is not None
        assert await letters.pending() == 1

    async def test_of_two_who_move_a_letter_the_second_changes_nothing(self, letters: Letters) -> None:
        await letters.keep(a_letter(), b"")
        await letters.look_again(a_letter(), NOON + timedelta(seconds=30))

        await letters.look_again(a_letter(), NOON + timedelta(hours=1))

        assert await letters.next_due(NOON + timedelta(seconds=30), ()) is not None

    async def test_a_letter_that_was_put_away_stays_away(self, letters: Letters) -> None:
        await letters.keep(a_letter(), b"")
        await letters.done(a_letter())

        await letters.look_again(a_letter(), NOON)

        assert await letters.next_due(NOON + timedelta(days=9), ()) is None
        assert await letters.pending() == 0
        assert await letters.written(REQUEST_ID) == {a_letter().id}


class TestInMemoryLetters(LettersSpec):
    @pytest.fixture
    def letters(self) -> Letters:
        return InMemoryLetters()


class TestMongoLetters(LettersSpec):
    @pytest.fixture
    async def letters(self, database: Database) -> Letters:
        letters = MongoLetters(database)
        await letters.prepare()
        return letters

    async def test_a_letter_that_was_kept_by_an_earlier_version_waits_without_an_end(
        self, letters: Letters, database: Database
    ) -> None:
        await letters.keep(a_letter(), b"")
        await database["letters"].update_one({}, {"$unset": {"until": ""}})

        assert await letters.next_due(NOON, ()) == a_letter(until=None)


class AttemptsSpec:
    async def test_every_step_reads_back_as_it_was_kept(self, attempts: Attempts) -> None:
        steps: list[Step] = [a_claim(), a_token(), a_result("later", code=451), a_claim(2), a_token(2, void=True)]
        for step in steps:
            await attempts.keep(step)

        found = await attempts.of(a_letter().id)

        assert sorted(found, key=lambda step: step.id) == sorted(steps, key=lambda step: step.id)
        assert await attempts.of("another") == []

    async def test_a_step_belongs_to_whoever_kept_it_first(self, attempts: Attempts) -> None:
        ours = await attempts.keep(a_claim(by="us"))
        theirs = await attempts.keep(a_claim(by="them"))

        assert (ours, theirs) == (True, False)

    async def test_keeping_our_own_step_again_is_still_ours(self, attempts: Attempts) -> None:
        """The connection may break after the insert and before its answer; the repeat must not frighten us off."""
        await attempts.keep(a_token(by="us"))

        assert await attempts.keep(a_token(by="us"))


class TestInMemoryAttempts(AttemptsSpec):
    @pytest.fixture
    def attempts(self) -> Attempts:
        return InMemoryAttempts()


class TestMongoAttempts(AttemptsSpec):
    @pytest.fixture
    async def attempts(self, database: Database) -> Attempts:
        attempts = MongoAttempts(database)
        await attempts.prepare()
        return attempts


class WorkersSpec:
    async def test_a_worker_was_last_seen_at_its_last_beat(self, workers: Workers) -> None:
        await workers.beat("us", NOON)
        await workers.beat("them", NOON)

        await workers.beat("us", NOON + timedelta(seconds=5))

        assert await workers.last_seen("us") == NOON + timedelta(seconds=5)
        assert await workers.last_seen("them") == NOON

    async def test_who_has_left_or_never_came_was_not_seen(self, workers: Workers) -> None:
        await workers.beat("us", NOON)
        await workers.beat("them", NOON)

        await workers.leave("us")

        assert await workers.last_seen("us") is None
        assert await workers.last_seen("them") == NOON
        assert await workers.last_seen("a stranger") is None

    async def test_leaving_twice_does_no_harm(self, workers: Workers) -> None:
        await workers.beat("us", NOON)

        await workers.leave("us")
        await workers.leave("us")

        assert await workers.last_seen("us") is None


class TestInMemoryWorkers(WorkersSpec):
    @pytest.fixture
    def workers(self) -> Workers:
        return InMemoryWorkers()


class TestMongoWorkers(WorkersSpec):
    @pytest.fixture
    async def workers(self, database: Database) -> Workers:
        workers = MongoWorkers(database)
        await workers.prepare()
        return workers

    async def test_mongo_forgets_who_was_killed_but_not_before_its_leases_are_over(
        self, workers: Workers, database: Database
    ) -> None:
        await workers.beat("us", NOON)

        indexes = await database["workers"].index_information()
        [kept_for_s] = [index["expireAfterSeconds"] for index in indexes.values() if "expireAfterSeconds" in index]

        assert kept_for_s == FORGET_AFTER.total_seconds()
        assert FORGET_AFTER > TOKEN_LEASE


async def test_the_fate_of_a_link_is_told_without_a_reception_number(database: Database) -> None:
    link = a_letter(kind="resume", reception_no="", request_id=ASKING_ID)

    await MongoOutcomes(database, lambda: None).settle(link, SENT)

    document = await database["outcomes"].find_one({})
    assert document is not None
    told = json.loads(document["relay"]["body"])
    assert (told["kind"], told["reception_no"], told["request_id"]) == ("resume", "", ASKING_ID)


@pytest.mark.parametrize(
    ("end", "event_type"),
    [(SENT, "mitsumori.letter.sent.v1"), (FAILED, "mitsumori.letter.failed.v1")],
    ids=["sent", "failed"],
)
async def test_a_fate_is_kept_once_together_with_the_event_that_tells_it(
    database: Database, end: Ended, event_type: str
) -> None:
    nudges: list[str] = []
    outcomes = MongoOutcomes(database, lambda: nudges.append("wake up"))

    kept = [await outcomes.settle(a_letter(), end), await outcomes.settle(a_letter(), SENT)]

    found = await database["outcomes"].find({}).to_list(None)
    assert kept == [True, False]
    assert [document["relay"]["headers"]["ce_type"] for document in found] == [event_type]
    assert found[0]["relay"]["state"] == "pending"
    assert "customer.example" not in str(found)
    assert nudges
