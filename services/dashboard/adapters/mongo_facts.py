"""How a fact is stored: as the JSON of its event, so that a later version reads what an earlier one stored.

Whatever else lies there is a `BrokenFact`: one damaged document must not take the list away from everybody.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, get_args

from pydantic import ValidationError

from services.dashboard.domain.facts import BrokenFact, Fact, Work, fact_id, moment_of
from shared.events import (
    Event,
    LetterBounced,
    LetterFailed,
    LetterSent,
    NewsOptedOut,
    QuoteDecided,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestErased,
    RequestReceived,
    RequestReleased,
)
from shared.runtime.adapters.mongo import Document

COLLECTION_OF: Final[dict[type[Event], str]] = {
    RequestReceived: "requests",
    QuoteOffered: "quotes",
    QuoteReferred: "quotes",
    LetterSent: "letters",
    LetterFailed: "letters",
    LetterBounced: "letters",
    NewsOptedOut: "letters",
    RequestErased: "decisions",
    QuoteReleased: "decisions",
    RequestReleased: "decisions",
    QuoteDecided: "decisions",
    **dict.fromkeys(get_args(Work), "decisions"),
}
_BY_ADDRESS: Final = {(name, event.type): event for event, name in COLLECTION_OF.items()}
FOLLOWING: Final = ("quotes", "letters", "decisions")
FACT_COLLECTIONS: Final = ("requests", *FOLLOWING)
READ: Final = dict.fromkeys(("request_id", "type", "at", "event", "fact_id", "seq"), 1)
"""`fact_id` is only there where the id of the document is another, `seq` only with decisions."""


def document_of(fact: Fact) -> tuple[str, Document]:
    """The collection that keeps *fact*, and its document there."""
    return COLLECTION_OF[type(fact)], {
        "_id": fact_id(fact),
        "request_id": fact.request_id,
        "type": fact.type,
        "at": moment_of(fact),
        "event": fact.model_dump(mode="json", exclude_none=True),
    }


def fact_of(name: str, document: Document) -> Fact | BrokenFact:
    """The fact in a *document* of the collection *name*; broken also when it is stored as something else than it is."""
    try:
        fact: Any = _BY_ADDRESS[name, document["type"]].model_validate(document["event"])
    except (KeyError, TypeError, ValidationError):
        fact = None
    if fact and fact_id(fact) == document.get("fact_id", document["_id"]) and fact.request_id == document["request_id"]:
        return fact  # type: ignore[no-any-return]  # one of Fact, which the type on the document decides
    found = str(document["_id"]), str(document.get("type", ""))
    request_id = found[0] if name == "requests" else str(document.get("request_id", ""))
    at = document.get("at")
    return BrokenFact(id=found[0], request_id=request_id, type=found[1], at=at if isinstance(at, datetime) else None)


def numbers_of(document: Document) -> Iterable[int]:
    """The numbers of decisions that *document* has taken: none, one, or two when its decision was taken back."""
    seq = document.get("seq")
    return [number for number in (seq if isinstance(seq, list) else [seq]) if isinstance(number, int)]
