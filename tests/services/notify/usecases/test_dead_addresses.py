"""An address that does not exist is mailed by no path, until somebody says that it does."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.notify.domain.return_path import ReturnPath
from services.notify.ports import ConnectionLost
from shared.events import AddressCorrected
from tests.services.notify.builders import (
    NOON,
    REQUEST_ID,
    a_bounce,
    a_colleague_answered,
    a_colleague_asked,
    a_letter,
    a_link,
    a_request,
    an_invitation,
    an_offer,
)
from tests.services.notify.domain.test_bounce import FOLDER
from tests.services.notify.fakes import Writing
from tests.services.notify.usecases.fakes import CONTENT, Delivery, ScriptedConnection, a_delivery

pytestmark = pytest.mark.anyio

RETURN_PATH = ReturnPath("bounces@agency.example", {"notify-1": b"k" * 32})
DEAD, OTHER = "yoshida@customer.example", "right@customer.example"
OF_ANOTHER = "another request"


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    return Writing(tmp_path, return_path=RETURN_PATH)


async def bounce(writing: Writing, sample: str = "postfix-user-unknown", **letter: str | datetime) -> None:
    """A letter to DEAD comes back."""
    await writing.letters.add(a_letter(recipient=DEAD, **letter), [b""])
    await writing.take_back((FOLDER / f"{sample}.eml").read_bytes())


def a_correction(writing: Writing, email: str, *, minutes: int) -> AddressCorrected:
    return AddressCorrected(
        request_id=REQUEST_ID,
        decision_id=f"d-{minutes}",
        decided_at=NOON + timedelta(minutes=minutes),
        decided_by="desk",
        parcels={"notify": writing.keys.sealer.seal("notify", {"email": email})},
    )


def to(writing: Writing, address: str) -> list[str]:
    return sorted(one.kind for one in writing.letters.heads.values() if one.recipient == address)


async def test_a_later_letter_of_the_same_request_is_not_sent_and_a_person_acts_in_its_place(writing: Writing) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel(email=DEAD)))
    await bounce(writing)
    before = to(writing, DEAD)

    await writing.receive(an_offer())

    assert to(writing, DEAD) == before
    assert writing.facts.outcomes.unmade() == {"quote": "dead-address"}
    told = [
        writing.letters.contents[one.id] for one in writing.letters.heads.values() if one.kind == "desk-undelivered"
    ]
    assert len(told) == 2


async def test_the_desk_reads_that_it_was_not_sent_and_that_the_address_is_to_be_corrected(writing: Writing) -> None:
    await writing.dead_addresses.add("before", DEAD, NOON, is_dead=True)

    await writing.receive(a_request(parcel=writing.keys.parcel(email=DEAD)))

    text = writing.text("desk-undelivered")
    assert "お客様あてのメールを送信しませんでした" in text
    assert "存在しない、と以前の送信で分かっている" in text
    assert "正しいアドレスを画面で登録してください" in text
    assert "システムの管理者" not in text


async def test_another_request_from_the_same_address_gets_no_mail_either(writing: Writing) -> None:
    await bounce(writing, request_id=OF_ANOTHER)

    await writing.receive(a_request(parcel=writing.keys.parcel(email=DEAD)))

    assert writing.facts.outcomes.unmade() == {"receipt": "dead-address"}


async def test_nobody_is_mailed_a_link_to_a_dead_address_and_nothing_is_set_aside_for_it(writing: Writing) -> None:
    await bounce(writing)

    link = writing.keys.link(email=DEAD)

    await writing.receive(a_link(link, request_id="link"))
    await writing.receive(a_colleague_asked(link, request_id="asked"), a_colleague_answered(link))

    assert not {"resume", "colleague-asked", "colleague-answered"} & set(writing.kinds())


async def test_mails_to_the_desk_and_to_staff_are_never_withheld(writing: Writing) -> None:
    """A slip of the desk's own mail server would keep every task from it for half a year."""
    for address in ("desk@agency.example", DEAD):
        await writing.dead_addresses.add(address, address, NOON, is_dead=True)

    await writing.receive(an_invitation(writing.keys.link(email=DEAD)))
    await writing.receive(a_request(quote=False, parcel=writing.keys.parcel()))

    assert {"invitation", "desk"} <= set(writing.kinds())


