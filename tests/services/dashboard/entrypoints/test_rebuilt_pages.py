"""What the desk shows is made of facts: whatever else is lost is made again from them, the same as before.

A day of the desk is lived on a real mongod: events come in by Kafka's entrypoint, staff decide, and take back. Then
the read model is made again; and then the whole database is lost, and every event is read again from the topics, in
other orders and twice.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from operator import itemgetter
from typing import Any, Final

import pytest
from faststream.kafka import KafkaBroker, TestKafkaBroker
from httpx import ASGITransport, AsyncClient

from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_decisions import MongoDecisions
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.domain.awaits_release import awaits_release_of
from services.dashboard.domain.due import due_of
from services.dashboard.domain.facts import Decided, Fact, fact_id
from services.dashboard.domain.listing import Order, Tab
from services.dashboard.entrypoints.consumer import subscribe
from services.dashboard.ports.cases import Added, Withdrawn
from services.dashboard.usecases.index_case import IndexCase
from services.dashboard.usecases.list_cases import ListCases
from services.dashboard.usecases.record_fact import RecordFact
from services.dashboard.usecases.summarise import RebuildSummaries, SummariseCases, SummariseTogether
from services.dashboard.usecases.webhooks import QueueMessages
from shared.events import DecisionWithdrawn, Envelope, LetterSent, event_id
from shared.events.envelope import SIGNATURE
from shared.products import load_products
from shared.runtime.adapters.mongo import Database
from shared.runtime.signatures import SIGNERS
from tests.services.dashboard.builders import (
    COVER,
    NOON,
    OPENER,
    REQUEST,
    SEARCH_KEYS,
    a_closing,
    a_contact,
    a_correction,
    a_decision,
    a_desk_parcel_of,
    a_letter_failed,
    a_letter_sent,
    a_manual_offer,
    a_note,
    a_posting,
    a_referral,
    a_release,
    a_release_of_mails,
    a_reopening,
    a_request,
    a_withdrawal,
    an_approval_asked,
    an_assignment,
    an_offer,
)
from tests.services.dashboard.fakes import (
    InMemoryAudit,
    InMemoryDashboard,
    InMemoryDeadLetters,
    InMemoryDeliveries,
    InMemorySubscriptions,
    consuming,
    log_in,
)
from tests.shared.runtime.builders import SIGNER_OF
from tests.shared.runtime.fakes import a_consumer

pytestmark = pytest.mark.anyio

EVENING: Final = NOON + timedelta(hours=6)
DUE: Final = due_of(load_products())


def of(request_id: str, letter: LetterSent) -> LetterSent:
    """The same letter about another request."""
    return letter.model_copy(update={"request_id": request_id, "letter_id": f"{request_id}:{letter.kind}"})


COME: Final[Sequence[Fact]] = (
    a_request(answers=COVER),
    an_offer(),
    a_letter_sent("receipt"),
    a_letter_failed(),
    a_letter_sent(after=timedelta(minutes=50)),
    a_manual_offer(),
    a_request("referred", reception_no="REFERRED", at=NOON + timedelta(minutes=1), company="株式会社みほん"),
    a_referral(request_id="referred"),
    of("referred", a_letter_sent("referral")),
    a_request("held", reception_no="HELDHELD", suspicions=("honeypot", "too-fast")),
    an_offer(81_000, request_id="held"),
    a_request("postal", reception_no="POSTAL22", brochure="post", quote=False),
    of("postal", a_letter_sent("receipt")),
    a_request("sealed", reception_no="SEALED22", parcels=a_desk_parcel_of(b"{}")),
    a_request("plain", reception_no="PLAINPLN", brochure="none"),
    # A quote whose request is lost: it is no case, whenever it comes.
    an_offer(request_id="unheard-of"),
)
DECIDED: Final[Sequence[Decided]] = (
    an_assignment(),
    a_note(),
    a_contact(outcome="call-again", again_at=NOON + timedelta(days=1)),
    a_decision(content={"terms": {}, "premium": 81_230, "reason": "本社の承認による"}),
    an_approval_asked(),
    a_correction(),
    a_release(),
    an_assignment("referred", "desk"),
    a_contact("referred", "reached"),
    a_closing("referred", "declined"),
    a_reopening("referred"),
    a_posting("postal"),
    a_closing("postal"),
    a_release_of_mails().model_copy(update={"request_id": "held"}),
)
TAKEN_BACK: Final[Mapping[str, DecisionWithdrawn]] = {
    fact_id(a_release()): a_withdrawal(a_release(), minutes=60),
    fact_id(a_correction()): a_withdrawal(a_correction(), minutes=61),
}


_OF_THIS_VIEW: Final = re.compile(r'(?<=name="(?:page|seen)" value=")[0-9a-f]+')
"""The random text by which a form that is sent twice is known, another one each time a page is shown; and the number
of the last decision, which only the database has that gave it."""


@dataclass(frozen=True)
class Reader:
    """The dashboard's own parts over one database, as the process has them."""

    database: Database

    @property
    def cases(self) -> MongoCases:
        return MongoCases(self.database)

    @property
    def summaries(self) -> MongoSummaries:
        return MongoSummaries(self.database)

    @property
    def summarise(self) -> SummariseCases:
        return SummariseCases(
            cases=self.cases,
            summaries=self.summaries,
            due=DUE,
            answer_due=DUE.first_answer,
            awaits_release=awaits_release_of(load_products()),
            index=IndexCase(OPENER, SEARCH_KEYS),
            opener=OPENER,
        )

    async def rebuild(self) -> None:
        await RebuildSummaries(cases=self.cases, summaries=self.summaries, summarise=self.summarise, rules=DUE.rules)()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[KafkaBroker]:
        """What is published to the broker inside the block is recorded."""
        broker = KafkaBroker()
        queue = QueueMessages(
            subscriptions=InMemorySubscriptions(), deliveries=InMemoryDeliveries(), now=lambda: EVENING
        )
        record = RecordFact(
            cases=self.cases,
            summarise=SummariseTogether(self.summarise),
            queue_messages=queue,
            summaries=MongoSummaries(self.database),
            opener=OPENER,
        )
        _, keep_count, keep_copy, erase = consuming(self.cases)
        subscribe(a_consumer(broker), record, keep_count, keep_copy, erase)
        async with TestKafkaBroker(broker):
            yield broker

    async def shows(self) -> dict[str, Any]:
        """All that depends on the facts: each document of the read model, each list and the page of each case."""
        summaries = await self.database["cases"].find().sort("_id").to_list(None)
        dashboard = InMemoryDashboard(stored=self.cases, time=EVENING)
        app = dashboard.app()
        list_cases = ListCases(
            summaries=self.summaries,
            cases=self.cases,
            opener=OPENER,
            keys=SEARCH_KEYS,
            set_aside=InMemoryDeadLetters(),
            audit=InMemoryAudit(),
            now=lambda: EVENING,
        )
        app.state.dependencies = replace(app.state.dependencies, list_cases=list_cases)
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url=dashboard.origin) as browser:
            await log_in(browser)
            lists = (
                [f"/?tab={tab}" for tab in Tab] + [f"/?order={order}" for order in Order] + ["/?q=みほん", "/?q=5678"]
            )
            paths = [*lists, *(f"/cases/{one['_id']}" for one in summaries), "/figures"]
            pages = {path: _OF_THIS_VIEW.sub("", (await browser.get(path)).text) for path in paths}
        return {**{f"summary of {one['_id']}": one for one in summaries}, **pages}


