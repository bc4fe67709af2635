"""The letter to somebody who goes on later: what it says, and that it is never late."""

from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.notify.domain.attempts import Claim, Ended
from shared.errors import Invalid
from tests.services.notify.builders import ASKING_ID, LINK, NOON, a_link
from tests.services.notify.desk import CONTENT, AttemptsThatFail, Killed, ScriptedPost, a_desk
from tests.services.notify.parts import PRODUCT, WritingRoom

pytestmark = pytest.mark.anyio

FORTNIGHT = timedelta(days=14)


@pytest.fixture
def room(tmp_path: Path) -> WritingRoom:
    return WritingRoom(tmp_path)


async def test_the_letter_brings_the_link_and_says_how_far_it_goes(room: WritingRoom) -> None:
    await room.hear(a_link(room.keys.link()))

    text = room.text("resume")
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
    assert PRODUCT.name in room.mail("resume")["Subject"]


async def test_it_goes_to_the_address_alone_and_knows_no_name(room: WritingRoom) -> None:
    await room.hear(a_link(room.keys.link()))

    assert str(room.mail("resume")["To"]) == LINK["email"]
    assert " 様" not in room.text("resume")
    [letter] = room.letters.heads.values()
    assert (letter.reception_no, letter.request_id) == ("", ASKING_ID)
    assert (letter.since, letter.until) == (NOON, NOON + FORTNIGHT)


async def test_asked_once_and_heard_twice_it_is_one_letter_with_its_first_bytes(room: WritingRoom) -> None:
    await room.hear(a_link(room.keys.link()))
    first = dict(room.letters.contents)
    room.clock.advance(hours=1)

    await room.hear(a_link(room.keys.link()))

    assert room.letters.contents == first


async def test_asked_twice_it_is_two_letters(room: WritingRoom) -> None:
    await room.hear(a_link(room.keys.link()), a_link(room.keys.link(), request_id="asked again"))

    assert room.kinds() == ["resume", "resume"]


async def test_a_link_that_is_over_is_not_written_any_more(room: WritingRoom) -> None:
    """We, or Kafka, may have been away for a fortnight: a link that no longer works helps nobody."""
    room.clock.advance(days=14)
    with capture_logs() as lines:
        await room.hear(a_link(room.keys.link()))

    assert room.kinds() == []
    assert [line["event"] for line in lines] == ["letter too late"]


async def test_until_its_last_second_it_is_written(room: WritingRoom) -> None:
    room.clock.advance(days=14, seconds=-1)

    await room.hear(a_link(room.keys.link()))

    assert room.kinds() == ["resume"]


async def test_one_that_did_not_arrive_troubles_nobody(room: WritingRoom) -> None:
    await room.hear(a_link(room.keys.link()))
    [letter] = room.letters.heads.values()
    await room.facts.outcomes.settle(letter, Ended(sent=False, at=NOON, attempts=1, ambiguous=False, code=550))

    await room.write.catch_up(ASKING_ID)

    assert room.kinds() == ["resume"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"url": "javascript:alert(1)"}, "bad-link", id="an address that is no web page"),
        pytest.param({"url": "https://a.example/x y"}, "bad-link", id="an address with a gap"),
        pytest.param({"email": "nowhere"}, "bad-address", id="nobody to write to"),
    ],
)
async def test_a_link_that_cannot_be_used_is_set_aside_without_being_quoted(
    room: WritingRoom, changes: dict[str, str], reason: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        await room.hear(a_link(room.keys.link(**changes)))

    assert str(refusal.value) == reason
    assert room.kinds() == []


async def test_a_letter_in_time_is_sent_as_any_other() -> None:
    desk, post = await a_desk(until=NOON + FORTNIGHT), ScriptedPost()

    await desk.tick(post)

    assert post.received == [CONTENT]
    assert desk.fate() == (True, 1, False)


async def test_a_letter_that_waited_too_long_for_the_mail_server_is_given_up_and_not_sent() -> None:
    desk, post = await a_desk(until=NOON + FORTNIGHT), ScriptedPost(answers=[451])
    await desk.tick(post)

    await desk.tick(post, days=14)

    assert post.received == []
    assert desk.attempts.outcomes() == ["later", "lapsed"]
    assert desk.fate() == (False, 1, False)
    assert await desk.letters.pending() == 0


async def test_with_the_mail_server_still_away_it_is_given_up_all_the_same() -> None:
    desk = await a_desk(until=NOON + FORTNIGHT)

    await desk.tick(ScriptedPost(away=True), days=14)

    assert desk.fate() == (False, 0, False)


async def test_what_a_colleague_is_sending_at_that_moment_is_not_given_up() -> None:
    """Nobody may say that it failed while somebody may be sending it."""
    desk, post = await a_desk(until=NOON + FORTNIGHT), ScriptedPost()
    await desk.there.beat()
    with pytest.raises(Killed):
        await desk.tick(post, AttemptsThatFail(steps=desk.attempts.steps, die_after=Claim), days=14, seconds=-1)

    await desk.tick(post, seconds=1)

    assert desk.fate() is None
    assert desk.attempts.outcomes() == []
