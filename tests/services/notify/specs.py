"""What every implementation of a port of notify promises: the fakes and MongoDB alike."""

import asyncio
from datetime import timedelta

from services.notify.domain.attempts import Step
from services.notify.domain.delivery_state import Ended
from services.notify.domain.facts import Failure
from services.notify.domain.letter import LetterHead
from services.notify.domain.pieces import Base64Piece, Pieces, SharedPiece, joined
from services.notify.ports import (
    Attempts,
    Bounces,
    Brochures,
    Copies,
    DeadAddresses,
    Facts,
    Letters,
    NewsChoices,
    Outcomes,
    Workers,
)
from shared.events import AddressCorrected, LetterCopied, Paper, Parcel
from tests.services.notify.builders import (
    ASKING_ID,
    NOON,
    QUOTE_ID,
    REQUEST_ID,
    SENT,
    a_bounce,
    a_brochure,
    a_claim,
    a_failed_end,
    a_letter,
    a_link,
    a_news_choice,
    a_referral,
    a_release,
    a_request,
    a_request_release,
    a_result,
    a_token,
    an_offer,
)


class FactsSpec:
    async def test_nothing_is_known_of_a_request_that_no_event_named(self, facts: Facts) -> None:
        known = await facts.known(REQUEST_ID)

        assert known.request is None
        assert known.quotes == ()

    async def test_what_was_received_twice_is_known_once(self, facts: Facts) -> None:
        second = a_referral(quote_id="other", revision=2)
        for fact in (a_request(), an_offer(), second, a_release(), a_request_release()) * 2:
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
        assert known.request_released_at == NOON + timedelta(hours=3)

    async def test_a_corrected_address_is_known_with_the_parcel_for_us_only(self, facts: Facts) -> None:
        ours, others = Parcel(key="notify-1", box="eA=="), Parcel(key="desk-1", box="eA==")
        correction = AddressCorrected(
            request_id=REQUEST_ID,
            decision_id="d-1",
            decided_at=NOON,
            decided_by="desk",
            parcels={"notify": ours, "desk": others},
        )
        for fact in (a_request(), correction, correction):
            await facts.add(fact)

        known = await facts.known(REQUEST_ID)

        assert [one.decision_id for one in known.corrections] == ["d-1"]
        assert known.corrections[0].parcels["notify"] == ours

    async def test_a_request_that_nobody_released_has_no_moment_of_release(self, facts: Facts) -> None:
        for fact in (a_request(), a_release()):
            await facts.add(fact)

        assert (await facts.known(REQUEST_ID)).request_released_at is None

    async def test_somebody_who_asked_for_a_link_is_known_under_the_id_of_that_asking(self, facts: Facts) -> None:
        await facts.add(a_request(suspicions=("too-fast",)))
        for _ in range(2):
            await facts.add(a_link())

        asking, request = await facts.known(ASKING_ID), await facts.known(REQUEST_ID)

        assert (asking.request, asking.alone) == (None, a_link())
        assert request.request is not None
        assert (request.request.suspicions, request.alone) == (("too-fast",), None)

    async def test_an_offer_is_known_to_the_last_yen(self, facts: Facts) -> None:
        ours = {"notify": Parcel(key="notify-1", box="c2F2aW5ncw==")}
        await facts.add(an_offer(premium=93_010, parcels=ours))

        known = await facts.known(REQUEST_ID)

        assert known.quotes[0] == an_offer(premium=93_010, parcels=ours)

    async def test_the_letters_of_a_request_that_are_written_are_known(self, facts: Facts, letters: Letters) -> None:
        await letters.add(a_letter(), [b""])
        await letters.add(a_letter(id="of another", request_id="another"), [b""])

        assert (await facts.known(REQUEST_ID)).written == {a_letter().id}

    async def test_a_letter_that_failed_is_known_and_one_that_was_sent_is_not_a_failure(
        self, facts: Facts, outcomes: Outcomes
    ) -> None:
        await outcomes.add(a_letter(), a_failed_end())
        await outcomes.add(a_letter(id="another"), SENT)

        known = await facts.known(REQUEST_ID)

        assert known.failures == (
            Failure(letter_id=a_letter().id, kind="receipt", failed_at=NOON, attempts=1, reply_code=550),
        )

    async def test_a_letter_that_could_not_be_made_is_a_failure_with_its_reason_and_its_first_outcome_stays(
        self, facts: Facts, outcomes: Outcomes
    ) -> None:
        head = LetterHead(
            id="unmade", request_id=REQUEST_ID, reception_no="K7M2P4XR", product="cyber-security", kind="quote"
        )

        added = [await outcomes.add_unmade(head, reason, NOON) for reason in ("document-failed", "bad-terms")]
        added.append(await outcomes.add(a_letter(id="unmade"), SENT))

        assert added == [True, False, False]
        assert (await facts.known(REQUEST_ID)).failures == (
            Failure(
                letter_id="unmade",
                kind="quote",
                failed_at=NOON,
                attempts=0,
                reply_code=None,
                reason="document-failed",
            ),
        )

    async def test_a_failure_names_the_correction_whose_address_its_letter_was_for(
        self, facts: Facts, outcomes: Outcomes
    ) -> None:
        await outcomes.add(a_letter(id="to-new", corrected_by="d-1"), a_failed_end())
        await outcomes.add(a_letter(id="to-old"), a_failed_end())

        failures = (await facts.known(REQUEST_ID)).failures
        assert {one.letter_id: one.corrected_by for one in failures} == {"to-new": "d-1", "to-old": None}

    async def test_a_letter_that_may_have_arrived_is_a_failure_that_says_so(
        self, facts: Facts, outcomes: Outcomes
    ) -> None:
        end = Ended(sent=False, at=NOON, attempts=2, ambiguous=True, code=None, reason="arrival-unknown")

        await outcomes.add(a_letter(id="held"), end)

        [failure] = (await facts.known(REQUEST_ID)).failures
        assert (failure.letter_id, failure.attempts, failure.reason) == ("held", 2, "arrival-unknown")

    async def test_a_letter_that_may_be_made_later_is_told_once_and_is_no_failure_yet(
        self, facts: Facts, outcomes: Outcomes
    ) -> None:
        """Told as a failure, so that the desk has a task; whatever it comes to in the end is an outcome of its own."""
        head = LetterHead(
            id="unmade", request_id=REQUEST_ID, reception_no="K7M2P4XR", product="cyber-security", kind="quote"
        )

        added = [await outcomes.add_unmade(head, reason, NOON) for reason in ("unknown-product", "unknown-product")]
        failures = (await facts.known(REQUEST_ID)).failures
        added.append(await outcomes.add(a_letter(id="unmade"), SENT))

        assert (added, failures) == ([True, False, True], ())


