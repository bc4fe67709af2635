"""What `mitsumori demo` finds when it checks the outcome from outside: HTTP, MongoDB, the topics, the Maildir.

It takes no service's word: it reads each of these places itself, and all of them must agree.
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

from local.intake_client import SentRequest
from local.maildir import Maildir
from services.registry import service
from shared.events import TOPICS, LetterSent, QuoteOffered, QuoteReferred, RequestReceived
from shared.runtime.kafka_address import KafkaAddress

_TOPICS_TIMEOUT_S = 15
_OF_NO_REQUEST = frozenset({"resume", "colleague-asked", "colleague-answered"})
"""Mails around a form that is not sent yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One event as it was read from a topic."""

    id: str
    type: str
    request_id: str
    body: Mapping[str, Any]


@dataclass
class Findings:
    """The result of an audit. All is well when nothing is missing."""

    missing: list[str] = field(default_factory=list)
    """A sentence for each thing that is not there, or is there too often."""
    letters: Counter[str] = field(default_factory=Counter)
    """Mails in the mailbox, by kind."""
    latencies_ms: list[float] = field(default_factory=list)
    """For every mail: the time from the acceptance of its request (202) until the mail server had the mail."""


def audit(
    sent: Sequence[SentRequest], states: Mapping[str, Mapping[str, Any]], mongo: str, kafka: str, maildir: Maildir
) -> Findings:
    """Check every outcome of the requests *sent*. *states* are the answers of the status API, by request id."""
    findings = Findings()
    _audit_status(sent, states, findings)
    _audit_ledger(sent, mongo, findings)
    try:
        records = asyncio.run(asyncio.wait_for(_records(kafka), _TOPICS_TIMEOUT_S))
    except (KafkaError, OSError, TimeoutError) as error:
        findings.missing.append(f"トピックを読めません ({type(error).__name__})")
        records = {}
    _audit_topics(sent, records, findings)
    _audit_mails(sent, records, maildir, findings)
    return findings


def is_complete(sent: SentRequest, state: Mapping[str, Any]) -> bool:
    """Whether the API says that the request has ended as it should, and that its letters were sent."""
    return state.get("state") == sent.scenario.ending and _sent_letters(state) == sent.scenario.letters


def _audit_status(sent: Sequence[SentRequest], states: Mapping[str, Mapping[str, Any]], findings: Findings) -> None:
    for request in sent:
        state, due = states[request.request_id], request.scenario
        if state.get("state") != due.ending:
            findings.missing.append(f"{request.label}: 状態 {due.ending}(API の回答: {state.get('state')})")
        for kind in sorted(due.letters - _sent_letters(state)):
            findings.missing.append(f"{request.label}: メール {kind}(API の回答: {state.get('letters', {}).get(kind)})")


def _audit_ledger(sent: Sequence[SentRequest], mongo: str, findings: Findings) -> None:
    """The databases hold one request, one quote where one is due, and one letter of each kind."""
    try:
        with MongoClient[dict[str, Any]](mongo, serverSelectionTimeoutMS=2000) as client:
            for request in sent:
                due, mine = request.scenario, {"request_id": request.request_id}
                requests = client[service("intake").database]["requests"].count_documents({"_id": request.request_id})
                quotes = client[service("rating").database]["quotes"].count_documents(mine)
                letters = client[service("notify").database]["letters"].find(mine, {"kind": 1})
                kinds = Counter(letter["kind"] for letter in letters)
                _expect(findings, f"{request.label}: MongoDB の受付", requests, 1)
                _expect(findings, f"{request.label}: MongoDB の見積り", quotes, int(due.ending != "documents_only"))
                for kind in sorted(due.letters | set(kinds)):
                    what = f"{request.label}: MongoDB のメール {kind}"
                    _expect(findings, what, kinds[kind], int(kind in due.letters))
    except PyMongoError as error:
        findings.missing.append(f"MongoDB を読めません ({type(error).__name__})")


def _audit_topics(sent: Sequence[SentRequest], records: Mapping[str, Sequence[Record]], findings: Findings) -> None:
    """The topics hold one event of each type that is due. One published twice, with the same id, counts once."""
    for request in sent:
        ids = defaultdict[str, set[str]](set)
        for record in records.get(request.request_id, ()):
            ids[record.type].add(record.id)
        due = {
            RequestReceived.type: 1,
            QuoteOffered.type: int(request.scenario.ending == "quoted"),
            QuoteReferred.type: int(request.scenario.ending == "referred"),
            LetterSent.type: len(request.scenario.letters),
        }
        for event_type, count in due.items():
            _expect(findings, f"{request.label}: イベント {event_type}", len(ids[event_type]), count)


def _audit_mails(
    sent: Sequence[SentRequest], records: Mapping[str, Sequence[Record]], maildir: Maildir, findings: Findings
) -> None:
    """The mailbox holds one mail of each kind that is due. Copies have the same Message-ID."""
    arrivals = defaultdict[str, list[datetime]](list)
    for name in maildir.names():
        mail = maildir.read(name)
        letter_id = str(mail.message["message-id"]).strip("<>").partition("@")[0]
        arrivals[letter_id].append(mail.arrived_at)
    for request in sent:
        kinds = Counter[str]()
        for letter_id, kind in _letters(records.get(request.request_id, ())):
            copies = arrivals.pop(letter_id, [])
            kinds[kind] += bool(copies)
            if len(copies) > 1:
                findings.missing.append(f"{request.label}: メール {kind} が {len(copies)} 通あります")
            findings.latencies_ms += [_ms(arrival - request.accepted_at) for arrival in copies[:1]]
        due = request.scenario.letters
        for kind in sorted(due | set(kinds)):
            _expect(findings, f"{request.label}: メールボックスのメール {kind}", kinds[kind], int(kind in due))
        findings.letters += kinds
    for letter_id, kind in (letter for mine in records.values() for letter in _letters(mine)):
        if kind in _OF_NO_REQUEST:
            arrivals.pop(letter_id, None)
    if arrivals:
        findings.missing.append(f"どの申込みのものか分からないメールが {len(arrivals)} 通あります")


def _letters(records: Sequence[Record]) -> Iterator[tuple[str, str]]:
    """The id and the kind of each letter that was sent, once each."""
    yield from {(record.body["letter_id"], record.body["kind"]) for record in records if record.type == LetterSent.type}


async def _records(kafka: str) -> dict[str, list[Record]]:
    """Everything on the topics, by request id."""
    records = defaultdict[str, list[Record]](list)
    async with AIOKafkaConsumer(
        *TOPICS, **KafkaAddress.parse(kafka).client_options, auto_offset_reset="earliest", group_id=None
    ) as consumer:
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for batch in (await consumer.getmany(timeout_ms=500)).values():
                for record in map(_record, batch):
                    records[record.request_id].append(record)
    return records


def _record(raw: Any) -> Record:  # noqa: ANN401  # aiokafka's records are untyped
    headers = {name: value.decode() for name, value in raw.headers}
    return Record(id=headers["ce_id"], type=headers["ce_type"], request_id=raw.key.decode(), body=json.loads(raw.value))


def _sent_letters(state: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(kind for kind, fate in state.get("letters", {}).items() if fate == "sent")


def _expect(findings: Findings, what: str, count: int, due: int) -> None:
    if count < due:
        findings.missing.append(f"{what} がありません({count}/{due})")
    elif count > due:
        findings.missing.append(f"{what} が多すぎます({count}/{due})")


def _ms(span: timedelta) -> float:
    """*span* in milliseconds, at least 0: the mail may arrive before the sender has read the acceptance."""
    return max(0.0, round(span / timedelta(milliseconds=1), 1))
