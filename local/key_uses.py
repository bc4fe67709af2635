"""What still needs a key: stored parcels, records that were set aside, records on topics, drafts.

For `mitsumori keys retire`, which refuses while there is any; and `mitsumori keys reseal`, which ends the need of the
ledgers. Both look at every document, and show nothing of it.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from aiokafka.errors import KafkaError
from nacl.public import PrivateKey
from pymongo import UpdateOne, WriteConcern
from pymongo.database import Database

from local.key_rotation import NamedKey
from local.ledgers import Ledgers
from local.sealed import Renewal
from local.topic_records import batches_since
from services.intake.domain.draft import LINK_LIFETIME
from services.registry import SERVICES, service
from shared.errors import Invalid, Unavailable
from shared.events import KEPT_FOR_GOOD
from shared.events.envelope import SIGNATURE
from shared.runtime.key_files import read_key

_BATCH: Final = 200
_EVERY: Final = datetime(2000, 1, 1, tzinfo=UTC)
_SET_ASIDE: Final = "dead_letters"
_LARGE: Final = {"letters": {"pieces": 0}, "shared_pieces": {"content": 0}, "brochures": {"content": 0}}
"""Bytes of mails, which hold no parcel and would take most of the time."""
_ASKERS: Final = "notify"
"""Whose parcels are in drafts (services/intake/domain/asker.py), which nobody here can open."""

Progress = Callable[[int, int], None]
"""Is told how many documents or records are done, and of how many."""
Places = Mapping[str, int]


@dataclass(slots=True, kw_only=True)
class Uses:
    """How many need a key: `stored` and `set_aside` by database and collection.

    `drafts`: half-filled forms that may hold something sealed with it, until `drafts_until`.
    """

    stored: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    drafts: int = 0
    drafts_until: datetime | None = None


@dataclass(slots=True, kw_only=True)
class OnTopics:
    """How many records need a key, by topic; and when intake, which fills drafts too, last sealed one with it."""

    records: Counter[str] = field(default_factory=Counter)
    sealed_last: datetime | None = None


def renewal_of(key: NamedKey) -> Renewal:
    """From this key of parcels to the newest one. Raises `Invalid`, with a sentence that names a broken file."""
    old, newest = (_private_key(one.secret) for one in (key, key.newest))
    return Renewal(old_id=key.id, old=old, new_id=key.newest.id, new=newest.public_key)


def _private_key(path: Path) -> PrivateKey:
    try:
        return PrivateKey(read_key(path))
    except ValueError:
        raise Invalid(f"鍵のファイル {path} が壊れています。バックアップから戻してください。") from None


def uses_in_ledgers(
    client: Ledgers, key: NamedKey, now: datetime, progress: Progress, sealed_last: datetime | None = None
) -> Uses:
    """What the four databases hold that needs *key*. *sealed_last*: as the topics say. Raises what PyMongo does.

    Nobody can look into drafts. They are as old at most as the last moment at which something was sealed with *key*:
    when its successor was made, or later, where intake was started again only after that.
    """
    uses = Uses()
    if key.kind.signs:
        for place, document in _documents(client, progress, only=_SET_ASIDE):
            uses.set_aside[place] += document.get("end") is None and _is_signed(document.get("headers"), key.id)
        return uses
    renewal = renewal_of(key)
    for place, document in _documents(client, progress):
        if not place.endswith(f".{_SET_ASIDE}"):
            uses.stored[place] += renewal.count(document)
        elif document.get("end") is None:
            uses.set_aside[place] += renewal.count(document.get("body") or b"") > 0
    if key.kind.owner == _ASKERS:
        replaced = datetime.fromtimestamp(key.successor.secret.stat().st_mtime, UTC)
        last = max(replaced, sealed_last or replaced) + LINK_LIFETIME
        drafts = client[service("intake").database]["drafts"]
        if last > now:
            uses.drafts, uses.drafts_until = drafts.count_documents({"until": {"$gt": now}}), last
    return uses


def reseal(client: Ledgers, key: NamedKey, progress: Progress) -> Counter[str]:
    """Seal what is stored under *key* for the newest one. Returns how many changes were made, by collection.

    A document is changed only while it holds what was read of it, so services may run, and whatever they write stands.
    It can be killed anywhere: what is done is done, and the next call goes on with the rest. Records that were set
    aside are bytes, which stay as they came: they may be signed.
    """
    renewal, done = renewal_of(key), Counter[str]()
    batch: dict[str, list[UpdateOne]] = {}
    for place, document in _documents(client, progress):
        for change in renewal.changes(document):
            wanted = {"_id": document["_id"], **change.before}
            batch.setdefault(place, []).append(UpdateOne(wanted, {"$set": dict(change.after)}))
        if len(batch.get(place, ())) >= _BATCH:
            done[place] += _write(client, place, batch.pop(place))
    for place, rest in batch.items():
        done[place] += _write(client, place, rest)
    return done


def sign_again(client: Ledgers, key: NamedKey) -> int:
    """Have the records that no retention deletes published again, with the newest signature. Returns how many."""
    writer = service(key.kind.holder)
    kept = {"relay.topic": {"$in": sorted(KEPT_FOR_GOOD)}, "relay.state": "sent"}
    again = {"$set": {"relay.state": "pending"}, "$unset": {"relay.partition": "", "relay.offset": ""}}
    return sum(
        _database(client, writer.database)[outbox].update_many(kept, again).modified_count for outbox in writer.outboxes
    )


def uses_on_topics(kafka: str, key: NamedKey) -> OnTopics:
    """What the topics have that needs *key*. Raises `Unavailable`, with a sentence for the operator."""
    try:
        return asyncio.run(_on_topics(kafka, key))
    except (KafkaError, OSError, TimeoutError, ValueError) as error:
        raise Unavailable(f"Kafka の記録は読めません({type(error).__name__})。") from None


async def _on_topics(kafka: str, key: NamedKey) -> OnTopics:
    renewal = None if key.kind.signs else renewal_of(key)
    found, newest, moments = Counter[str](), dict[tuple[str, object], bool](), list[datetime]()
    async with aclosing(batches_since(kafka, _EVERY)) as batches:
        async for batch in batches:
            for record in batch:
                needs = renewal.count(record.value or b"") > 0 if renewal else _is_signed(record.headers, key.id)
                if needs and record.topic in service("intake").writes:
                    moments.append(_sealed_at(record))
                if record.topic in KEPT_FOR_GOOD:
                    # Of a record that was published again, the first copy is needed by nobody.
                    newest[record.topic, dict(record.headers).get("ce_id")] = needs
                else:
                    found[record.topic] += needs
    kept = Counter(topic for (topic, _), needs in newest.items() if needs)
    return OnTopics(records=found + kept, sealed_last=max(moments, default=None))


def _sealed_at(record: Any) -> datetime:  # noqa: ANN401  # aiokafka ships no types
    """When its event happened, and never after it was written: it may have been published again since."""
    written = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    try:
        return min(written, datetime.fromisoformat(dict(record.headers)["ce_time"].decode()))
    except (KeyError, AttributeError, TypeError, ValueError):
        return written


def _is_signed(headers: Any, key_id: str) -> bool:  # noqa: ANN401  # as Kafka or MongoDB has them
    start = f"{key_id}:".encode()
    return any(name == SIGNATURE and bytes(value or b"").startswith(start) for name, value in headers or ())


def _documents(client: Ledgers, progress: Progress, only: str | None = None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every document of the four databases, with the name of its database and collection."""
    collections = [
        client[one.database][name]
        for one in SERVICES
        for name in sorted(client[one.database].list_collection_names())
        if only in (None, name)
    ]
    total, done = sum(one.estimated_document_count() for one in collections), 0
    for collection in collections:
        for document in collection.find({}, _LARGE.get(collection.name), batch_size=_BATCH):
            yield collection.full_name, document
            done += 1
            progress(done, max(done, total))


def _write(client: Ledgers, place: str, changes: list[UpdateOne]) -> int:
    database, _, collection = place.partition(".")
    return _database(client, database)[collection].bulk_write(changes, ordered=False).modified_count


def _database(client: Ledgers, name: str) -> Database[dict[str, Any]]:
    return client.get_database(name, write_concern=WriteConcern("majority", j=True))