class BrochuresSpec:
    async def test_a_brochure_is_found_by_its_hash_with_the_name_that_it_had(self, brochures: Brochures) -> None:
        brochure = a_brochure()

        await brochures.add("cyber-security", brochure)

        found = await brochures.file("cyber-security", brochure.version)
        assert found is not None
        assert (found.path.read_bytes(), found.name) == (brochure.pdf.content, brochure.name)

    async def test_every_version_that_was_ever_linked_is_kept(self, brochures: Brochures) -> None:
        before, now = a_brochure(b"%PDF of 2026"), a_brochure(b"%PDF of 2027")
        for brochure in (before, now, before):
            await brochures.add("cyber-security", brochure)

        found = [await brochures.file("cyber-security", each.version) for each in (before, now)]

        assert [file.path.read_bytes() for file in found if file] == [b"%PDF of 2026", b"%PDF of 2027"]

    async def test_two_who_ask_at_once_get_each_their_own(self, brochures: Brochures) -> None:
        several = [a_brochure(f"%PDF {number}".encode()) for number in range(5)]
        for brochure in several:
            await brochures.add("cyber-security", brochure)

        found = await asyncio.gather(*(brochures.file("cyber-security", each.version) for each in several * 3))

        assert [file.path.read_bytes() for file in found if file] == [each.pdf.content for each in several * 3]

    async def test_a_brochure_of_another_product_is_none_of_this_one(self, brochures: Brochures) -> None:
        brochure = a_brochure()
        await brochures.add("cyber-security", brochure)

        assert await brochures.file("other", brochure.version) is None
        assert await brochures.file("cyber-security", "0" * 20) is None


