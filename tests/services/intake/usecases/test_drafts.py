"""Drafts are stored so that only whoever holds a key can read them, for a day after each page."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import new_key
from services.intake.usecases.open_draft import OpenDraft
from services.intake.usecases.save_draft import SaveDraft
from tests.services.intake.builders import CANARY
from tests.services.intake.fakes import AClock, InMemoryDrafts

pytestmark = pytest.mark.anyio


@dataclass
class Drafts:
    """The use cases over one ledger."""

    ledger: InMemoryDrafts = field(default_factory=InMemoryDrafts)
    clock: AClock = field(default_factory=AClock)

    async def save(self, key: str, draft: Draft) -> None:
        await SaveDraft(self.ledger, self.clock)(key, draft)

    async def open(self, key: str) -> Draft | None:
        return await OpenDraft(self.ledger, self.clock)(key)


def typed() -> Draft:
    return Draft(typed={"company": CANARY["company"], "d3_22": ["isms"]}).with_page("contact", passed=True)


async def test_a_draft_is_found_again_with_its_key() -> None:
    drafts = Drafts()
    key, draft = new_key(), typed()

    await drafts.save(key, draft)

    assert await drafts.open(key) == draft


async def test_the_ledger_alone_cannot_open_a_draft() -> None:
    drafts = Drafts()
    key = new_key()

    await drafts.save(key, typed())

    [(stored_id, (encrypted, _))] = drafts.ledger.kept.items()
    assert key not in stored_id
    assert key.encode() not in encrypted
    assert CANARY["company"].encode() not in encrypted
    assert b"company" not in encrypted


async def test_a_draft_that_was_put_under_another_id_does_not_open() -> None:
    drafts = Drafts()
    mine, theirs = new_key(), new_key()
    await drafts.save(mine, Draft())
    await drafts.save(theirs, typed())

    my_id, their_id = drafts.ledger.kept
    drafts.ledger.kept[my_id] = drafts.ledger.kept[their_id]

    assert await drafts.open(mine) is None


async def test_every_page_that_is_sent_gives_another_day() -> None:
    drafts = Drafts()
    key, draft = new_key(), typed()
    await drafts.save(key, draft)
    drafts.clock.forward(timedelta(hours=23))

    await drafts.save(key, draft)

    drafts.clock.forward(timedelta(hours=23))
    assert await drafts.open(key) == draft
    drafts.clock.forward(timedelta(hours=1))
    assert await drafts.open(key) is None
