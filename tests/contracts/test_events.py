"""Every event ever published stays readable: a golden file is never changed or removed; new ones join it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import ValidationError

from shared.errors import Invalid
from shared.events import PUBLISHED, TOPICS, Envelope, RequestErased, RequestReceived, event_id, read

GOLDEN = Path(__file__).parent / "golden"


class Record(NamedTuple):
    topic: str
    key: str
    headers: dict[str, str]
    body: dict[str, Any]

    def bytes(self) -> bytes:
        return json.dumps(self.body, ensure_ascii=False).encode()


def golden(path: Path) -> Record:
    return Record(**json.loads(path.read_text(encoding="utf-8")))


EVERY_RECORD = [pytest.param(golden(path), id=path.stem) for path in sorted(GOLDEN.glob("*.json"))]


@pytest.mark.parametrize("record", EVERY_RECORD)
def test_a_published_event_still_has_the_same_content(record: Record) -> None:
    event = read(record.topic, record.headers, record.bytes())

    assert still_holds(record.body, json.loads(event.to_json()))


def still_holds(before: Any, now: Any) -> bool:  # noqa: ANN401  # any JSON
    """Everything, in its place; what was added since has its default."""
    match before, now:
        case dict(), dict():
            return all(key in now and still_holds(inner, now[key]) for key, inner in before.items())
        case list(), list():
            return len(before) == len(now) and all(map(still_holds, before, now))
        case _:
            return bool(before == now)


@pytest.mark.parametrize("record", EVERY_RECORD)
def test_a_record_is_keyed_by_its_request(record: Record) -> None:
    """One key is one partition: a quote cannot overtake the request it answers, nor a tariff the one before it."""
    assert record.key == record.headers["ce_subject"] == record.body["request_id"]


@pytest.mark.parametrize("record", EVERY_RECORD)
def test_a_reader_ignores_what_a_later_producer_adds(record: Record) -> None:
    """Services are deployed one by one, so the old reader meets the new field first."""
    plain = read(record.topic, record.headers, record.bytes())
    later = record._replace(headers=record.headers | {"ce_later": "x"}, body=with_unknown_fields(record.body))

    event = read(later.topic, later.headers, later.bytes())

    assert event == plain


def with_unknown_fields(value: Any) -> Any:  # noqa: ANN401  # any JSON goes in and comes out
    match value:
        case dict():
            # Parcels are a map by reader: an unknown key there is a new reader, not an unknown field.
            added = {} if all(isinstance(inner, dict) for inner in value.values()) else {"later": {"than": ["now"]}}
            return {key: with_unknown_fields(inner) for key, inner in value.items()} | added
        case list():
            return [with_unknown_fields(inner) for inner in value]
        case _:
            return value


@pytest.mark.parametrize(
    ("name", "suspicions"),
    [
        pytest.param("mitsumori.request.received.v1", (), id="older than suspicions"),
        pytest.param("mitsumori.request.received.v1.suspicious", ("too-fast", "no-start"), id="with suspicions"),
        pytest.param("mitsumori.request.received.v1.held", ("honeypot", "many-links"), id="with is_held"),
    ],
)
def test_a_request_is_suspicious_only_where_it_says_so(name: str, suspicions: tuple[str, ...]) -> None:
    record = golden(GOLDEN / f"{name}.json")

    event = read(record.topic, record.headers, record.bytes())

    assert isinstance(event, RequestReceived)
    assert event.suspicions == suspicions


@pytest.mark.parametrize(
    ("fields", "is_held"),
    [
        pytest.param({}, False, id="older than suspicions"),
        pytest.param({"suspicions": ["too-fast", "no-start"]}, False, id="older than is_held: other suspicions"),
        pytest.param({"suspicions": ["no-start", "honeypot"]}, True, id="older than is_held: a filled honeypot"),
        pytest.param({"suspicions": ["many-links"], "is_held": True}, True, id="intake holds it for another reason"),
        pytest.param({"suspicions": ["honeypot"], "is_held": False}, False, id="intake no longer holds a honeypot"),
    ],
)
def test_a_request_is_held_as_intake_says_and_an_older_one_for_a_filled_honeypot(
    fields: dict[str, Any], *, is_held: bool
) -> None:
    """The rule is intake's: readers must not repeat it, or they would disagree when it changes."""
    record = golden(GOLDEN / "mitsumori.request.received.v1.json")

    event = read(record.topic, record.headers, record._replace(body=record.body | fields).bytes())

    assert isinstance(event, RequestReceived)
    assert event.is_held is is_held
    assert json.loads(event.to_json())["is_held"] is is_held