class LettersSpec:
    async def test_a_letter_comes_back_whole_from_its_own_pieces_and_those_it_shares(self, letters: Letters) -> None:
        brochure = SharedPiece.of(b"brochure")
        await letters.add(a_letter(id="one"), [b"to one, ", brochure, b", yours"])
        await letters.add(a_letter(id="other"), [b"to the other, ", brochure])

        assert await letters.content("one") == b"to one, brochure, yours"
        assert await letters.content("other") == b"to the other, brochure"

    async def test_a_letter_comes_back_as_the_bytes_that_were_handed_over(self, letters: Letters) -> None:
        """The first attempt has them from memory, a later one or one of another process from here."""
        pieces: Pieces = [
            b"head\r\n\r\n",
            Base64Piece(bytes(range(256))),
            b"--\r\n",
            Base64Piece(b""),
            SharedPiece.of(b"end"),
        ]

        await letters.add(a_letter(), pieces)

        assert await letters.content(a_letter().id) == joined(pieces)

    async def test_the_first_bytes_of_a_letter_are_its_bytes_for_ever(self, letters: Letters) -> None:
        first = await letters.add(a_letter(), [b"first"])
        second = await letters.add(a_letter(), [b"second"])

        assert (first, second) == (True, False)
        assert await letters.content(a_letter().id) == b"first"

    async def test_a_letter_is_known_with_the_paper_that_it_encloses(self, letters: Letters) -> None:
        letter = a_letter(paper=Paper(quote_no="K7M2P4XR-1", sha256="ab" * 32))

        await letters.add(letter, [b""])

        assert await letters.next_due(NOON, ()) == letter

    async def test_the_letter_that_waited_longest_goes_first(self, letters: Letters) -> None:
        await letters.add(a_letter(id="young", due=NOON + timedelta(seconds=1)), [b""])
        await letters.add(a_letter(id="old"), [b""])
        later = NOON + timedelta(seconds=1)

        assert await letters.next_due(NOON - timedelta(seconds=1), ()) is None
        assert await letters.next_due(later, ()) == a_letter(id="old")
        assert await letters.next_due(later, {"old"}) == a_letter(id="young", due=later)
        assert await letters.next_due(later, {"old", "young"}) is None

    async def test_until_when_a_letter_helps_is_kept(self, letters: Letters) -> None:
        letter = a_letter(kind="resume", reception_no="", until=NOON + timedelta(days=14))

        await letters.add(letter, [b""])

        assert await letters.next_due(NOON, ()) == letter

    async def test_a_postponed_letter_is_not_looked_at_before(self, letters: Letters) -> None:
        await letters.add(a_letter(), [b""])

        await letters.postpone(a_letter(), NOON + timedelta(minutes=1))

        assert await letters.next_due(NOON, ()) is None
        assert await letters.next_due(NOON + timedelta(minutes=1), ()) is not None
        assert await letters.pending() == 1

    async def test_of_two_that_postpone_a_letter_the_second_changes_nothing(self, letters: Letters) -> None:
        await letters.add(a_letter(), [b""])
        await letters.postpone(a_letter(), NOON + timedelta(seconds=30))

        await letters.postpone(a_letter(), NOON + timedelta(hours=1))

        assert await letters.next_due(NOON + timedelta(seconds=30), ()) is not None

    async def test_a_letter_that_was_finished_stays_finished(self, letters: Letters) -> None:
        await letters.add(a_letter(), [b""])
        await letters.finish(a_letter())

        await letters.postpone(a_letter(), NOON)

        assert await letters.next_due(NOON + timedelta(days=9), ()) is None
        assert await letters.pending() == 0


class AttemptsSpec:
    async def test_every_step_reads_back_as_it_was_kept(self, attempts: Attempts) -> None:
        steps: list[Step] = [a_claim(), a_token(), a_result("later", code=451), a_claim(2), a_token(2, void=True)]
        for step in steps:
            await attempts.add(step)

        steps_kept = await attempts.of(a_letter().id)

        assert sorted(steps_kept, key=lambda step: step.id) == sorted(steps, key=lambda step: step.id)
        assert await attempts.of("another") == []

    async def test_a_step_belongs_to_whoever_kept_it_first(self, attempts: Attempts) -> None:
        ours = await attempts.add(a_claim(by="us"))
        theirs = await attempts.add(a_claim(by="them"))

        assert (ours, theirs) == (True, False)

    async def test_keeping_our_own_step_again_is_still_ours(self, attempts: Attempts) -> None:
        """The connection may break after the insert and before its answer; the repeat must not look like another's."""
        for step in (a_claim(by="us"), a_token(by="us")):
            await attempts.add(step)

            assert await attempts.add(step)


class WorkersSpec:
    async def test_a_worker_was_last_seen_at_its_last_beat(self, workers: Workers) -> None:
        await workers.beat("us", NOON)
        await workers.beat("them", NOON)

        await workers.beat("us", NOON + timedelta(seconds=5))

        assert await workers.last_seen("us") == NOON + timedelta(seconds=5)
        assert await workers.last_seen("them") == NOON

    async def test_a_worker_that_has_stopped_or_never_came_was_not_seen(self, workers: Workers) -> None:
        await workers.beat("us", NOON)
        await workers.beat("them", NOON)

        await workers.remove("us")

        assert await workers.last_seen("us") is None
        assert await workers.last_seen("them") == NOON
        assert await workers.last_seen("a stranger") is None

    async def test_removing_a_worker_twice_does_no_harm(self, workers: Workers) -> None:
        await workers.beat("us", NOON)

        await workers.remove("us")
        await workers.remove("us")

        assert await workers.last_seen("us") is None


