from collections.abc import Callable
from functools import partial

import pytest

from services.intake.domain.outcome import Status
from services.intake.usecases.submit import Accepted
from shared.events import Event
from tests.services.intake.builders import (
    a_product,
    accepted_answers,
    letter_bounced,
    letter_failed,
    letter_sent,
    offered,
    referred,
)
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


async def status_after(*events: Callable[[str], Event]) -> Status:
    scene = Scene()
    accepted = await scene.submit(a_product(), accepted_answers(), "key-1")
    assert isinstance(accepted, Accepted)
    for event in events:
        await scene.follow(event(accepted.request_id))
    found = await scene.dependencies.get_status(accepted.request_id)
    assert found is not None
    return found[1]


async def test_a_request_is_received_until_rating_has_answered() -> None:
    assert await status_after() == Status("received", {})


async def test_a_request_is_quoted_or_referred_as_rating_decided() -> None:
    assert (await status_after(offered)).state == "quoted"
    assert (await status_after(referred)).state == "referred"


async def test_the_latest_fact_counts_in_whatever_order_they_are_read() -> None:
    assert (await status_after(offered, referred)).state == "quoted"
    assert (await status_after(letter_failed, lambda request_id: letter_sent(request_id, "quote", 5))).letters == {
        "quote": "sent"
    }


async def test_a_letter_that_came_back_is_not_said_to_be_sent() -> None:
    assert (await status_after(letter_bounced, letter_sent)).letters == {"receipt": "failed"}


async def test_a_late_report_about_a_letter_says_nothing_of_the_one_that_was_written_again() -> None:
    """The first went to a wrong address and comes back after the desk has corrected it."""
    written_again = partial(letter_sent, minutes=30, letter_id="receipt to the right address")

    status = await status_after(letter_sent, written_again, letter_bounced)

    assert status.letters == {"receipt": "sent"}


async def test_what_became_of_the_letters_is_shown_by_kind() -> None:
    assert (await status_after(letter_sent, letter_failed)).letters == {"receipt": "sent", "quote": "failed"}
