"""Delivering while the ledger comes and goes: a letter in hand is neither forgotten nor thought sent."""

import pytest

from services.notify.domain.attempts import Claim, Result, Step, Token
from services.notify.ports import Letter
from tests.services.notify.builders import a_letter, a_result, a_token
from tests.services.notify.desk import CONTENT, AttemptsThatFail, Desk, ScriptedPost, a_desk

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk() -> Desk:
    return await a_desk()


def away_at(desk: Desk, step: type[Step], times: int, *, lands: bool = False) -> AttemptsThatFail:
    return AttemptsThatFail(steps=desk.attempts.steps, away_at=step, away_for=times, lands=lands)


@pytest.mark.parametrize("lands", [False, True], ids=["the insert is lost", "only its answer is lost"])
@pytest.mark.parametrize("step", [Claim, Token, Result])
async def test_a_letter_in_hand_goes_on_as_soon_as_the_ledger_is_back(
    desk: Desk, step: type[Step], *, lands: bool
) -> None:
    """Left to its lease it would wait for a minute, or for eleven and then be sent as one in doubt."""
    post = ScriptedPost()

    await desk.tick(post, away_at(desk, step, 3, lands=lands))

    assert desk.pauses == [0.1, 0.2, 0.4]
    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)


@pytest.mark.parametrize("lands", [False, True], ids=["the insert is lost", "only its answer is lost"])
async def test_after_a_long_outage_before_the_content_the_letter_is_tried_anew(desk: Desk, *, lands: bool) -> None:
    """Others may have taken us for gone, and the line is cold; but nothing was sent, and that is certain."""
    post = ScriptedPost()

    await desk.tick(post, away_at(desk, Token, 20, lands=lands))
    sent_at_once = list(post.received)
    await desk.tick(post, seconds=30)

    assert sent_at_once == []
    assert post.received == [CONTENT]
    assert desk.attempts.outcomes() == ["line-lost", "accepted"]
    assert desk.fate() == (True, 2, False)


async def test_who_finds_the_token_taken_after_the_outage_does_not_use_it(desk: Desk) -> None:
    """We were taken for gone: whoever comes next, and it may be us, makes a new attempt."""

    class TakesUsForGone(ScriptedPost):
        async def address(self, letter: Letter, size: int) -> int:
            await desk.attempts.keep(a_token(void=True))
            return await ScriptedPost.address(self, letter, size)

    post = TakesUsForGone()
    await desk.tick(post, away_at(desk, Token, 1))

    results = [step for step in desk.attempts.steps.values() if isinstance(step, Result)]
    assert [(result.number, result.outcome) for result in results] == [(2, "accepted")]
    assert post.received == [CONTENT]


async def test_a_colleagues_verdict_of_doubt_stands_when_we_come_back(desk: Desk) -> None:
    """It was first: the letter goes out again after the pause, and only once."""
    attempts = away_at(desk, Token, 20, lands=True)
    post = ScriptedPost()
    await desk.attempts.keep(a_result("ambiguous"))

    await desk.tick(post, attempts)
    await desk.tick(post, seconds=30)

    assert post.received == [CONTENT]
    assert desk.fate() == (True, 2, True)
    assert await desk.letters.pending() == 0
    assert a_letter().id in desk.outcomes.kept
