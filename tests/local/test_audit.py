"""The demo's audit must find what is wrong: a checker that never failed proves nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from pymongo import MongoClient

from local.audit import Findings, audit
from local.intake_client import SentRequest
from local.maildir import Maildir
from local.scenarios import SCENARIOS
from shared.events import LetterSent, QuoteOffered, RequestReceived

pytestmark = pytest.mark.anyio

LETTERS = ("receipt", "quote", "desk")


@dataclass
class Outcome:
    """What one quoted request leaves behind when all goes well; a test damages it before the audit."""

    sent: SentRequest = field(
        default_factory=lambda: SentRequest(
            number=1,
            scenario=SCENARIOS[0],
            request_id="audited-request",
            accepted_at=datetime.now(UTC),  # noqa: TID251  # the sender's clock
        )
    )
    state: dict[str, Any] = field(
        default_factory=lambda: {"state": "quoted", "letters": dict.fromkeys(LETTERS, "sent")}
    )
    quotes: list[str] = field(default_factory=lambda: ["q-1"])
    letters: list[tuple[str, str]] = field(default_factory=lambda: [(f"l-{kind}", kind) for kind in LETTERS])
    events: list[tuple[str, str, str, dict[str, str]]] = field(
        default_factory=lambda: [
            (RequestReceived.topic, RequestReceived.type, "e-1", {}),
            (QuoteOffered.topic, QuoteOffered.type, "e-2", {}),
            *(
                (LetterSent.topic, LetterSent.type, f"e-{kind}", {"letter_id": f"l-{kind}", "kind": kind})
                for kind in LETTERS
            ),
        ]
    )
    mails: list[str] = field(default_factory=lambda: [f"l-{kind}" for kind in LETTERS])


Audit = Callable[[Outcome], Awaitable[Findings]]


@pytest.fixture
def run_audit(mongo_uri: str, topics: str, tmp_path: Path) -> Iterator[Audit]:
    """Puts an outcome into the real ledger, topics and Maildir, and has it audited."""

    async def run_audit(outcome: Outcome) -> Findings:
        _insert(outcome, client)
        await _publish(outcome, topics)
        maildir = Maildir(tmp_path)
        for letter in outcome.mails:
            maildir.add(f"Message-ID: <{letter}@agency.example>\r\n\r\n".encode())
        states = {outcome.sent.request_id: outcome.state}
        return await asyncio.to_thread(audit, [outcome.sent], states, mongo_uri, topics, maildir)

    with MongoClient[dict[str, Any]](mongo_uri) as client:
        yield run_audit
        client["mitsumori_intake"]["requests"].delete_many({"audited": True})
        client["mitsumori_rating"]["quotes"].delete_many({"audited": True})
        client["mitsumori_notify"]["letters"].delete_many({"audited": True})


def _insert(outcome: Outcome, client: MongoClient[dict[str, Any]]) -> None:
    request = outcome.sent.request_id
    client["mitsumori_intake"]["requests"].insert_one({"_id": request, "audited": True, "reception_no": request})
    for quote in outcome.quotes:
        client["mitsumori_rating"]["quotes"].insert_one({"_id": quote, "request_id": request, "audited": True})
    for letter, kind in outcome.letters:
        document = {"_id": letter, "request_id": request, "kind": kind, "audited": True}
        client["mitsumori_notify"]["letters"].insert_one(document)


async def _publish(outcome: Outcome, kafka: str) -> None:
    key = outcome.sent.request_id.encode()
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        for topic, event_type, event, body in outcome.events:
            headers = [("ce_id", event.encode()), ("ce_type", event_type.encode())]
            await producer.send_and_wait(topic, json.dumps(body).encode(), key=key, headers=headers)


async def test_a_request_that_ended_well_misses_nothing(run_audit: Audit) -> None:
    found = await run_audit(Outcome())

    assert found.missing == []
    assert found.letters == dict.fromkeys(LETTERS, 1)
    assert len(found.latencies_ms) == 3


def damaged(row: str, damage: Callable[[Outcome], Any], finding: str) -> Any:  # noqa: ANN401  # pytest's own type is private
    return pytest.param(damage, finding, id=row)


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        damaged("the API knows no result", lambda it: it.state.update(state="received"), "状態 quoted"),
        damaged(
            "the API says a letter failed",
            lambda it: it.state["letters"].update(quote="failed"),
            "メール quote(API",
        ),
        damaged("the ledger has no quote", lambda it: it.quotes.clear(), "MongoDB の見積り がありません"),
        damaged("the ledger has two quotes", lambda it: it.quotes.append("q-2"), "MongoDB の見積り が多すぎます"),
        damaged("a letter was never written", lambda it: it.letters.pop(1), "MongoDB のメール quote がありません"),
        damaged(
            "two letters of a kind",
            lambda it: it.letters.append(("l-x", "desk")),
            "MongoDB のメール desk が多すぎ",
        ),
        damaged("the quote was not announced", lambda it: it.events.pop(1), QuoteOffered.type),
        damaged(
            "a second quote was announced",
            lambda it: it.events.append((QuoteOffered.topic, QuoteOffered.type, "e-9", {})),
            f"{QuoteOffered.type} が多すぎます",
        ),
        damaged(
            "a mail did not arrive",
            lambda it: it.mails.remove("l-quote"),
            "メールボックスのメール quote がありません",
        ),
        damaged("a mail arrived twice", lambda it: it.mails.append("l-desk"), "メール desk が 2 通あります"),
        damaged("a mail of nobody", lambda it: it.mails.append("l-else"), "分からないメールが 1 通"),
    ],
)
async def test_what_is_wrong_is_named(damage: Callable[[Outcome], Any], finding: str, run_audit: Audit) -> None:
    outcome = Outcome()
    damage(outcome)

    found = await run_audit(outcome)

    assert [line for line in found.missing if finding in line], found.missing


async def test_an_event_that_was_published_twice_is_still_one(run_audit: Audit) -> None:
    outcome = Outcome()
    outcome.events.append(outcome.events[1])

    found = await run_audit(outcome)

    assert found.missing == []