class BouncesSpec:
    async def test_a_letter_that_came_back_is_kept_once_and_as_it_was_first(
        self, bounces: Bounces, letters: Letters, facts: Facts
    ) -> None:
        """A second report may say less than the first; the desk is told of one."""
        await facts.add(a_request())
        await letters.add(a_letter(corrected_by="d-1"), [b""])
        letter = await bounces.letter(a_letter().id)
        assert letter is not None

        added = [await bounces.add(letter, bounce, NOON) for bounce in (a_bounce(), a_bounce(reason="other"))]

        assert added == [True, False]
        assert (await facts.known(REQUEST_ID)).failures == (
            Failure(
                letter_id=a_letter().id,
                kind="receipt",
                failed_at=NOON,
                attempts=1,
                reply_code=550,
                bounce="no-such-address",
                corrected_by="d-1",
            ),
        )

    async def test_a_letter_is_found_also_when_it_is_finished_and_nothing_else_is(
        self, bounces: Bounces, letters: Letters
    ) -> None:
        await letters.add(a_letter(), [b""])
        await letters.finish(a_letter())
        await letters.pending()

        found = await bounces.letter(a_letter().id)

        assert found is not None
        assert (found.id, found.recipient, found.kind) == (a_letter().id, a_letter().recipient, "receipt")
        assert await bounces.letter("another") is None


class DeadAddressesSpec:
    async def test_an_address_that_nobody_spoke_of_is_alive(self, dead_addresses: DeadAddresses) -> None:
        await dead_addresses.add("letter-1", "wrong@customer.example", NOON, is_dead=True)

        assert await dead_addresses.is_dead("wrong@customer.example")
        assert await dead_addresses.is_dead("Wrong@Customer.example")
        assert not await dead_addresses.is_dead("right@customer.example")

    async def test_what_was_said_last_counts_in_whatever_order_it_is_kept(self, dead_addresses: DeadAddresses) -> None:
        """Staff were told that it is right; then a letter came back again."""
        hour = timedelta(hours=1)
        await dead_addresses.add("d-1", "a@customer.example", NOON + hour, is_dead=False)
        await dead_addresses.add("letter-1", "a@customer.example", NOON, is_dead=True)
        assert not await dead_addresses.is_dead("a@customer.example")

        await dead_addresses.add("letter-2", "a@customer.example", NOON + 2 * hour, is_dead=True)
        await dead_addresses.add("letter-1", "a@customer.example", NOON + 3 * hour, is_dead=True)
        assert await dead_addresses.is_dead("a@customer.example")

    async def test_a_correction_that_is_read_again_does_not_bring_an_address_back(
        self, dead_addresses: DeadAddresses
    ) -> None:
        await dead_addresses.add("d-1", "a@customer.example", NOON, is_dead=False)
        await dead_addresses.add("letter-1", "a@customer.example", NOON + timedelta(hours=1), is_dead=True)

        await dead_addresses.add("d-1", "a@customer.example", NOON, is_dead=False)

        assert await dead_addresses.is_dead("a@customer.example")


class NewsChoicesSpec:
    async def test_a_choice_is_kept_once_and_stays_as_it_was_made(self, news: NewsChoices) -> None:
        added = [await news.add(a_news_choice(is_wanted=is_wanted)) for is_wanted in (True, False)]

        assert added == [True, False]
        assert await news.of("a" * 32) == [a_news_choice()]

    async def test_a_mailbox_is_found_by_each_of_its_hashes_and_has_nothing_of_another(self, news: NewsChoices) -> None:
        choice = a_news_choice(mailboxes=("a" * 32, "b" * 32))
        await news.add(choice)
        await news.add(a_news_choice(id="another", mailboxes=("c" * 32,)))

        assert [await news.of(letter * 32) for letter in "abd"] == [[choice], [choice], []]

    async def test_choices_are_in_the_order_in_which_they_were_made(self, news: NewsChoices) -> None:
        late = a_news_choice(id="late", at=NOON + timedelta(hours=1), is_wanted=False, how="link")
        for choice in (late, a_news_choice()):
            await news.add(choice)

        assert await news.of("a" * 32) == [a_news_choice(), late]


class CopiesSpec:
    async def test_a_copy_is_kept_once(self, copies: Copies) -> None:
        added = [await copies.add(a_copy()) for _ in range(2)]

        assert added == [True, False]


def a_copy(copy_id: str = "copy-1", request_id: str = REQUEST_ID) -> LetterCopied:
    return LetterCopied(
        request_id=request_id,
        copy_id=copy_id,
        letter_id=a_letter().id,
        copied_at=NOON,
        parcels={"desk": Parcel(key="desk-1", box="eA==")},
    )