@dataclass(frozen=True, slots=True)
class Record:
    """What lies on a topic."""

    topic: str
    key: str
    headers: Mapping[str, str]
    body: str

    async def publish(self, broker: KafkaBroker) -> None:
        signed = dict(self.headers)
        if self.topic in SIGNERS:
            signer = SIGNER_OF[SIGNERS[self.topic]]
            signed[SIGNATURE] = signer.sign(self.topic, self.key.encode(), signed, self.body.encode())
        await broker.publish(self.body.encode(), self.topic, key=self.key.encode(), headers=signed)


def record_of(fact: Fact) -> Record:
    envelope = Envelope(
        id=event_id(fact_id(fact), fact.type), type=fact.type, source="/test", subject=fact.request_id, time=NOON
    )
    return Record(fact.topic, fact.request_id, envelope.headers(), fact.to_text())


async def a_day(reader: Reader) -> list[Record]:
    """Live it. Returns all that was published: nobody ever hears of a decision that was taken back."""
    decisions = MongoDecisions(reader.database, lambda _entry: None)
    await decisions.prepare()
    async with reader.reading() as broker:
        for fact in COME:
            await record_of(fact).publish(broker)
    for number, decision in enumerate(DECIDED):
        kept = await decisions.add(decision, after=number)
        assert kept is Added.KEPT
        if withdrawal := TAKEN_BACK.get(fact_id(decision)):
            after = number + len(DECIDED)
            withdrawn = await decisions.withdraw(fact_id(decision), withdrawal, after=after, before=NOON)
            assert withdrawn is Withdrawn.DONE
    await reader.summarise([*{fact.request_id for fact in COME}])
    entries = [document["relay"] for document in await reader.database["decisions"].find().to_list(None)]
    published = [Record(one["topic"], one["key"], one["headers"], one["body"]) for one in entries]
    return [record_of(fact) for fact in COME] + published


