"""A 見積書 is sent while it is valid, and never after."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.notify.adapters.typst import TypstPapers
from services.notify.domain.letter import Letter
from services.notify.domain.quote_document import QuoteDocument
from services.notify.domain.replies import Reply
from shared.products import Product
from shared.products.documents import FONTS
from shared.runtime.typst_here import TypstHere
from tests.services.notify.builders import a_request, a_request_release, an_offer
from tests.services.notify.fakes import Writing
from tests.services.notify.usecases.fakes import CONTENT, Delivery, ScriptedConnection

pytestmark = pytest.mark.anyio

MIDNIGHT = datetime(2026, 12, 23, 15, 0, tzinfo=UTC)
"""In Japan, after the last day of the offer."""


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


async def test_a_quote_is_written_with_its_end(writing: Writing) -> None:
    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer())

    [until] = [letter.until for letter in writing.letters.heads.values() if letter.kind == "quote"]
    assert until == MIDNIGHT


async def test_a_quote_that_the_mail_server_put_off_over_its_last_night_is_not_sent_but_told_to_the_desk(
    writing: Writing,
) -> None:
    """Released at 23:50 on its last day and put off once (greylisting): the customer got it after its 有効期限.

    The desk must know, because only a person can arrange for a new one.
    """
    delivery = await a_delivery_of(writing)
    connection = ScriptedConnection(answers=[451])
    delivery.clock.moment = MIDNIGHT - timedelta(minutes=10)
    await delivery.deliver_due(connection)

    await delivery.deliver_due(connection, minutes=10)

    assert connection.received == []
    assert delivery.attempts.outcomes() == ["later", "lapsed"]
    assert writing.facts.outcomes.unmade() == {"quote": "quote-expired"}
    assert writing.kinds() == ["desk", "desk-undelivered", "quote", "receipt"]
    assert "お客様にお伝えにならないでください" in writing.text("desk-undelivered")


async def test_a_mail_server_that_is_slow_with_the_envelope_gets_no_quote_after_midnight(writing: Writing) -> None:
    """It may take twelve minutes for MAIL, RCPT and DATA (RFC 5321): the attempt began on the last day."""
    delivery = await a_delivery_of(writing)
    delivery.clock.moment = MIDNIGHT - timedelta(minutes=1)

    class Slow(ScriptedConnection):
        async def send_envelope(self, letter: Letter, size: int) -> Reply:
            delivery.clock.advance(minutes=2)
            return await super().send_envelope(letter, size)

    connection = Slow()
    await delivery.deliver_due(connection)

    assert connection.received == []
    assert connection.closed == 1
    assert writing.facts.outcomes.unmade() == {"quote": "quote-expired"}


async def test_until_midnight_it_is_sent(writing: Writing) -> None:
    delivery, connection = await a_delivery_of(writing), ScriptedConnection()
    delivery.clock.moment = MIDNIGHT - timedelta(seconds=1)

    await delivery.deliver_due(connection)

    assert connection.received == [CONTENT]
    assert writing.facts.outcomes.unmade() == {}


async def test_one_that_is_refused_for_good_on_its_last_day_has_failed_as_any_other(writing: Writing) -> None:
    delivery, connection = await a_delivery_of(writing), ScriptedConnection(envelope_answers=[550])
    delivery.clock.moment = MIDNIGHT - timedelta(minutes=1)

    await delivery.deliver_due(connection)

    assert writing.facts.outcomes.unmade() == {}
    assert "応答コード 550" in writing.text("desk-undelivered")


async def test_midnight_while_the_quote_is_made_is_told_to_the_desk_too(writing: Writing) -> None:
    """It was valid when the 見積書 was begun, and not any more when the mail was dated: nobody was told."""

    class Slow(TypstPapers):
        async def quote(self, product: Product, document: QuoteDocument, made_at: datetime) -> bytes:
            writing.clock.moment = MIDNIGHT
            return await super().quote(product, document, made_at)

    writing.papers = Slow(writing.clock, TypstHere(FONTS))
    writing.clock.moment = MIDNIGHT - timedelta(seconds=1)

    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer())

    assert writing.facts.outcomes.unmade() == {"quote": "quote-expired"}
    assert writing.kinds() == ["desk", "desk-undelivered", "receipt"]


async def a_delivery_of(writing: Writing) -> Delivery:
    """The quote alone waits for the mail server, with bytes that the fake knows."""
    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer())
    delivery = Delivery(outcomes=writing.facts.outcomes, clock=writing.clock, tell_desk=writing.write.write_due)
    [quote] = [letter for letter in writing.letters.heads.values() if letter.kind == "quote"]
    await delivery.letters.add(quote, [CONTENT])
    return delivery
