"""Delivering while processes die, freeze and wake: one copy, or a second that is counted and has the same bytes."""

from collections.abc import Awaitable, Callable

import pytest

from services.notify.domain.attempts import Claim, Result, Step, Token
from services.notify.domain.letter import Letter
from services.notify.domain.replies import Reply
from tests.services.notify.builders import a_claim, a_letter
from tests.services.notify.usecases.fakes import (
    CONTENT,
    HERE,
    TAKES_CONTENT,
    THERE,
    Delivery,
    Killed,
    ScriptedConnection,
    a_delivery,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def delivery() -> Delivery:
    """A letter, and a process there that is known to be alive (until it is killed)."""
    delivery = await a_delivery()
    await delivery.there.beat()
    return delivery


async def _killed(run: Callable[[], Awaitable[object]]) -> None:
    with pytest.raises(Killed):
        await run()


async def test_killed_after_the_claim_the_letter_goes_out_once(delivery: Delivery) -> None:
    connection = ScriptedConnection()
    dying = delivery.failing_attempts(die_after=Claim)

    await _killed(lambda: delivery.deliver_due(connection, dying))
    took = await delivery.watch(connection, seconds=60)

    assert took is not None
    assert 15 < took <= 20
    assert connection.received == [CONTENT]
    assert delivery.outcome() == (True, 1, False)


async def test_a_process_that_starts_after_the_kill_takes_over_as_soon(delivery: Delivery) -> None:
    """It needs no third process to tell it which one is dead, also when there is only one notify."""
    connection = ScriptedConnection()
    await _killed(lambda: delivery.deliver_due(connection, delivery.failing_attempts(die_after=Claim)))
    delivery.clock.advance(seconds=3)

    took = await delivery.watch(connection, seconds=60)

    assert took is not None
    assert took <= 20


@pytest.mark.parametrize("step", [Claim, Token])
async def test_a_letter_in_progress_in_another_live_process_is_left_to_it(delivery: Delivery, step: type[Step]) -> None:
    """Slow is not dead: a mail server may take ten minutes to answer."""
    connection = ScriptedConnection()
    await _killed(lambda: delivery.deliver_due(connection, delivery.failing_attempts(die_after=step)))

    taken_after = await delivery.watch(connection, delivery.there, seconds=55)

    assert taken_after is None
    assert len(delivery.attempts.steps) == (1 if step is Claim else 2)


@pytest.mark.parametrize("step", [Claim, Token])
async def test_a_lease_ends_even_for_a_process_that_goes_on_beating(delivery: Delivery, step: type[Step]) -> None:
    connection = ScriptedConnection()
    await _killed(lambda: delivery.deliver_due(connection, delivery.failing_attempts(die_after=step)))

    taken_after = await delivery.watch(connection, delivery.there, seconds=1000)

    assert taken_after == (900 if step is Claim else 660)


async def test_a_process_never_takes_itself_for_dead(delivery: Delivery) -> None:
    """Its other connection may be sending the letter, even if its heartbeat is not in the ledger any more."""
    await delivery.attempts.add(a_claim(worker=HERE))
    connection = ScriptedConnection()

    await delivery.deliver_due(connection)

    assert connection.received == []


async def test_what_a_process_left_behind_when_it_was_stopped_is_taken_at_once(delivery: Delivery) -> None:
    """After a deploy no letter waits, not even for the process that has just started."""
    connection = ScriptedConnection()
    await _killed(lambda: delivery.deliver_due(connection, delivery.failing_attempts(die_after=Claim)))
    await delivery.workers.remove(THERE)

    took = await delivery.watch(connection, seconds=60)

    assert took == 0


async def test_after_an_outage_of_the_ledger_another_process_gets_the_time_to_come_back(delivery: Delivery) -> None:
    """It may be about to record the server's yes: taking it for dead would make a second copy."""
    connection = ScriptedConnection()
    await _killed(lambda: delivery.deliver_due(connection, delivery.failing_attempts(die_after=Token)))
    await delivery.watch(connection, delivery.there, seconds=30)
    delivery.clock.advance(minutes=5)

    before_it_is_back = await delivery.watch(connection, seconds=14)
    back = await delivery.watch(connection, delivery.there, seconds=60)

    assert (before_it_is_back, back) == (None, None)


async def test_killed_before_the_token_is_kept_the_letter_goes_out_once(delivery: Delivery) -> None:
    connection = ScriptedConnection()
    dying = delivery.failing_attempts(die_before=Token)

    await _killed(lambda: delivery.deliver_due(connection, dying))
    await delivery.watch(connection, seconds=20)

    assert connection.received == [CONTENT]
    assert delivery.outcome() == (True, 1, False)


async def test_killed_after_the_token_the_letter_is_repeated_and_counted_as_doubtful(delivery: Delivery) -> None:
    connection = ScriptedConnection()
    dying = delivery.failing_attempts(die_after=Token)

    await _killed(lambda: delivery.deliver_due(connection, dying))
    took = await delivery.watch(connection, seconds=60)

    assert took == 30  # the pause after any attempt that did not succeed; the death itself is known after 20 s
    assert connection.received == [CONTENT]
    assert delivery.attempts.outcomes() == ["ambiguous", "accepted"]
    assert delivery.outcome() == (True, 2, True)


@pytest.mark.parametrize(
    ("how", "expected"),
    [({"die_before": Token}, (True, 1, False)), ({"die_after": Token}, (True, 2, True))],
    ids=["before its token: certainly not sent", "after its token: nobody can know"],
)
async def test_the_process_that_wrote_a_letter_is_killed_over_it(
    delivery: Delivery, how: dict[str, type[Step]], expected: tuple[bool, int, bool]
) -> None:
    """Without a claim its attempt begins with the token; what others may do then is the same."""
    connection = ScriptedConnection()
    dying = delivery.deliver(delivery.failing_attempts(**how), THERE)

    await _killed(lambda: dying(a_letter(), connection, CONTENT))
    await delivery.watch(connection, seconds=60)

    assert connection.received == [CONTENT]
    assert delivery.outcome() == expected


async def test_killed_between_the_servers_yes_and_its_record_both_copies_are_the_same_bytes(delivery: Delivery) -> None:
    connection = ScriptedConnection()
    dying = delivery.failing_attempts(die_before=Result)

    await _killed(lambda: delivery.deliver_due(connection, dying))
    again = ScriptedConnection()
    took = await delivery.watch(again, seconds=60)

    assert took == 30
    assert (connection.received, again.received) == ([CONTENT], [CONTENT])
    assert delivery.outcome() == (True, 2, True)


async def test_killed_after_the_result_the_letter_is_only_finished(delivery: Delivery) -> None:
    connection = ScriptedConnection()
    dying = delivery.failing_attempts(die_after=Result)

    await _killed(lambda: delivery.deliver_due(connection, dying))
    await delivery.deliver_due(connection, seconds=1)

    assert connection.received == [CONTENT]
    assert delivery.outcome() == (True, 1, False)
    assert await delivery.letters.pending() == 0


async def test_a_frozen_process_that_wakes_after_it_was_taken_for_dead_sends_nothing(delivery: Delivery) -> None:
    """Stopped after RCPT, woken when another has sent the letter: the token it wants is taken."""
    connection = ScriptedConnection()

    class FreezesBeforeTheContent(ScriptedConnection):
        async def send_envelope(self, letter: Letter, size: int) -> Reply:  # noqa: ARG002  # the port's signature
            await delivery.watch(connection, seconds=20)
            return TAKES_CONTENT

    frozen = FreezesBeforeTheContent()
    await delivery.deliver_due(frozen, delivery.attempts)

    assert frozen.received == []
    assert connection.received == [CONTENT]
    assert delivery.outcome() == (True, 1, False)


async def test_a_frozen_process_that_was_refused_cannot_fail_a_letter_that_another_has_sent(delivery: Delivery) -> None:
    connection = ScriptedConnection()

    class FreezesThenIsRefused(ScriptedConnection):
        async def send_envelope(self, letter: Letter, size: int) -> Reply:  # noqa: ARG002  # the port's signature
            await delivery.watch(connection, seconds=20)
            return Reply("RCPT", 550)

    await delivery.deliver_due(FreezesThenIsRefused(), delivery.attempts)

    assert delivery.attempts.outcomes() == ["accepted"]
    assert delivery.outcome() == (True, 1, False)
