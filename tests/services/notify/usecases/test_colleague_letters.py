"""The two letters around a colleague's link: what they say, to whom, and what they never say."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from shared.errors import Invalid
from tests.services.notify.builders import (
    ASKING_ID,
    LINK,
    NOON,
    PRODUCT,
    a_colleague_answered,
    a_colleague_asked,
)
from tests.services.notify.fakes import Writing

pytestmark = pytest.mark.anyio

Fact = Callable[..., Any]
BOTH = pytest.mark.parametrize(
    ("kind", "fact"),
    [
        pytest.param("colleague-asked", a_colleague_asked, id="to the colleague"),
        pytest.param("colleague-answered", a_colleague_answered, id="to whoever asked"),
    ],
)
LASTS = {"colleague-asked": timedelta(days=14), "colleague-answered": timedelta(days=3)}
UNTIL = {"colleague-asked": "2026年12月7日 12時00分", "colleague-answered": "2026年11月26日 12時00分"}


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    return Writing(tmp_path)


@BOTH
async def test_it_brings_one_address_of_ours_to_one_mailbox_and_names_nobody(
    writing: Writing, kind: str, fact: Fact
) -> None:
    await writing.receive(fact(writing.keys.link()))

    text = writing.text(kind).replace("\r", "")
    assert writing.kinds() == [kind]
    assert str(writing.mail(kind)["To"]) == LINK["email"]
    assert text.count("http") == 1
    assert f"　{LINK['url']}\n" in text
    assert f"{UNTIL[kind]}(日本時間)まで" in text
    assert "お心当たりのない場合は、このメールを破棄してください" in text
    assert text.count(PRODUCT.notices["sample_tariff"]) == 1
    assert PRODUCT.agency.phone in text
    assert " 様" not in text


@BOTH
async def test_it_belongs_to_no_request_and_ends_with_what_it_is_about(writing: Writing, kind: str, fact: Fact) -> None:
    await writing.receive(fact(writing.keys.link()))

    [letter] = writing.letters.heads.values()
    assert (letter.reception_no, letter.request_id) == ("", ASKING_ID)
    assert (letter.since, letter.until) == (NOON, NOON + LASTS[kind])


@BOTH
async def test_it_is_not_written_any_more_when_it_is_too_late(writing: Writing, kind: str, fact: Fact) -> None:
    writing.clock.advance(seconds=LASTS[kind].total_seconds())
    with capture_logs() as lines:
        await writing.receive(fact(writing.keys.link()))

    assert writing.kinds() == []
    assert [line["event"] for line in lines] == ["letter too late"]


@BOTH
async def test_told_twice_it_is_one_letter_with_its_first_bytes(writing: Writing, kind: str, fact: Fact) -> None:
    await writing.receive(fact(writing.keys.link()))
    first = dict(writing.letters.contents)
    writing.clock.advance(hours=1)

    await writing.receive(fact(writing.keys.link()))

    assert (writing.kinds(), writing.letters.contents) == ([kind], first)


@BOTH
async def test_what_is_no_address_is_set_aside_without_being_quoted(writing: Writing, kind: str, fact: Fact) -> None:
    with pytest.raises(Invalid) as refusal:
        await writing.receive(fact(writing.keys.link(url="javascript:alert(1)")))

    assert (str(refusal.value), kind in writing.kinds()) == ("bad-link", False)


@BOTH
async def test_the_log_knows_no_address(writing: Writing, kind: str, fact: Fact) -> None:
    with capture_logs() as lines:
        await writing.receive(fact(writing.keys.link()))

    assert [line["kind"] for line in lines] == [kind]
    assert not [word for word in LINK.values() if word in str(lines)]


async def test_the_colleague_is_told_where_the_answers_go_and_whom_to_ask(writing: Writing) -> None:
    await writing.receive(a_colleague_asked(writing.keys.link()))

    text = writing.text("colleague-asked")
    for words in (
        "依頼された方の入力画面に届きます",
        "保険会社や代理店には、まだ送信されません",
        "ご回答の前に社内の方にご確認ください",
        "この送信のためだけに使用します",
    ):
        assert words in text


async def test_whoever_asked_is_told_where_the_form_goes_on(writing: Writing) -> None:
    await writing.receive(a_colleague_answered(writing.keys.link()))

    text = writing.text("colleague-answered")
    for words in ("同じ端末の同じブラウザー", "入力を続ける", "ご入力やご回答の内容は含まれておりません"):
        assert words in text
