"""Looks at what the services have set aside, and ends it without their processes' pages: for `mitsumori dead …`.

A letter is worked on again by its own service, which alone has the keys for it
(docs/adr/0002-ack-policy-and-dead-letters.md).
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from services.dashboard.adapters.mongo_audit import MongoAudit
from services.dashboard.usecases.end_dead_letter import LONGEST_REASON
from services.registry import SERVICES, service
from shared.clock import utc_now
from shared.errors import Invalid
from shared.runtime.adapters.mongo import connect
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.masked import MaskedLetter, masked

OPERATOR: Final = "operator"
"""Who has ended a letter from the command line, in the ledger and in the audit."""
_POLL_S: Final = 0.2
_ALL: Final = tuple(str(one.name) for one in SERVICES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One of what *service* has set aside. The same trouble gives the same fingerprint."""

    service: str
    shown: MaskedLetter

    @property
    def id(self) -> str:
        """As in the ledger."""
        return self.shown.letter.id

    @property
    def fingerprint(self) -> str:
        """Of service, reason and type."""
        shown = self.shown
        what = f"{self.service}\n{shown.letter.reason}\n{shown.type}\n{shown.waits_for}"
        return hashlib.sha256(what.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What has one fingerprint. `waits_for`: the key that is missing, empty for dead letters."""

    fingerprint: str
    service: str
    reason: str
    type: str
    waits_for: str
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of a letter: `done`, `failed` again for `reason`, or `pending`: its service has not answered."""

    id: str
    end: Literal["done", "failed", "pending"]
    reason: str = ""


async def find_groups(mongo: str, services: Collection[str] = _ALL) -> list[Group]:
    """By fingerprint, the most first; of *services*, whose databases the user of *mongo* may read."""
    of: dict[str, list[Found]] = {}
    async for one in _every(mongo, services):
        of.setdefault(one.fingerprint, []).append(one)
    groups = [
        Group(
            fingerprint=fingerprint,
            service=found[0].service,
            reason=found[0].shown.letter.reason,
            type=found[0].shown.type,
            waits_for=found[0].shown.waits_for,
            count=len(found),
            first=min(one.shown.letter.first_seen for one in found),
            last=max(one.shown.letter.first_seen for one in found),
        )
        for fingerprint, found in of.items()
    ]
    return sorted(groups, key=lambda group: (-group.count, group.fingerprint))


async def find_letters(mongo: str, names: Collection[str]) -> list[Found]:
    """Those with one of these ids or fingerprints. Raises `Invalid` (no-such-letter) when one names none."""
    found = [one async for one in _every(mongo) if one.id in names or one.fingerprint in names]
    if set(names) - {one.id for one in found} - {one.fingerprint for one in found}:
        raise Invalid("no-such-letter")
    return found


async def retry_letters(mongo: str, letters: Sequence[Found], wait_s: float) -> list[Retried]:
    """Have each worked on again by its service, and say what became of it within *wait_s*. Safe to repeat."""
    async with _dead_letters(mongo) as of, connect(mongo, service("dashboard").database) as dashboard:
        audit = MongoAudit(dashboard)
        for one in letters:
            await audit.record("dead-letter-retried", utc_now(), OPERATOR, one.shown.letter.subject, about=one.id)
            await of[one.service].ask(one.id, OPERATOR)
        until = time.monotonic() + wait_s
        return [await _retried(of[one.service], one.id, until) for one in letters]


async def discard_letters(mongo: str, letters: Sequence[Found], reason: str) -> int:
    """Decide that they are not worked on; each is kept, with the reason. Returns of how many nobody had done it before.

    Raises `Invalid` (no-reason).
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid("no-reason")
    ended = 0
    async with _dead_letters(mongo) as of, connect(mongo, service("dashboard").database) as dashboard:
        audit = MongoAudit(dashboard)
        for one in letters:
            now = utc_now()
            await audit.record("dead-letter-discarded", now, OPERATOR, one.shown.letter.subject, about=one.id)
            ended += await of[one.service].end(one.id, "discarded", at=now, by=OPERATOR, reason=reason)
    return ended


async def _retried(dead_letters: MongoDeadLetters, letter_id: str, until: float) -> Retried:
    while True:
        end, refused = await dead_letters.became_of(letter_id)
        if end is not None:
            return Retried(letter_id, "done")
        if refused is not None:
            return Retried(letter_id, "failed", refused)
        if time.monotonic() >= until:
            return Retried(letter_id, "pending")
        await asyncio.sleep(_POLL_S)


async def _every(mongo: str, services: Collection[str] = _ALL) -> AsyncIterator[Found]:
    async with _dead_letters(mongo) as of:
        for name in services:
            async for letter in of[name].every():
                yield Found(service=name, shown=masked(letter))


@asynccontextmanager
async def _dead_letters(mongo: str) -> AsyncIterator[dict[str, MongoDeadLetters]]:
    async with connect(mongo, service("dashboard").database) as database:
        databases = {str(one.name): database.client[one.database] for one in SERVICES}
        yield {name: MongoDeadLetters(one) for name, one in databases.items()}
