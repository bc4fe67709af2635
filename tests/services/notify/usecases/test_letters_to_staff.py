"""The letters that the dashboard asks for: a link to a password, and promises that were not kept in time."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.errors import Invalid
from tests.services.notify.builders import ASKING_ID, LINK, NOON, PRODUCT, a_reset, an_invitation, an_overdue_mail
from tests.services.notify.fakes import LETTERHEAD, Writing

pytestmark = pytest.mark.anyio

BOTH = pytest.mark.parametrize(
    ("kind", "fact"),
    [
        pytest.param("invitation", an_invitation, id="an invitation"),
        pytest.param("password-reset", a_reset, id="a reset"),
    ],
)
UNTIL = {"invitation": "2026年11月26日 12時00分", "password-reset": "2026年11月23日 12時30分"}
LASTS = {"invitation": timedelta(hours=72), "password-reset": timedelta(minutes=30)}
Fact = Callable[..., Any]


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    return Writing(tmp_path)


@BOTH
async def test_a_link_goes_to_the_address_alone_and_says_how_long_it_works(
    writing: Writing, kind: str, fact: Fact
) -> None:
    await writing.receive(fact(writing.keys.link()))

    assert writing.kinds() == [kind]
    assert str(writing.mail(kind)["To"]) == LINK["email"]
    assert f"　{LINK['url']}\n" in writing.text(kind).replace("\r", "")
    assert f"{UNTIL[kind]}(日本時間)まで" in writing.text(kind)
    [letter] = writing.letters.heads.values()
    assert (letter.reception_no, letter.request_id) == ("", ASKING_ID)
    assert (letter.since, letter.until) == (NOON, NOON + LASTS[kind])


@BOTH
async def test_a_link_that_is_over_is_not_written_any_more(writing: Writing, kind: str, fact: Fact) -> None:
    writing.clock.advance(seconds=LASTS[kind].total_seconds())

    await writing.receive(fact(writing.keys.link()))

    assert writing.kinds() == []


@BOTH
async def test_asked_once_and_received_twice_it_is_one_letter(writing: Writing, kind: str, fact: Fact) -> None:
    parcel = writing.keys.link()

    await writing.receive(fact(parcel), fact(parcel))

    assert writing.kinds() == [kind]


async def test_a_link_that_is_none_is_set_aside_without_being_quoted(writing: Writing) -> None:
    with pytest.raises(Invalid) as refusal:
        await writing.receive(an_invitation(writing.keys.link(url="javascript:alert(1)")))

    assert str(refusal.value) == "bad-link"
    assert writing.kinds() == []


async def test_the_desk_is_told_what_is_due_since_when_and_where_to_look(writing: Writing) -> None:
    await writing.receive(an_overdue_mail())

    mail, text = writing.mail("desk-overdue"), writing.text("desk-overdue")
    assert LETTERHEAD.desk_email in str(mail["To"])
    assert mail["Subject"] == "【期限超過】K7M2P401 初回のご連絡"
    for words in (
        "K7M2P401",
        "初回のご連絡",
        "2026年11月23日 11時59分(日本時間)",
        "https://desk.agency.example/cases/case-1",
        "https://desk.agency.example/?tab=overdue",
        PRODUCT.name,
    ):
        assert words in text
    assert "ほか" not in text


async def test_many_are_one_letter_with_a_list_and_a_number(writing: Writing) -> None:
    await writing.receive(an_overdue_mail(30, more=70))

    text = writing.text("desk-overdue")
    assert writing.mail("desk-overdue")["Subject"] == "【期限超過】期限を過ぎたご依頼が100件あります"
    assert text.count("受付番号") == 30
    assert "ほか 70 件" in text


async def test_the_desk_is_told_of_results_that_do_not_come_and_that_nothing_is_lost(tmp_path: Path) -> None:
    writing = Writing(tmp_path)

    await writing.receive(an_overdue_mail(promise="result"))

    mail, text = writing.mail("desk-late"), writing.text("desk-late")
    assert mail["Subject"] == "【遅延】K7M2P401 お見積りの結果がまだ出ていません"
    for said in ("失われていません", "K7M2P401", "https://desk.agency.example/cases/case-1", "/?stuck=1"):
        assert said in text
    assert writing.kinds() == ["desk-late"]


async def test_many_late_results_are_one_letter(tmp_path: Path) -> None:
    writing = Writing(tmp_path)

    await writing.receive(an_overdue_mail(30, more=970, promise="result"))

    assert writing.mail("desk-late")["Subject"] == "【遅延】1000件のお見積りの結果がまだ出ていません"
    assert "ほか 970 件" in writing.text("desk-late")
