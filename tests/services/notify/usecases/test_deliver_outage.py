"""Delivering while the ledger comes and goes: a letter in progress is neither forgotten nor thought sent."""

import pytest

from services.notify.domain.attempts import Claim, Result, Step, Token
from services.notify.domain.letter import Letter
from services.notify.domain.replies import Reply
from tests.services.notify.builders import a_letter, a_result, a_token
from tests.services.notify.usecases.fakes import CONTENT, AttemptsThatFail, Delivery, ScriptedConnection, a_delivery

pytestmark = pytest.mark.anyio


@pytest.fixture
async def delivery() -> Delivery:
    return await a_delivery()


def away_at(delivery: Delivery, step: type[Step], times: int, *, lands: bool = False) -> AttemptsThatFail:
    return delivery.failing_attempts(away_at=step, away_for=times, lands=lands)


@pytest.mark.parametrize("lands", [False, True], ids=["the insert is lost", "only its answer is lost"])
@pytest.mark.parametrize("step", [Claim, Token, Result])
async def test_a_letter_in_progress_goes_on_as_soon_as_the_ledger_is_back(
    delivery: Delivery, step: type[Step], *, lands: bool
) -> None:
    """Left to its lease it would wait for a minute, or for eleven and then be sent as one in doubt."""
    connection = ScriptedConnection()

    await delivery.deliver_due(connection, away_at(delivery, step, 3, lands=lands))

    assert delivery.pauses == [0.1, 0.2, 0.4]
    assert connection.received == [CONTENT]
    assert delivery.outcome() == (True, 1, False)


@pytest.mark.parametrize("lands", [False, True], ids=["the insert is lost", "only its answer is lost"])
async def test_after_a_long_outage_before_the_content_the_letter_is_tried_anew(
    delivery: Delivery, *, lands: bool
) -> None:
    """Others may have taken us for dead, and the connection is old; but nothing was sent, and that is certain."""
    connection = ScriptedConnection()

    await delivery.deliver_due(connection, away_at(delivery, Token, 20, lands=lands))
    sent_at_once = list(connection.received)
    await delivery.deliver_due(connection, seconds=30)

    assert sent_at_once == []
    assert connection.received == [CONTENT]
    assert delivery.attempts.outcomes() == ["line-lost", "accepted"]
    assert delivery.outcome() == (True, 2, False)


async def test_a_worker_that_finds_the_token_taken_after_the_outage_does_not_use_it(delivery: Delivery) -> None:
    """We were taken for dead: whoever comes next, and it may be us, makes a new attempt."""

    class TakesUsForDead(ScriptedConnection):
        async def send_envelope(self, letter: Letter, size: int) -> Reply:
            await delivery.attempts.add(a_token(void=True))
            return await ScriptedConnection.send_envelope(self, letter, size)

    connection = TakesUsForDead()
    await delivery.deliver_due(connection, away_at(delivery, Token, 1))

    results = [step for step in delivery.attempts.steps.values() if isinstance(step, Result)]
    assert [(result.number, result.outcome) for result in results] == [(2, "accepted")]
    assert connection.received == [CONTENT]


async def test_another_workers_result_of_doubt_stays_when_we_come_back(delivery: Delivery) -> None:
    """It was first: the letter goes out again after the pause, and only once."""
    attempts = away_at(delivery, Token, 20, lands=True)
    connection = ScriptedConnection()
    await delivery.attempts.add(a_result("ambiguous"))

    await delivery.deliver_due(connection, attempts)
    await delivery.deliver_due(connection, seconds=30)

    assert connection.received == [CONTENT]
    assert delivery.outcome() == (True, 2, True)
    assert await delivery.letters.pending() == 0
    assert a_letter().id in delivery.outcomes.kept
