"""Whatever somebody typed, what is held on them becomes a paper that they can read."""

from typing import Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from local.disclosed_paper import disclosed_paper
from local.disclosed_words import LISTS, NAMES, PARTS
from shared.events import QuoteOffered, QuoteReferred, RequestReceived
from shared.events.parcels import (
    CorrectedAddress,
    DecisionForDesk,
    LetterCopyForDesk,
    NoteForDesk,
    QuoteForDesk,
    RequestForDesk,
)
from tests.hostile_texts import FUZZED_NAMES, SENT_AND_PRINTED
from tests.printed import printed, squeezed

pytestmark = pytest.mark.anyio

SHOWN = (RequestReceived, RequestForDesk, QuoteOffered, QuoteReferred, QuoteForDesk, NoteForDesk, DecisionForDesk)
NOT_SHOWN = {"parcels", "key", "box"}


def a_disclosure(*requests: dict[str, Any]) -> dict[str, Any]:
    return {"disclosed_at": "2026-11-23T03:00:00.000Z", "requests": list(requests), "mails_with_links": []}


def a_request(**held: Any) -> dict[str, Any]:  # noqa: ANN401  # fields of several kinds
    return {"reception_no": "K7M2P4XR", **held}


async def test_no_text_breaks_the_paper_and_each_is_printed_as_far_as_the_fonts_can() -> None:
    """One that Typst refused would leave somebody without what the law grants them."""
    texts = {name: sent for name, (sent, _) in SENT_AND_PRINTED.items()}
    notes = [{"type": "mitsumori.desk.note.added.v1", "text": sent} for sent in texts.values()]

    paper = printed(await disclosed_paper(a_disclosure(a_request(typed=texts, staff=notes))))

    expected = {squeezed(shown) for _, shown in SENT_AND_PRINTED.values()}
    assert [shown for shown in expected if paper.text.count(shown) < 2] == []
    assert "〓は、この書面で印字できない文字です" in paper.everything
    assert (paper.off_the_page, paper.printed_over) == ([], [])


async def test_names_of_every_kind_are_set_also_as_labels() -> None:
    """An answer's label is of the form of its day, and a key is whatever an old document has."""
    content = await disclosed_paper(a_disclosure(a_request(answers={"告知": dict.fromkeys(FUZZED_NAMES, "はい")})))

    assert printed(content).everything.count("はい") == len(FUZZED_NAMES)


async def test_what_a_later_version_adds_is_printed_under_the_name_that_it_has() -> None:
    later = {"shoe_size": 1_234, "pets": [{"name": "金糸雀", "wings": {"left": "green"}}], "hobby": {"of": "singing"}}

    paper = printed(await disclosed_paper(a_disclosure(a_request(**later))))

    for words in ("shoe_size1,234", "pets1", "金糸雀", "left:green", "hobby", "singing"):
        assert words in paper.everything


async def test_a_grid_of_premiums_is_printed_row_by_row() -> None:
    """One below the other, 42 premiums filled a page."""
    grid = {
        "rows": "liability_limit",
        "columns": "liability_deductible",
        "row_values": [30_000_000, 50_000_000],
        "column_values": [0, 100_000],
        "cells": [[{"premium": 30_000, "note": ""}, {"premium": 28_000, "note": ""}], [{"premium": None, "note": "a"}]],
        "notes": [{"code": "a", "says": "担当者にお尋ねください。"}],
    }

    paper = printed(await disclosed_paper(a_disclosure(a_request(quotes=[{"grids": [grid]}]))))

    for words in (
        "行:賠償損害の支払限度額",
        "列の値:0、100,000",
        "保険料(行ごと):30,000円、28,000円a注記",
        "お尋ねください。",
    ):
        assert words in paper.everything


async def test_who_is_not_known_gets_a_paper_that_says_so() -> None:
    paper = printed(await disclosed_paper(a_disclosure()))

    assert "受付番号なし" in paper.everything
    assert paper.everything.count("ありません。") == 2


async def test_a_person_with_very_much_gets_all_of_it() -> None:
    letters = [{"kind": "quote", "text": f"{number}通目\n" + "本文です。\n" * 60} for number in range(60)]

    paper = printed(await disclosed_paper(a_disclosure(a_request(letters=letters))))

    assert all(f"{number}通目" in paper.everything for number in range(60))
    assert len(paper.pages) > 60
    assert paper.off_the_page == []


def names_of(model: object) -> set[str]:
    """The fields of a model or dataclass, and of those that it holds."""
    found: set[str] = set()
    if isinstance(model, type) and issubclass(model, BaseModel):
        for name, field in model.model_fields.items():
            found |= {name, *names_of(field.annotation)}
    elif isinstance(model, type) and hasattr(model, "__dataclass_fields__"):
        hints = get_type_hints(model)
        found |= set(hints).union(*(names_of(hint) for hint in hints.values()))
    for part in get_args(model):
        found |= names_of(part)
    return found


def test_everything_that_is_disclosed_has_a_japanese_name() -> None:
    names = set[str]().union(*(names_of(model) for model in (*SHOWN, CorrectedAddress, LetterCopyForDesk)))

    assert {"premium", "says", "cells", "attachments"} <= names
    assert names - NOT_SHOWN - set(NAMES) == set()
    assert set(NAMES) >= (PARTS | LISTS)
