"""A letter that may have arrived: to each role it is sent again, or held for a person, as the settings say."""

from pathlib import Path
from typing import get_args

import pytest
from structlog.testing import capture_logs

from services.notify.adapters.smtp import SmtpConnection
from services.notify.domain.attempts import Token
from services.notify.domain.letters import LETTERS, Role
from services.notify.domain.mail_server import MailServer
from shared.events import LetterKind
from tests.local.scripted_smtp_server import ScriptedServer
from tests.services.notify.builders import a_letter, a_request, an_offer
from tests.services.notify.fakes import Writing
from tests.services.notify.usecases.fakes import (
    CONTENT,
    Delivery,
    Killed,
    ScriptedConnection,
    a_delivery,
)

pytestmark = pytest.mark.anyio

WITH_DOT = CONTENT + b".\r\n"
ROLES: tuple[tuple[Role, LetterKind], ...] = (
    ("customer", "receipt"),
    ("customer", "quote"),
    ("customer", "resume"),
    ("customer", "colleague-asked"),
    ("customer", "colleague-answered"),
    ("desk", "desk"),
    ("desk", "desk-undelivered"),
    ("staff", "invitation"),
    ("staff", "password-reset"),
)
OF_EACH_ROLE = pytest.mark.parametrize(("role", "kind"), [pytest.param(*row, id=" ".join(row)) for row in ROLES])


async def answered_by(server: ScriptedServer, delivery: Delivery, times: int = 3) -> None:
    """What happens while the mail server answers as it is told, within the next hours."""
    connection = SmtpConnection(MailServer.from_url(server.url), "agency.example")
    for _ in range(times):
        await delivery.deliver_due(connection, hours=1)
    await connection.close()


async def killed_after_the_token(delivery: Delivery) -> ScriptedConnection:
    """Of the process there nobody hears again; what the process here does in the next hour."""
    connection = ScriptedConnection()
    with pytest.raises(Killed):
        await delivery.deliver_due(connection, delivery.failing_attempts(die_after=Token))
    await delivery.watch(connection, seconds=60)
    return connection


@OF_EACH_ROLE
async def test_by_itself_a_letter_whose_answer_was_lost_is_sent_again(role: Role, kind: LetterKind) -> None:
    delivery = await a_delivery(kind=kind, hold_ambiguous=[other for other in get_args(Role) if other != role])

    async with ScriptedServer({"content": ""}) as server:
        await answered_by(server, delivery, times=1)
        server.replies.clear()
        await answered_by(server, delivery)

    assert server.contents == [WITH_DOT, WITH_DOT]
    assert delivery.outcome() == (True, 2, True)
    assert delivery.failed == []


@OF_EACH_ROLE
async def test_a_letter_that_is_held_is_sent_once_and_ends_as_failed(role: Role, kind: LetterKind) -> None:
    delivery = await a_delivery(kind=kind, hold_ambiguous=[role])

    async with ScriptedServer({"content": ""}) as server:
        with capture_logs() as lines:
            await answered_by(server, delivery)

    [(_, end)] = delivery.outcomes.kept.values()
    assert server.contents == [WITH_DOT]
    assert (end.sent, end.attempts, end.ambiguous, end.reason) == (False, 1, True, "arrival-unknown")
    assert delivery.failed == [a_letter().request_id]
    assert await delivery.letters.pending() == 0
    assert [(line["event"], line["reason"]) for line in lines] == [("letter failed", "arrival-unknown")]


@OF_EACH_ROLE
async def test_a_sender_that_died_while_it_sent_leaves_as_much_open(role: Role, kind: LetterKind) -> None:
    held, repeated = await a_delivery(kind=kind, hold_ambiguous=[role]), await a_delivery(kind=kind)

    copies_of_held, copies = await killed_after_the_token(held), await killed_after_the_token(repeated)

    assert (copies_of_held.received, copies.received) == ([], [CONTENT])
    assert held.attempts.outcomes() == ["ambiguous"]
    assert repeated.outcome() == (True, 2, True)


@pytest.mark.parametrize(
    "replies",
    [
        pytest.param({"MAIL": ""}, id="hung up at MAIL"),
        pytest.param({"RCPT": "451 4.7.1 greylisted"}, id="greylisted"),
        pytest.param({"DATA": ""}, id="hung up before the content"),
        pytest.param({"content": "451 4.3.0 later"}, id="refused for now after the final dot"),
    ],
)
async def test_what_has_certainly_not_arrived_is_tried_again_also_where_letters_are_held(
    replies: dict[str, str],
) -> None:
    delivery = await a_delivery(hold_ambiguous=get_args(Role))

    async with ScriptedServer(replies) as server:
        await answered_by(server, delivery, times=1)
        server.replies.clear()
        await answered_by(server, delivery)

    assert server.contents[-1:] == [WITH_DOT]
    assert delivery.outcome() == (True, 2, False)


async def test_the_desk_is_told_once_that_nobody_knows_and_what_to_do(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer())
    [quote] = [letter for letter in writing.letters.heads.values() if letter.kind == "quote"]
    delivery = await a_delivery_of(writing, quote.id)

    async with ScriptedServer({"content": ""}) as server:
        await answered_by(server, delivery)
    await writing.write.write_due(quote.request_id)

    mail, text = writing.mail("desk-undelivered"), writing.text("desk-undelivered")
    assert "メールが届いたか確認できません(見積書のお届け)" in str(mail["Subject"])
    assert "届いたかどうかが分かりません" in text
    assert "届いているかを、お客様にお電話などでご確認ください" in text
    assert "同じメールアドレスを画面で登録してください" in text
    assert "何も送られて" not in text
    assert "届いていないメール" not in text


async def a_delivery_of(writing: Writing, letter_id: str) -> Delivery:
    """A delivery of that letter alone, over the same facts; letters to customers are held."""
    delivery = Delivery(outcomes=writing.facts.outcomes, tell_desk=writing.write.write_due, hold_ambiguous=["customer"])
    await delivery.letters.add(writing.letters.heads[letter_id], [CONTENT])
    return delivery


def test_every_kind_of_letter_has_a_role() -> None:
    assert {declaration.role for declaration in LETTERS.values()} == set(get_args(Role))
