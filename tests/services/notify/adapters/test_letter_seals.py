"""The bytes of a letter are in the ledger for whoever has notify's keys, and for nobody else."""

from pathlib import Path
from typing import Any

import bson
import pytest

from services.notify.adapters.letter_seals import load_letter_seals
from services.notify.adapters.mongo import MongoLetters
from services.notify.adapters.mongo_holdings import EMPTIED_LETTER
from services.notify.domain.pieces import Base64Piece
from services.notify.ports import Letters
from shared.errors import Invalid
from shared.runtime.adapters.mongo import Database
from shared.runtime.parcels import UnknownKey, new_key_pair
from tests.services.notify.builders import SEALS, a_letter, seals_with

pytestmark = pytest.mark.anyio


@pytest.fixture
def letters(database: Database) -> Letters:
    return MongoLetters(database, SEALS)


async def test_the_bytes_of_a_letter_cannot_be_read_in_the_ledger(letters: Letters, database: Database) -> None:
    """Neither as they are, nor decoded, nor unpacked: the words stand in no collection."""
    words = "見本商事 御中 67,000円".encode()
    await letters.add(a_letter(), [b"To: " + words, Base64Piece(words * 50), Base64Piece(b"%PDF-" + words)])

    kept = await database["letters"].find_one({})
    assert kept is not None
    dump = bson.encode(kept)
    assert words[:12] not in dump
    assert b"%PDF" not in dump
    assert len(dump) < len(words) * 50, "MongoDB cannot compress it any more"
    assert {kept["seal"]["key"], *kept["pieces"][0]} == {"notify-1", "sealed"}


async def test_the_bytes_of_another_letter_are_not_taken_for_its_own(letters: Letters, database: Database) -> None:
    """Whoever can write to the database could have a customer sent what another was told."""
    await letters.add(a_letter(id="one"), [b"to one"])
    await letters.add(a_letter(id="other"), [b"to the other"])
    await letters.add(a_letter(id="of-desk", kind="desk"), [b"to the desk"])
    other = await database["letters"].find_one({"_id": "other"})
    assert other is not None
    moved = {"pieces": other["pieces"], "seal": other["seal"]}

    await database["letters"].update_one({"_id": "one"}, {"$set": moved})
    await database["letters"].update_one({"_id": "of-desk"}, {"$set": {"kind": "quote"}})

    for name in ("one", "of-desk"):
        with pytest.raises(Invalid, match="broken-letter"):
            await letters.content(name)
    assert await letters.content("other") == b"to the other"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"$set": {"pieces.0.sealed": b"short"}}, id="cut"),
        pytest.param({"$set": {"pieces.0.sealed": "text"}}, id="of another type"),
        pytest.param({"$unset": {"seal": ""}}, id="without its key"),
        pytest.param({"$set": {"seal.box": "QUJD"}}, id="with another key"),
        pytest.param({"$set": {"seal.box": "漏"}}, id="with no key at all"),
    ],
)
async def test_a_damaged_letter_is_named_and_never_sent(
    letters: Letters, database: Database, change: dict[str, Any]
) -> None:
    await letters.add(a_letter(), [b"hello"])
    await database["letters"].update_one({}, change)

    with pytest.raises(Invalid, match="broken-letter"):
        await letters.content(a_letter().id)


async def test_a_letter_whose_key_is_not_there_yet_is_read_once_it_is(database: Database, tmp_path: Path) -> None:
    """Sealed by a process that has a newer key, or a key was taken away too early."""
    old, new = new_key_pair("notify", 1), new_key_pair("notify", 2)
    (tmp_path / "notify-1.key").write_text(old.secret)
    reader = MongoLetters(database, load_letter_seals(tmp_path))
    writer = MongoLetters(database, seals_with(old, new))
    await writer.add(a_letter(), [b"hello"])

    with pytest.raises(UnknownKey, match="unknown-key"):
        await reader.content(a_letter().id)
    (tmp_path / "notify-2.key").write_text(new.secret)

    assert await reader.content(a_letter().id) == b"hello"


async def test_what_was_forgotten_has_no_bytes(letters: Letters, database: Database) -> None:
    await letters.add(a_letter(), [b"hello"])
    await database["letters"].update_one({}, EMPTIED_LETTER)

    with pytest.raises(LookupError):
        await letters.content(a_letter().id)
    kept = await database["letters"].find_one({})
    assert kept is not None
    assert "seal" not in kept
