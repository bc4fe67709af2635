"""Inserts that decide who was first: those that come at once go together, and each learns what became of its own."""

import asyncio
from collections.abc import Awaitable, Container
from typing import Final
from weakref import WeakKeyDictionary

from pymongo.errors import BulkWriteError, DuplicateKeyError, ServerSelectionTimeoutError

from shared.errors import MitsumoriError, Unavailable
from shared.runtime.adapters.mongo import Collection, Document, is_in_doubt, mongo_errors

_GROUP_SIZE: Final = 100
"""Of the largest letters, as much as MongoDB takes at once."""
_groups: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[int, str, str], "_Group"]]] = WeakKeyDictionary()
"""Of each event loop, by client, collection and how long its writes wait.

Two clients of one server are equal, and may belong to two loops.
"""


class Clash(MitsumoriError):
    """Another document already has this value in a unique field (named in the text)."""


async def insert_once(collection: Collection, document: Document, *, pause_s: float = 0.0) -> bool:
    """Insert *document*, as durably as *collection* writes. False when its `_id` was there already, whoever wrote it.

    When the connection breaks, the write may have happened or not: then the id is read, and if it is there, this
    returns False. Raises `Clash` when another unique field is taken, `Unavailable` when MongoDB cannot be reached.

    What comes in the same turn of the event loop, or while another insert into the collection is on its way, goes
    together: a command and a wait for the disk serve many documents, and a document that comes alone is not delayed.
    *pause_s*: at least this long from one command to the next, for what nobody waits for. After a longer pause,
    a document is not delayed either.
    """
    groups = _groups.setdefault(asyncio.get_running_loop(), {})
    # A group keeps its collection, and that its client: as long as there is the group, no other client has this id.
    name = (id(collection.database.client), str(collection.full_name), str(collection.write_concern.document))
    if name not in groups:
        groups[name] = _Group(collection, pause_s)
    return await groups[name].insert(document)


_Waiting = tuple[Document, "asyncio.Future[bool]"]


class _Group:
    """The inserts of this process into one collection."""

    def __init__(self, collection: Collection, pause_s: float) -> None:
        self._collection = collection
        self._pause_s = pause_s
        self._is_busy = False
        self._waiting: list[_Waiting] = []
        self._not_before = 0.0

    async def insert(self, document: Document) -> bool:
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((document, answer))
        if not self._is_busy:
            self._is_busy = True
            self._go_on_soon()
        return await answer

    def _go_on_soon(self) -> None:
        """In the next turn of the event loop, or at the end of the pause."""
        loop = asyncio.get_running_loop()
        loop.call_later(max(0.0, self._not_before - loop.time()), self._go_on)

    def _go_on(self) -> None:
        """Send what waits. As a task of its own: whoever waits may be cancelled, and the others still wait."""
        group, self._waiting = self._waiting[:_GROUP_SIZE], self._waiting[_GROUP_SIZE:]
        if group:
            self._not_before = asyncio.get_running_loop().time() + self._pause_s
            self._task = asyncio.ensure_future(self._insert(group))
        else:
            self._is_busy = False

    async def _insert(self, group: list[_Waiting]) -> None:
        try:
            # One that is alone learns more from its own command than from one for many.
            alone = range(1) if len(group) == 1 else await self._insert_together([document for document, _ in group])
            for number, (document, answer) in enumerate(group):
                if number in alone:
                    await _answer(answer, _insert_alone(self._collection, document))
                elif not answer.done():
                    answer.set_result(True)
        except Unavailable as error:
            for _, answer in group:
                if not answer.done():
                    answer.set_exception(error)
        finally:
            for _, answer in group:
                # Only when this task was cancelled: nobody shall wait for ever.
                answer.cancel()
            self._go_on_soon()

    async def _insert_together(self, documents: list[Document]) -> Container[int]:
        """Returns which of them are not known to be kept: each of these gets an answer of its own, alone."""
        try:
            await self._collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if is_in_doubt(error):
                # To find them there would prove nothing.
                raise Unavailable("mongo") from error
            return {refused["index"] for refused in (error.details or {}).get("writeErrors", ())}
        except ServerSelectionTimeoutError as error:
            # Nothing was sent, and to try each one alone would take as long for each.
            raise Unavailable("mongo") from error
        except Exception:  # noqa: BLE001, S110  # also of one document that BSON cannot hold: alone, each learns its own
            pass
        else:
            return ()
        return range(len(documents))


async def _answer(answer: "asyncio.Future[bool]", inserting: Awaitable[bool]) -> None:
    """Pass on what becomes of *inserting*, if somebody still waits for it."""
    try:
        kept = await inserting
    except Exception as error:  # noqa: BLE001  # whatever it is, it is for the one who waits
        if not answer.done():
            answer.set_exception(error)
    else:
        if not answer.done():
            answer.set_result(kept)


async def _insert_alone(collection: Collection, document: Document) -> bool:
    try:
        with mongo_errors():
            await collection.insert_one(document)
    except DuplicateKeyError as error:
        taken = list((error.details or {}).get("keyPattern", {"_id": 1}))
        if taken != ["_id"]:
            raise Clash(",".join(taken)) from None
        return False
    except Unavailable as error:
        if isinstance(error.__cause__, ServerSelectionTimeoutError):
            raise  # Nothing was sent, so there is nothing to look up.
        with mongo_errors():
            if await collection.find_one({"_id": document["_id"]}, {"_id": 1}) is None:
                raise
        return False
    return True