@pytest.mark.parametrize("sample", ["postfix-mailbox-full", "filter-virus", "postfix-expired", "challenge-response"])
async def test_a_letter_that_could_not_be_taken_today_leaves_its_address_alone(writing: Writing, sample: str) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel(email=DEAD)))
    await bounce(writing, sample)

    await writing.receive(an_offer())

    assert "quote" in to(writing, DEAD)


@pytest.mark.parametrize("kind", ["desk", "desk-late", "invitation"])
async def test_a_mail_of_ours_that_came_back_makes_no_address_dead(writing: Writing, kind: str) -> None:
    await bounce(writing, kind=kind)

    assert not await writing.dead_addresses.is_dead(DEAD)


async def test_letters_go_to_the_corrected_address_beside_those_that_came_back(writing: Writing) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel(email=DEAD)), an_offer())
    await bounce(writing)

    await writing.receive(a_correction(writing, OTHER, minutes=5))

    assert to(writing, OTHER) == ["quote", "receipt"]


async def test_staff_who_say_that_the_very_address_is_right_have_it_mailed_again(writing: Writing) -> None:
    """Its mailbox was made in the meantime, or its mail server had lied."""
    await writing.receive(a_request(parcel=writing.keys.parcel(email=DEAD)))
    await bounce(writing)
    await writing.receive(an_offer())

    await writing.receive(a_correction(writing, DEAD, minutes=5))

    assert "quote" in to(writing, DEAD)
    assert not await writing.dead_addresses.is_dead(DEAD)


async def test_a_late_report_about_a_letter_from_before_its_correction_does_not_make_it_dead_again(
    writing: Writing,
) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel(email=DEAD)), a_correction(writing, DEAD, minutes=5))
    writing.clock.advance(hours=1)

    await bounce(writing, created_at=NOON)
    await writing.receive(an_offer())

    assert not await writing.dead_addresses.is_dead(DEAD)
    assert "quote" in to(writing, DEAD)


async def test_a_letter_from_after_its_correction_that_comes_back_makes_it_dead_again(writing: Writing) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel(email=DEAD)), a_correction(writing, DEAD, minutes=5))
    writing.clock.advance(hours=1)

    await bounce(writing, created_at=NOON + timedelta(minutes=6))

    assert await writing.dead_addresses.is_dead(DEAD)


async def test_an_address_that_comes_back_again_after_its_correction_is_dead_again(writing: Writing) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel(email=DEAD)))
    await bounce(writing)
    await writing.receive(a_correction(writing, DEAD, minutes=5))
    writing.clock.advance(hours=1)
    await writing.facts.bounces.add(a_letter(id="later"), a_bounce(), writing.clock())
    await writing.dead_addresses.add("later", DEAD, writing.clock(), is_dead=True)

    await writing.receive(an_offer())

    assert writing.facts.outcomes.unmade() == {"quote": "dead-address"}


async def test_what_waits_for_the_mail_server_is_not_sent_once_its_address_is_dead() -> None:
    """The mail server was away for an hour; in the meantime another letter to the same address came back."""
    delivery, server = await a_delivery(), ScriptedConnection(envelope_answers=[451])
    await delivery.deliver_due(server)
    await delivery.dead_addresses.add("another letter", a_letter().recipient, delivery.clock(), is_dead=True)

    await delivery.deliver_due(server, minutes=5)

    assert server.received == []
    assert delivery.outcomes.unmade() == {"receipt": "dead-address"}
    assert delivery.failed == [REQUEST_ID]


async def test_a_mail_to_the_desk_that_waits_is_sent_whatever_came_back() -> None:
    delivery, server = Delivery(), ScriptedConnection()
    await delivery.letters.add(a_letter(kind="desk"), [CONTENT])
    await delivery.dead_addresses.add("another letter", a_letter().recipient, delivery.clock(), is_dead=True)

    await delivery.deliver_due(server)

    assert server.received == [CONTENT]


async def test_a_letter_that_may_have_arrived_is_not_said_to_be_unsent() -> None:
    delivery, server = await a_delivery(), ScriptedConnection(answers=[ConnectionLost()])
    await delivery.deliver_due(server)
    await delivery.dead_addresses.add("another letter", a_letter().recipient, delivery.clock(), is_dead=True)

    await delivery.deliver_due(server, minutes=5)

    assert delivery.outcome() == (False, 1, True)
    assert delivery.outcomes.unmade() == {}