@pytest.mark.parametrize("fields", [{"suspicions": 5}, {"suspicions": None}, {"is_held": "perhaps"}], ids=str)
def test_a_request_with_unreadable_suspicions_is_refused(fields: dict[str, Any]) -> None:
    record = golden(GOLDEN / "mitsumori.request.received.v1.json")

    with pytest.raises(Invalid, match="bad-body"):
        read(record.topic, record.headers, record._replace(body=record.body | fields).bytes())


@pytest.mark.parametrize(
    "moment", ["2000-01-01T08:00:00+09:00", "2199-12-31T23:59:59-01:00", "2200-01-01T00:00:00+09:00"]
)
def test_a_moment_is_of_our_time_in_utc_too(moment: str) -> None:
    """New Year of 2000 in Tokyo was read, then stored in UTC, where it is 1999: its case could never be read again.

    What is refused as it comes is one dead letter, with its bytes.
    """
    record = golden(GOLDEN / "mitsumori.request.received.v1.json")

    with pytest.raises(Invalid, match="bad-body"):
        read(record.topic, record.headers, record._replace(body=record.body | {"accepted_at": moment}).bytes())


@pytest.mark.parametrize("record", EVERY_RECORD)
def test_an_event_read_on_the_wrong_topic_is_refused(record: Record) -> None:
    elsewhere = next(topic for topic in TOPICS if topic != record.topic)

    with pytest.raises(Invalid, match="unknown-type"):
        read(elsewhere, record.headers, record.bytes())


@pytest.mark.parametrize("record", EVERY_RECORD)
def test_a_version_from_the_future_is_refused_and_not_guessed(record: Record) -> None:
    headers = record.headers | {"ce_type": record.headers["ce_type"].replace(".v1", ".v2")}

    with pytest.raises(Invalid, match="unknown-type"):
        read(record.topic, headers, record.bytes())


def test_every_event_has_a_golden_file() -> None:
    kept = {golden(path).headers["ce_type"] for path in GOLDEN.glob("*.json")}

    assert kept == {event.type for event in PUBLISHED}


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_a_golden_file_is_named_for_its_event(path: Path) -> None:
    assert path.stem.startswith(golden(path).headers["ce_type"])


@pytest.mark.parametrize("record", EVERY_RECORD)
def test_a_republished_event_has_the_id_it_had(record: Record) -> None:
    """Readers know a repetition by `ce_id`; it comes from the document and the fact, never from chance or time."""
    ids = ("edition_id", "count_id", "copy_id", "letter_id", "decision_id", "quote_id", "request_id")
    of_document = next(record.body[name] for name in ids if name in record.body)

    assert record.headers["ce_id"] == event_id(of_document, record.headers["ce_type"])


@pytest.mark.parametrize("record", EVERY_RECORD)
def test_the_headers_are_those_that_the_envelope_writes(record: Record) -> None:
    event = read(record.topic, record.headers, record.bytes())
    moment = next(getattr(event, name) for name in type(event).model_fields if name.endswith("_at"))
    headers = record.headers

    written = Envelope(
        id=headers["ce_id"],
        type=event.type,
        source=headers["ce_source"],
        subject=event.request_id,
        time=moment,
        traceparent=headers.get("traceparent"),
    ).headers()

    assert written == headers


@pytest.mark.parametrize("request_id", ["", "a/b", "..", "a b", "日本", "x" * 65])
def test_an_event_about_an_id_that_no_address_can_hold_is_refused(request_id: str) -> None:
    """It was read and listed, and nobody could open it: `/cases/a/b` is another page, and so is `/cases/`."""
    with pytest.raises(ValidationError, match="request_id"):
        RequestErased(request_id=request_id, erased_at=datetime(2026, 11, 24, 3, 0, tzinfo=UTC))
