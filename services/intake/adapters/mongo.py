"""Intake's database: requests with their unsent events, drafts and links (encrypted), outcomes."""

from datetime import datetime
from secrets import token_bytes
from typing import Final

import structlog
from pydantic import TypeAdapter, ValidationError
from pymongo.errors import DuplicateKeyError

from services.intake.domain.outcome import Outcome
from services.intake.domain.request import Request
from services.intake.domain.request_ids import OLDER_KNOWN, RequestIds
from services.intake.ports import LinkMail, ReceptionNoTaken
from shared.errors import Unavailable
from shared.events import RequestReceived, ResumeLinkAsked
from shared.runtime.adapters.mongo import Database, Document, count_all, mongo_errors, not_waiting, tolerant
from shared.runtime.adapters.mongo_inserts import Clash, insert_once
from shared.runtime.outbox import Announce, new_entry, outbox_fields

log = structlog.get_logger(__name__)

SOURCE = "/mitsumori/intake"
_OUTCOME: Final = TypeAdapter(Outcome)


async def prepare(database: Database) -> None:
    """Create the indexes. This file depends on them: for unique reception numbers, and to delete what is over."""
    with mongo_errors():
        await database["requests"].create_index("reception_no", unique=True)
        await database["drafts"].create_index("until", expireAfterSeconds=0)
        await database["links"].create_index("until", expireAfterSeconds=0)
        await database["outcomes"].create_index("request_id")


async def request_ids(database: Database, now: datetime) -> RequestIds:
    """The secret that this ledger's request ids are keyed with: made by whichever process asks first, for good."""
    with mongo_errors():
        has_older = await database["requests"].find_one({}, {"_id": 1}) is not None
        secret = {"_id": "request-ids", "secret": token_bytes(32), "made_at": now, "has_older": has_older}
        await insert_once(database["secrets"], secret)
        kept = await database["secrets"].find_one({"_id": "request-ids"})
    if kept is None:
        raise Unavailable("mongo")
    older_until = kept["made_at"] + OLDER_KNOWN if kept["has_older"] else None
    return RequestIds(secret=bytes(kept["secret"]), older_until=older_until)


class MongoRequests:
    """`Requests`: one insert holds the request and the event that publishes it, with its parcels."""

    def __init__(self, database: Database, announce: Announce) -> None:
        self._requests = database["requests"]
        self._announce = announce

    async def add(self, request: Request) -> Request:
        """The document holds no answer and no contact outside of its parcels."""
        event = request.event
        document = {
            "_id": event.request_id,
            **event.model_dump(exclude={"request_id", "parcels"}, exclude_none=True),
            # As large as all the rest. An intake of the version before, which may run beside this one, wants the field.
            "parcels": {},
            "fingerprint": request.fingerprint,
            "relay": outbox_fields(event, document_id=event.request_id, source=SOURCE, time=event.accepted_at),
        }
        try:
            inserted = await insert_once(self._requests, document)
        except Clash:
            raise ReceptionNoTaken from None
        if inserted:
            self._announce(new_entry("requests", document))
            return request
        existing = await self.find(request.id)
        if existing is None:
            raise Unavailable("mongo")
        return existing

    async def find(self, request_id: str) -> Request | None:
        with mongo_errors():
            document = await self._requests.find_one({"_id": request_id}, {"relay": 0, "parcels": 0})
        if document is None:
            return None
        event = RequestReceived.model_validate({**document, "request_id": document["_id"], "parcels": {}})
        return Request(event, document["fingerprint"])

    async def count(self) -> int:
        with mongo_errors():
            return await count_all(self._requests)


