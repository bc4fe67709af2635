"""A letter that came back is told to the desk once, whoever reports it, and only if it is ours."""

from pathlib import Path

import pytest

from services.notify.domain.letters import LETTERS
from services.notify.domain.return_path import ReturnPath
from services.notify.usecases.take_back import Taken
from shared.errors import Unavailable
from tests.services.notify.builders import REQUEST_ID, a_bounce, a_letter, a_request
from tests.services.notify.domain.test_bounce import FOLDER, MEANINGS
from tests.services.notify.fakes import Writing

pytestmark = pytest.mark.anyio

RETURN_PATH = ReturnPath("bounces@agency.example", {"notify-1": b"k" * 32})
"""As in the samples."""
ANOTHER = "another@customer.example"
NOT_OURS = {
    "strangers-forged-mail",  # its Message-ID is of no letter
    "forged-tag",  # the return path has a tag that we did not make
    "known-id-of-another-recipient",  # a letter of that id went to somebody else
}
BEHIND_OURS = {"forwarded-then-unknown", "role-address-one-member-left"}
"""Another address failed, to which that of the letter leads: it may have arrived at others."""


def sample(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()


@pytest.fixture
async def writing(tmp_path: Path) -> Writing:
    """A request, and a receipt that went out to yoshida@customer.example."""
    writing = Writing(tmp_path, return_path=RETURN_PATH)
    await writing.facts.add(a_request(parcel=writing.keys.parcel(email=ANOTHER)))
    await writing.letters.add(a_letter(), [b""])
    return writing


@pytest.mark.parametrize("name", MEANINGS)
async def test_each_sample_ends_where_it_must(writing: Writing, name: str) -> None:
    meant = MEANINGS[name]
    expected: Taken = "not-ours" if name in NOT_OURS else meant if isinstance(meant, str) else "bounced"

    taken = await writing.take_back(sample(name))

    assert taken == expected
    kept = [bounce for _, bounce, _ in writing.facts.bounces.kept.values()]
    if name in BEHIND_OURS:
        meant = a_bounce(type="soft", reason="other")
    assert kept == ([meant] if expected == "bounced" else [])
    if name in BEHIND_OURS:
        assert not await writing.dead_addresses.is_dead(a_letter().recipient)
    assert ("desk-undelivered" in writing.kinds()) is (expected == "bounced")


async def test_the_desk_is_told_which_letter_came_back_why_and_what_to_do(writing: Writing) -> None:
    await writing.take_back(sample("postfix-user-unknown"))

    mail, text = writing.mail("desk-undelivered"), writing.text("desk-undelivered")
    assert "お客様にメールが届いていません(受付のお知らせ)" in str(mail["subject"])
    for words in ("送信したあとに戻ってきました", "存在しない、と相手の", "お電話などで", "正しいアドレスを画面で"):
        assert words in text
    assert "送信の回数" not in text


async def test_a_report_that_is_read_again_tells_the_desk_nothing_new(writing: Writing) -> None:
    await writing.take_back(sample("postfix-user-unknown"))
    before = dict(writing.letters.contents)

    await writing.take_back(sample("gmail-over-quota"))
    await writing.take_back(sample("postfix-user-unknown"))

    assert writing.letters.contents == before
    assert writing.facts.bounces.kept[a_letter().id][1] == a_bounce()


async def test_a_report_about_a_letter_that_was_given_up_tells_the_desk_once(writing: Writing) -> None:
    """The server had left open whether it had taken it, and then refused it."""
    await writing.facts.outcomes.add_unmade(a_letter(), "bug", writing.clock())
    await writing.write.write_due(REQUEST_ID)
    before = dict(writing.letters.contents)

    await writing.take_back(sample("postfix-user-unknown"))

    assert writing.letters.contents == before


@pytest.mark.parametrize("kind", [kind for kind, letter in LETTERS.items() if letter.reader != "contact"])
async def test_a_bounce_of_a_mail_to_the_desk_is_told_to_nobody_by_mail(tmp_path: Path, kind: str) -> None:
    """Another mail to the desk would come back too, and so on for ever."""
    writing = Writing(tmp_path, return_path=RETURN_PATH)
    await writing.facts.add(a_request(parcel=writing.keys.parcel(email=ANOTHER)))
    await writing.letters.add(a_letter(kind=kind), [b""])

    taken = await writing.take_back(sample("postfix-user-unknown"))

    assert taken == "bounced"
    assert "desk-undelivered" not in [each for each in writing.kinds() if each != kind]
    assert [letter.kind for letter, _, _ in writing.facts.bounces.kept.values()] == [kind]


async def test_a_crash_before_the_desk_is_told_is_made_up_for_when_the_mail_is_read_again(writing: Writing) -> None:
    async def killed(_request_id: str) -> None:
        raise Unavailable("mongo")

    take_back = writing.take_back
    broken = type(take_back)(
        return_path=RETURN_PATH,
        own_domain="agency.example",
        bounces=writing.facts.bounces,
        dead_addresses=writing.dead_addresses,
        on_failed=killed,
        now=writing.clock,
    )
    with pytest.raises(Unavailable):
        await broken(sample("postfix-user-unknown"))
    assert "desk-undelivered" not in writing.kinds()

    await take_back(sample("postfix-user-unknown"))

    assert writing.kinds().count("desk-undelivered") == 1


async def test_without_a_return_path_a_letter_is_found_by_its_message_id(tmp_path: Path) -> None:
    writing = Writing(tmp_path)
    await writing.facts.add(a_request(parcel=writing.keys.parcel(email=ANOTHER)))
    await writing.letters.add(a_letter(), [b""])

    assert await writing.take_back(sample("postfix-plain-return-path")) == "bounced"


@pytest.mark.parametrize("name", ["postfix-plain-return-path", "qmail-plain-return-path"])
async def test_whoever_knows_the_message_id_of_a_letter_with_its_own_return_path_reports_nothing(
    tmp_path: Path, name: str
) -> None:
    """The id can be computed from what is printed on a 見積書; the tag cannot."""
    writing = Writing(tmp_path, return_path=RETURN_PATH)
    await writing.facts.add(a_request(parcel=writing.keys.parcel(email=ANOTHER)))
    await writing.letters.add(a_letter(sender=RETURN_PATH.of_letter(a_letter().id)), [b""])

    taken = await writing.take_back(sample(name))

    assert taken == "not-ours"
    assert writing.facts.bounces.kept == {}
    assert not await writing.dead_addresses.is_dead(a_letter().recipient)


async def test_a_report_without_a_tag_makes_no_address_dead(writing: Writing) -> None:
    """Of a letter that was sent with a plain return path."""
    assert await writing.take_back(sample("postfix-plain-return-path")) == "bounced"

    assert not await writing.dead_addresses.is_dead(a_letter().recipient)


async def test_a_report_about_a_letter_that_we_never_wrote_is_not_ours(tmp_path: Path) -> None:
    writing = Writing(tmp_path, return_path=RETURN_PATH)

    assert await writing.take_back(sample("postfix-user-unknown")) == "not-ours"
