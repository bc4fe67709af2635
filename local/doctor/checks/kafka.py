"""Whether Kafka has the topics as they were designed (local/topics.py), and whether they are read."""

from collections.abc import Iterator
from typing import Final

from local.doctor.check import Problem, check
from local.doctor.facts import KafkaConfigs, KafkaGroups, KafkaReach, KafkaTopics
from local.topics import PARTITIONS
from shared.runtime.topic_configs import topic_configs

_DAY_MS: Final = 24 * 60 * 60 * 1000
_FOR_GOOD: Final = -1
_MUCH: Final = 1_000
_SAFE_REPLICAS: Final = 3
_CREATE: Final = "mitsumori topics create を実行してください(コンテナでは docker compose up topics)。"
_IS_IT_UP: Final = (
    "Kafka が動いているか(mitsumori status、コンテナでは docker compose ps kafka)、MITSUMORI_KAFKA の接続先、"
    "利用者名とパスワード、?ca= の指定、ファイアウォールを確かめてください。"
)
_AT: Final = "--bootstrap-server (接続先) --command-config (ログインの設定。ログインのない Kafka では不要)"


@check(KafkaReach, "kafka-there", "Kafka に接続できる")
def kafka_there(kafka: KafkaReach) -> Iterator[Problem]:
    """Everything else about it waits for this. Meanwhile the form works, and events wait in their outboxes."""
    if kafka.trouble:
        yield Problem(
            f"Kafka({kafka.address})に接続できません: {kafka.trouble}",
            f"{kafka.repair or _IS_IT_UP}フォームは動き続け、記録は失われません。",
        )


@check(KafkaTopics, "kafka-topics", "すべてのトピックがある")
def topics_there(kafka: KafkaTopics) -> Iterator[Problem]:
    """Events for a topic that is not there wait."""
    for name in kafka.wanted:
        if name not in kafka.topics:
            yield Problem(
                f"トピック {name} がありません。",
                f"{_CREATE}mitsumori run なら、再起動すると、消えた記録も台帳からもう一度渡されます。",
            )


@check(KafkaTopics, "kafka-partitions", "パーティションの数が足りている")
def partitions_enough(kafka: KafkaTopics) -> Iterator[Problem]:
    """No more processes of a service can work than a topic has partitions."""
    for name, topic in kafka.topics.items():
        if topic.partitions < PARTITIONS:
            yield Problem(
                f"トピック {name} のパーティションが {topic.partitions} 個です(設計では {PARTITIONS} 個)。",
                "このままで動きますが、サービスのプロセスをこの数より増やせません。途中で増やすと、同じご依頼の記録の順序が"
                "保証されません。増やすのは、未読の記録がないときにしてください。",
                "warning",
            )


@check(KafkaTopics, "kafka-leaders", "すべてのパーティションに leader がある")
def partitions_have_leaders(kafka: KafkaTopics) -> Iterator[Problem]:
    """Nobody can write to one without, or read it."""
    for name, topic in kafka.topics.items():
        if topic.without_leader:
            yield Problem(
                f"トピック {name} の {topic.without_leader} 個のパーティションに leader がなく、読み書きできません。",
                "止まっているブローカーを起動してください"
                f"(kafka-topics.sh {_AT} --describe --unavailable-partitions)。",
            )


@check(KafkaTopics, "kafka-in-sync", "すべての複製が追い付いている")
def replicas_in_sync(kafka: KafkaTopics) -> Iterator[Problem]:
    """The next broker that fails may take records with it."""
    for name, topic in kafka.topics.items():
        if topic.in_sync < topic.replicas and not topic.without_leader:
            yield Problem(
                f"トピック {name} の複製が、{topic.replicas} のうち {topic.in_sync} しか追い付いていません。",
                "止まっているブローカーを起動し、追い付くのを待ってください"
                f"(kafka-topics.sh {_AT} --describe --under-replicated-partitions)。",
                "warning",
            )


@check(KafkaTopics, "kafka-replication", "ブローカーの数に応じて複製されている")
def replicas_enough(kafka: KafkaTopics) -> Iterator[Problem]:
    """One broker alone has one replica, which is right for one machine."""
    wanted = min(_SAFE_REPLICAS, kafka.brokers)
    for name, topic in kafka.topics.items():
        if topic.replicas < wanted:
            yield Problem(
                f"ブローカーが {kafka.brokers} 台あるのに、トピック {name} の複製は {topic.replicas} です。",
                f"kafka-reassign-partitions.sh {_AT} で複製を {wanted} に増やしてください。",
                "warning",
            )


