"""Asks MongoDB. What the user of a service may not ask is not known; the doctor goes on with the rest."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from bson.timestamp import Timestamp
from pymongo import ReadPreference
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from local.doctor.check import NotKnown
from local.doctor.facts import (
    MongoDisk,
    MongoHello,
    MongoIndexes,
    MongoReach,
    MongoReplication,
    MongoVersion,
)
from local.doctor.wanted_indexes import wanted_indexes
from local.passwords import masked
from services.registry import service
from shared.clock import Clock
from shared.errors import MitsumoriError
from shared.runtime.adapters.mongo import Database, connect

ASK_S: Final = 2.5
AWAY: Final = NotKnown("MongoDB に接続できないため、調べていません。")
_NOT_ALLOWED: Final = NotKnown("この利用者には権限がないため、調べていません。operator の接続先で実行してください。")
_FULL: Final = 0.9
_ANYBODY: Final = ReadPreference.NEAREST
"""Also a member that says that there is no primary."""
KINDS: Final = (MongoHello, MongoVersion, MongoDisk, MongoReplication, MongoIndexes)
_WITH_DATA: Final = ("PRIMARY", "SECONDARY")
Found = TypeVar("Found")


async def ask_mongo(uri: str, services: tuple[str, ...], now: Clock, *, is_ours: bool) -> dict[type[Any], Any]:
    """Each kind of facts, or why it is not known."""
    address = servers_in(uri)
    try:
        async with asyncio.timeout(ASK_S), connect(uri, service(services[0]).database) as database:
            try:
                hello = await _hello(database, now)
            except (PyMongoError, TimeoutError) as error:
                return _away(address, _trouble(error))
    except TimeoutError:
        return _away(address, "TimeoutError")
    except MitsumoriError as error:
        return _away(address, str(error))
    async with connect(uri, service(services[0]).database) as database:
        version, disk, replication, indexes = await asyncio.gather(
            known(lambda: _version(database, is_ours=is_ours)),
            known(lambda: _disk(database)),
            known(lambda: _replication(database)),
            known(lambda: _indexes(database, services)),
        )
    return {
        MongoReach: MongoReach(address=address, trouble=""),
        MongoHello: hello,
        MongoVersion: version,
        MongoDisk: disk,
        MongoReplication: replication,
        MongoIndexes: indexes,
    }


def servers_in(uri: str) -> str:
    """Of an address of MongoDB, without its user and its options."""
    return masked(uri).partition("://")[2].rpartition("@")[2].partition("/")[0].partition("?")[0]


async def known(ask: Callable[[], Awaitable[Found]]) -> Found | NotKnown:
    """What *ask* finds within a time; or why it finds nothing."""
    try:
        async with asyncio.timeout(ASK_S):
            return await ask()
    except OperationFailure as error:
        return _NOT_ALLOWED if error.code in _FORBIDDEN else NotKnown(f"MongoDB が答えません({error.code})。")
    except (PyMongoError, MitsumoriError, TimeoutError, LookupError, TypeError) as error:
        # The last two: another version answers in another way.
        return NotKnown(f"MongoDB が答えません({type(error).__name__})。")


_FORBIDDEN: Final = {13, 18}


def _trouble(error: Exception) -> str:
    is_refused = isinstance(error, OperationFailure) and error.code in _FORBIDDEN
    return "ログインを断られました。" if is_refused else type(error).__name__


def _away(address: str, trouble: str) -> dict[type[Any], Any]:
    return {MongoReach: MongoReach(address=address, trouble=trouble), **dict.fromkeys(KINDS, AWAY)}


async def _hello(database: Database, now: Clock) -> MongoHello:
    # Also asks for the password: `hello` is answered to everybody.
    await database.command("ping", read_preference=_ANYBODY)
    before = now()
    said = await database.command("hello", read_preference=_ANYBODY, codec_options=database.codec_options)
    after = now()
    return MongoHello(
        replica_set=said.get("setName"),
        has_primary=bool(said.get("isWritablePrimary") or said.get("primary")),
        ahead=said["localTime"] - (before + (after - before) / 2),
    )


async def _version(database: Database, *, is_ours: bool) -> MongoVersion:
    said = await database.command("buildInfo")
    return MongoVersion(version=tuple(said["versionArray"][:3]), is_ours=is_ours)


async def _disk(database: Database) -> MongoDisk:
    said = await database.command("dbStats")
    size, used = int(said["fsTotalSize"]), int(said["fsUsedSize"])
    if not size:  # Of a database with nothing in it.
        raise LookupError
    return MongoDisk(what="MongoDB のディスク", free_bytes=size - used, size_bytes=size)


async def _replication(database: Database) -> MongoReplication:
    admin = database.client["admin"]
    # Not what a majority has: where it has no majority, that is waited for.
    oplog = database.client["local"].get_collection("oplog.rs", read_concern=ReadConcern("local"))
    status, config, server, stats, first, last = await asyncio.gather(
        admin.command("replSetGetStatus"),
        admin.command("replSetGetConfig"),
        admin.command("serverStatus"),
        database.client["local"].command("collStats", "oplog.rs"),
        oplog.find_one(sort=[("$natural", 1)], projection={"ts": 1}),
        oplog.find_one(sort=[("$natural", -1)], projection={"ts": 1}),
    )
    return MongoReplication(
        oplog_window=_moment(last) - _moment(first),
        oplog_is_full=stats["size"] >= _FULL * stats["maxSize"],
        is_persistent=bool(server["storageEngine"]["persistent"]),
        journals_majority=config["config"].get("writeConcernMajorityJournalDefault", True),
        healthy_members=sum(member["stateStr"] in _WITH_DATA for member in status["members"]),
        majority=status["writeMajorityCount"],
    )


def _moment(entry: Mapping[str, Any] | None) -> datetime:
    stamp = entry["ts"] if entry else Timestamp(0, 0)
    return datetime.fromtimestamp(stamp.time, UTC)


async def _indexes(database: Database, services: tuple[str, ...]) -> MongoIndexes:
    there: dict[str, dict[str, frozenset[str]]] = {}
    wanted = {name: one for name, one in wanted_indexes().items() if name in services}
    for name, collections in wanted.items():
        own = database.client[service(name).database]
        # What the user may read, of a service whose user may not list all.
        has = {*await own.list_collection_names(authorizedCollections=True)} & {*collections}
        there[name] = {one: frozenset(await own[one].index_information()) for one in has}
    return MongoIndexes(there=there, wanted=wanted)


def age(since: datetime | None, now: datetime) -> timedelta:
    """How long ago that was; nothing for None and for the future."""
    return max(timedelta(), now - since) if since else timedelta()
