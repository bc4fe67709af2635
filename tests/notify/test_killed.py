"""Delivering while processes die, sleep and wake: one copy, or a second that is counted and has the same bytes."""

from collections.abc import Awaitable, Callable

import pytest

from services.notify.domain.attempts import Claim, Result, Token
from services.notify.ports import Letter
from tests.notify.desk import CONTENT, AttemptsThatFail, Desk, Killed, ScriptedPost, a_desk

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk() -> Desk:
    return await a_desk()


async def _killed(run: Callable[[], Awaitable[None]]) -> None:
    with pytest.raises(Killed):
        await run()


async def test_killed_after_the_claim_the_letter_goes_out_once(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_after=Claim)

    await _killed(lambda: desk.tick(post, dying))
    await desk.tick(post, seconds=1)
    waits_for_the_lease = list(post.received)
    await desk.tick(post, seconds=60)

    assert waits_for_the_lease == []
    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)


async def test_killed_before_the_token_is_kept_the_letter_goes_out_once(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_before=Token)

    await _killed(lambda: desk.tick(post, dying))
    await desk.tick(post, seconds=61)

    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)


async def test_killed_after_the_token_the_letter_is_repeated_and_counted_as_doubtful(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_after=Token)

    await _killed(lambda: desk.tick(post, dying))
    await desk.tick(post, seconds=659)
    within_the_lease = list(post.received)
    await desk.tick(post, seconds=1)

    assert within_the_lease == []
    assert post.received == [CONTENT]
    assert desk.attempts.outcomes() == ["ambiguous", "accepted"]
    assert desk.fate() == (True, 2, True)


async def test_killed_between_the_servers_yes_and_its_record_both_copies_are_the_same_bytes(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_before=Result)

    await _killed(lambda: desk.tick(post, dying))
    await desk.tick(post, seconds=660)

    assert post.received == [CONTENT, CONTENT]
    assert desk.fate() == (True, 2, True)


async def test_killed_after_the_result_the_letter_is_only_put_away(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_after=Result)

    await _killed(lambda: desk.tick(post, dying))
    await desk.tick(post, seconds=1)

    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)
    assert await desk.letters.pending() == 0


async def test_a_sleeper_that_wakes_after_its_lease_sends_nothing(desk: Desk) -> None:
    """Stopped after RCPT, woken when another has long sent the letter: the token it wants is taken."""
    post = ScriptedPost()

    class SleepsBeforeTheContent(ScriptedPost):
        async def address(self, letter: Letter, size: int) -> int:  # noqa: ARG002  # the port's signature
            desk.clock.advance(seconds=61)
            await desk.deliver()(letter, post)
            return 250

    sleeper = SleepsBeforeTheContent()
    await desk.tick(sleeper)

    assert sleeper.received == []
    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)


async def test_a_sleeper_that_was_refused_cannot_fail_a_letter_that_another_has_sent(desk: Desk) -> None:
    post = ScriptedPost()

    class SleepsThenIsRefused(ScriptedPost):
        async def address(self, letter: Letter, size: int) -> int:  # noqa: ARG002  # the port's signature
            desk.clock.advance(seconds=61)
            await desk.deliver()(letter, post)
            return 550

    await desk.tick(SleepsThenIsRefused())

    assert desk.attempts.outcomes() == ["accepted"]
    assert desk.fate() == (True, 1, False)


async def test_the_servers_yes_is_remembered_through_an_outage_of_the_ledger(desk: Desk) -> None:
    """Forgetting it would send the letter again, eleven minutes later."""
    attempts = AttemptsThatFail(steps=desk.attempts.steps, away_for=3)
    post = ScriptedPost()

    await desk.tick(post, attempts)

    assert desk.pauses == [0.1, 0.2, 0.4]
    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)
