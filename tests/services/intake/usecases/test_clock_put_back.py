"""A clock that was ahead and is put right must not keep a limit shut, or open, until it is there again."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from services.intake.domain.mail_limits import MailLimits
from services.intake.domain.suspicion import of_page
from services.intake.usecases.limit_drafts import LimitDrafts
from services.intake.usecases.limit_mails import LimitMails
from tests.services.intake.builders import NOON
from tests.services.intake.fakes import InMemoryDrafts

pytestmark = pytest.mark.anyio

AHEAD = NOON + timedelta(hours=9)


class CountedDrafts(InMemoryDrafts):
    stored = 0

    async def count(self) -> int:
        return self.stored


@pytest.mark.parametrize(("before", "after"), [(5, 0), (0, 5)], ids=["full", "not full"])
async def test_drafts_are_counted_again_after_the_clock_was_put_back(before: int, after: int) -> None:
    """The last count lay nine hours ahead, and no other was made until then."""
    drafts, clock = CountedDrafts(), [AHEAD]
    limit = LimitDrafts(drafts, lambda: clock[0], most=5)
    drafts.stored = before
    allowed_before = await limit()
    drafts.stored, clock[0] = after, NOON

    allowed_after = await limit()

    assert (allowed_before, allowed_after) == (before < 5, after < 5)


def test_the_hour_of_mails_begins_again_and_is_reported_again() -> None:
    """Requests of nine hours had their mails held, and no line in the log said so."""
    clock = [AHEAD]
    limit = LimitMails(MailLimits(1), lambda: clock[0])
    ahead = [limit.allows_link(), limit.allows_link()]
    clock[0] = NOON

    with capture_logs() as lines:
        back = [limit.allows_link(), limit.allows_link()]

    assert ahead == back == [True, False]
    assert [line["event"] for line in lines] == ["too many mails"]


def test_a_form_that_was_begun_by_a_clock_ahead_was_not_filled_in_too_fast() -> None:
    assert list(of_page("", AHEAD, NOON)) == []
    assert list(of_page("", NOON, NOON + timedelta(seconds=1))) == ["too-fast"]
