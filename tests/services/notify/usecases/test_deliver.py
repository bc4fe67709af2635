"""Delivering one letter: what each kind of answer or silence leads to."""

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from services.notify.domain.attempts import Step
from services.notify.domain.letter import Letter
from services.notify.domain.replies import Reply
from services.notify.ports import ConnectionLost, MailServerRefuses
from shared.errors import Unavailable
from tests.services.notify.builders import NOON, a_letter
from tests.services.notify.fakes import InMemoryAttempts
from tests.services.notify.usecases.fakes import CONTENT, Delivery, ScriptedConnection, a_delivery

pytestmark = pytest.mark.anyio


@pytest.fixture
async def delivery() -> Delivery:
    return await a_delivery()


async def test_an_accepted_letter_is_sent_once_and_finished(delivery: Delivery) -> None:
    connection = ScriptedConnection()

    await delivery.deliver_due(connection)
    await delivery.deliver_due(connection, hours=1)

    assert connection.received == [CONTENT]
    assert delivery.outcome() == (True, 1, False)
    assert await delivery.letters.pending() == 0


async def test_a_letter_without_a_lease_goes_out_without_asking_which_workers_are_alive(delivery: Delivery) -> None:
    """To ask would cost one more query of the ledger for every letter."""
    delivery.workers.away = True
    connection = ScriptedConnection(answers=[451])

    await delivery.deliver_due(connection)
    await delivery.deliver_due(connection, seconds=30)

    assert connection.received == [CONTENT]


@pytest.mark.parametrize("content", [None, CONTENT], ids=["it was sent before", "it waits in memory"])
async def test_a_letter_of_an_erased_request_is_not_sent_any_more(delivery: Delivery, content: bytes | None) -> None:
    """This process may have it in its hands already when the erasure comes."""
    await delivery.erased.add(a_letter().request_id, NOON)
    delivery.clock.moment = a_letter().due + timedelta(seconds=1)
    connection = ScriptedConnection()

    delivered = await delivery.deliver()(a_letter(), connection, content)

    assert (connection.received, delivery.attempts.steps, delivered.end) == ([], {}, None)


async def test_a_letter_that_was_just_written_is_sent_without_reading_it_again(delivery: Delivery) -> None:
    """Its bytes, its steps and again its steps were read: twelve of the fifty commands of a form."""

    class OnlyKept(InMemoryAttempts):
        async def of(self, letter_id: str) -> list[Step]:
            raise AssertionError(letter_id)

    delivery.letters.contents.clear()
    connection = ScriptedConnection()

    delivered = await delivery.deliver(OnlyKept(steps=delivery.attempts.steps))(a_letter(), connection, CONTENT)

    assert connection.received == [CONTENT]
    assert delivered.end is not None
    assert delivered.end.sent


@pytest.mark.parametrize("content", [None, CONTENT], ids=["found by looking", "just written by this process"])
async def test_two_workers_with_the_same_letter_send_it_once(delivery: Delivery, content: bytes | None) -> None:
    """The claim is an insert: the second has lost, whatever it read before, and sends nothing to the server.

    A letter that was just written needs no claim, because nobody else looks at it for two seconds. If somebody does
    all the same, the token decides: the second sends no content.
    """
    connection = ScriptedConnection()

    class SlowServer(ScriptedConnection):
        async def ensure_ready(self) -> None:
            # While this one waits for its connection, another process delivers the letter from start to end.
            await delivery.deliver()(a_letter(), connection)

        async def send_envelope(self, letter: Letter, size: int) -> Reply:
            self.received.append(b"MAIL and RCPT")
            return await ScriptedConnection.send_envelope(self, letter, size)

    slow = SlowServer()
    await delivery.deliver()(a_letter(), slow, content)

    assert slow.received == ([b"MAIL and RCPT"] if content else [])
    assert connection.received == [CONTENT]
    assert delivery.attempts.outcomes() == ["accepted"]


async def test_a_new_letter_that_is_due_for_others_by_now_is_claimed(delivery: Delivery) -> None:
    """It has waited in memory for too long: two processes would both speak to the server before one wins the token."""
    connection = ScriptedConnection(envelope_answers=[AssertionError("nothing is said to the server")])
    await delivery.deliver()(a_letter(), ScriptedConnection())
    delivery.clock.advance(seconds=1)

    delivered = await delivery.deliver()(a_letter(), connection, CONTENT)

    assert delivered.end is not None
    assert not delivered.has_answered
    assert connection.received == []


async def test_a_temporary_refusal_is_tried_again_with_the_same_bytes(delivery: Delivery) -> None:
    connection = ScriptedConnection(answers=[451])

    await delivery.deliver_due(connection)
    await delivery.deliver_due(connection, seconds=29)
    tried_too_early = list(connection.received)
    await delivery.deliver_due(connection, seconds=1)

    assert tried_too_early == []
    assert connection.received == [CONTENT]
    assert delivery.outcome() == (True, 2, False)


@pytest.mark.parametrize("where", ["recipient", "content"])
async def test_a_permanent_refusal_fails_the_letter_and_is_told(delivery: Delivery, where: str) -> None:
    connection = ScriptedConnection(answers=[552]) if where == "content" else ScriptedConnection(envelope_answers=[550])

    await delivery.deliver_due(connection)

    assert delivery.outcome() == (False, 1, False)
    assert delivery.failed == [a_letter().request_id]
    assert await delivery.letters.pending() == 0


