"""The address was wrong: what the customer is owed goes to the one that staff were told, and is written anew for it."""

from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from services.notify.domain.due import letters_due
from services.notify.domain.facts import Fact, KnownFacts
from shared.events import AddressCorrected
from tests.services.notify.builders import NOON, REQUEST_ID, Keys, a_bounce, a_failed_end, a_request, an_offer
from tests.services.notify.fakes import Writing

pytestmark = pytest.mark.anyio

OLD, NEW, NEWER = "wrong@canary.example.jp", "right@canary.example.jp", "other@canary.example.jp"


def a_correction(keys: Keys, email: str = NEW, *, hours: int = 3) -> AddressCorrected:
    return AddressCorrected(
        request_id=REQUEST_ID,
        decision_id=f"d-{hours}",
        decided_at=NOON + timedelta(hours=hours),
        decided_by="desk",
        parcels={"notify": keys.sealer.seal("notify", {"email": email})},
    )


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    return Writing(tmp_path)


def recipients(writing: Writing) -> list[tuple[str, str]]:
    to_customer = ("receipt", "quote", "referral")
    return sorted((one.kind, one.recipient) for one in writing.letters.heads.values() if one.kind in to_customer)


async def test_what_went_to_the_wrong_address_is_written_anew_beside_it(writing: Writing) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel(email=OLD)), an_offer())

    await writing.receive(a_correction(writing.keys))
    await writing.receive(a_correction(writing.keys))

    assert recipients(writing) == [("quote", NEW), ("quote", OLD), ("receipt", NEW), ("receipt", OLD)]
    assert {one.corrected_by for one in writing.letters.heads.values() if one.recipient == NEW} == {"d-3"}
    assert {one.corrected_by for one in writing.letters.heads.values() if one.recipient == OLD} == {None}
    assert [kind for kind in writing.kinds() if kind == "desk"] == ["desk"]


async def test_what_comes_later_goes_to_the_new_address_only(writing: Writing) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel(email=OLD)), an_offer(), a_correction(writing.keys))

    await writing.receive(an_offer(80_000, quote_id="second", revision=2))

    assert recipients(writing) == [("quote", NEW), ("quote", NEW), ("quote", OLD), ("receipt", NEW), ("receipt", OLD)]


async def test_of_several_revisions_the_new_mailbox_gets_the_latest(writing: Writing) -> None:
    second = an_offer(80_000, quote_id="second", revision=2)
    await writing.receive(a_request(parcel=writing.keys.parcel(email=OLD)), an_offer(), second)

    await writing.receive(a_correction(writing.keys))

    assert recipients(writing).count(("quote", NEW)) == 1
    assert "80,000円" in writing.texts("quote")[-1]


async def test_a_second_correction_takes_the_place_of_the_first(writing: Writing) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel(email=OLD)), an_offer(), a_correction(writing.keys))

    await writing.receive(a_correction(writing.keys, NEWER, hours=4))

    assert [address for kind, address in recipients(writing) if kind == "quote"] == [NEWER, NEW, OLD]


async def test_the_desk_is_told_the_address_to_which_a_letter_did_not_arrive(writing: Writing) -> None:
    """It showed that of the request, which staff had corrected: they called a customer about the wrong address."""
    await writing.receive(a_request(parcel=writing.keys.parcel(email=OLD)), a_correction(writing.keys))
    letters = {one.recipient: one for one in writing.letters.heads.values() if one.kind == "receipt"}

    await writing.facts.outcomes.add(letters[NEW], a_failed_end())
    await writing.facts.bounces.add(letters[OLD], a_bounce(), NOON)
    await writing.write.write_due(REQUEST_ID)

    told = {str(mail["Reply-To"]): mail.get_body(("plain",)) for mail in writing.mails("desk-undelivered")}
    [to_new] = [str(body.get_content()) for reply_to, body in told.items() if NEW in reply_to and body]
    [to_old] = [str(body.get_content()) for reply_to, body in told.items() if OLD in reply_to and body]
    assert (f"メール　　　{NEW}" in to_new, OLD in to_new) == (True, False)
    assert (f"メール　　　{OLD}" in to_old, NEW in to_old) == (True, False)


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_the_new_address_gets_both_letters_in_whatever_order_the_facts_come(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    writing = Writing(tmp_path)
    request = a_request(parcel=writing.keys.parcel(email=OLD))
    facts: list[Fact] = [request, an_offer(), a_correction(writing.keys)]

    await writing.receive(*(facts[place] for place in order))

    assert [one for one in recipients(writing) if one[1] == NEW] == [("quote", NEW), ("receipt", NEW)]


async def test_a_held_request_stays_held(writing: Writing) -> None:
    held = a_request(parcel=writing.keys.parcel(email=OLD), suspicions=("honeypot",))

    await writing.receive(held, an_offer(), a_correction(writing.keys))

    assert recipients(writing) == []


async def test_a_correction_that_cannot_be_read_is_a_letter_that_is_given_up(writing: Writing) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel(email=OLD)))
    broken = a_correction(writing.keys).model_copy(update={"parcels": {}})

    await writing.receive(broken)

    assert recipients(writing) == [("receipt", OLD)]
    assert [failure.reason for failure in writing.facts.outcomes.failures(REQUEST_ID)] == ["no-parcel"]


def test_without_a_correction_the_letters_have_the_ids_that_they_always_had() -> None:
    """They are in the ledger, in events and in mails: another id would be another letter."""
    known = KnownFacts(request=a_request(), quotes=(an_offer(),))

    assert {due.corrected_by for due in letters_due(known, "auto")} == {None}
    assert len({due.letter_id for due in letters_due(known, "auto")}) == len(list(letters_due(known, "auto")))
