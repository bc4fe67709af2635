"""Faults of MongoDB, Kafka and the ledgers: each with the check that finds it, and the repair."""

from dataclasses import replace
from datetime import timedelta

from local.doctor import facts
from shared.events import DESK, QUOTES, REQUESTS, TARIFFS, TOPICS
from tests.local.doctor.builders import (
    HELLO,
    READERS,
    REPLICATION,
    TOPIC,
    Fault,
    configs,
    groups,
    indexes,
    set_aside,
    topics,
)

OF_MONGO = (
    Fault(
        check="mongo-there",
        part=facts.MongoReach(address="mongo:27017", trouble="ServerSelectionTimeoutError"),
        says="MongoDB(mongo:27017)に接続できません: ServerSelectionTimeoutError",
        repair="docker compose ps mongo",
    ),
    Fault(
        check="mongo-primary",
        part=replace(HELLO, replica_set=None, has_primary=False),
        says="レプリカセットではありません",
        repair="rs.initiate()",
    ),
    Fault(
        check="mongo-primary",
        part=replace(HELLO, has_primary=False),
        says="rs0 に primary がなく",
        repair="rs.status()",
    ),
    Fault(
        check="clock-mongo",
        part=replace(HELLO, ahead=timedelta(seconds=-5)),
        says="5 秒ずれています",
        repair="NTP",
        level="warning",
    ),
    Fault(check="clock-mongo", part=replace(HELLO, ahead=timedelta(seconds=90)), says="90 秒ずれ", repair="NTP"),
    Fault(
        check="mongo-majority",
        part=replace(REPLICATION, healthy_members=1),
        says="1 台しか動いておらず、過半数に必要な 2 台",
        repair="止まっているメンバー",
    ),
    Fault(
        check="mongo-durable",
        part=replace(REPLICATION, is_persistent=False),
        says="停止するとすべて失われます",
        repair="wiredTiger",
    ),
    Fault(
        check="mongo-durable",
        part=replace(REPLICATION, journals_majority=False),
        says="ジャーナルに書く前に",
        repair="writeConcernMajorityJournalDefault = true",
    ),
    Fault(
        check="mongo-oplog",
        part=replace(REPLICATION, oplog_window=timedelta(hours=6)),
        says="6.0 時間分しか",
        repair="replSetResizeOplog",
        level="warning",
    ),
    Fault(
        check="mongo-version",
        part=facts.MongoVersion(version=(4, 4, 29), is_ours=True),
        says="MongoDB 4.4.29 は古く",
        repair="7.0 以降",
    ),
    Fault(
        check="mongo-version",
        part=facts.MongoVersion(version=(6, 0, 1), is_ours=False),
        says="もう修正が提供されません",
        repair="7.0 以降",
        level="warning",
    ),
    Fault(
        check="mongo-indexes",
        part=indexes(quotes=frozenset({"relay_due"})),
        says="rating のコレクション quotes に、インデックス quote_id がありません",
        repair="rating を再起動",
    ),
)