class MongoDrafts:
    """`Drafts`: Mongo deletes what is over once a minute, so readers look at the time too."""

    def __init__(self, database: Database) -> None:
        self._drafts = database["drafts"]

    async def save(self, draft_id: str, encrypted: bytes, until: datetime, *, before: bytes | None = None) -> bool:
        replaced = {"moved": None} if before is None else {"box": before}
        try:
            with mongo_errors():
                result = await self._drafts.replace_one(
                    {"_id": draft_id, **replaced}, {"box": encrypted, "until": until}, upsert=before is None
                )
        except DuplicateKeyError:
            return False  # It was moved: what is there is not replaced, and no second one can be inserted.
        return before is None or result.matched_count == 1

    async def move(self, draft_id: str, before: bytes, new_id: str, encrypted: bytes, until: datetime) -> bool:
        """The new one first: until the old one says so, nobody has its key, and a crash loses nothing."""
        moved = {"moved": True, "until": until}
        with mongo_errors():
            await self._drafts.insert_one({"_id": new_id, "box": encrypted, "until": until})
            result = await self._drafts.replace_one({"_id": draft_id, "box": before}, moved)
        if result.matched_count == 0:
            await self.delete(new_id)
        return result.matched_count == 1

    async def find(self, draft_id: str, now: datetime) -> bytes | None:
        with mongo_errors():
            document = await self._drafts.find_one({"_id": draft_id, "until": {"$gt": now}, "moved": None})
        return None if document is None else bytes(document["box"])

    async def was_moved(self, draft_id: str) -> bool:
        with mongo_errors():
            return await self._drafts.find_one({"_id": draft_id, "moved": True}, {"_id": 1}) is not None

    async def kept_until(self, draft_id: str, now: datetime) -> datetime | None:
        with mongo_errors():
            document = await self._drafts.find_one({"_id": draft_id, "until": {"$gt": now}}, {"until": 1})
        return None if document is None else document["until"]

    async def count(self) -> int:
        with mongo_errors():
            return await count_all(self._drafts)

    async def delete(self, draft_id: str) -> None:
        with mongo_errors():
            await self._drafts.delete_one({"_id": draft_id})


class MongoLinks:
    """`Links`: one insert holds the encrypted link and the event that has its secret mailed."""

    def __init__(self, database: Database, announce: Announce) -> None:
        self._links = database["links"]
        self._announce = announce

    async def add(self, link_id: str, encrypted: bytes, event: ResumeLinkAsked) -> None:
        await self._keep({"_id": link_id, "box": encrypted}, event, event.asked_at)

    async def mail(self, event: LinkMail, at: datetime) -> bool:
        """Nothing else is in the document: no link is found by its id."""
        return await self._keep({"_id": event.request_id}, event, at)

    async def _keep(self, document: Document, event: ResumeLinkAsked | LinkMail, at: datetime) -> bool:
        relay = outbox_fields(event, document_id=document["_id"], source=SOURCE, time=at)
        document |= {"until": event.expires_at, "relay": relay}
        is_new = await insert_once(self._links, document)
        if is_new:
            self._announce(new_entry("links", document))
        return is_new

    async def find(self, link_id: str, now: datetime) -> bytes | None:
        with mongo_errors():
            document = await self._links.find_one({"_id": link_id, "until": {"$gt": now}, "box": {"$ne": None}})
        return None if document is None else bytes(document["box"])


class MongoOutcomes:
    """`Outcomes`: one document a fact. Its id comes from the event, so that an event read twice changes nothing.

    A document that cannot be read is left out, and the log says so: the others still say where the request stands.
    """

    def __init__(self, database: Database) -> None:
        # Not waited for one by one: a record is done only when all is kept.
        self._outcomes = not_waiting(database.get_collection("outcomes", codec_options=tolerant(database)))

    async def add(self, outcome: Outcome) -> None:
        await insert_once(self._outcomes, document_of(outcome))

    async def of(self, request_id: str) -> list[Outcome]:
        with mongo_errors():
            documents = await self._outcomes.find({"request_id": request_id}).to_list(length=None)
        return [outcome for document in documents if (outcome := _outcome(document))]

    async def find(self, outcome_id: str) -> Outcome | None:
        with mongo_errors():
            document = await self._outcomes.find_one({"_id": outcome_id})
        return None if document is None else _outcome(document)


def document_of(outcome: Outcome) -> Document:
    """How *outcome* is kept."""
    content = _OUTCOME.dump_python(outcome, exclude={"id", "at"}, exclude_none=True, mode="json")
    return {"_id": outcome.id, "at": outcome.at, **content}


def _outcome(document: Document) -> Outcome | None:
    try:
        return _OUTCOME.validate_python({**document, "id": document["_id"]})
    except ValidationError:
        log.warning("outcome not read", request_id=document["request_id"], kind=str(document.get("letter")))
        return None
