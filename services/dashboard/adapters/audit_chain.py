"""The chain of the audit: each entry holds the hash of the one before and its own, so that a change shows.

What is hashed are the bytes of the entry as BSON, the way MongoDB stores and returns them: nothing has to be decoded,
and two programs cannot write the same entry in two ways. An entry is

    _id (int64, its number) · prev (32 bytes) · … · prev_at (a moment) · hash (32 bytes), in this order,

and its hash is the SHA-256 of everything between the length in front and the field `hash`.

Entry 0, the genesis, holds a digest of every day of entries from before there was a chain. MongoDB deletes entries
after `KEPT_FOR`; so the chain may begin later, or lack a part, only where that part was due: every entry also says, in
`prev_at`, when the one before it was made.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from struct import Struct
from typing import Any, Final, Literal

from bson import decode, encode
from bson.binary import Binary
from bson.int64 import Int64

KEPT_FOR: Final = timedelta(days=400)
"""Somebody looks at last year's too. MongoDB refuses to change the time of an index: see `MongoTries`."""
_CLOCKS_DIFFER: Final = timedelta(days=1)
"""MongoDB deletes by the moment of each entry, not by its number, and several processes have several clocks."""
GENESIS: Final = "chain-began"

_NUMBER: Final = Struct("<q")
_LENGTH: Final = Struct("<i")
_OF_32_BYTES: Final = b"\x20\x00\x00\x00\x00"
_ID: Final = b"\x12_id\x00"
_PREV: Final = b"\x05prev\x00" + _OF_32_BYTES
_HASH: Final = b"\x05hash\x00" + _OF_32_BYTES
_TAIL: Final = len(_HASH) + 33
"""The field `hash` and the end of the document."""
_HASH_LENGTH: Final = 32

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """What the next entry needs to know of the last one."""

    number: int
    hash: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry with which something is wrong. `id`: its number, or a day from before the chain."""

    id: str
    why: Literal["changed", "does-not-follow", "missing", "added"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """How much was looked at, and what was found. `head`: the last entry, as `number:hash`, to note elsewhere."""

    entries: int
    head: str
    broken: Broken | None = None


def chained(last: Link | None, entries: Sequence[Entry]) -> list[Entry]:
    """*entries* as they are stored after *last*; the first of all has none before it."""
    linked = []
    for entry in entries:
        before = last or Link(-1, bytes(_HASH_LENGTH), entry["at"])
        whole = {"_id": Int64(before.number + 1), "prev": Binary(before.hash), **entry, "prev_at": before.at}
        last = Link(before.number + 1, sha256(encode(whole)[4:-1]).digest(), entry["at"])
        linked.append(whole | {"hash": Binary(last.hash)})
    return linked


def digests_by_day(batches: Iterable[bytes]) -> list[Entry]:
    """Number and hash of the entries from before the chain, for each day (UTC). They come by moment, then id."""
    days: dict[str, list[bytes]] = defaultdict(list)
    for raw in _documents(batches):
        days[f"{decode(raw)['at']:%Y-%m-%d}"].append(sha256(raw).digest())
    return [
        {"day": day, "count": len(hashes), "sha256": sha256(b"".join(hashes)).hexdigest()}
        for day, hashes in sorted(days.items())
    ]


class Verifier:
    """Reads the chain from its beginning and stops at the first entry that is not as it was written.

    *known*: an entry that was noted elsewhere, as `number:hash`. Without one, nothing shows that the newest entries, or
    all of them, were removed or written anew.
    """

    def __init__(self, now: datetime, known: str | None = None) -> None:
        self._due = now.replace(tzinfo=None) - KEPT_FOR + _CLOCKS_DIFFER
        number, _, self._known_hash = (known or "").partition(":")
        self._known_number = int(number) if known else None
        self._number, self._hash = -1, bytes(_HASH_LENGTH)
        self._closely = {0, self._known_number}
        self._entries = 0
        self._days: list[Entry] = []
        self.broken: Broken | None = None

    def read(self, batch: bytes) -> None:
        """Check the entries in *batch*, which follow those before."""
        number, last, digest_of, pack = self._number, self._hash, sha256, _NUMBER.pack
        for raw in _documents([batch]):
            digest = digest_of(raw[4:-_TAIL]).digest()
            follows = raw[4:60] == _ID + pack(number + 1) + _PREV + last
            if not follows or raw[-_TAIL:] != _HASH + digest + b"\x00" or number + 1 in self._closely:
                self.broken = self._problem_of(raw, number + 1, digest, follows=follows)
                if self.broken:
                    break
            number, last = _NUMBER.unpack_from(raw, 9)[0], digest
            self._entries += 1
        self._number, self._hash = number, last

    def end(self, former: Iterable[bytes]) -> Verified:
        """The result, once everything was read. *former*: the entries from before the chain."""
        if not self.broken:
            self._compare_days(digests_by_day(former))
        if not self.broken and self._known_number is not None and self._number < self._known_number:
            self.broken = Broken(str(self._number + 1), "missing")
        head = f"{self._number}:{self._hash.hex()}" if self._entries else ""
        return Verified(entries=self._entries, head=head, broken=self.broken)

    def _problem_of(self, raw: bytes, due: int, digest: bytes, *, follows: bool) -> Broken | None:
        """What is wrong with an entry that is not the expected one, number *due*, or is a special one."""
        if len(raw) < len(_ID) + _TAIL or raw[4:9] != _ID or raw[-_TAIL:] != _HASH + digest + b"\x00":
            return Broken(str(due), "changed")
        number = _NUMBER.unpack_from(raw, 9)[0]
        if number != due and decode(raw)["prev_at"] > self._due:
            return Broken(str(due), "missing")
        if number == due and not follows:
            return Broken(str(due), "does-not-follow")
        if number == 0:
            self._days = decode(raw)["before"]
        if number == self._known_number and digest.hex() != self._known_hash:
            return Broken(str(number), "changed")
        return None

    def _compare_days(self, found: Sequence[Entry]) -> None:
        """Of the last day that is still kept in part, nothing can be said."""
        kept = f"{self._due + timedelta(days=1):%Y-%m-%d}"
        were, are = ({day["day"]: day for day in days if day["day"] >= kept} for days in (self._days, found))
        for day in sorted(were.keys() | are.keys()):
            if were.get(day) != are.get(day) and self._entries:
                more = are.get(day, {"count": 0})["count"] - were.get(day, {"count": 0})["count"]
                self.broken = Broken(day, "changed" if more == 0 else "added" if more > 0 else "missing")
                return


def _documents(batches: Iterable[bytes]) -> Iterator[bytes]:
    """Each document of *batches* of BSON, as it is stored."""
    length_of = _LENGTH.unpack_from
    for batch in batches:
        start, end = 0, len(batch)
        while start < end:
            (length,) = length_of(batch, start)
            yield batch[start : start + length]
            start += length