OF_KAFKA = (
    Fault(
        check="kafka-there",
        part=facts.KafkaReach(address="kafka:9092", trouble="KafkaConnectionError"),
        says="Kafka(kafka:9092)に接続できません: KafkaConnectionError",
        repair="docker compose ps kafka",
    ),
    Fault(
        check="kafka-there",
        part=facts.KafkaReach(
            address="kafka:9093",
            trouble="証明書を信頼できません(self-signed certificate)",
            repair="?ca= に、CA の証明書ファイルを指定してください。",
        ),
        says="Kafka(kafka:9093)に接続できません: 証明書を信頼できません",
        repair="?ca= に、CA の証明書ファイルを指定してください。フォームは動き続け",
    ),
    Fault(
        check="kafka-topics",
        part=replace(topics(), topics={name: topic for name, topic in topics().topics.items() if name != DESK}),
        says=f"トピック {DESK} がありません",
        repair="mitsumori topics create",
    ),
    Fault(
        check="kafka-partitions",
        part=topics(QUOTES, replace(TOPIC, partitions=1)),
        says="パーティションが 1 個です(設計では 6 個)",
        repair="途中で増やすと",
        level="warning",
    ),
    Fault(
        check="kafka-leaders",
        part=topics(QUOTES, replace(TOPIC, without_leader=2, in_sync=0)),
        says="2 個のパーティションに leader がなく",
        repair="--unavailable-partitions",
    ),
    Fault(
        check="kafka-in-sync",
        part=topics(QUOTES, replace(TOPIC, in_sync=2)),
        says="3 のうち 2 しか追い付いていません",
        repair="--under-replicated-partitions",
        level="warning",
    ),
    Fault(
        check="kafka-replication",
        part=topics(QUOTES, replace(TOPIC, replicas=1, in_sync=1)),
        says="ブローカーが 3 台あるのに",
        repair="複製を 3 に増やして",
        level="warning",
    ),
    Fault(
        check="kafka-min-in-sync",
        part=configs(QUOTES, min_insync_replicas="1"),
        says="min.insync.replicas は 1 です(複製は 3)",
        repair=f"--entity-name {QUOTES} --add-config min.insync.replicas=2",
        level="warning",
    ),
    Fault(
        check="kafka-min-in-sync",
        part=configs(QUOTES, min_insync_replicas="4"),
        says="min.insync.replicas は 4 です",
        repair="min.insync.replicas=2",
    ),
    Fault(
        check="kafka-retention",
        part=configs(REQUESTS, retention_ms="86400000"),
        says="1 日残ります(設計では 14 日)",
        repair=f"--entity-name {REQUESTS} --add-config retention.ms=1209600000",
    ),
    Fault(
        check="kafka-retention",
        part=configs(TARIFFS, retention_ms="1209600000"),
        says="14 日残ります(設計では無期限に)",
        repair="retention.ms=-1",
    ),
    Fault(
        check="kafka-retention",
        part=configs(REQUESTS, retention_ms="-1"),
        says="無期限に残ります(設計では 14 日)",
        repair="retention.ms=1209600000",
        level="warning",
    ),
    Fault(
        check="kafka-retention-bytes",
        part=configs(REQUESTS, retention_bytes="1000000"),
        says="1,000,000 バイトを超えると",
        repair="retention.bytes=-1",
    ),
    Fault(
        check="kafka-cleanup",
        part=configs(REQUESTS, cleanup_policy="compact"),
        says="cleanup.policy は compact",
        repair="cleanup.policy=delete",
    ),
    Fault(
        check="kafka-compression",
        part=configs(REQUESTS, compression_type="producer"),
        says="compression.type は producer",
        repair="compression.type=uncompressed",
        level="warning",
    ),
    Fault(
        check="kafka-readers",
        part=groups("notify", replace(READERS, members=0)),
        says="notify は Kafka を読んでいません",
        repair="mitsumori logs notify(コンテナでは docker compose logs notify)",
    ),
    Fault(
        check="kafka-lag",
        part=groups("notify", replace(READERS, lag=1_001)),
        says="notify に、未読の記録が 1,001 件",
        repair="1 分後にもう一度",
        level="warning",
    ),
    Fault(
        check="clock-kafka",
        part=facts.KafkaRecords(ahead={TOPICS[0]: timedelta(minutes=1)}),
        says="60 秒先の記録",
        repair="NTP",
    ),
)

OF_LEDGERS = (
    Fault(
        check="outbox-age",
        part=facts.Outboxes(waiting={"intake": (12, timedelta(minutes=5))}),
        says="intake の 12 件の記録が 5 分前から",
        repair="Kafka と intake が動いているか",
        level="warning",
    ),
    Fault(
        check="outbox-age",
        part=facts.Outboxes(waiting={"intake": (12, timedelta(minutes=30))}),
        says="30 分前から",
        repair="intake のログ",
    ),
    Fault(
        check="outbox-parked",
        part=facts.ParkedEvents(parked={"notify": 1}),
        says="notify に、渡せない記録が 1 件",
        repair="event parked",
    ),
    Fault(
        check="letters-late",
        part=facts.WaitingLetters(count=7, late=timedelta(minutes=20)),
        says="7 通のメールが送信を待っています。最も古いものは 20 分遅れて",
        repair="mitsumori doctor mail",
        level="warning",
    ),
    Fault(
        check="letters-late",
        part=facts.WaitingLetters(count=7, late=timedelta(hours=5)),
        says="5 時間遅れて",
        repair="notify のログ",
    ),
    Fault(
        check="dead-letters",
        part=set_aside("unknown-form"),
        says="rating が処理できなかった記録が 3 件あります(理由 unknown-form",
        repair="mitsumori dead retry --all-of 3fa9c1d2",
    ),
    Fault(check="dead-letters", part=set_aside("unknown-key"), says="unknown-key", repair="鍵を鍵のフォルダに"),
    Fault(check="dead-letters", part=set_aside("bad-signature"), says="bad-signature", repair="retry しないで"),
    Fault(check="dead-letters", part=set_aside("KeyError"), says="KeyError", repair="開発元に知らせ"),
    Fault(check="dead-letters", part=set_aside("no-parcel"), says="no-parcel", repair="mitsumori dead show 3fa9c1d2"),
    Fault(
        check="waiting-for-keys",
        part=set_aside("unknown-key", waits_for="dashboard-2"),
        says="鍵 dashboard-2 を待っています",
        repair="dashboard-2.verify を rating の鍵のフォルダに置いて",
    ),
    Fault(
        check="waiting-for-keys",
        part=set_aside("unknown-key", waits_for="rating-2"),
        says="rating で、3 件の記録が鍵 rating-2 を待っています",
        repair="rating-2.key を rating の鍵のフォルダに",
    ),
)
