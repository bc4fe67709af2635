"""The desk's parcels are read so that a gap in one hides nothing else."""

import pytest
from pydantic import ValidationError

from services.dashboard.domain.parcels import request_for_desk, typed_otherwise
from shared.events import Content
from shared.events.parcels import Contact
from tests.services.dashboard.builders import ANSWERS, CONTACT


def test_a_whole_parcel_is_read_as_it_is() -> None:
    request = request_for_desk({"contact": CONTACT, "answers": ANSWERS, "typed": {"phone": "０３"}})

    assert (request.contact.model_dump(), request.answers, request.typed) == (CONTACT, ANSWERS, {"phone": "０３"})


@pytest.mark.parametrize("key", Contact.model_fields)
def test_a_missing_field_of_the_contact_is_empty(key: str) -> None:
    without = {name: value for name, value in CONTACT.items() if name != key}

    contact = request_for_desk({"contact": without, "answers": ANSWERS}).contact

    assert contact.model_dump() == {**CONTACT, key: ""}


@pytest.mark.parametrize("content", [{}, {"contact": CONTACT}, {"answers": ANSWERS}])
def test_a_missing_part_is_empty(content: Content) -> None:
    request = request_for_desk(content)

    assert request.contact == Contact(**{**dict.fromkeys(CONTACT, ""), **content.get("contact", {})})
    assert request.answers == content.get("answers", {})


def test_an_answer_of_another_kind_is_shown_as_text() -> None:
    answers = {"d3_98": 1.5, "d3_97": True, "d3_99": None, "d3_22": ["isms", 27001]}

    assert request_for_desk({"answers": answers}).answers == {
        "d3_98": "1.5",
        "d3_97": "True",
        "d3_99": "None",
        "d3_22": ["isms", "27001"],
    }


@pytest.mark.parametrize("content", [{"contact": "株式会社カナリア商会"}, {"answers": [1]}, {"typed": 1}])
def test_what_is_no_parcel_of_a_request_is_not_read(content: Content) -> None:
    with pytest.raises(ValidationError):
        request_for_desk(content)


@pytest.mark.parametrize(
    ("key", "typed", "differs"),
    [
        pytest.param("phone", "０３－１２３４－５６７８", True, id="full-width figures"),
        pytest.param("company", "株式会社　カナリア商会", True, id="a blank within"),
        pytest.param("company", " 株式会社カナリア商会　", False, id="blanks around"),
        pytest.param("incidents_note", "カナリアの鳴き声が漏えいした\r\n", False, id="a line end after"),
        pytest.param("turnover", "500,000", True, id="a figure with separators"),
        pytest.param("turnover", " 500000", False, id="a figure with a blank before it"),
    ],
)
def test_only_what_a_reader_would_see_counts_as_tidied(key: str, typed: str, *, differs: bool) -> None:
    request = request_for_desk({"contact": CONTACT, "answers": ANSWERS, "typed": {key: typed}})

    assert typed_otherwise(request) == ({key: typed} if differs else {})
