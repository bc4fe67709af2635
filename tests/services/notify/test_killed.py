"""Delivering while processes die, sleep and wake: one copy, or a second that is counted and has the same bytes."""

from collections.abc import Awaitable, Callable

import pytest

from services.notify.domain.attempts import Claim, Result, Step, Token
from services.notify.ports import Letter
from tests.services.notify.builders import a_claim
from tests.services.notify.desk import CONTENT, HERE, THERE, AttemptsThatFail, Desk, Killed, ScriptedPost, a_desk

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk() -> Desk:
    """A letter, and a process there that is known to be alive (until it is killed)."""
    desk = await a_desk()
    await desk.there.beat()
    return desk


async def _killed(run: Callable[[], Awaitable[None]]) -> None:
    with pytest.raises(Killed):
        await run()


async def test_killed_after_the_claim_the_letter_goes_out_once(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_after=Claim)

    await _killed(lambda: desk.tick(post, dying))
    took = await desk.watch(post, seconds=60)

    assert took is not None
    assert 15 < took <= 20
    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)


async def test_a_process_that_starts_after_the_kill_takes_over_as_soon(desk: Desk) -> None:
    """Alone with the ledger, as when there is only one notify: it needs no colleague to tell it who is gone."""
    post = ScriptedPost()
    await _killed(lambda: desk.tick(post, AttemptsThatFail(steps=desk.attempts.steps, die_after=Claim)))
    desk.clock.advance(seconds=3)

    took = await desk.watch(post, seconds=60)

    assert took is not None
    assert took <= 20


@pytest.mark.parametrize("step", [Claim, Token])
async def test_a_letter_in_the_hand_of_a_live_colleague_is_left_to_it(desk: Desk, step: type[Step]) -> None:
    """Slow is not gone: a mail server may take ten minutes to answer."""
    post = ScriptedPost()
    await _killed(lambda: desk.tick(post, AttemptsThatFail(steps=desk.attempts.steps, die_after=step)))

    taken_after = await desk.watch(post, desk.there, seconds=55)

    assert taken_after is None
    assert len(desk.attempts.steps) == (1 if step is Claim else 2)


@pytest.mark.parametrize("step", [Claim, Token])
async def test_a_lease_ends_even_for_a_colleague_that_goes_on_beating(desk: Desk, step: type[Step]) -> None:
    post = ScriptedPost()
    await _killed(lambda: desk.tick(post, AttemptsThatFail(steps=desk.attempts.steps, die_after=step)))

    taken_after = await desk.watch(post, desk.there, seconds=700)

    assert taken_after == (60 if step is Claim else 660)


async def test_a_process_never_takes_itself_for_gone(desk: Desk) -> None:
    """Its other postman may hold the letter, even if the ledger has lost sight of the process."""
    await desk.attempts.keep(a_claim(worker=HERE))
    post = ScriptedPost()

    await desk.tick(post)

    assert post.received == []


async def test_what_a_process_left_behind_when_it_was_stopped_is_taken_at_once(desk: Desk) -> None:
    """After a deploy no letter waits, not even for the process that has just started."""
    post = ScriptedPost()
    await _killed(lambda: desk.tick(post, AttemptsThatFail(steps=desk.attempts.steps, die_after=Claim)))
    await desk.workers.leave(THERE)

    took = await desk.watch(post, seconds=60)

    assert took == 0


async def test_after_an_outage_of_the_ledger_a_colleague_gets_the_time_to_come_back(desk: Desk) -> None:
    """It may be about to record the server's yes: taking it for gone would make a second copy."""
    post = ScriptedPost()
    await _killed(lambda: desk.tick(post, AttemptsThatFail(steps=desk.attempts.steps, die_after=Token)))
    await desk.watch(post, desk.there, seconds=30)
    desk.clock.advance(minutes=5)

    before_it_is_back = await desk.watch(post, seconds=14)
    back = await desk.watch(post, desk.there, seconds=60)

    assert (before_it_is_back, back) == (None, None)


async def test_killed_before_the_token_is_kept_the_letter_goes_out_once(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_before=Token)

    await _killed(lambda: desk.tick(post, dying))
    await desk.watch(post, seconds=20)

    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)


async def test_killed_after_the_token_the_letter_is_repeated_and_counted_as_doubtful(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_after=Token)

    await _killed(lambda: desk.tick(post, dying))
    took = await desk.watch(post, seconds=60)

    assert took == 30  # the pause after any attempt that did not succeed; the death itself is known after 20 s
    assert post.received == [CONTENT]
    assert desk.attempts.outcomes() == ["ambiguous", "accepted"]
    assert desk.fate() == (True, 2, True)


async def test_killed_between_the_servers_yes_and_its_record_both_copies_are_the_same_bytes(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_before=Result)

    await _killed(lambda: desk.tick(post, dying))
    again = ScriptedPost()
    took = await desk.watch(again, seconds=60)

    assert took == 30
    assert (post.received, again.received) == ([CONTENT], [CONTENT])
    assert desk.fate() == (True, 2, True)


async def test_killed_after_the_result_the_letter_is_only_put_away(desk: Desk) -> None:
    post = ScriptedPost()
    dying = AttemptsThatFail(steps=desk.attempts.steps, die_after=Result)

    await _killed(lambda: desk.tick(post, dying))
    await desk.tick(post, seconds=1)

    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)
    assert await desk.letters.pending() == 0


async def test_a_sleeper_that_wakes_when_it_is_taken_for_gone_sends_nothing(desk: Desk) -> None:
    """Stopped after RCPT, woken when another has sent the letter: the token it wants is taken."""
    post = ScriptedPost()

    class SleepsBeforeTheContent(ScriptedPost):
        async def address(self, letter: Letter, size: int) -> int:  # noqa: ARG002  # the port's signature
            await desk.watch(post, seconds=20)
            return 250

    sleeper = SleepsBeforeTheContent()
    await desk.tick(sleeper, desk.attempts)

    assert sleeper.received == []
    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)


async def test_a_sleeper_that_was_refused_cannot_fail_a_letter_that_another_has_sent(desk: Desk) -> None:
    post = ScriptedPost()

    class SleepsThenIsRefused(ScriptedPost):
        async def address(self, letter: Letter, size: int) -> int:  # noqa: ARG002  # the port's signature
            await desk.watch(post, seconds=20)
            return 550

    await desk.tick(SleepsThenIsRefused(), desk.attempts)

    assert desk.attempts.outcomes() == ["accepted"]
    assert desk.fate() == (True, 1, False)
