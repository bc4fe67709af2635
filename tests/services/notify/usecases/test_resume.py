"""The letter to somebody who goes on later: what it says, and that it is never late."""

from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.notify.domain.attempts import Claim
from shared.errors import Invalid
from tests.services.notify.builders import ASKING_ID, LINK, NOON, PRODUCT, a_failed_end, a_link
from tests.services.notify.fakes import Writing
from tests.services.notify.usecases.fakes import CONTENT, Killed, ScriptedConnection, a_delivery

pytestmark = pytest.mark.anyio

FORTNIGHT = timedelta(days=14)


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    return Writing(tmp_path)


async def test_the_letter_brings_the_link_and_says_how_far_it_goes(writing: Writing) -> None:
    await writing.receive(a_link(writing.keys.link()))

    text = writing.text("resume")
    for words in (
        f"　{LINK['url']}\n",
        "2026年12月7日 12時00分(日本時間)まで",
        "1回だけ",
        "最後にお送りしたURLだけが有効",
        "ご入力の内容は含まれておりません",
        "お心当たりのない場合は、このメールを破棄してください",
        PRODUCT.agency.phone,
    ):
        assert words in text.replace("\r", "")
    assert text.count(PRODUCT.notices["sample_tariff"]) == 1
    assert PRODUCT.name in writing.mail("resume")["Subject"]


async def test_it_goes_to_the_address_alone_and_knows_no_name(writing: Writing) -> None:
    await writing.receive(a_link(writing.keys.link()))

    assert str(writing.mail("resume")["To"]) == LINK["email"]
    assert " 様" not in writing.text("resume")
    [letter] = writing.letters.heads.values()
    assert (letter.reception_no, letter.request_id) == ("", ASKING_ID)
    assert (letter.since, letter.until) == (NOON, NOON + FORTNIGHT)


async def test_asked_once_and_received_twice_it_is_one_letter_with_its_first_bytes(writing: Writing) -> None:
    await writing.receive(a_link(writing.keys.link()))
    first = dict(writing.letters.contents)
    writing.clock.advance(hours=1)

    await writing.receive(a_link(writing.keys.link()))

    assert writing.letters.contents == first


async def test_asked_twice_it_is_two_letters(writing: Writing) -> None:
    await writing.receive(a_link(writing.keys.link()), a_link(writing.keys.link(), request_id="asked-again"))

    assert writing.kinds() == ["resume", "resume"]


async def test_a_link_that_is_over_is_not_written_any_more(writing: Writing) -> None:
    """We, or Kafka, may have been away for 14 days: a link that no longer works helps nobody."""
    writing.clock.advance(days=14)
    with capture_logs() as lines:
        await writing.receive(a_link(writing.keys.link()))

    assert writing.kinds() == []
    assert [line["event"] for line in lines] == ["letter too late"]


async def test_until_its_last_second_it_is_written(writing: Writing) -> None:
    writing.clock.advance(days=14, seconds=-1)

    await writing.receive(a_link(writing.keys.link()))

    assert writing.kinds() == ["resume"]


async def test_one_that_did_not_arrive_troubles_nobody(writing: Writing) -> None:
    await writing.receive(a_link(writing.keys.link()))
    [letter] = writing.letters.heads.values()
    await writing.facts.outcomes.add(letter, a_failed_end())

    await writing.write.write_due(ASKING_ID)

    assert writing.kinds() == ["resume"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"url": "javascript:alert(1)"}, "bad-link", id="an address that is no web page"),
        pytest.param({"url": "https://a.example/x y"}, "bad-link", id="an address with a gap"),
        pytest.param({"email": "nowhere"}, "bad-address", id="nobody to write to"),
    ],
)
async def test_a_link_that_cannot_be_used_is_set_aside_without_being_quoted(
    writing: Writing, changes: dict[str, str], reason: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        await writing.receive(a_link(writing.keys.link(**changes)))

    assert str(refusal.value) == reason
    assert writing.kinds() == []


async def test_a_letter_in_time_is_sent_as_any_other() -> None:
    delivery, connection = await a_delivery(until=NOON + FORTNIGHT), ScriptedConnection()

    await delivery.deliver_due(connection)

    assert connection.received == [CONTENT]
    assert delivery.outcome() == (True, 1, False)


async def test_a_letter_that_waited_too_long_for_the_mail_server_fails_and_is_not_sent() -> None:
    delivery, connection = await a_delivery(until=NOON + FORTNIGHT), ScriptedConnection(answers=[451])
    await delivery.deliver_due(connection)

    await delivery.deliver_due(connection, days=14)

    assert connection.received == []
    assert delivery.attempts.outcomes() == ["later", "lapsed"]
    assert delivery.outcome() == (False, 1, False)
    assert await delivery.letters.pending() == 0


async def test_with_the_mail_server_still_away_it_is_failed_all_the_same() -> None:
    delivery = await a_delivery(until=NOON + FORTNIGHT)

    await delivery.deliver_due(ScriptedConnection(away=True), days=14)

    assert delivery.outcome() == (False, 0, False)


async def test_what_another_process_is_sending_at_that_moment_does_not_fail() -> None:
    """Nobody may say that it failed while somebody may be sending it."""
    delivery, connection = await a_delivery(until=NOON + FORTNIGHT), ScriptedConnection()
    await delivery.there.beat()
    with pytest.raises(Killed):
        await delivery.deliver_due(connection, delivery.failing_attempts(die_after=Claim), days=14, seconds=-1)

    await delivery.deliver_due(connection, seconds=1)

    assert delivery.outcome() is None
    assert delivery.attempts.outcomes() == []
