"""notify's facts and letters: the fakes and MongoDB keep the same promises."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from bson.datetime_ms import DatetimeMS
from bson.errors import InvalidBSON
from structlog.testing import capture_logs

from services.notify.adapters.mongo import LOOK_AGAIN_AFTER, MongoFacts, MongoLetters
from services.notify.adapters.mongo_attempts import MongoOutcomes
from services.notify.domain.due import letter_id
from services.notify.domain.facts import KnownFacts
from services.notify.domain.pieces import SharedPiece
from services.notify.ports import Facts, Letters, Outcomes
from shared.events import Parcel
from shared.runtime.adapters.mongo import Database
from tests.services.notify.builders import (
    NOON,
    QUOTE_ID,
    REQUEST_ID,
    SEALS,
    a_failed_end,
    a_letter,
    a_request,
    an_offer,
)
from tests.services.notify.fakes import InMemoryFacts, InMemoryLetters, InMemoryOutcomes
from tests.services.notify.specs import FactsSpec, LettersSpec

pytestmark = pytest.mark.anyio


class TestInMemoryFacts(FactsSpec):
    @pytest.fixture
    def outcomes(self) -> InMemoryOutcomes:
        return InMemoryOutcomes()

    @pytest.fixture
    def letters(self) -> InMemoryLetters:
        return InMemoryLetters()

    @pytest.fixture
    def facts(self, outcomes: InMemoryOutcomes, letters: InMemoryLetters) -> Facts:
        return InMemoryFacts(outcomes, letters)


class TestMongoFacts(FactsSpec):
    @pytest.fixture
    def outcomes(self, database: Database) -> Outcomes:
        return MongoOutcomes(database, announce=lambda _event: None)

    @pytest.fixture
    def letters(self, database: Database) -> Letters:
        return MongoLetters(database, SEALS)

    @pytest.fixture
    async def facts(self, database: Database) -> Facts:
        facts = MongoFacts(database)
        await facts.prepare()
        return facts

    async def test_a_request_that_was_kept_by_an_earlier_version_is_still_known(
        self, facts: Facts, database: Database
    ) -> None:
        event = a_request().model_dump(mode="json", exclude={"suspicions", "is_held"})
        await database["requests"].insert_one({"_id": REQUEST_ID, "event": event})

        known = await facts.known(REQUEST_ID)

        assert known.request == a_request()

    async def test_an_outcome_that_was_kept_by_an_earlier_version_has_no_reason_and_no_correction(
        self, facts: Facts, outcomes: Outcomes, database: Database
    ) -> None:
        await outcomes.add(a_letter(), a_failed_end())
        await database["outcomes"].update_one({}, {"$unset": {"reason": "", "corrected_by": ""}})

        [failure] = (await facts.known(REQUEST_ID)).failures

        assert (failure.reason, failure.corrected_by) == (None, None)

    async def test_requests_that_are_asked_for_at_once_are_looked_for_together(
        self, facts: Facts, letters: Letters, database: Database
    ) -> None:
        """Two looks for each of a thousand forms were a quarter of MongoDB's work in a burst."""
        asked = [f"request-{number}" for number in range(16)]
        for request_id in asked:
            await facts.add(a_request(request_id=request_id))
            await letters.add(a_letter(id=f"letter of {request_id}", request_id=request_id), [b""])
        await database.command("profile", 2)

        known = await asyncio.gather(*(facts.known(request_id) for request_id in (*asked, "unknown")))

        await database.command("profile", 0)
        assert [each.request and each.request.request_id for each in known] == [*asked, None]
        assert [each.written for each in known] == [*({f"letter of {each}"} for each in asked), set()]
        assert await database["system.profile"].count_documents({"command.aggregate": "requests"}) == 1

    async def test_a_fact_that_is_kept_while_others_are_looked_for_is_found(self, facts: Facts) -> None:
        """The later of two looks sees both facts: it must not be answered by one that began before its fact."""

        async def keep_and_look(number: int) -> bool:
            await asyncio.sleep(number / 1_000)
            await facts.add(an_offer(quote_id=f"quote-{number}"))
            found = (await facts.known(REQUEST_ID)).quotes
            return f"quote-{number}" in {quote.quote_id for quote in found}

        assert all(await asyncio.gather(*map(keep_and_look, range(20))))

    async def test_a_damaged_document_of_one_request_hides_nothing_of_another(
        self, facts: Facts, database: Database
    ) -> None:
        await facts.add(a_request())
        await database["requests"].insert_one({"_id": "damaged", "event": {"accepted_at": DatetimeMS(2**60)}})

        known, failed = await asyncio.gather(facts.known(REQUEST_ID), facts.known("damaged"), return_exceptions=True)

        assert isinstance(known, KnownFacts)
        assert known.request is not None
        assert isinstance(failed, InvalidBSON)

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


class TestInMemoryLetters(LettersSpec):
    @pytest.fixture
    def letters(self) -> Letters:
        return InMemoryLetters()


