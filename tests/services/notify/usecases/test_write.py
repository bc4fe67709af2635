"""Which letters get written, and that each is written once."""

import asyncio
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from services.notify.adapters.mongo import MongoFacts, MongoLetters
from services.notify.domain.due import Due
from services.notify.domain.message import Email
from services.notify.domain.product import ProductWithLetters
from services.notify.ports import Fact
from services.notify.usecases.compose import ComposeLetter
from shared.errors import Invalid, Unavailable
from shared.events import Parcel, RequestReceived, ResumeLinkAsked, Wishes
from shared.runtime.adapters.mongo import Database
from tests.services.notify.builders import REQUEST_ID, a_failed_end, a_referral, a_release, a_request, an_offer
from tests.services.notify.fakes import Writing

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
    assert writing.nudges == len(first)


async def test_a_quote_that_staff_release_waits_for_them(tmp_path: Path) -> None:
    writing = Writing(tmp_path, release="desk")
    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer())
    before = writing.kinds()

    await writing.receive(a_release())

    assert before == ["desk", "receipt"]
    assert writing.kinds() == ["desk", "quote", "receipt"]


async def test_a_suspicious_request_has_its_quote_wait_for_staff_and_nothing_else(writing: Writing) -> None:
    """A customer taken for a robot is told at once that we have the request."""
    suspicious = a_request(brochure="email", suspicions=("honeypot",), parcel=writing.keys.parcel())

    await writing.receive(suspicious, an_offer(), a_referral(quote_id="second", revision=2))
    before = writing.kinds()
    await writing.receive(a_release())

    assert before == ["desk", "receipt", "referral"]
    assert writing.kinds() == ["desk", "quote", "receipt", "referral"]


async def test_a_letter_that_failed_for_good_is_told_to_the_desk(writing: Writing) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel(), wishes=Wishes(brochure="none", quote=True)))
    [receipt] = writing.letters.heads.values()
    await writing.facts.outcomes.add(receipt, a_failed_end())

    await writing.write.write_due(REQUEST_ID)

    assert writing.kinds() == ["desk-undelivered", "receipt"]
    assert "550" in writing.text("desk-undelivered")


async def test_a_second_revision_received_first_makes_no_second_mail_to_the_desk(writing: Writing) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer(quote_id="another", revision=2))
    await writing.receive(an_offer())

    assert writing.kinds() == ["desk", "quote", "quote", "receipt"]


@pytest.mark.parametrize(
    ("failures", "raised"),
    [
        pytest.param({"quote": Invalid("document-failed")}, Invalid, id="one that can never be written"),
        pytest.param(
            {"receipt": Invalid("document-failed"), "desk": Unavailable("mongo")},
            Unavailable,
            id="one that can be written later: the record must come again",
        ),
        pytest.param(
            {"receipt": Invalid("document-failed"), "desk": KeyError("bug")},
            KeyError,
            id="a bug, which may be mended: a few more tries",
        ),
        pytest.param(
            {"receipt": KeyError("bug"), "quote": Unavailable("mongo")}, Unavailable, id="a bug, and one for later"
        ),
    ],
)
async def test_one_letter_that_fails_stops_no_other_and_hides_none_that_can_be_written_later(
    writing: Writing, failures: dict[str, Exception], raised: type[Exception]
) -> None:
    compose = writing.write.compose

    class ComposeThatFails(ComposeLetter):
        async def __call__(
            self, due: Due, asked: RequestReceived | ResumeLinkAsked, product: ProductWithLetters
        ) -> Email:
            if due.kind in failures:
                raise failures[due.kind]
            return await compose(due, asked, product)

    failing = ComposeThatFails(
        parcels=compose.parcels, papers=compose.papers, letterhead=compose.letterhead, now=compose.now
    )
    write = replace(writing.write, compose=failing)
    await writing.facts.add(a_request(parcel=writing.keys.parcel()))

    with pytest.raises(raised):
        await write(an_offer())

    assert writing.kinds() == sorted({"desk", "quote", "receipt"} - failures.keys())


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        pytest.param(a_request(product="unknown"), "unknown-product", id="a product that nobody sells"),
        pytest.param(a_request(parcels={}), "no-parcel", id="no parcel for notify"),
        pytest.param(a_request(parcel=Parcel(key="notify-9", box="")), "unknown-key", id="a key that we do not hold"),
        pytest.param(a_request(parcel=Parcel(key="notify-1", box="AAAA")), "broken-parcel", id="a broken parcel"),
    ],
)
async def test_a_request_that_cannot_be_written_to_is_set_aside(writing: Writing, request_: Fact, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        await writing.receive(request_)

    assert writing.kinds() == []


async def test_a_contact_without_an_address_is_set_aside_without_being_quoted(writing: Writing) -> None:
    with pytest.raises(Invalid) as refusal:
        await writing.receive(a_request(parcel=writing.keys.parcel(email="𠮷田@nowhere")))

    assert str(refusal.value) == "bad-address"


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
