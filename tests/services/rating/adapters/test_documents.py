"""Documents that an earlier version wrote: they can be read, and are written in the same way today.

Each file in golden/ is a document as that version inserted it, but with its parcels open and its event parsed. Fields
may be added since; none may be missing or have another value.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from services.rating.adapters.mongo import from_document, to_document
from services.rating.domain.event import to_event
from services.rating.domain.worksheet import Worksheet
from shared.events import Parcel
from tests.services.rating.builders import FOR_DESK, FOR_NOTIFY, FOR_RATING, SEALER

GOLDEN = Path(__file__).parents[1] / "golden"
OPENERS = {"desk-1": FOR_DESK, "notify-1": FOR_NOTIFY}
EVERY_DOCUMENT = pytest.mark.parametrize("name", ["nearest", "manual", "referral"])


def golden(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    return content


def as_inserted(content: dict[str, Any]) -> dict[str, Any]:
    """The document without its event, the parcels encrypted with the keys of this run."""
    parcels = {name: SEALER.seal("rating", content[name]["opened"]).model_dump() for name in ("answers", "worksheet")}
    issued_at = datetime.fromisoformat(content["issued_at"]["datetime"])
    return {key: content[key] for key in content if key != "relay"} | parcels | {"issued_at": issued_at}


def missing(old: Any, new: Any, place: str = "") -> list[str]:  # noqa: ANN401  any JSON
    """Where *old* has something that *new* has not."""
    if isinstance(old, dict) and isinstance(new, dict):
        absent = [f"{place}.{key}" for key in old if key not in new]
        return absent + [lost for key in old if key in new for lost in missing(old[key], new[key], f"{place}.{key}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [lost for at, pair in enumerate(zip(old, new, strict=True)) for lost in missing(*pair, f"{place}[{at}]")]
    return [] if old == new else [place]


@EVERY_DOCUMENT
def test_a_document_that_an_earlier_version_wrote_is_read_and_written_the_same(name: str) -> None:
    document = as_inserted(golden(name))

    written = to_document(from_document(document))

    assert missing(document, written) == []


@EVERY_DOCUMENT
def test_the_event_can_be_made_again_from_the_document(name: str) -> None:
    """Wiping every topic loses nothing."""
    content = golden(name)
    quote = from_document(as_inserted(content))

    event = to_event(quote, Worksheet.model_validate(FOR_RATING.open(quote.worksheet)), SEALER.seal)

    body = json.loads(event.to_json())
    body["parcels"] = {
        reader: {"key": parcel["key"], "opened": OPENERS[parcel["key"]].open(Parcel(**parcel))}
        for reader, parcel in body["parcels"].items()
    }
    assert missing(content["relay"]["body"], body) == []
    assert event.type == content["relay"]["headers"]["ce_type"]
