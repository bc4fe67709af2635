"""What notify reads of its parcels: texts of one line each, or one word for what is wrong with them."""

from collections.abc import Callable
from typing import Any

import pytest

from services.notify.domain.parcels import read_contact, read_declared, read_link, read_quote, read_terms
from shared.errors import Invalid
from shared.events.parcels import StaffLinkForNotify
from tests.services.notify.builders import CONTACT, LINK, TERMS

DECLARED = {"question": "1. ネットワークは\n構築していない。", "answer": "はい\r\n(構築していない)"}


def a_content(**changes: object) -> dict[str, Any]:
    return {"contact": CONTACT, "terms": TERMS, "declared": [DECLARED], **changes}


def test_line_ends_in_a_strangers_text_become_spaces() -> None:
    content = a_content(contact=CONTACT | {"company": "山田商事\r\n■ 年間保険料 0円"})

    assert read_contact(content).company == "山田商事 ■ 年間保険料 0円"
    assert [(answer.question, answer.answer) for answer in read_declared(content)] == [
        ("1. ネットワークは 構築していない。", "はい (構築していない)")
    ]


def test_a_link_is_one_line_too() -> None:
    link = read_link({"email": "a@b.example\r\n", "url": LINK["url"] + "\n"}, StaffLinkForNotify)

    assert (link.email, link.url) == ("a@b.example", LINK["url"])


def test_an_earlier_parcel_has_no_declared_answers() -> None:
    assert read_declared({"contact": CONTACT, "terms": TERMS}) == ()


@pytest.mark.parametrize(
    ("read", "content", "word"),
    [
        pytest.param(read_contact, {}, "bad-contact", id="no contact"),
        pytest.param(read_contact, a_content(contact={"company": "山田商事"}), "bad-contact", id="half a contact"),
        pytest.param(read_terms, a_content(terms=[]), "bad-terms", id="terms that are none"),
        pytest.param(read_terms, a_content(terms={}), "bad-terms", id="no terms"),
        pytest.param(read_terms, a_content(terms={"industry": "retail"}), "bad-terms", id="half the terms"),
        pytest.param(read_terms, a_content(terms=TERMS | {"turnover": "much"}), "bad-terms", id="no amount"),
        pytest.param(
            read_declared, a_content(declared=[{"question": "何?"}]), "bad-declared", id="a question without its answer"
        ),
        pytest.param(read_declared, a_content(declared=5), "bad-declared", id="no list of answers"),
    ],
)
def test_a_parcel_that_cannot_be_read_is_named_by_its_bad_part(
    read: Callable[[dict[str, Any]], object], content: dict[str, Any], word: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        read(content)

    assert str(refusal.value) == word
    assert refusal.value.__suppress_context__


def test_what_only_the_quote_needs_does_not_cost_the_other_letters() -> None:
    assert read_contact(a_content(terms=None, declared=5)).company == CONTACT["company"]


def test_the_parcel_of_a_quote_is_read_or_broken() -> None:
    assert [saving.saves for saving in read_quote({"savings": [{"advice": "監査", "saves": 10}]}).savings] == [10]
    assert read_quote({}).savings == ()
    with pytest.raises(Invalid, match="broken-parcel"):
        read_quote({"savings": [{"advice": "監査"}]})
