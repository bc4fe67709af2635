"""Facts of a system with which everything is well, one of each kind, and the faults that are planted in them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from local.dead_letters import Group
from local.doctor import facts
from local.doctor.check import Level
from local.keys import KINDS
from local.topics import PARTITIONS
from services.registry import SERVICES
from shared.events import TOPICS
from shared.runtime.topic_configs import topic_configs

TODAY = date(2026, 11, 27)
NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
GB = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Facts that are wrong. Only *check* may find it, with a line that has *says* and *repair* in it."""

    check: str
    part: Any
    says: str
    repair: str
    level: Level = "wrong"


def settings_of(service: str) -> facts.ServiceSettings:
    """Of a site that customers reach."""
    return facts.ServiceSettings(
        service=service,
        urls={"MITSUMORI_PUBLIC_URL": "https://form.agency.co.jp"},
        addresses={"MITSUMORI_MAIL_FROM": "quotes@agency.co.jp"} if service == "notify" else {},
        has_pages=service in {"intake", "dashboard"},
    )


def settings(changed: facts.ServiceSettings | None = None) -> facts.Settings:
    """Of all four; those of one may be *changed*."""
    of = {str(one.name): settings_of(one.name) for one in SERVICES}
    return facts.Settings(services=[*(of | ({changed.service: changed} if changed else {})).values()])


def key_files() -> dict[str, list[facts.KeyFile]]:
    """Service → what `mitsumori keys new` gives it. The public half of a pair is called as its id."""
    folders: dict[str, list[facts.KeyFile]] = {str(service.name): [] for service in SERVICES}
    for kind in KINDS:
        key = f"{kind.owner}-1"
        folders[kind.holder].append(key_file(f"{key}.{kind.held_as}"))
        for other in kind.others:
            folders[other].append(key_file(f"{key}.{kind.given_as}"))
    return folders


def key_file(name: str) -> facts.KeyFile:
    kind = "parcels" if name.endswith((".key", ".pub")) else "signatures"
    return facts.KeyFile(name=name, mode=0o600, public=f"{name.partition('-')[0]}-of-{kind}")


def keys(service: str = "", without: str = "", *more: facts.KeyFile) -> facts.Keys:
    """Of all four; those of *service* are without the file *without*, and with *more*."""
    folders = key_files()
    if service:
        folders[service] = [file for file in folders[service] if file.name != without] + [*more]
    return facts.Keys(folders=folders)


MACHINE = facts.Machine(free_memory_bytes=4 * GB, python=(3, 11), tokyo_offset=timedelta(hours=9))
HELLO = facts.MongoHello(replica_set="rs0", has_primary=True, ahead=timedelta())
REPLICATION = facts.MongoReplication(
    oplog_window=timedelta(hours=48),
    oplog_is_full=True,
    is_persistent=True,
    journals_majority=True,
    healthy_members=3,
    majority=2,
)
TOPIC = facts.Topic(partitions=PARTITIONS, replicas=3, in_sync=3)
READERS = facts.ReaderGroup(members=1, lag=0)


def topics(name: str = TOPICS[0], changed: facts.Topic = TOPIC) -> facts.KafkaTopics:
    """On three brokers; the topic *name* is *changed*."""
    return facts.KafkaTopics(brokers=3, wanted=TOPICS, topics={**dict.fromkeys(TOPICS, TOPIC), name: changed})


def configs(name: str = "", **changed: str) -> facts.KafkaConfigs:
    """The topic *name* is *changed*: `retention_ms` stands for `retention.ms`."""
    right = {"min.insync.replicas": "2", "cleanup.policy": "delete", "retention.bytes": "-1"}
    wrong = {key.replace("_", "."): value for key, value in changed.items()}
    of = {topic: right | topic_configs(topic) | (wrong if topic == name else {}) for topic in TOPICS}
    return facts.KafkaConfigs(topics=of, replicas=dict.fromkeys(TOPICS, 3))


def groups(name: str = "notify", changed: facts.ReaderGroup = READERS) -> facts.KafkaGroups:
    return facts.KafkaGroups(groups={**{str(one.name): READERS for one in SERVICES}, name: changed})


def set_aside(reason: str, waits_for: str = "") -> facts.SetAside:
    group = Group(
        fingerprint="3fa9c1d2",
        service="rating",
        reason=reason,
        type="mitsumori.request.received.v1",
        waits_for=waits_for,
        count=3,
        first=NOW,
        last=NOW,
    )
    return facts.SetAside(groups=[group])


def indexes(**there: frozenset[str]) -> facts.MongoIndexes:
    wanted = {"rating": {"quotes": frozenset({"quote_id", "relay_due"})}}
    return facts.MongoIndexes(there={"rating": {"quotes": wanted["rating"]["quotes"], **there}}, wanted=wanted)


def disk(kind: type[facts.Disk], free_gb: float) -> facts.Disk:
    return kind(what="ディスク", free_bytes=int(free_gb * GB), size_bytes=50 * GB)


HEALTHY: tuple[Any, ...] = (
    facts.Services(is_there=True, data=".mitsumori"),
    facts.Variables(given=frozenset({"MITSUMORI_MONGO"}), known=frozenset({"MITSUMORI_MONGO", "MITSUMORI_PORT"})),
    settings(),
    keys(),
    MACHINE,
    facts.Processes(parts=[]),
    disk(facts.DataDisk, 40),
    disk(facts.MongoDisk, 40),
    facts.Backups(folder="/backups", newest=NOW - timedelta(hours=25), now=NOW),
    facts.MongoReach(address="mongo:27017", trouble=""),
    HELLO,
    facts.MongoVersion(version=(7, 0, 5), is_ours=False),
    REPLICATION,
    indexes(),
    facts.KafkaReach(address="kafka:9092", trouble=""),
    topics(),
    configs(),
    groups(),
    facts.KafkaRecords(ahead={TOPICS[0]: timedelta(seconds=-5)}),
    facts.Outboxes(waiting={"intake": (2, timedelta(seconds=1))}),
    facts.ParkedEvents(parked={"intake": 0}),
    facts.WaitingLetters(count=1, late=timedelta(minutes=1)),
    facts.SetAside(groups=[]),
    facts.AskedForms(asked={"cyber": frozenset({"1"})}, known={"cyber": frozenset({"1", "2"})}),
    facts.ProductFolders(problems=[]),
    facts.Tariffs(effective={"cyber": [TODAY]}, today=TODAY),
    facts.Holidays(last=date(2027, 12, 31), today=TODAY),
    facts.MailSetUp(findings=[]),
    facts.Certificates(
        found=[facts.Certificate(address="form.agency.co.jp:443", until=NOW + timedelta(days=60))], now=NOW
    ),
    facts.Libraries(pinned={"pydantic": "2.12.4"}, installed={"pydantic": "2.12.4"}),
    facts.Package(installed="0.1.0", released="0.1.0"),
)
