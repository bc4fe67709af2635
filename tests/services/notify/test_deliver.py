"""Delivering one letter: what each kind of answer or silence leads to."""

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from services.notify.ports import Letter, LineLost
from shared.errors import Unavailable
from tests.services.notify.builders import a_letter
from tests.services.notify.desk import CONTENT, Desk, ScriptedPost, a_desk

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk() -> Desk:
    return await a_desk()


async def test_an_accepted_letter_is_sent_once_and_put_away(desk: Desk) -> None:
    post = ScriptedPost()

    await desk.tick(post)
    await desk.tick(post, hours=1)

    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)
    assert await desk.letters.pending() == 0


async def test_a_letter_that_nobody_holds_goes_out_without_asking_who_is_at_work(desk: Desk) -> None:
    """The answer would cost every letter a trip to the ledger."""
    desk.workers.away = True
    post = ScriptedPost(answers=[451])

    await desk.tick(post)
    await desk.tick(post, seconds=30)

    assert post.received == [CONTENT]


async def test_two_postmen_with_the_same_letter_send_it_once(desk: Desk) -> None:
    """The claim is an insert: who comes second has lost, whatever it read before, and does not trouble the server."""
    post = ScriptedPost()

    class SlowServer(ScriptedPost):
        async def ready(self) -> None:
            # While this one waits for its line, another process delivers the letter from start to end.
            await desk.deliver()(a_letter(), post)

        async def address(self, letter: Letter, size: int) -> int:
            self.received.append(b"MAIL and RCPT")
            return await ScriptedPost.address(self, letter, size)

    slow = SlowServer()
    await desk.deliver()(a_letter(), slow)

    assert slow.received == []
    assert post.received == [CONTENT]
    assert desk.attempts.outcomes() == ["accepted"]


async def test_a_temporary_refusal_is_tried_again_with_the_same_bytes(desk: Desk) -> None:
    post = ScriptedPost(answers=[451])

    await desk.tick(post)
    await desk.tick(post, seconds=29)
    tried_too_early = list(post.received)
    await desk.tick(post, seconds=1)

    assert tried_too_early == []
    assert post.received == [CONTENT]
    assert desk.fate() == (True, 2, False)


@pytest.mark.parametrize("where", ["recipient", "content"])
async def test_a_permanent_refusal_fails_the_letter_and_is_told(desk: Desk, where: str) -> None:
    post = ScriptedPost(answers=[552]) if where == "content" else ScriptedPost(envelope_answers=[550])

    await desk.tick(post)

    assert desk.fate() == (False, 1, False)
    assert desk.given_up == [a_letter().request_id]
    assert await desk.letters.pending() == 0


async def test_a_failed_letter_is_put_away_even_if_the_desk_cannot_be_written_to(desk: Desk) -> None:
    """Its fate is known; trying to settle it again every minute would only fill the log."""
    desk.refuses_to_give_up = "unknown-product"

    with capture_logs() as lines:
        await desk.tick(ScriptedPost(answers=[552]))

    assert desk.fate() == (False, 1, False)
    assert await desk.letters.pending() == 0
    assert [(line["event"], line.get("reason")) for line in lines] == [
        ("nobody told of a failed letter", "unknown-product"),
        ("letter failed", None),
    ]


async def test_a_server_that_is_away_costs_no_attempt(desk: Desk) -> None:
    for _ in range(100):
        with pytest.raises(Unavailable):
            await desk.tick(ScriptedPost(away=True), hours=1)
    back = ScriptedPost()

    await desk.tick(back)

    assert back.received == [CONTENT]
    assert desk.fate() == (True, 1, False)


async def test_a_line_lost_before_the_content_is_no_doubt(desk: Desk) -> None:
    post = ScriptedPost(envelope_answers=[LineLost()])

    await desk.tick(post)
    await desk.tick(post, seconds=30)

    assert desk.attempts.outcomes() == ["line-lost", "accepted"]
    assert desk.fate() == (True, 2, False)


async def test_a_line_lost_after_the_content_is_sent_again_and_counted_as_doubtful(desk: Desk) -> None:
    """RFC 1047: nobody can know whether the server took it. The second copy has the same bytes, so most drop it."""
    post = ScriptedPost(answers=[LineLost()])

    await desk.tick(post)
    await desk.tick(post, seconds=30)

    assert post.received == [CONTENT, CONTENT]
    assert desk.fate() == (True, 2, True)


async def test_operators_can_count_what_the_mail_server_said(desk: Desk) -> None:
    def counted(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, labels) or 0.0

    def figures() -> list[float]:
        classes = [counted("mail_attempts_total", **{"class": name}) for name in ("2xx", "4xx", "ambiguous")]
        return [*classes, counted("mail_ambiguous_total"), counted("time_to_mail_seconds_count", kind="receipt")]

    before = figures()
    post = ScriptedPost(answers=[451, LineLost()])

    await desk.tick(post)
    await desk.tick(post, minutes=1)
    await desk.tick(post, minutes=2)

    assert [after - first for after, first in zip(figures(), before, strict=True)] == [1, 1, 1, 1, 1]


async def test_no_log_line_names_a_person_or_an_address(desk: Desk) -> None:
    with capture_logs() as lines:
        await desk.tick(ScriptedPost())

    assert [line["event"] for line in lines] == ["letter sent"]
    assert lines[0].keys() <= {"event", "log_level", "letter_id", "request_id", "kind", "tries", "took_ms"}
