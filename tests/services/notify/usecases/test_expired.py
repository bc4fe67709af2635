"""A 見積書 is sent while it is valid, and never after."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.services.notify.builders import a_request, a_request_release, an_offer
from tests.services.notify.fakes import Writing

pytestmark = pytest.mark.anyio


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    return Writing(tmp_path)


async def test_a_held_quote_that_has_expired_is_not_sent_but_told_to_the_desk(writing: Writing) -> None:
    """Staff let a held request go after a month: the customer got a 見積書 that was no longer valid, and a task for it.

    The price must not be told by telephone either.
    """
    held = a_request(suspicions=("many-to-mailbox",), is_held=True, parcel=writing.keys.parcel())
    await writing.receive(held, an_offer())
    writing.clock.moment = datetime(2026, 12, 23, 15, 0, tzinfo=UTC)

    await writing.receive(a_request_release())

    assert writing.kinds() == ["desk", "desk-undelivered", "receipt"]
    assert writing.facts.outcomes.unmade() == {"quote": "quote-expired"}
    text = writing.text("desk-undelivered")
    assert "有効期限が過ぎました" in text
    assert "お客様にお伝えにならないでください" in text


async def test_a_held_quote_is_sent_until_the_end_of_its_last_day_in_japan(writing: Writing) -> None:
    held = a_request(suspicions=("many-to-mailbox",), is_held=True, parcel=writing.keys.parcel())
    await writing.receive(held, an_offer())
    writing.clock.moment = datetime(2026, 12, 23, 14, 59, tzinfo=UTC)

    await writing.receive(a_request_release())

    assert writing.kinds() == ["desk", "quote", "receipt"]
