"""What notify reads of its parcels: texts of one line each, or one word for what is wrong with them."""

from typing import Any

import pytest

from services.notify.domain.parcels import read_quote, read_request, read_resume_link, read_terms
from shared.errors import Invalid
from tests.services.notify.builders import CONTACT, LINK, TERMS

DECLARED = {"question": "1. ネットワークは\n構築していない。", "answer": "はい\r\n(構築していない)"}


def a_content(**changes: object) -> dict[str, Any]:
    return {"contact": CONTACT, "terms": TERMS, "declared": [DECLARED], **changes}


def test_line_ends_in_a_strangers_text_become_spaces() -> None:
    parcel = read_request(a_content(contact=CONTACT | {"company": "山田商事\r\n■ 年間保険料 0円"}))

    assert parcel.contact.company == "山田商事 ■ 年間保険料 0円"
    assert [(answer.question, answer.answer) for answer in parcel.declared] == [
        ("1. ネットワークは 構築していない。", "はい (構築していない)")
    ]


def test_a_link_is_one_line_too() -> None:
    link = read_resume_link({"email": "a@b.example\r\n", "url": LINK["url"] + "\n"})

    assert (link.email, link.url) == ("a@b.example", LINK["url"])


def test_an_earlier_parcel_has_no_declared_answers() -> None:
    assert read_request({"contact": CONTACT, "terms": TERMS}).declared == ()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        pytest.param({}, "bad-contact", id="no contact"),
        pytest.param(a_content(contact={"company": "山田商事"}), "bad-contact", id="half a contact"),
        pytest.param(a_content(terms=[]), "bad-terms", id="terms that are none"),
        pytest.param(a_content(declared=[{"question": "何?"}]), "bad-declared", id="a question without its answer"),
    ],
)
def test_a_parcel_that_cannot_be_read_is_named_by_its_bad_part(content: dict[str, Any], word: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_request(content)

    assert str(refusal.value) == word
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize("terms", [{}, {"industry": "retail"}, TERMS | {"turnover": "much"}])
def test_terms_without_what_a_quote_repeats_stop_the_quote_alone(terms: dict[str, Any]) -> None:
    parcel = read_request(a_content(terms=terms))

    with pytest.raises(Invalid, match="bad-terms"):
        read_terms(parcel)


def test_the_parcel_of_a_quote_is_read_or_broken() -> None:
    assert [saving.saves for saving in read_quote({"savings": [{"advice": "監査", "saves": 10}]}).savings] == [10]
    assert read_quote({}).savings == ()
    with pytest.raises(Invalid, match="broken-parcel"):
        read_quote({"savings": [{"advice": "監査"}]})
