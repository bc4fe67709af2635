"""One request's whole life as the four ledgers have it, in order of time and without personal data.

For `mitsumori trace`. It reads documents and opens no parcel; of each it takes moments, ids and words of machines only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from bson.codec_options import CodecOptions

from local.ledgers import Ledgers, open_ledgers, request_called
from services.registry import SERVICES, service
from shared.runtime.masked import as_name

Document = Mapping[str, Any]
NO_MOMENT: Final = datetime.min.replace(tzinfo=UTC)
"""Of what has none that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What *service* has kept: `at` that moment, `what` became true. `details`: words of machines and numbers."""

    at: datetime
    service: str
    what: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """`trace_id`: of the form's post, in every service's traces. `entries`: the oldest first."""

    reception_no: str
    request_id: str
    trace_id: str
    entries: tuple[Entry, ...]


def trace_request(mongo: str, name: str) -> Trace | None:
    """Of the request with this 受付番号 or id. None: there is none. Raises `Invalid` or `Unavailable`."""
    with open_ledgers(mongo) as client:
        documents = _Ledgers(client)
        received = documents.find("intake", "requests", request_called(name))
        return _trace(documents, received[0]) if received else None


class _Ledgers:
    def __init__(self, client: Ledgers) -> None:
        self._client = client

    def find(self, name: str, collection: str, query: Document) -> list[dict[str, Any]]:
        """The documents, without the bytes of letters and the bodies of what was set aside."""
        database = self._client[service(name).database]
        options: CodecOptions[dict[str, Any]] = database.codec_options
        without = {"pieces": 0, "content": 0, "body": 0, "relay.body": 0}
        return list(database.get_collection(collection, options).find(query, without))


def _trace(ledgers: _Ledgers, received: Document) -> Trace:
    request_id = str(received["_id"])
    of_request = {"request_id": request_id}
    letters = {str(one["_id"]): str(one.get("kind")) for one in ledgers.find("notify", "letters", of_request)}
    entries = [
        *_received(received),
        *_quotes(ledgers, of_request),
        *_letters(ledgers, request_id, letters),
        *_of_desk(ledgers, request_id),
        *_set_aside(ledgers, request_id),
        *_erased(ledgers, request_id),
    ]
    parent = str(received.get("relay", {}).get("headers", {}).get("traceparent", ""))
    return Trace(
        reception_no=str(received["reception_no"]),
        request_id=request_id,
        trace_id=as_name(parent.split("-")[1]) if parent.count("-") == 3 else "",  # noqa: PLR2004  # W3C Trace Context
        entries=tuple(sorted(entries, key=lambda entry: entry.at)),
    )


def _received(document: Document) -> Iterator[Entry]:
    wishes: Document = document.get("wishes", {})
    facts = {"form": document.get("form_version"), "brochure": wishes.get("brochure"), "quote": wishes.get("quote")}
    yield _entry("intake", document.get("accepted_at"), "受付", {**facts, **_sent(document)})


def _quotes(ledgers: _Ledgers, of_request: Document) -> Iterator[Entry]:
    for one in ledgers.find("rating", "quotes", of_request):
        what = "見積り" if one.get("result") == "offered" else "要確認"
        tariff: Document = one.get("tariff") or {}
        facts = {"quote_id": one.get("quote_id"), "revision": one.get("revision"), "tariff": tariff.get("id")}
        yield _entry("rating", one.get("issued_at"), what, {**facts, "basis": one.get("basis"), **_sent(one)})


def _letters(ledgers: _Ledgers, request_id: str, letters: Mapping[str, str]) -> Iterator[Entry]:
    of_request = {"request_id": request_id}
    for one in ledgers.find("notify", "letters", of_request):
        waits = "waiting" if "due" in one else None
        yield _entry(
            "notify", one.get("created_at"), "メール作成", {"kind": one.get("kind"), "state": waits} | _id(one)
        )
    for one in ledgers.find("notify", "attempts", {"letter_id": {"$in": [*letters]}}):
        facts = {"kind": letters[one["letter_id"]], "step": one.get("step"), "number": one.get("number")}
        result = {"outcome": one.get("outcome"), "code": one.get("code")}
        yield _entry("notify", one.get("at"), "メール送信の試行", facts | result)
    for one in ledgers.find("notify", "outcomes", of_request):
        what = "メール送信済" if one.get("sent") else "メール失敗"
        facts = {"kind": one.get("kind"), "reason": one.get("reason"), "attempts": one.get("attempts")}
        doubt = {"ambiguous": one.get("ambiguous") or None, "code": one.get("code")}
        yield _entry("notify", one.get("at"), what, facts | doubt | _sent(one))
    for one in ledgers.find("notify", "bounces", of_request):
        facts = {"kind": one.get("kind"), "reason": one.get("reason"), "status": one.get("status")}
        yield _entry("notify", one.get("at"), "メール不達", facts | _sent(one))


def _of_desk(ledgers: _Ledgers, request_id: str) -> Iterator[Entry]:
    for name in ("requests", "quotes", "letters"):
        for one in ledgers.find("dashboard", name, {"$or": [{"request_id": request_id}, {"_id": request_id}]}):
            yield _entry("dashboard", one.get("at"), "記録を受信", {"type": one.get("type")})
    for one in ledgers.find("dashboard", "decisions", {"request_id": request_id}):
        yield _entry("dashboard", one.get("at"), "職員の処理", {"type": one.get("type")} | _id(one) | _sent(one))


def _set_aside(ledgers: _Ledgers, request_id: str) -> Iterator[Entry]:
    for each in SERVICES:
        for one in ledgers.find(each.name, "dead_letters", {"subject": request_id}):
            facts = {"topic": one.get("topic"), "reason": one.get("reason"), "waits_for": one.get("waits_for")}
            yield _entry(each.name, one.get("first_seen"), "処理できず保留", facts | _id(one))
            if end := one.get("end"):
                what = "もう一度処理" if end == "retried" else "破棄"
                yield _entry(each.name, one.get("ended_at"), what, {"by": one.get("ended_by")} | _id(one))


def _erased(ledgers: _Ledgers, request_id: str) -> Iterator[Entry]:
    for each in SERVICES:
        for one in ledgers.find(each.name, "erased", {"_id": request_id}):
            yield _entry(each.name, one.get("erased_at"), "消去", _sent(one))


def _sent(document: Document) -> dict[str, object]:
    """Whether the other services have been told: `sent`, or `pending`, or `parked`, which a person must look at."""
    return {"event": document.get("relay", {}).get("state")}


def _id(document: Document) -> dict[str, object]:
    return {"id": document["_id"]}


def _entry(name: str, at: object, what: str, details: Mapping[str, object]) -> Entry:
    shown = {key: as_name(str(value)) for key, value in details.items() if value is not None}
    moment = at if isinstance(at, datetime) else NO_MOMENT
    return Entry(at=moment, service=name, what=what, details=shown)
