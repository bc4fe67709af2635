"""Which letters get written, and that each is written once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from services.notify.adapters.mongo import MongoFacts, MongoLetters
from services.notify.domain.facts import Fact
from services.notify.domain.letter import Letter
from services.notify.domain.pieces import Pieces
from shared.errors import Invalid, Unavailable
from shared.events import Wishes
from shared.runtime.adapters.mongo import Database
from shared.runtime.parcels import UnknownKey
from tests.services.notify.builders import (
    REQUEST_ID,
    a_failed_end,
    a_referral,
    a_release,
    a_request,
    a_request_release,
    an_offer,
)
from tests.services.notify.fakes import InMemoryLetters, Writing
from tests.services.notify.usecases.fakes import composing_after, failing

pytestmark = pytest.mark.anyio


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    return Writing(tmp_path)


async def test_a_request_for_documents_is_confirmed_and_the_desk_is_told(writing: Writing) -> None:
    await writing.receive(a_request(brochure="post", quote=False, parcel=writing.keys.parcel()))

    assert writing.kinds() == ["desk", "receipt"]


async def test_a_price_goes_out_and_the_desk_is_told_with_the_price(writing: Writing) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel()))
    before_the_price = writing.kinds()
    await writing.receive(an_offer())

    assert before_the_price == ["receipt"]
    assert writing.kinds() == ["desk", "quote", "receipt"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_the_order_of_arrival_changes_nothing(tmp_path: Path, order: tuple[int, ...]) -> None:
    """Three topics, three consumers: nobody promises which fact comes first."""
    writing = Writing(tmp_path, release="desk")
    facts: list[Fact] = [a_request(parcel=writing.keys.parcel()), an_offer(), a_release()]

    await writing.receive(*(facts[place] for place in order))

    assert writing.kinds() == ["desk", "quote", "receipt"]


async def test_facts_that_arrive_again_write_nothing_again(writing: Writing) -> None:
    facts = (a_request(parcel=writing.keys.parcel()), a_referral())
    await writing.receive(*facts)
    first = dict(writing.letters.contents)
    writing.clock.advance(hours=1)

    await writing.receive(*facts, *facts)

    assert writing.letters.contents == first
    assert writing.kinds() == ["desk", "receipt", "referral"]
    assert writing.handed_over == first


async def test_a_letter_that_is_being_written_is_not_written_beside_that_because_of_another_fact(
    writing: Writing,
) -> None:
    """The quote comes while the receipt is composed: two thirds of all receipts were made twice."""
    composed: list[str] = []
    has_begun, is_there = asyncio.Event(), asyncio.Event()

    async def note(kind: str) -> None:
        composed.append(kind)
        if kind == "receipt":
            has_begun.set()
            await is_there.wait()

    write = composing_after(writing, note)
    request = asyncio.ensure_future(write(a_request(parcel=writing.keys.parcel())))
    await has_begun.wait()
    await write(an_offer())
    is_there.set()
    await request

    assert sorted(composed) == ["desk", "quote", "receipt"]
    assert writing.kinds() == ["desk", "quote", "receipt"]


async def test_a_letter_that_could_not_be_written_is_not_in_hand_any_more(writing: Writing) -> None:
    failures: dict[str, BaseException] = {"receipt": Unavailable("mongo")}
    write = failing(writing, failures)
    with pytest.raises(Unavailable):
        await write(a_request(parcel=writing.keys.parcel()))
    failures.clear()

    await write(an_offer())

    assert writing.kinds() == ["desk", "quote", "receipt"]


async def test_a_quote_that_staff_release_waits_for_them(tmp_path: Path) -> None:
    writing = Writing(tmp_path, release="desk")
    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer())
    before = writing.kinds()

    await writing.receive(a_release())

    assert before == ["desk", "receipt"]
    assert writing.kinds() == ["desk", "quote", "receipt"]


@pytest.mark.parametrize(
    ("release", "sent"),
    [
        pytest.param(a_release(), ["quote", "receipt", "referral"], id="its quote"),
        pytest.param(a_request_release(), ["receipt", "referral"], id="the request"),
    ],
)
async def test_a_held_request_has_every_mail_to_its_contact_wait_for_staff(
    writing: Writing, release: Fact, sent: list[str]
) -> None:
    """The receipt is what strangers had sent to other people; so it waits like the quote (S7)."""
    held = a_request(brochure="email", suspicions=("honeypot",), parcel=writing.keys.parcel())

    await writing.receive(held, an_offer(), a_referral(quote_id="second", revision=2))
    before = writing.kinds()
    await writing.receive(release)

    assert before == ["desk", "desk"]
    assert writing.kinds() == ["desk", "desk", *sent]


@pytest.mark.parametrize(
    ("first", "latest", "sent"),
    [
        pytest.param(an_offer(), an_offer(quote_id="second", revision=2), "quote", id="another price"),
        pytest.param(a_referral(), an_offer(quote_id="second", revision=2), "quote", id="a price by hand"),
        pytest.param(an_offer(), a_referral(quote_id="second", revision=2), "referral", id="referred after all"),
    ],
)
async def test_of_a_held_request_the_contact_hears_of_the_revision_alone_that_held_when_it_was_let_go(
    writing: Writing, first: Fact, latest: Fact, sent: str
) -> None:
    """Two prices came in one minute, one of which staff had replaced long before."""
    held = a_request(suspicions=("honeypot",), parcel=writing.keys.parcel())
    after = an_offer(quote_id="third", revision=3, issued_at=a_request_release().released_at + timedelta(days=1))

    await writing.receive(held, first, latest, a_request_release())
    let_go = writing.kinds()
    await writing.receive(after)

    assert let_go == sorted(["desk", "desk", "receipt", sent])
    assert writing.kinds() == sorted([*let_go, "desk", "quote"])


async def test_a_receipt_that_the_version_before_sent_for_a_held_request_is_not_sent_again(writing: Writing) -> None:
    """That version held only the quotes; whoever has the receipt of it must not get a second one."""
    await writing.receive(a_request(parcel=writing.keys.parcel()))
    sent = dict(writing.letters.contents)
    writing.facts.facts.clear()

    await writing.receive(
        a_request(suspicions=("honeypot",), parcel=writing.keys.parcel()), an_offer(), a_request_release()
    )

    assert writing.kinds() == ["desk", "quote", "receipt"]
    assert sent.items() <= writing.letters.contents.items()


async def test_a_letter_that_failed_for_good_is_told_to_the_desk(writing: Writing) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel(), wishes=Wishes(brochure="none", quote=True)))
    [receipt] = writing.letters.heads.values()
    await writing.facts.outcomes.add(receipt, a_failed_end())

    await writing.write.write_due(REQUEST_ID)

    assert writing.kinds() == ["desk-undelivered", "receipt"]
    assert "550" in writing.text("desk-undelivered")


async def test_the_desk_is_told_once_of_each_revision_in_whatever_order_they_arrive(writing: Writing) -> None:
    revision = an_offer(quote_id="another", revision=2)

    await writing.receive(a_request(parcel=writing.keys.parcel()), revision)
    await writing.receive(an_offer(), revision)

    assert writing.kinds() == ["desk", "desk", "quote", "quote", "receipt"]


@pytest.mark.parametrize(
    ("failures", "raised"),
    [
        pytest.param({"quote": Invalid("unknown-key")}, Invalid, id="one whose key may still come"),
        pytest.param(
            {"receipt": Invalid("unknown-key"), "desk": Unavailable("mongo")},
            Unavailable,
            id="one that can be written later: the record must come again",
        ),
        pytest.param(
            {"receipt": Invalid("unknown-key"), "desk": KeyError("bug")},
            KeyError,
            id="a bug, which may be mended: a few more tries",
        ),
        pytest.param(
            {"receipt": Invalid("unknown-product"), "desk": UnknownKey("notify-2")},
            UnknownKey,
            id="one whose key comes late, and one that a person must mend: the record waits for the key",
        ),
        pytest.param(
            {"receipt": KeyError("bug"), "quote": Unavailable("mongo")}, Unavailable, id="a bug, and one for later"
        ),
    ],
)
async def test_one_letter_that_fails_stops_no_other_and_hides_none_that_can_be_written_later(
    writing: Writing, failures: dict[str, Exception], raised: type[Exception]
) -> None:
    await writing.facts.add(a_request(parcel=writing.keys.parcel()))

    with pytest.raises(raised):
        await failing(writing, failures)(an_offer())

    assert writing.kinds() == sorted({"desk", "quote", "receipt"} - failures.keys())


async def test_letters_that_are_ready_at_about_the_same_time_are_kept_together(writing: Writing) -> None:
    """Then one command keeps them, and their connections meet again at each step."""
    composed: list[str] = []

    class LettersThatNote(InMemoryLetters):
        async def add(self, letter: Letter, content: Pieces) -> bool:
            composed.append(f"keep {letter.kind}")
            return await InMemoryLetters.add(self, letter, content)

    async def some_turns(kind: str) -> None:
        for _ in range(5 if kind == "receipt" else 0):
            await asyncio.sleep(0)
        composed.append(kind)

    write = replace(composing_after(writing, some_turns), letters=LettersThatNote())
    await write(a_request(brochure="post", quote=False, parcel=writing.keys.parcel()))

    assert composed == ["desk", "receipt", "keep receipt", "keep desk"]


async def test_a_letter_that_is_ready_does_not_wait_for_one_that_takes_its_time(writing: Writing) -> None:
    desk_is_kept = asyncio.Event()

    class LettersThatTell(InMemoryLetters):
        async def add(self, letter: Letter, content: Pieces) -> bool:
            if letter.kind == "desk":
                desk_is_kept.set()
            return await InMemoryLetters.add(self, letter, content)

    async def until_the_desk_is_told(kind: str) -> None:
        if kind == "receipt":
            await desk_is_kept.wait()

    write = replace(composing_after(writing, until_the_desk_is_told), letters=LettersThatTell())
    async with asyncio.timeout(20):
        await write(a_request(brochure="post", quote=False, parcel=writing.keys.parcel()))


async def test_two_processes_that_receive_the_same_facts_write_each_letter_once(
    database: Database, writing: Writing
) -> None:
    """On the real ledger: neither process may miss a letter because the other was halfway through."""
    facts: list[Fact] = [a_request(brochure="email", parcel=writing.keys.parcel()), an_offer()]
    letters = MongoLetters(database)
    here, there = (replace(writing.write, facts=MongoFacts(database), letters=letters) for _ in range(2))

    await asyncio.gather(*(write(fact) for fact in facts for write in (here, there)))

    kinds = [document["kind"] async for document in database["letters"].find()]
    assert sorted(kinds) == ["desk", "quote", "receipt"]
