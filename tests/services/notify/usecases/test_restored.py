"""The ledger was restored from a backup: what was due before may have been sent, and nobody remembers it."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.notify.domain.attempts import Result, Token
from services.notify.domain.due import letters_due
from services.notify.domain.facts import KnownFacts
from tests.services.notify.builders import NOON, a_letter, a_referral, a_request, an_offer
from tests.services.notify.fakes import Writing
from tests.services.notify.usecases.fakes import CONTENT, Delivery, Killed, ScriptedConnection

pytestmark = pytest.mark.anyio

RESTORED = NOON + timedelta(hours=1)


async def a_delivery_of_before() -> Delivery:
    """Of a letter that was due at noon, an hour before the ledger was restored."""
    delivery = Delivery(restored_at=RESTORED)
    delivery.clock.advance(hours=2)
    await delivery.letters.add(a_letter(), [CONTENT])
    return delivery


async def test_a_letter_of_before_is_not_sent_and_a_person_learns_of_it() -> None:
    delivery, connection = await a_delivery_of_before(), ScriptedConnection()

    await delivery.deliver_due(connection)

    [(_, end)] = delivery.outcomes.kept.values()
    assert connection.received == []
    assert (end.sent, end.attempts, end.ambiguous, end.reason) == (False, 1, True, "arrival-unknown")
    assert delivery.failed == [a_letter().request_id]
    assert await delivery.letters.pending() == 0


async def test_one_that_is_too_late_by_now_may_have_arrived_all_the_same() -> None:
    """That its quote had lapsed before it was sent would be untrue, perhaps."""
    delivery = Delivery(restored_at=RESTORED)
    delivery.clock.advance(hours=2)
    await delivery.letters.add(a_letter(kind="quote", until=NOON + timedelta(minutes=90)), [CONTENT])

    await delivery.deliver_due(ScriptedConnection())

    assert delivery.outcomes.unmade() == {}
    [(_, end)] = delivery.outcomes.kept.values()
    assert end.reason == "arrival-unknown"


async def test_it_is_not_sent_either_by_the_process_that_has_just_written_it() -> None:
    """Its request was read again, and its quote was made again."""
    delivery, connection = await a_delivery_of_before(), ScriptedConnection()

    delivered = await delivery.deliver()(a_letter(), connection, CONTENT)

    assert connection.received == []
    assert delivered.end is not None
    assert delivered.end.reason == "arrival-unknown"


@pytest.mark.parametrize("step", [Token, Result])
async def test_a_process_that_dies_over_it_leaves_it_to_another_which_does_not_send_it(step: type[Token]) -> None:
    delivery, connection = await a_delivery_of_before(), ScriptedConnection()
    with pytest.raises(Killed):
        await delivery.deliver_due(connection, delivery.failing_attempts(die_after=step))

    await delivery.watch(connection, seconds=60)

    assert connection.received == []
    assert delivery.outcome() == (False, 1, True)


async def test_what_was_answered_in_the_backup_stays_so() -> None:
    """The mail server had taken it; only its end was not kept yet."""
    delivery, connection = Delivery(), ScriptedConnection()
    await delivery.letters.add(a_letter(), [CONTENT])
    with pytest.raises(Killed):
        await delivery.deliver_due(connection, delivery.failing_attempts(die_after=Result))

    delivery.restored_at = RESTORED
    await delivery.deliver_due(connection, hours=2)

    assert delivery.outcome() == (True, 1, False)


async def test_what_is_due_since_then_is_sent() -> None:
    delivery, connection = Delivery(restored_at=RESTORED), ScriptedConnection()
    await delivery.letters.add(a_letter(since=RESTORED), [CONTENT])

    await delivery.deliver_due(connection, hours=2)

    assert connection.received == [CONTENT]


@pytest.mark.parametrize("made", [an_offer, a_referral], ids=["a price", "a referral"])
async def test_the_contact_waits_for_a_later_revision_since_it_was_made(made: type, tmp_path: Path) -> None:
    """Staff have asked for it, perhaps long after the request: its letter is none of before."""
    request, later = a_request(parcel=Writing(tmp_path).keys.parcel()), NOON + timedelta(days=3)

    known = KnownFacts(request=request, quotes=(made(), made(revision=2, quote_id="second", issued_at=later)))

    since = {due.occasion.about: due.occasion.since for due in letters_due(known, "auto") if due.kind != "desk"}
    assert since["second"] == later
    assert {moment for about, moment in since.items() if about != "second"} == {NOON}
