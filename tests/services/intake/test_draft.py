from datetime import timedelta

import pytest

from services.intake.usecases.draft import Draft, KeepDraft, new_key
from tests.services.intake.fakes import CANARY, AClock, InMemoryDrafts

pytestmark = pytest.mark.anyio


def typed() -> Draft:
    return Draft().with_page("contact", {"company": CANARY["company"], "d3_22": ["isms"]}, passed=True)


async def test_a_draft_is_found_again_with_its_key() -> None:
    drafts = KeepDraft(InMemoryDrafts(), AClock())
    key, draft = new_key(), typed()

    await drafts.close(key, draft)

    assert await drafts.open(key) == draft


async def test_the_ledger_alone_cannot_open_a_draft() -> None:
    ledger = InMemoryDrafts()
    key = new_key()

    await KeepDraft(ledger, AClock()).close(key, typed())

    [(name, (box, _))] = ledger.boxes.items()
    assert key not in name
    assert key.encode() not in box
    assert CANARY["company"].encode() not in box
    assert b"company" not in box


async def test_a_box_that_was_put_under_another_name_does_not_open() -> None:
    ledger, clock = InMemoryDrafts(), AClock()
    drafts = KeepDraft(ledger, clock)
    mine, theirs = new_key(), new_key()
    await drafts.close(mine, Draft())
    await drafts.close(theirs, typed())

    my_name, their_name = ledger.boxes
    ledger.boxes[my_name] = ledger.boxes[their_name]

    assert await drafts.open(mine) is None


async def test_every_page_that_is_sent_gives_another_day() -> None:
    clock = AClock()
    drafts = KeepDraft(InMemoryDrafts(), clock)
    key, draft = new_key(), typed()
    await drafts.close(key, draft)
    clock.forward(timedelta(hours=23))

    await drafts.close(key, draft)

    clock.forward(timedelta(hours=23))
    assert await drafts.open(key) == draft
    clock.forward(timedelta(hours=1))
    assert await drafts.open(key) is None


def test_a_page_with_errors_keeps_its_words_and_is_not_passed() -> None:
    draft = typed().with_page("contact", {"company": ""}, passed=False)

    assert draft.passed == ()
    assert draft.typed == {"company": ""}
