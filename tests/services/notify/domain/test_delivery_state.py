"""The state of a delivery, worked out from the steps of its attempts alone."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest

from services.notify.domain.attempts import Outcome, Step
from services.notify.domain.delivery_state import (
    Abandoned,
    DeliveryState,
    Ended,
    Leased,
    Ready,
    Wait,
    delivery_state,
)
from tests.services.notify.builders import NOON, a_claim, a_result, a_token

SECOND = timedelta(seconds=1)


def state_of(*steps: Step, after: timedelta = timedelta(), dead: Collection[str] = ()) -> DeliveryState:
    return delivery_state(steps, NOON + after, dead)


def test_a_new_letter_may_be_tried() -> None:
    assert state_of() == Ready(1)


def test_a_claim_keeps_others_away_until_its_lease_ends() -> None:
    assert state_of(a_claim(), after=899 * SECOND) == Leased(NOON + 900 * SECOND, "someone's")
    assert state_of(a_claim(), after=900 * SECOND) == Abandoned(1, None)


def test_whoever_transmits_has_longer_than_a_server_may_take_to_answer() -> None:
    token = a_token()

    assert state_of(a_claim(), token, after=659 * SECOND) == Leased(NOON + 660 * SECOND, "someone's")
    assert state_of(a_claim(), token, after=660 * SECOND) == Abandoned(1, token)


@pytest.mark.parametrize(
    ("steps", "dead", "expected"),
    [
        pytest.param([a_claim()], {"someone's"}, Abandoned(1, None), id="dead after the claim: certainly not sent"),
        pytest.param(
            [a_claim(), a_token()], {"someone's"}, Abandoned(1, a_token()), id="dead after the token: nobody can know"
        ),
        pytest.param([a_claim()], {"another's"}, Leased(NOON + 900 * SECOND, "someone's"), id="another is dead"),
        pytest.param(
            [a_claim(), a_token(void=True)], {"someone's"}, Ready(2), id="dead, and the token is void already"
        ),
        pytest.param(
            [a_claim(), a_token(), a_result("later")],
            {"someone's"},
            Wait(NOON + 30 * SECOND),
            id="dead after the result: the server is still given its time",
        ),
        pytest.param(
            [a_claim(worker="first's"), a_token(worker="first's", void=True), a_claim(2, worker="second's")],
            {"first's"},
            Leased(NOON + 900 * SECOND, "second's"),
            id="only who made the last attempt counts",
        ),
    ],
)
def test_a_worker_who_is_dead_is_not_waited_for(steps: list[Step], dead: set[str], expected: DeliveryState) -> None:
    assert state_of(*steps, after=SECOND, dead=dead) == expected


def test_a_token_without_a_claim_is_the_first_attempt_of_the_process_that_wrote_the_letter() -> None:
    """It claims nothing; to others its attempt must look like any other."""
    assert state_of(a_token(), after=659 * SECOND) == Leased(NOON + 660 * SECOND, "someone's")
    assert state_of(a_token(), after=SECOND, dead={"someone's"}) == Abandoned(1, a_token())
    assert state_of(a_token(void=True)) == Ready(2)
    assert state_of(a_token(void=True), a_result("later", code=451)) == Wait(NOON + 30 * SECOND)


def test_after_a_void_token_nobody_waits_for_the_lease() -> None:
    assert state_of(a_claim(), a_token(void=True), after=61 * SECOND) == Ready(2)


def test_an_accepted_letter_is_sent() -> None:
    assert state_of(a_claim(), a_token(), a_result("accepted", code=250)) == Ended(
        sent=True, at=NOON, attempts=1, ambiguous=False, code=250
    )


def test_a_permanent_refusal_ends_the_letter() -> None:
    assert state_of(a_claim(), a_token(void=True), a_result("refused", code=550)) == Ended(
        sent=False, at=NOON, attempts=1, ambiguous=False, code=550
    )


def test_a_letter_sent_after_a_doubtful_attempt_says_so() -> None:
    later = NOON + 700 * SECOND
    steps: list[Step] = [a_claim(), a_token(), a_result("ambiguous"), a_claim(2, later), a_token(2, later)]

    assert state_of(*steps, a_result("accepted", 2, later, 250), after=701 * SECOND) == Ended(
        sent=True, at=later, attempts=2, ambiguous=True, code=250
    )


@pytest.mark.parametrize("outcome", ["later", "line-lost", "ambiguous"])
def test_the_first_retry_comes_after_half_a_minute(outcome: str) -> None:
    steps = (a_claim(), a_token(), a_result(outcome))  # type: ignore[arg-type]  # the table holds plain words

    assert state_of(*steps, after=29 * SECOND) == Wait(NOON + 30 * SECOND)
    assert state_of(*steps, after=30 * SECOND) == Ready(2)


def test_a_letter_that_is_held_after_a_doubtful_attempt_ends_there() -> None:
    """Also when it was tried again since, while letters were not held yet."""
    doubtful: list[Step] = [a_claim(), a_token(), a_result("ambiguous")]
    again = [*doubtful, a_claim(2), a_token(2, void=True), a_result("later", 2, code=451)]
    end = Ended(sent=False, at=NOON, attempts=1, ambiguous=True, code=None, reason="arrival-unknown")

    assert delivery_state(doubtful, NOON, hold_ambiguous=True) == end
    assert delivery_state(again, NOON, hold_ambiguous=True) == replace(end, attempts=2, code=451)


def test_what_the_mail_server_has_decided_is_not_held() -> None:
    doubtful: list[Step] = [a_claim(), a_token(), a_result("ambiguous"), a_claim(2), a_token(2)]

    sent = delivery_state([*doubtful, a_result("accepted", 2, code=250)], NOON, hold_ambiguous=True)
    refused = delivery_state([*doubtful, a_result("refused", 2, code=550)], NOON, hold_ambiguous=True)

    assert sent == Ended(sent=True, at=NOON, attempts=2, ambiguous=True, code=250)
    assert refused == Ended(sent=False, at=NOON, attempts=2, ambiguous=True, code=550)


@pytest.mark.parametrize("outcome", ["later", "line-lost", "away"])
def test_a_letter_that_has_certainly_not_arrived_is_never_held(outcome: Outcome) -> None:
    steps: list[Step] = [a_claim(), a_token(void=True), a_result(outcome)]

    assert delivery_state(steps, NOON, hold_ambiguous=True) == delivery_state(steps, NOON)


def test_retries_grow_rarer_until_three_days_are_over() -> None:
    steps: list[Step] = []
    now, waits = NOON, []
    for number in range(1, 200):
        steps += [a_claim(number, now), a_token(number, now, void=True), a_result("later", number, now, 451)]
        match delivery_state(steps, now):
            case Wait(until):
                waits.append((until - now) / timedelta(minutes=1))
                now = until
            case end:
                break

    assert waits[:9] == [0.5, 1, 2, 5, 10, 20, 30, 60, 60]
    assert set(waits[9:]) == {60}
    assert isinstance(end, Ended)
    assert not end.sent
    assert timedelta(hours=71) < end.at - NOON <= timedelta(hours=72)


def test_an_attempt_in_which_the_server_refused_us_does_not_count() -> None:
    """One wrong setting of the server burnt every letter for good at its first try."""
    refused = (a_claim(), a_token(void=True), a_result("away"))

    state = state_of(*refused, after=timedelta(days=30))

    assert state == Ready(2)


def test_the_three_days_begin_again_when_the_server_takes_letters_again() -> None:
    """After four days of wrong settings, the first letter that had to wait a little had failed at once."""
    back = NOON + timedelta(days=4)
    steps: list[Step] = [a_claim(), a_token(void=True), a_result("away")]
    steps += [a_claim(2, at=back), a_token(2, at=back, void=True), a_result("later", 2, at=back)]

    waits, sent = state_of(*steps, after=timedelta(days=4)), a_result("accepted", 3, at=back)
    end = state_of(*steps, a_claim(3, at=back), sent, after=timedelta(days=5))

    assert waits == Wait(back + timedelta(minutes=0.5))
    assert end == Ended(sent=True, at=back, attempts=2, ambiguous=False, code=None)


def test_a_letter_has_not_failed_because_nobody_could_try_it_for_three_days() -> None:
    """Greylisted on the last day of the year, the server away for the holidays: its second attempt was its last."""
    back = NOON + timedelta(days=5)
    steps: list[Step] = [a_claim(), a_token(void=True), a_result("later", code=451)]
    steps += [a_claim(2, at=back), a_token(2, at=back, void=True), a_result("later", 2, at=back, code=451)]

    assert state_of(*steps, after=timedelta(days=5)) == Wait(back + timedelta(minutes=1))
