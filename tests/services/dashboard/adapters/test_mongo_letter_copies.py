"""Copies of letters: memory and a real MongoDB keep the same promises."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from services.dashboard.adapters.brochure_files import BrochureFiles
from services.dashboard.adapters.mongo_facts import FACT_COLLECTIONS
from services.dashboard.adapters.mongo_letter_copies import MongoLetterCopies
from services.dashboard.domain.letter_copy import KEPT_FOR, copy_id
from services.dashboard.ports.letters import LetterCopies
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from shared.runtime.outbox import OutboxEntry
from tests.services.dashboard.builders import (
    CONTACT,
    COPY,
    NOON,
    PRODUCT,
    REQUEST,
    a_letter_asked_for,
    a_letter_copied,
)
from tests.services.dashboard.fakes import InMemoryLetterCopies
from tests.services.dashboard.specs import LetterCopiesSpec

pytestmark = pytest.mark.anyio


class TestInMemoryLetterCopies(LetterCopiesSpec):
    @pytest.fixture
    def copies(self) -> LetterCopies:
        return InMemoryLetterCopies()


class TestMongoLetterCopies(LetterCopiesSpec):
    @pytest.fixture
    def announced(self) -> list[OutboxEntry]:
        return []

    @pytest.fixture
    async def copies(self, database: Database, announced: list[OutboxEntry]) -> LetterCopies:
        copies = MongoLetterCopies(database, announced.append)
        await copies.prepare()
        return copies

    async def test_asking_is_published_once_at_once_or_by_who_looks_later(
        self, copies: LetterCopies, announced: list[OutboxEntry], database: Database
    ) -> None:
        for _ in range(2):
            await copies.ask(a_letter_asked_for())

        [waiting] = await MongoOutbox(database, ["copy_asks"]).due(NOON + KEPT_FOR, 9)
        assert [entry.body for entry in (*announced, waiting)] == [a_letter_asked_for().to_json()] * 2

    async def test_copies_lie_beside_the_facts_and_tell_nothing_of_a_letter(
        self, copies: LetterCopies, database: Database
    ) -> None:
        await copies.ask(a_letter_asked_for())
        await copies.add(a_letter_copied())

        stored = {name: await database[name].find().to_list(None) for name in await database.list_collection_names()}
        assert {name for name, documents in stored.items() if documents} == {"copy_asks", "letter_copies"}
        assert not set(stored) & set(FACT_COLLECTIONS)
        assert not [text for text in (*CONTACT.values(), COPY["text"], COPY["subject"]) if text in str(stored)]

    async def test_mongo_deletes_them_after_some_days(self, copies: LetterCopies, database: Database) -> None:
        await copies.ask(a_letter_asked_for())
        await copies.add(a_letter_copied())

        for name, since in (
            ("copy_asks", a_letter_asked_for().asked_at),
            ("letter_copies", a_letter_copied().copied_at),
        ):
            [document] = await database[name].find().to_list(None)
            assert document["until"] == since + KEPT_FOR
            assert (await database[name].index_information())["ended"]["expireAfterSeconds"] == 0

    async def test_a_damaged_copy_does_not_hide_the_others(self, copies: LetterCopies, database: Database) -> None:
        await copies.add(a_letter_copied())
        damaged = {"request_id": REQUEST, "until": NOON + KEPT_FOR}
        await database["letter_copies"].insert_many([{**damaged, "event": {"letter_id": 5}}, {**damaged, "event": 7}])

        assert list(await copies.of(REQUEST, NOON)) == [f"{REQUEST}:quote"]


def test_two_clicks_are_one_copy_and_another_day_makes_a_new_one() -> None:
    assert copy_id("one", NOON) == copy_id("one", NOON + KEPT_FOR / 1_000)
    assert copy_id("one", NOON) != copy_id("one", NOON + KEPT_FOR)
    assert copy_id("one", NOON) != copy_id("other", NOON)


async def test_a_products_ready_brochure_is_found_by_what_is_in_it(tmp_path: Path) -> None:
    """What an earlier edition enclosed must not be shown as another file of the same name."""
    (tmp_path / "brochures").mkdir()
    (tmp_path / "brochures" / "パンフレット.pdf").write_bytes(b"%PDF-1.7 of the insurer")
    (tmp_path / "brochures" / "guide.typ").write_text("= 見本")
    files = BrochureFiles([replace(PRODUCT, folder=tmp_path)])
    here, other = (
        sha256(content).hexdigest() for content in (b"%PDF-1.7 of the insurer", b"= \xe8\xa6\x8b\xe6\x9c\xac")
    )

    assert (files.has(here), files.has(other)) == (True, False)
    assert await files.content(here) == b"%PDF-1.7 of the insurer"