def in_disorder(records: Sequence[Record], seed: int) -> list[Record]:
    """In an order by chance, which is the same each time."""
    places = [sha256(f"{seed}:{place}".encode()).digest() for place in range(len(records))]
    return [record for _, record in sorted(zip(places, records, strict=True), key=itemgetter(0))]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Which of all that is shown is not the same."""
    return [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


def unnumbered(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Without the numbers of decisions, which are in no event."""
    return {name: {**one, "decisions": 0} if isinstance(one, dict) else one for name, one in shown.items()}


async def test_a_day_shows_something_of_everything(database: Database) -> None:
    """Else nothing would be compared below."""
    await a_day(reader := Reader(database))

    shown = await reader.shows()

    assert {name for name in shown if name.startswith("summary")} == {
        f"summary of {one}" for one in (REQUEST, "referred", "held", "postal", "sealed", "plain")
    }
    assert "REFERRED" in shown["/?q=みほん"]
    assert "取り消し" in shown[f"/cases/{REQUEST}"]
    assert "right@canary.example.jp" not in shown[f"/cases/{REQUEST}"]


async def test_the_read_model_is_made_again_from_the_facts(database: Database) -> None:
    await a_day(reader := Reader(database))
    broken = {"_id": "odd", "request_id": "plain", "type": "mitsumori.of.tomorrow.v9", "at": NOON, "event": {}}
    await database["quotes"].insert_one(broken)
    await reader.summarise(["plain"])
    before = await reader.shows()

    await database["cases"].drop()
    await reader.rebuild()

    assert differences(before, await reader.shows()) == []


async def test_the_read_model_is_made_again_while_the_old_one_is_there(database: Database) -> None:
    await a_day(reader := Reader(database))
    before = await reader.shows()
    await database["cases"].update_many({}, {"$set": {"premium_yen": 1, "assignee": "somebody"}})

    await reader.rebuild()

    assert differences(before, await reader.shows()) == []


@pytest.mark.parametrize("seed", range(5))
async def test_a_lost_database_is_made_again_from_the_topics_in_whatever_order(database: Database, seed: int) -> None:
    published = await a_day(reader := Reader(database))
    before = await reader.shows()
    again = in_disorder([*published, *published], seed)

    await database.client.drop_database(database.name)
    async with reader.reading() as broker:
        for record in again:
            await record.publish(broker)

    assert differences(unnumbered(before), unnumbered(await reader.shows())) == []
    assert await database["dead_letters"].count_documents({}) == 0


async def test_a_read_model_of_a_lost_database_is_the_same_made_at_once_or_record_by_record(database: Database) -> None:
    published = await a_day(reader := Reader(database))
    await database.client.drop_database(database.name)
    async with reader.reading() as broker:
        for record in reversed(published):
            await record.publish(broker)
    before = await reader.shows()

    await reader.rebuild()

    assert differences(before, await reader.shows()) == []
