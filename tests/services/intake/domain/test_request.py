"""What readers find in their parcels is a contract: byte for byte what it was before there were models for it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from services.intake.domain.answers import check
from services.intake.domain.request import parcel_contents
from shared.events import Content
from tests.services.intake.builders import CONTACT, a_product, accepted_answers, brochure_only
from tests.services.intake.fakes import Scene

TERMS = {
    "turnover": 500_000,
    "industry": "retail",
    "plan": "basic",
    "liability_limit": 100_000_000,
    "liability_deductible": 100_000,
    "cost_limit": 30_000_000,
    "cost_deductible": 0,
    "rider_it": "no",
    "rider_leak_only": "no",
    "rider_fixed_premium": "yes",
}
DECLARED = [
    {
        "question": "告知事項 2 過去5か年以内のこの保険の対象となる事由 が発生していますか、"
        "またはその発生が予想される状況にありますか?",
        "answer": "いいえ(発生しておらず、予想もされない)",
    },
    {
        "question": "告知事項 3 パート、派遣社員等を含む使用人に、情報の取扱いに関する制約書(情報保護の義務、"
        "そしてその義務違反時の損害賠償を定めたもの)の提出を要請している。",
        "answer": "はい(書面の提出を要請している、または罰則を定めた社内規定がある)",
    },
    {
        "question": "告知事項 3-17. 情報の廃棄時には、再利用不可となるような適切な処理を行い、その記録を保存している。",
        "answer": "いいえ(いずれかをしていない)",
    },
    {
        "question": "告知事項 3-18. ノートパソコンや、USBメモリ、DVD-R等の記録媒体に保存されたデータを"
        "社外に持ち出せないようにしている。",
        "answer": "はい(持ち出せない、または対策をして持ち出している)",
    },
]


def text(**content: Any) -> str:  # noqa: ANN401  # JSON
    return json.dumps(content, ensure_ascii=False)


def opened(contents: Mapping[str, Content]) -> dict[str, str]:
    """What each reader finds, after sealing."""
    scene = Scene()
    return {
        reader: text(**scene.open_parcel(scene.sealer.seal(reader, content), reader))
        for reader, content in contents.items()
    }


def test_what_each_reader_of_a_quote_wish_finds() -> None:
    answers = accepted_answers(d3_17="no")
    rest = {key: value for key, value in answers.items() if key not in CONTACT}
    priced = {key: value for key, value in rest.items() if key not in {"brochure", "quote", "privacy_consent"}}

    contents = parcel_contents(a_product(), answers, {"phone": "０３"}, "r-1")

    assert opened(contents) == {
        "notify": text(contact=CONTACT, terms=TERMS, declared=DECLARED),
        "desk": text(contact=CONTACT, answers=rest, typed={"phone": "０３"}),
        "rating": text(answers=priced, request_id="r-1"),
    }
    assert len(priced) == 38


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_notify_finds_whether_news_are_wanted_where_the_customer_has_said_it_and_rating_does_not(answer: str) -> None:
    contents = parcel_contents(a_product(), accepted_answers(news_opt_in=answer), {}, "r-1")

    assert contents["notify"]["news_opt_in"] == answer
    assert "news_opt_in" not in contents["rating"]["answers"]


def test_without_a_quote_and_a_building_neither_is_invented() -> None:
    answers = check(a_product().form, brochure_only(building="")).answers
    contact = {key: value for key, value in CONTACT.items() if key != "building"}
    rest = {"brochure": "email", "quote": "no", "privacy_consent": a_product().privacy.version}

    contents = parcel_contents(a_product(), answers, {}, "r-1")

    assert opened(contents) == {
        "notify": text(contact=contact, terms={}, declared=[]),
        "desk": text(contact=contact, answers=rest, typed={}),
    }
