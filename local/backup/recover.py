"""What happened after the backup and still is on the topics: it is put back into the ledgers before these are deleted.

That are the requests that were acknowledged, the erasures, and which letters were sent. Every id is the one of before,
and so is every text that is published again: it may say more than this version knows. What services made of the
requests they make again; what staff did is on its topic too, but only staff can repeat it.

A record of a type that this version does not know is set aside for its readers, as if they had read it: the first
process that knows the type works on it.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import chain
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from local.kafka_admin import with_admin
from local.topic_records import batches_since
from services.intake.adapters.mongo import MongoRequests
from services.intake.adapters.mongo_erasures import MongoErasures
from services.intake.domain.request import Request
from services.notify.adapters.letter_documents import head_of
from services.notify.adapters.mongo_attempts import MongoOutcomes
from services.notify.domain.delivery_state import Ended
from services.notify.domain.letter import Letter
from services.registry import SERVICES, service
from shared.clock import Clock
from shared.errors import Invalid, Unavailable
from shared.events import LETTERS, REQUESTS, LetterFailed, LetterSent, RequestErased, RequestReceived
from shared.events.envelope import SIGNATURE, read
from shared.runtime.adapters.mongo import Database, Document, connect, mongo_errors
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.delivery import dead_letter_of
from shared.runtime.outbox import OutboxEntry

_TOPICS: Final = (REQUESTS, LETTERS)
_WAIT_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """How many of each were put back: they were not in the backup."""

    requests: int = 0
    erasures: int = 0
    letters: int = 0
    unknown: int = 0
    """Of a type that only a later version knows: they are set aside."""


async def recover_newer(mongo: str, kafka: str, since: datetime, now: Clock) -> Recovered:
    """Put back what was written to the topics after *since*. Safe to repeat. Raises `Unavailable`, `CannotStart`."""
    present = await with_admin(kafka, _WAIT_S, AIOKafkaAdminClient, lambda admin: admin.list_topics())
    counts: Counter[str] = Counter()
    topics = [topic for topic in _TOPICS if topic in present]
    async with connect(mongo, service("intake").database) as database:
        recover = _Recover({str(one.name): database.client[one.database] for one in SERVICES}, now)
        if topics:
            async with _read(kafka, topics, since) as batches:
                async for records in batches:
                    counts.update(chain.from_iterable(await asyncio.gather(*map(recover, records))))
    return Recovered(**counts)


class _Recover:
    """Puts back one record, unless the ledgers have it."""

    def __init__(self, databases: Mapping[str, Database], now: Clock) -> None:
        self._of = databases
        self._now = now
        self._requests = MongoRequests(databases["intake"], _left_to_the_relay)
        self._erasures = MongoErasures(databases["intake"])
        self._letters = databases["notify"]["letters"]
        self._outcomes = MongoOutcomes(databases["notify"], _left_to_the_relay)

    async def __call__(self, record: Any) -> list[str]:  # noqa: ANN401  # aiokafka ships no types
        """What was put back, in a word."""
        try:
            headers = {name: value.decode() for name, value in record.headers}
            event = read(record.topic, headers, record.value)
        except (AttributeError, TypeError, ValueError, Invalid) as error:
            # Whoever reads the topics would set it aside; of these, only a type that is not known yet comes to be read.
            return await self._set_aside(record) if str(error) == "unknown-type" else []
        match event:
            case RequestReceived():
                # By what it would be recognised when it is sent again nobody knows: then it is refused.
                request = Request(event, "")
                if await self._requests.add(request) is request:
                    await self._write_as_it_was("intake", "requests", request.id, record, _own_fields(record.value))
                    return ["requests"]
            case RequestErased():
                if await self._erasures.add(event.request_id, event.erased_at):
                    await self._write_as_it_was("intake", "erased", event.request_id, record)
                    return ["erasures"]
            case LetterSent() | LetterFailed() if event.attempts:
                if await self._end(event):
                    await self._write_as_it_was("notify", "outcomes", event.letter_id, record)
                    return ["letters"]
        return []

    async def _write_as_it_was(
        self,
        name: str,
        collection: str,
        document_id: str,
        record: Any,  # noqa: ANN401  # as above
        own: Document | None = None,
    ) -> None:
        """Have a document that was just put back say and publish what the record says, and not what we know of it."""
        headers = {header: value.decode() for header, value in record.headers if header != SIGNATURE}
        event = {"relay.headers": headers, "relay.body": record.value.decode()}
        with mongo_errors():
            await self._of[name][collection].update_one({"_id": document_id}, {"$set": {**(own or {}), **event}})

    async def _set_aside(self, record: Any) -> list[str]:  # noqa: ANN401  # as above
        """For each of its readers. Whoever had set it aside before the backup has it already."""
        readers = [one.name for one in SERVICES if record.topic in one.reads]
        letters = {one: dead_letter_of(record, one, "poison", "unknown-type", self._now()) for one in readers}
        new = [await MongoDeadLetters(self._of[one]).add(letter) for one, letter in letters.items()]
        return ["unknown"] if any(new) else []

    async def _end(self, event: LetterSent | LetterFailed) -> bool:
        """Its bytes are gone, and its address was only in the ledger: it is as that of an erased request."""
        at = event.sent_at if isinstance(event, LetterSent) else event.failed_at
        head = {name: getattr(event, name) for name in _HEAD if name in type(event).model_fields}
        letter = Letter(id=event.letter_id, sender="", recipient="", since=at, created_at=at, due=at, **head)
        end = Ended(
            sent=isinstance(event, LetterSent),
            at=at,
            attempts=event.attempts,
            ambiguous=isinstance(event, LetterSent) and event.ambiguous,
            code=None if isinstance(event, LetterSent) else event.reply_code,
            reason=None if isinstance(event, LetterSent) else event.reason,
        )
        is_new = await self._outcomes.add(letter, end)
        document = {"_id": letter.id, **head_of(letter), "pieces": []}
        del document["due"]
        if not await insert_once(self._letters, document):
            with mongo_errors():
                await self._letters.update_one({"_id": letter.id}, {"$unset": {"due": ""}})
        return is_new


def _own_fields(body: bytes) -> Document:
    """What the document of a request has of its event."""
    return {name: value for name, value in json.loads(body).items() if name not in _NOT_AS_TEXT}


_NOT_AS_TEXT: Final = frozenset({"request_id", "parcels", "accepted_at"})
"""It is the `_id`, is in the event only, and is kept as a moment."""
_HEAD: Final = tuple(field.name for field in fields(Letter) if field.name != "until")


def _left_to_the_relay(_event: OutboxEntry) -> None:
    """No service runs."""


@asynccontextmanager
async def _read(kafka: str, topics: Sequence[str], since: datetime) -> AsyncIterator[AsyncIterator[Sequence[Any]]]:
    try:
        async with aclosing(batches_since(kafka, since, topics)) as batches:
            yield batches
    except (KafkaError, OSError, TimeoutError) as error:
        raise Unavailable(f"Kafka の記録を読めません({type(error).__name__})。") from None