@check(KafkaConfigs, "kafka-min-in-sync", "min.insync.replicas が複製の数に合っている")
def min_in_sync_fits(kafka: KafkaConfigs) -> Iterator[Problem]:
    """Too low: one broker is enough for an acknowledgement. Too high: one that is away stops all writes."""
    for name, configs in kafka.topics.items():
        replicas, least = kafka.replicas.get(name, 1), int(configs.get("min.insync.replicas", "1"))
        wanted = max(1, replicas - 1)
        if least > replicas or (replicas > 1 and least != wanted):
            yield Problem(
                f"トピック {name} の min.insync.replicas は {least} です(複製は {replicas})。",
                _alter(name, "min.insync.replicas", str(wanted)),
                "wrong" if least > replicas else "warning",
            )


@check(KafkaConfigs, "kafka-retention", "記録が設計どおりの期間残る")
def retention_is_right(kafka: KafkaConfigs) -> Iterator[Problem]:
    """Too short: a reader that was away loses records. Too long: contacts stay longer than we tell customers."""
    for name, configs in kafka.topics.items():
        wanted, has = int(topic_configs(name)["retention.ms"]), int(configs.get("retention.ms", "-1"))
        if has == wanted:
            continue
        too_short = wanted == _FOR_GOOD or 0 <= has < wanted
        yield Problem(
            f"トピック {name} の記録は{_days(has)}残ります(設計では{_days(wanted)})。",
            _alter(name, "retention.ms", str(wanted)),
            "wrong" if too_short else "warning",
        )


@check(KafkaConfigs, "kafka-retention-bytes", "記録が大きさで消されない")
def retention_has_no_size(kafka: KafkaConfigs) -> Iterator[Problem]:
    """A busy day would delete what a reader has not read yet."""
    for name, configs in kafka.topics.items():
        if int(configs.get("retention.bytes", "-1")) != _FOR_GOOD:
            yield Problem(
                f"トピック {name} の記録は、{int(configs['retention.bytes']):,} バイトを超えると期限の前に消されます。",
                _alter(name, "retention.bytes", "-1"),
            )


@check(KafkaConfigs, "kafka-cleanup", "記録が圧縮(compaction)で消されない")
def cleanup_is_delete(kafka: KafkaConfigs) -> Iterator[Problem]:
    """All events of a request have one key: compaction would leave only the last."""
    for name, configs in kafka.topics.items():
        if (policy := configs.get("cleanup.policy", "delete")) != "delete":
            yield Problem(
                f"トピック {name} の cleanup.policy は {policy} です。同じご依頼の前の記録が消されます。",
                _alter(name, "cleanup.policy", "delete"),
            )


@check(KafkaConfigs, "kafka-compression", "どのサービスも読める形で記録が置かれる")
def records_are_readable(kafka: KafkaConfigs) -> Iterator[Problem]:
    """A record with a compression that our readers do not know would block its partition."""
    for name, configs in kafka.topics.items():
        wanted = topic_configs(name)["compression.type"]
        if (has := configs.get("compression.type", wanted)) != wanted:
            yield Problem(
                f"トピック {name} の compression.type は {has} です(設計では {wanted})。",
                _alter(name, "compression.type", wanted),
                "warning",
            )


@check(KafkaGroups, "kafka-readers", "すべてのサービスが Kafka を読んでいる")
def groups_have_members(kafka: KafkaGroups) -> Iterator[Problem]:
    """A group without a member reads nothing."""
    for service, group in kafka.groups.items():
        if not group.members:
            yield Problem(
                f"{service} は Kafka を読んでいません。",
                f"{service} が動いているかを確かめ、ログを見てください: mitsumori logs {service}"
                f"(コンテナでは docker compose logs {service})。",
            )


@check(KafkaGroups, "kafka-lag", "未読の記録が溜まっていない")
def lag_is_small(kafka: KafkaGroups) -> Iterator[Problem]:
    """Customers wait for their mail as long as their records wait."""
    for service, group in kafka.groups.items():
        if group.lag > _MUCH:
            yield Problem(
                f"{service} に、未読の記録が {group.lag:,} 件あります。",
                f"1 分後にもう一度実行してください。減らなければ {service} のログを確かめます: mitsumori logs {service}"
                f"(コンテナでは docker compose logs {service})。減っていれば、待つか、プロセスを増やしてください。",
                "warning",
            )


def _alter(topic: str, name: str, value: str) -> str:
    change = f"--alter --entity-type topics --entity-name {topic} --add-config {name}={value}"
    return f"kafka-configs.sh {_AT} {change} を実行してください。"


def _days(milliseconds: int) -> str:
    return "無期限に" if milliseconds < 0 else f" {milliseconds / _DAY_MS:,.3g} 日"


CHECKS: Final = (
    kafka_there,
    topics_there,
    partitions_enough,
    partitions_have_leaders,
    replicas_in_sync,
    replicas_enough,
    min_in_sync_fits,
    retention_is_right,
    retention_has_no_size,
    cleanup_is_delete,
    records_are_readable,
    groups_have_members,
    lag_is_small,
)