class TestMongoLetters(LettersSpec):
    async def test_what_letters_share_is_kept_once_and_read_by_a_process_that_has_not_written_it(
        self, letters: Letters, database: Database
    ) -> None:
        """Both brochures with each letter were 400 kB of journal for a form."""
        brochure = SharedPiece.of(b"brochure")
        await letters.add(a_letter(id="one"), [b"to one, ", brochure])
        await letters.add(a_letter(id="other"), [b"to the other, ", brochure])

        assert await database["shared_pieces"].count_documents({}) == 1
        assert await MongoLetters(database, SEALS).content("other") == b"to the other, brochure"

    async def test_a_letter_that_an_earlier_version_kept_whole_keeps_its_bytes(
        self, letters: Letters, database: Database
    ) -> None:
        await letters.add(a_letter(), [b""])
        whole = {"$unset": {"pieces": "", "seal": ""}, "$set": {"content": b"whole"}}
        await database["letters"].update_one({}, whole)

        assert await letters.content(a_letter().id) == b"whole"

    async def test_a_letter_that_an_earlier_version_kept_encoded_keeps_its_bytes(
        self, letters: Letters, database: Database
    ) -> None:
        brochure = SharedPiece.of(b"brochure")
        await letters.add(a_letter(), [brochure])
        pieces = [b"text in base64", {"shared": brochure.sha256}, b"JVBERi0=\r\n"]
        await database["letters"].update_one({}, {"$unset": {"seal": ""}, "$set": {"pieces": pieces}})

        assert await letters.content(a_letter().id) == b"text in base64brochureJVBERi0=\r\n"

    async def test_a_letter_that_an_earlier_version_kept_with_the_hashes_of_its_parts_keeps_its_bytes(
        self, letters: Letters, database: Database
    ) -> None:
        """The hash of a 見積書 is kept with its letter, in `paper`: it was computed twice."""
        await letters.add(a_letter(), [b""])
        before = [b"head", {"base64": b"%PDF-", "sha256": sha256(b"%PDF-").hexdigest()}]
        await database["letters"].update_one({}, {"$unset": {"seal": ""}, "$set": {"pieces": before}})

        assert await letters.content(a_letter().id) == b"headJVBERi0=\r\n"

    @pytest.fixture
    async def letters(self, database: Database) -> Letters:
        letters = MongoLetters(database, SEALS)
        await letters.prepare()
        return letters

    async def test_a_letter_that_was_kept_by_an_earlier_version_waits_without_an_end(
        self, letters: Letters, database: Database
    ) -> None:
        await letters.add(a_letter(), [b""])
        await database["letters"].update_one({}, {"$unset": {"until": ""}})

        assert await letters.next_due(NOON, ()) == a_letter(until=None)

    @pytest.mark.parametrize("lost", ["since", "recipient", "kind", "created_at"])
    async def test_a_damaged_document_keeps_no_other_letter_waiting(
        self, letters: Letters, database: Database, lost: str
    ) -> None:
        """One document without `since` that was due first made every look for a due letter fail: no mail left.

        It is looked at again later, so that whoever mends it has the letter sent; each time an error names it.
        """
        await letters.add(a_letter(id="damaged", due=NOON - timedelta(minutes=1)), [b""])
        await database["letters"].update_one({"_id": "damaged"}, {"$unset": {lost: ""}})
        await letters.add(a_letter(), [b""])

        with capture_logs() as lines:
            found = [await letters.next_due(NOON, ()), await letters.next_due(NOON, ())]

        assert found == [a_letter(), a_letter()]
        [line] = lines
        assert (line["log_level"], line["collection"], line["document_id"]) == ("error", "letters", "damaged")
        assert await letters.pending() == 2

    async def test_a_damaged_document_that_was_mended_is_found_again(
        self, letters: Letters, database: Database
    ) -> None:
        await letters.add(a_letter(), [b""])
        await database["letters"].update_one({}, {"$unset": {"since": ""}})
        assert await letters.next_due(NOON, ()) is None

        await database["letters"].update_one({}, {"$set": {"since": NOON}})

        found = await letters.next_due(NOON + LOOK_AGAIN_AFTER, ())
        assert found is not None
        assert found.since == NOON

    async def test_a_date_that_python_cannot_hold_keeps_no_other_letter_waiting(
        self, letters: Letters, database: Database
    ) -> None:
        await letters.add(a_letter(id="damaged", due=NOON - timedelta(minutes=1)), [b""])
        await database["letters"].update_one({"_id": "damaged"}, {"$set": {"since": DatetimeMS(2**60)}})
        await letters.add(a_letter(), [b""])

        assert await letters.next_due(NOON, ("damaged",)) == a_letter()
        assert await letters.next_due(NOON, ()) is not None

    async def test_a_quote_that_an_earlier_version_wrote_ends_with_its_last_day_too(
        self, letters: Letters, database: Database
    ) -> None:
        """That version kept no end with it, and was stopped before it could send it."""
        await MongoFacts(database).add(an_offer())
        ours = a_letter(id=letter_id("quote", QUOTE_ID, 1), kind="quote")
        await letters.add(ours, [b""])

        assert await letters.next_due(NOON, ()) == replace(ours, until=datetime(2026, 12, 23, 15, 0, tzinfo=UTC))

    async def test_a_quote_whose_fact_is_damaged_keeps_no_other_letter_waiting(
        self, letters: Letters, database: Database
    ) -> None:
        """Until when it is of use cannot be known then, so it is not sent: somebody must look."""
        await letters.add(a_letter(id="quote", kind="quote", due=NOON - timedelta(minutes=1)), [b""])
        await database["quotes"].insert_one({"_id": QUOTE_ID, "request_id": REQUEST_ID, "type": "?", "event": {}})
        await letters.add(a_letter(), [b""])

        with capture_logs() as lines:
            found = await letters.next_due(NOON, ())

        assert found == a_letter()
        assert [line["document_id"] for line in lines] == ["quote"]
