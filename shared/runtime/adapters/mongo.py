"""MongoDB, where every service keeps its facts. Motor is imported in this file only (docs/adr/0006-motor.md).

Facts are documents that are only inserted, with ids that follow from the fact. So a duplicate key means "already done".
Only this decides safely when two processes work on the same event: both could look first, see nothing, and write.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from bson.codec_options import CodecOptions, DatetimeConversion
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import WriteConcern, timeout
from pymongo.errors import (
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    ExecutionTimeout,
    OperationFailure,
    WaitQueueTimeoutError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern

from shared.errors import Invalid, Unavailable

LONGEST_WORK_S = 600.0
Document = dict[str, Any]
Database = AsyncIOMotorDatabase[Document]
Collection = AsyncIOMotorCollection[Document]

_AWAY = (ConnectionFailure, WTimeoutError, ExecutionTimeout, WaitQueueTimeoutError)
# Not primary, shutting down, stepping down, disk full: the server says "not now", not "never".
# 134 and 18: in its first moments it cannot read yet what a majority has, the users among it.
_AWAY_CODES = frozenset(
    {91, 189, 10107, 11600, 11602, 13435, 13436, 14031, 24, 50, 64, 112, 262, 6, 7, 89, 9001, 134, 18}
)


@asynccontextmanager
async def connect(uri: str, database: str) -> AsyncIterator[Database]:
    """*database*, with writes that survive a crash of the primary (majority, journalled). Closed after the block.

    Raises `Invalid` for a *uri* that is no address of a MongoDB.
    """
    client = _client(uri)
    try:
        yield client[database]
    finally:
        client.close()


def _client(uri: str) -> AsyncIOMotorClient[Document]:
    try:
        return AsyncIOMotorClient(
            uri,
            tz_aware=True,
            w="majority",
            journal=True,
            wTimeoutMS=5_000,
            readConcernLevel="majority",
            # A person waits for the answer, and each wait holds one of Motor's few threads.
            serverSelectionTimeoutMS=500,
            connectTimeoutMS=500,
            waitQueueTimeoutMS=2_000,
            socketTimeoutMS=10_000,
        )
    except (ConfigurationError, ValueError):
        # What the library says may quote a part of the password.
        raise Invalid("mongo-address") from None


def not_waiting(collection: Collection) -> Collection:
    """The same collection, for writes that are lost when MongoDB crashes before a later one is waited for.

    Nothing may rely on them until then: that a waited write follows, or `all_kept`. Waiting for the disk is two thirds
    of what a small insert costs MongoDB. Reads see such writes at once.
    """
    return collection.with_options(write_concern=WriteConcern(1, j=False), read_concern=ReadConcern("local"))


async def all_kept(database: Database) -> None:
    """Return when all that was written before, whoever wrote it, survives a crash. Raises `Unavailable`.

    By an update that finds nothing to change: it waits for what MongoDB has written last, and writes nothing itself.
    """
    with mongo_errors():
        await database["dead_letters"].update_one({"_id": ""}, {"$set": {"at": None}})


async def count_all(collection: Collection, most: int | None = None) -> int:
    """How many documents there are; *most* where there are as many or more.

    Not MongoDB's own estimate: after it was killed, that is wrong for good.
    """
    # The hint: counted by the index of the ids, without a look at the documents.
    limit: Any = {} if most is None else {"limit": most}
    return await collection.count_documents({}, hint=[("_id", 1)], **limit)


def tolerant(database: Database) -> CodecOptions[Document]:
    """For reads of many documents: a date that Python cannot hold, or text that is not UTF-8, would end them all."""
    return database.codec_options.with_options(
        datetime_conversion=DatetimeConversion.DATETIME_AUTO, unicode_decode_error_handler="replace"
    )


@contextmanager
def mongo_errors() -> Iterator[None]:
    """Raise `Unavailable` when MongoDB cannot be reached or cannot write now. Other errors are bugs: they pass."""
    try:
        yield
    except _AWAY as error:
        raise Unavailable("mongo") from error
    except OperationFailure as error:
        if error.code in _AWAY_CODES or (isinstance(error, BulkWriteError) and is_in_doubt(error)):
            raise Unavailable("mongo") from error
        raise


def is_in_doubt(error: BulkWriteError) -> bool:
    """Whether what was written may be lost again: it is perhaps not on the disk of a majority."""
    return bool((error.details or {}).get("writeConcernErrors"))


@contextmanager
def long_work() -> Iterator[None]:
    """As `mongo_errors`, for what nobody waits for and may take minutes in a large collection, such as a new index."""
    with mongo_errors(), timeout(LONGEST_WORK_S):
        yield
