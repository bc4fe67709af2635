"""Whether a 見積書 was issued here and still stands: what anybody is told who holds one."""

from datetime import date, timedelta

import pytest

from services.intake.domain.authenticity import IssuedQuote
from shared.events import Event, LetterSent, Paper, QuoteReferred
from tests.services.intake.builders import letter_failed, letter_sent, offered, referred
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio

REQUEST = "r-1"
SHA256 = "ab" * 32


def enclosing(revision: int, sha256: str = SHA256, kind: str = "quote") -> LetterSent:
    paper = Paper(quote_no=f"AC3EF4GH-{revision}", sha256=sha256)
    sent = letter_sent(REQUEST, kind, revision)
    return sent.model_copy(update={"paper": paper, "letter_id": f"{kind}-{revision}-{sha256[:2]}"})


def referral(revision: int) -> QuoteReferred:
    return referred(REQUEST).model_copy(update={"revision": revision, "quote_id": f"referral-{revision}"})


async def checked(
    *events: Event, quote_id: str = "q-1", product: str = "cyber-security", days: int = 0
) -> IssuedQuote | None:
    scene = Scene()
    scene.clock.forward(timedelta(days=days))
    for event in events:
        await scene.follow(event)
    return await scene.dependencies.check_quote(product, quote_id)


async def test_a_quote_whose_paper_was_sent_is_ours_and_valid() -> None:
    issued = await checked(offered(REQUEST), enclosing(1))

    assert issued is not None
    assert (issued.standing, issued.followed_by, issued.sha256s) == ("valid", None, frozenset({SHA256}))
    assert (issued.quote.quote_no, issued.quote.premium_yen) == ("AC3EF4GH-1", 67_000)
    assert issued.quote.expires_on == date(2026, 12, 24)


@pytest.mark.parametrize(
    "events",
    [
        pytest.param((), id="no such quote"),
        pytest.param((offered(REQUEST),), id="its paper has not gone out"),
        pytest.param((offered(REQUEST), letter_sent(REQUEST, "receipt")), id="only another letter has gone out"),
        pytest.param((offered(REQUEST), enclosing(2)), id="only the paper of another revision has gone out"),
        pytest.param((enclosing(1),), id="the quote itself is not known yet"),
        pytest.param((referral(1).model_copy(update={"quote_id": "q-1"}), enclosing(1)), id="it is a referral"),
    ],
)
async def test_of_anything_else_nothing_is_said(events: tuple[Event, ...]) -> None:
    assert await checked(*events) is None


async def test_a_quote_is_not_found_under_another_product() -> None:
    assert await checked(offered(REQUEST), enclosing(1), product="by-desk") is None


async def test_a_quote_is_valid_on_its_last_day_in_japan_and_not_on_the_next() -> None:
    """It is 3 o'clock on 24 November in UTC, and noon in Japan."""
    last = await checked(offered(REQUEST), enclosing(1), days=30)
    after = await checked(offered(REQUEST), enclosing(1), days=31)

    assert last
    assert after
    assert (last.standing, after.standing) == ("valid", "expired")


async def test_a_later_quote_takes_its_place_once_that_has_gone_out() -> None:
    """Until then its reader could not know of it."""
    made = await checked(offered(REQUEST), enclosing(1), offered(REQUEST, 2))
    sent = await checked(offered(REQUEST), enclosing(1), offered(REQUEST, 2), enclosing(2))
    itself = await checked(offered(REQUEST), enclosing(1), offered(REQUEST, 2), enclosing(2), quote_id="q-2")

    assert made
    assert sent
    assert itself
    assert (made.standing, made.followed_by) == ("valid", None)
    assert (sent.standing, sent.followed_by) == ("superseded", "AC3EF4GH-2")
    assert itself.standing == "valid"


async def test_a_later_quote_that_could_not_be_mailed_takes_its_place_too() -> None:
    """Staff tell the customer by telephone; the page still called the former price valid."""
    failed = letter_failed(REQUEST).model_copy(update={"failed_at": offered(REQUEST, 2).issued_at})

    told = await checked(offered(REQUEST), enclosing(1), offered(REQUEST, 2), failed)
    before = await checked(offered(REQUEST), letter_failed(REQUEST), enclosing(1), offered(REQUEST, 2))

    assert told
    assert before
    assert (told.standing, told.followed_by) == ("superseded", "AC3EF4GH-2")
    assert before.standing == "valid"


async def test_a_later_referral_withdraws_the_price_at_once() -> None:
    withdrawn = await checked(offered(REQUEST), enclosing(1), referral(2))
    priced_again = await checked(offered(REQUEST), enclosing(1), referral(2), offered(REQUEST, 3), enclosing(3))

    assert withdrawn
    assert priced_again
    assert (withdrawn.standing, withdrawn.followed_by) == ("withdrawn", None)
    assert (priced_again.standing, priced_again.followed_by) == ("superseded", "AC3EF4GH-3")


async def test_every_pdf_that_was_made_of_it_is_ours_also_one_whose_mail_failed() -> None:
    """A mail server that did not answer may have delivered it all the same."""
    failed = letter_failed(REQUEST).model_copy(update={"paper": Paper(quote_no="AC3EF4GH-1", sha256="cd" * 32)})

    issued = await checked(offered(REQUEST), enclosing(1), failed)

    assert issued
    assert issued.sha256s == frozenset({SHA256, "cd" * 32})