async def test_a_failed_letter_is_finished_even_if_the_desk_cannot_be_written_to(delivery: Delivery) -> None:
    """Its outcome is known; trying again every minute would only fill the log."""
    delivery.cannot_report_failures = "unknown-product"

    with capture_logs() as lines:
        await delivery.deliver_due(ScriptedConnection(answers=[552]))

    assert delivery.outcome() == (False, 1, False)
    assert await delivery.letters.pending() == 0
    assert [(line["event"], line.get("reason")) for line in lines] == [
        ("nobody told of a failed letter", "unknown-product"),
        ("letter failed", None),
    ]


async def test_a_server_that_is_away_costs_no_attempt(delivery: Delivery) -> None:
    for _ in range(100):
        with pytest.raises(Unavailable):
            await delivery.deliver_due(ScriptedConnection(away=True), hours=1)
    back = ScriptedConnection()

    await delivery.deliver_due(back)

    assert back.received == [CONTENT]
    assert delivery.outcome() == (True, 1, False)


@pytest.mark.parametrize("code", [503, 530, 535, 538, 554])
async def test_a_server_that_refuses_us_costs_no_letter_anything(delivery: Delivery, code: int) -> None:
    """The server began to ask for a log-in. Each letter failed at its first try, and so did the mail that told of it.

    The refusal is of us, so the letters wait for as long as it takes, past the three days that a letter has.
    """
    for _ in range(100):
        with pytest.raises(MailServerRefuses):
            await delivery.deliver_due(ScriptedConnection(envelope_answers=[Reply("MAIL", code)]), hours=1)
    mended = ScriptedConnection()

    await delivery.deliver_due(mended)

    assert mended.received == [CONTENT]
    assert delivery.outcome() == (True, 1, False)
    assert delivery.failed == []


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(Reply("RCPT", 530, "5.7.1 Authentication required"), id="for this recipient"),
        pytest.param(Reply("MAIL", 552, "Quota exceeded"), id="at this size"),
    ],
)
async def test_a_letter_with_which_we_are_refused_does_not_stop_the_others(delivery: Delivery, refusal: Reply) -> None:
    """A relay that wants a log-in for strange domains only, and four such letters: the desk's mails waited for ever.

    The oldest letter was taken again after each refusal, on every connection, and it costs no attempt.
    """
    await delivery.letters.add(a_letter(id="another", due=NOON + timedelta(seconds=1)), [CONTENT])
    with pytest.raises(MailServerRefuses):
        await delivery.deliver_due(ScriptedConnection(envelope_answers=[refusal]), seconds=1)

    await delivery.deliver_due(ScriptedConnection())
    others = set(delivery.letters.finished)
    await delivery.deliver_due(ScriptedConnection(), minutes=1)

    assert others == {"another"}
    assert delivery.outcome() == (True, 1, False)


async def test_what_may_be_a_refusal_of_us_leaves_the_letter_three_days(delivery: Delivery) -> None:
    """The relay was denied to all recipients for an hour, and each letter was burnt at once."""
    denied = Reply("RCPT", 550, "5.7.1 Relaying denied")
    connection = ScriptedConnection(envelope_answers=[denied, denied])

    await delivery.deliver_due(connection)
    await delivery.deliver_due(connection, seconds=30)
    await delivery.deliver_due(connection, minutes=1)

    assert connection.received == [CONTENT]
    assert delivery.outcome() == (True, 3, False)


async def test_a_connection_lost_before_the_content_is_no_doubt(delivery: Delivery) -> None:
    connection = ScriptedConnection(envelope_answers=[ConnectionLost()])

    await delivery.deliver_due(connection)
    await delivery.deliver_due(connection, seconds=30)

    assert delivery.attempts.outcomes() == ["line-lost", "accepted"]
    assert delivery.outcome() == (True, 2, False)


async def test_a_connection_lost_after_the_content_is_sent_again_and_counted_as_doubtful(delivery: Delivery) -> None:
    """RFC 1047: nobody can know whether the server took it. The second copy has the same bytes, so most drop it."""
    connection = ScriptedConnection(answers=[ConnectionLost()])

    await delivery.deliver_due(connection)
    await delivery.deliver_due(connection, seconds=30)

    assert connection.received == [CONTENT, CONTENT]
    assert delivery.outcome() == (True, 2, True)


async def test_operators_can_count_what_the_mail_server_said(delivery: Delivery) -> None:
    """A 554 that waits was counted as 4xx: an alarm on 5xx stayed silent while the provider refused every letter."""

    def counted(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, labels) or 0.0

    def metrics() -> list[float]:
        classes = [counted("mail_attempts_total", **{"class": name}) for name in ("2xx", "4xx", "5xx", "ambiguous")]
        return [*classes, counted("mail_ambiguous_total"), counted("time_to_mail_seconds_count", kind="receipt")]

    before = metrics()
    connection = ScriptedConnection(answers=[451, 554, ConnectionLost()])

    await delivery.deliver_due(connection)
    await delivery.deliver_due(connection, minutes=1)
    await delivery.deliver_due(connection, minutes=2)
    await delivery.deliver_due(connection, minutes=9)

    assert [after - first for after, first in zip(metrics(), before, strict=True)] == [1, 1, 1, 1, 1, 1]


async def test_no_log_line_names_a_person_or_an_address(delivery: Delivery) -> None:
    with capture_logs() as lines:
        await delivery.deliver_due(ScriptedConnection())

    assert [line["event"] for line in lines] == ["letter sent"]
    assert lines[0].keys() <= {"event", "log_level", "letter_id", "request_id", "kind", "tries", "took_ms"}
