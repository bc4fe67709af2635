"""How a letter is kept in MongoDB, without its bytes, and read back."""

from dataclasses import fields
from typing import Final

from services.notify.domain.letter import Letter
from shared.events import Paper
from shared.runtime.adapters.mongo import Document

HEAD: Final = tuple(field.name for field in fields(Letter) if field.name != "id")
"""The fields of a document that say what letter it is."""


def head_of(letter: Letter) -> Document:
    """The fields that are kept of *letter*, beside its id."""
    kept = {name: getattr(letter, name) for name in HEAD}
    return kept if letter.paper is None else kept | {"paper": letter.paper.model_dump()}


def letter_in(document: Document) -> Letter:
    """The letter of a document. Raises `KeyError`, `TypeError` and `ValueError` for one that is damaged."""
    kept = {name: document[name] for name in HEAD if name in document}
    if kept.get("paper") is not None:
        kept["paper"] = Paper.model_validate(kept["paper"])
    return Letter(id=document["_id"], **kept)
