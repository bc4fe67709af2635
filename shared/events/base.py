"""What all events have in common, and the encrypted parcel that keeps personal data off the topics."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, PlainSerializer, StringConstraints

REQUESTS = "mitsumori.requests.v1"
QUOTES = "mitsumori.quotes.v1"
LETTERS = "mitsumori.letters.v1"
DESK = "mitsumori.desk.v1"
TARIFFS = "mitsumori.tariffs.v1"
TOPICS = (REQUESTS, QUOTES, LETTERS, DESK, TARIFFS)
KEPT_FOR_GOOD = frozenset({TARIFFS})
"""Topics whose records no retention deletes: a reader that begins anew needs the newest, whenever it was written."""

_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2199


def rfc3339(moment: datetime) -> str:
    """`2026-11-23T01:02:03.456Z`: UTC, to the millisecond, as Mongo keeps it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def _years(moment: datetime) -> Iterator[int]:
    yield moment.year
    yield moment.astimezone(UTC).year


def _of_our_time(moment: datetime) -> datetime:
    """Far outside, `astimezone` overflows: one such record would stop every page and mail that writes its time."""
    # Also in UTC, as it is written: midnight of 2000 in Tokyo is 1999, and whoever stored it could not read it again.
    if not all(_FIRST_YEAR <= year <= _LAST_YEAR for year in _years(moment)):
        raise ValueError("a year outside 2000 to 2199")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_of_our_time), PlainSerializer(rfc3339, when_used="json")]
"""A moment in UTC, from 2000 to 2199; on the wire as RFC 3339 with milliseconds."""


class Model(BaseModel):
    """Readers ignore what they do not know, so that producers may add (never remove) fields within a version."""

    # Not `use_attribute_docstrings`, which reads the source of every model at each start of every process. The document
    # that shows what stands below the fields reads it (tests/contracts/asyncapi.py).
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Event(Model):
    """A past fact about one request. `topic` says where it is published, and `type` which event it is."""

    topic: ClassVar[str]
    type: ClassVar[str]

    request_id: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,64}$")]
    """Part of addresses and keys: a record with another would be read, and no page could show it."""

    def to_json(self) -> bytes:
        """The body of the message, UTF-8."""
        return self.to_text().encode()

    def to_text(self) -> str:
        """The same, as the outbox keeps it."""
        return self.model_dump_json(exclude_none=True)


class Parcel(Model):
    """A libsodium sealed box that one reader can open: `key` is the id of its key, `box` is base64."""

    key: str
    box: str


Content = dict[str, Any]
"""What a parcel holds once opened: plain JSON."""
