"""What `mitsumori demo` finds when it looks at the outcome from outside: HTTP, MongoDB, the topics, the Maildir.

It believes no service: each place is asked on its own, and all must tell the same story.
"""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from local.customers import Sent
from local.maildir import Maildir
from shared.events import TOPICS, LetterSent, QuoteOffered, QuoteReferred, RequestReceived

_TOPICS_TIMEOUT_S = 15


@dataclass(frozen=True, slots=True)
class Record:
    """One event as it stands on a topic."""

    id: str
    type: str
    request_id: str
    body: Mapping[str, Any]


@dataclass
class Findings:
    """What was found, and what was not."""

    missing: list[str] = field(default_factory=list)
    letters: Counter[str] = field(default_factory=Counter)
    """Mails in the mailbox, by kind."""
    latencies_ms: list[float] = field(default_factory=list)
    """For every mail: from the moment its sender had the acceptance to the moment the mail server had the mail."""


def audit(
    sent: Sequence[Sent], states: Mapping[str, Mapping[str, Any]], mongo: str, kafka: str, maildir: Maildir
) -> Findings:
    """Everything that is missing of what *sent* should have led to. *states* is what the API says, by request."""
    found = Findings()
    _audit_status(sent, states, found)
    _audit_ledger(sent, mongo, found)
    try:
        records = asyncio.run(asyncio.wait_for(_records(kafka), _TOPICS_TIMEOUT_S))
    except (KafkaError, OSError, TimeoutError) as error:
        found.missing.append(f"トピックを読めません ({type(error).__name__})")
        records = {}
    _audit_topics(sent, records, found)
    _audit_mails(sent, records, maildir, found)
    return found


def is_complete(sent: Sent, state: Mapping[str, Any]) -> bool:
    """The API says that it has ended as it should, and that its letters are out."""
    return state.get("state") == sent.story.ending and _sent_letters(state) == sent.story.letters


def _audit_status(sent: Sequence[Sent], states: Mapping[str, Mapping[str, Any]], found: Findings) -> None:
    for one in sent:
        state = states[one.request_id]
        if state.get("state") != one.story.ending:
            found.missing.append(f"{one.label}: 状態 {one.story.ending}(API の回答: {state.get('state')})")
        for kind in sorted(one.story.letters - _sent_letters(state)):
            found.missing.append(f"{one.label}: メール {kind}(API の回答: {state.get('letters', {}).get(kind)})")


def _audit_ledger(sent: Sequence[Sent], mongo: str, found: Findings) -> None:
    """One request, one quote where one is due, one letter of each kind."""
    try:
        with MongoClient[dict[str, Any]](mongo, serverSelectionTimeoutMS=2000) as client:
            for one in sent:
                mine = {"request_id": one.request_id}
                requests = client["mitsumori_intake"]["requests"].count_documents({"_id": one.request_id})
                quotes = client["mitsumori_rating"]["quotes"].count_documents(mine)
                kinds = Counter(
                    letter["kind"] for letter in client["mitsumori_notify"]["letters"].find(mine, {"kind": 1})
                )
                _expect(found, f"{one.label}: MongoDB の受付", requests, 1)
                _expect(found, f"{one.label}: MongoDB の見積り", quotes, int(one.story.ending != "documents_only"))
                for kind in sorted(one.story.letters | set(kinds)):
                    _expect(found, f"{one.label}: MongoDB のメール {kind}", kinds[kind], int(kind in one.story.letters))
    except PyMongoError as error:
        found.missing.append(f"MongoDB を読めません ({type(error).__name__})")


def _audit_topics(sent: Sequence[Sent], records: Mapping[str, Sequence[Record]], found: Findings) -> None:
    """One event of each fact. A relay may publish one twice, with the same id: that is still one."""
    for one in sent:
        ids = defaultdict[str, set[str]](set)
        for record in records.get(one.request_id, ()):
            ids[record.type].add(record.id)
        due = {
            RequestReceived.type: 1,
            QuoteOffered.type: int(one.story.ending == "quoted"),
            QuoteReferred.type: int(one.story.ending == "referred"),
            LetterSent.type: len(one.story.letters),
        }
        for event_type, count in due.items():
            _expect(found, f"{one.label}: イベント {event_type}", len(ids[event_type]), count)


def _audit_mails(
    sent: Sequence[Sent], records: Mapping[str, Sequence[Record]], maildir: Maildir, found: Findings
) -> None:
    """One mail of each due kind, one copy by Message-ID."""
    arrivals = defaultdict[str, list[datetime]](list)
    for name in maildir.names():
        mail = maildir.read(name)
        letter_id = str(mail.message["message-id"]).strip("<>").partition("@")[0]
        arrivals[letter_id].append(mail.arrived_at)
    for one in sent:
        kinds = Counter[str]()
        for letter_id, kind in _letters(records.get(one.request_id, ())):
            copies = arrivals.pop(letter_id, [])
            kinds[kind] += bool(copies)
            if len(copies) > 1:
                found.missing.append(f"{one.label}: メール {kind} が {len(copies)} 通あります")
            found.latencies_ms += [_ms(arrival - one.accepted_at) for arrival in copies[:1]]
        for kind in sorted(one.story.letters | set(kinds)):
            _expect(found, f"{one.label}: メールボックスのメール {kind}", kinds[kind], int(kind in one.story.letters))
        found.letters += kinds
    for letter_id, kind in (letter for mine in records.values() for letter in _letters(mine)):
        if kind == "resume":
            arrivals.pop(letter_id, None)  # it belongs to no request
    if arrivals:
        found.missing.append(f"どの申込みのものか分からないメールが {len(arrivals)} 通あります")


def _letters(records: Sequence[Record]) -> Iterator[tuple[str, str]]:
    """Letter id and kind, once each."""
    yield from {(record.body["letter_id"], record.body["kind"]) for record in records if record.type == LetterSent.type}


async def _records(kafka: str) -> dict[str, list[Record]]:
    """Everything on the four topics, by request."""
    found = defaultdict[str, list[Record]](list)
    async with AIOKafkaConsumer(
        *TOPICS, bootstrap_servers=kafka, auto_offset_reset="earliest", group_id=None
    ) as consumer:
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for batch in (await consumer.getmany(timeout_ms=500)).values():
                for record in map(_record, batch):
                    found[record.request_id].append(record)
    return found


def _record(raw: Any) -> Record:  # noqa: ANN401  # aiokafka's records are untyped
    headers = {name: value.decode() for name, value in raw.headers}
    return Record(headers["ce_id"], headers["ce_type"], raw.key.decode(), json.loads(raw.value))


def _sent_letters(state: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(kind for kind, fate in state.get("letters", {}).items() if fate == "sent")


def _expect(found: Findings, what: str, count: int, due: int) -> None:
    if count < due:
        found.missing.append(f"{what} がありません({count}/{due})")
    elif count > due:
        found.missing.append(f"{what} が多すぎます({count}/{due})")


def _ms(span: timedelta) -> float:
    """The mail may be out before its sender has read the acceptance; that is no negative waiting."""
    return max(0.0, round(span / timedelta(milliseconds=1), 1))
