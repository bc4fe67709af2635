"""What MongoDB and Kafka say of themselves, and what waits in the ledgers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from local.dead_letters import Group as SetAsideGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class MongoReach:
    """*trouble*: the kind of error; empty when it answers."""

    address: str
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MongoHello:
    """What every user is told. `ahead`: how far its clock is before ours."""

    replica_set: str | None
    has_primary: bool
    ahead: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class MongoVersion:
    """*is_ours*: the mongod that `mitsumori run` brings."""

    version: tuple[int, ...]
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MongoReplication:
    """What an operator is told. `oplog_is_full`: it deletes its oldest entries, so its window means something."""

    oplog_window: timedelta
    oplog_is_full: bool
    is_persistent: bool
    """What the storage engine keeps survives the end of the process."""
    journals_majority: bool
    """A write of a majority is in the journals of a majority."""
    healthy_members: int
    """Those with data."""
    majority: int
    """So many must have a write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MongoIndexes:
    """Service → collection → names of its indexes; `wanted` has those that each service makes at its start."""

    there: Mapping[str, Mapping[str, frozenset[str]]]
    wanted: Mapping[str, Mapping[str, frozenset[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaReach:
    """*trouble*: why it lets nobody in; empty when it does. *repair*: what mends that, where it is known."""

    address: str
    trouble: str
    repair: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """The least of its partitions: `replicas` that each should have, `in_sync` that it has."""

    partitions: int
    replicas: int
    in_sync: int
    without_leader: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaTopics:
    """`wanted`: the topics that this user may see."""

    brokers: int
    wanted: Sequence[str]
    topics: Mapping[str, Topic]


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaConfigs:
    """Topic → what it is configured with; and the number of brokers, on which some of it depends."""

    topics: Mapping[str, Mapping[str, str]]
    replicas: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderGroup:
    """A service as reader. `lag`: records that it has yet to read."""

    members: int
    lag: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaGroups:
    """Service → its group."""

    groups: Mapping[str, ReaderGroup]


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaRecords:
    """Topic → how far the time of its newest record is before our clock: negative for one in the past."""

    ahead: Mapping[str, timedelta]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outboxes:
    """Service → how many events wait, and since when the oldest does."""

    waiting: Mapping[str, tuple[int, timedelta]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedEvents:
    """Service → events that no relay publishes any more."""

    parked: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLetters:
    """Mails that are due: how many, and since when the oldest is *late*."""

    count: int
    late: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """What services have set aside, by service, reason and type."""

    groups: Sequence[SetAsideGroup]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedForms:
    """Product → the versions of its form that the newest requests name; and those that are known."""

    asked: Mapping[str, frozenset[str]]
    known: Mapping[str, frozenset[str]]
