"""The whole system seen from outside: HTTP, MongoDB, topics, the Maildir. Nothing is asked of our own code."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from pymongo import MongoClient

from local.maildir import Mail, Maildir
from local.system import System
from shared.events import TOPICS
from shared.products import load_products
from tests.plain_http import a_client

PATIENCE_S = 60.0
_Found = TypeVar("_Found")

CANARY_COMPANY = "カナリヤ商事𠮷野株式会社"
CANARY_PERSON = "髙橋 可成弥"
CANARY_ADDRESS = "東京都渋谷区鳥籠町9-8-7"
CANARY_MAIL = "canary.bird@tweet.example.jp"
CANARY_PHONE = "03-9876-5432"
CANARY_NOTE = "昨年の夏に鳥籠が破られました"
CANARY_DOMAIN = CANARY_MAIL.partition("@")[2]
CANARIES = (CANARY_COMPANY, CANARY_PERSON, CANARY_ADDRESS, CANARY_DOMAIN, CANARY_PHONE, CANARY_NOTE)
_MAILBOXES = itertools.count(1)

CONTACT = {
    "company": CANARY_COMPANY,
    "department": "総務部",
    "person": CANARY_PERSON,
    "phone": CANARY_PHONE,
    "email": CANARY_MAIL,
    "postal_code": "150-0001",
    "address": CANARY_ADDRESS,
}


def brochure_only(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  # answers are of several kinds
    """Answers of somebody who only wants a brochure by mail."""
    return {**_contact(), "brochure": "email", "quote": "no", **_consent(), **changes}


def a_quote(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  # answers are of several kinds
    """Answers of a shop with a turnover of 5億円 that wants a price; every question of 告知 3 is answered."""
    controls = {f"d3_{number:02}": "yes" if number % 2 else "no" for number in range(1, 22)}
    subs = {"d3_01_a": "yes", "d3_01_b": "no", "d3_01_c": "yes", "d3_15_a": "yes"}
    cover = {
        "industry": "retail",
        "plan": "basic",
        "liability_limit": 100_000_000,
        "cost_limit": 30_000_000,
        "liability_deductible": 100_000,
        "cost_deductible": 0,
        "rider_it": "no",
        "rider_leak_only": "no",
        "rider_fixed_premium": "yes",
    }
    asked = {"brochure": "none", "quote": "yes", "turnover": 500_000, "incidents": "no"}
    answers = {**_contact(), **asked, **controls, **subs, "d3_03": "no", "d3_22": ["none"], **cover, **_consent()}
    return {**answers, **changes}


def a_referral(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  # answers are of several kinds
    """Answers that no machine may price: there was an incident."""
    return a_quote(incidents="yes", incidents_note=CANARY_NOTE, **changes)


def _contact() -> dict[str, str]:
    """A mailbox for each request: the mails of the third one for the same mailbox would wait for staff."""
    return {**CONTACT, "email": f"canary.bird.{next(_MAILBOXES)}@{CANARY_DOMAIN}"}


def _consent() -> dict[str, str]:
    return {"privacy_consent": load_products()["cyber-security"].privacy.version}


@dataclass(frozen=True)
class Accepted:
    """What a 202 said."""

    request_id: str
    reception_no: str


@dataclass
class World:
    """A running system, and how a stranger looks into it."""

    system: System
    folder: Path
    http: httpx.Client = field(default_factory=lambda: a_client(timeout=20))

    @property
    def form(self) -> str:
        """Where customers go, without the last slash."""
        return self.system.services["intake"].url

    def post(self, answers: Mapping[str, Any], key: str | None = None) -> httpx.Response:
        """By the JSON API."""
        headers = {"Idempotency-Key": key} if key else {}
        body = {"product": "cyber-security", "answers": dict(answers)}
        return self.http.post(f"{self.form}/api/v1/requests", json=body, headers=headers)

    def submit(self, answers: Mapping[str, Any], key: str | None = None) -> Accepted:
        """Post what must be accepted. A new key unless given: equal answers without one would be the same request."""
        reply = self.post(answers, key or str(uuid4()))
        assert reply.status_code == 202, reply.text
        return Accepted(reply.json()["request_id"], reply.json()["reception_no"])

    def status(self, request: Accepted) -> dict[str, Any]:
        """What the customer's page says."""
        found: dict[str, Any] = self.http.get(f"{self.form}/api/v1/requests/{request.request_id}").json()
        return found

    def ends(self, request: Accepted, state: str, letters: set[str]) -> None:
        """Wait until the request is in *state* and exactly these letters were sent."""
        wanted = dict.fromkeys(letters, "sent")
        until(lambda: ((found := self.status(request))["state"] == state and found["letters"] == wanted) or None)

    def mongo(self) -> MongoClient[dict[str, Any]]:
        """The ledger, as an operator opens it by hand."""
        return MongoClient(self.system.mongo, tz_aware=True)

    def mails(self, request: Accepted) -> list[Mail]:
        """The mails that name this request's 受付番号, oldest first."""
        box = Maildir(self.folder / "maildir")
        mails = [Mail(box.folder / "new" / name) for name in reversed(box.names())]
        return [mail for mail in mails if request.reception_no in _text(mail)]

    def mail_counts(self, request: Accepted) -> Counter[str]:
        """How many letters each recipient got; every mailbox of the canary's domain is `CANARY_MAIL`.

        A second copy is no second letter when its bytes are the same and notify says that the mail server had left
        the fate of the first one open (RFC 1047): nobody can do better after a crash in that gap.
        """
        with self.mongo() as client:
            doubtful = client["mitsumori_notify"]["outcomes"].find(
                {"request_id": request.request_id, "ambiguous": True}
            )
            in_doubt = {f"<{letter['_id']}@" for letter in doubtful}
        letters: dict[bytes, str] = {}
        copies: list[str] = []
        for mail in self.mails(request):
            recipient = str(mail.message["to"].addresses[0].addr_spec)
            excused = str(mail.message["message-id"]).partition("@")[0] + "@" in in_doubt
            if mail.content not in letters or not excused:
                copies.append(CANARY_MAIL if recipient.endswith(f"@{CANARY_DOMAIN}") else recipient)
            letters[mail.content] = recipient
        return Counter(copies)

    def dead_letters(self, service: str) -> list[dict[str, Any]]:
        """What *service* has set aside."""
        with self.mongo() as client:
            return list(client[f"mitsumori_{service}"]["dead_letters"].find())

    def records(self, topic: str) -> list[Any]:
        """Everything on *topic*, from the beginning."""
        return asyncio.run(_records(self.system.broker.address, topic))

    def publish(self, topic: str, key: bytes, value: bytes | None, headers: Sequence[tuple[str, Any]]) -> None:
        """Put a record on *topic*, as anybody on the network could."""
        asyncio.run(_publish(self.system.broker.address, topic, key, value, headers))

    def everything_shown(self) -> Iterator[tuple[str, bytes]]:
        """All that an outsider with access to logs, metrics and topics can read, with its name."""
        for log in self._logs():
            yield log.name, log.read_bytes()
        for name, service in self.system.services.items():
            yield f"metrics of {name}", self.http.get(service.metrics).content
        for topic in TOPICS:
            for record in self.records(topic):
                yield topic, repr((record.key, record.value, record.headers)).encode() + (record.value or b"")

    def _logs(self) -> list[Path]:
        """Of every process; what a database and a broker call logs in their data folders is data."""
        found = {*self.folder.rglob("*.log*"), *self.folder.rglob("*.out")}
        data = [self.folder / "mongo" / "data", self.folder / "kafka" / "data"]
        return sorted(path for path in found if path.is_file() and not set(data) & set(path.parents))


@cache
def _text(mail: Mail) -> str:
    """Read once: while forms flow there are thousands of mails."""
    return mail.text


def until(look: Callable[[], _Found | None], patience_s: float = PATIENCE_S) -> _Found:
    """What *look* finds, as soon as it finds something. Fails when the patience is over."""
    deadline = time.monotonic() + patience_s
    while not (found := look()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found


async def _records(kafka: str, topic: str) -> list[Any]:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = consumer.assignment()
        missing = sum((await consumer.end_offsets(places)).values())
        found: list[Any] = []
        while len(found) < missing:
            batches = await consumer.getmany(timeout_ms=1000)
            found += [record for batch in batches.values() for record in batch]
        return found
    finally:
        await consumer.stop()


async def _publish(kafka: str, topic: str, key: bytes, value: bytes | None, headers: Sequence[tuple[str, Any]]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await producer.start()
    try:
        await producer.send_and_wait(topic, value, key=key, headers=list(headers))
    finally:
        await producer.stop()
