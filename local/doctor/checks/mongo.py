"""Whether MongoDB keeps what it says it has kept."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from local.doctor.check import Problem, check
from local.doctor.facts import MongoHello, MongoIndexes, MongoReach, MongoReplication, MongoVersion

_SHORT_OPLOG: Final = timedelta(hours=24)
_OLDEST: Final = (5, 0)
"""Of the mongod that `mitsumori run` brings; what is older is tried by nobody."""
_MAINTAINED: Final = (7, 0)


@check(MongoReach, "mongo-there", "MongoDB に接続できる")
def mongo_there(mongo: MongoReach) -> Iterator[Problem]:
    """Everything else about it waits for this."""
    if mongo.trouble:
        yield Problem(
            f"MongoDB({mongo.address})に接続できません: {mongo.trouble}",
            "MongoDB が動いているか(mitsumori status、コンテナでは docker compose ps mongo)、MITSUMORI_MONGO の接続先、"
            "利用者名とパスワード、tls の指定、ファイアウォールを確かめてください。",
        )


@check(MongoHello, "mongo-primary", "レプリカセットに primary がある")
def mongo_has_primary(hello: MongoHello) -> Iterator[Problem]:
    """Only a replica set keeps the promise of a majority, and only its primary takes writes."""
    if hello.replica_set is None:
        yield Problem(
            "MongoDB がレプリカセットではありません。",
            "mongod を --replSet 付きで起動し、mongosh で rs.initiate() を実行してください。1 台でも構いません。",
        )
    elif not hello.has_primary:
        yield Problem(
            f"レプリカセット {hello.replica_set} に primary がなく、書き込めません。",
            "mongosh で rs.status() を実行し、過半数のメンバーが起動していて互いに届くかを確かめてください。",
        )


@check(MongoReplication, "mongo-majority", "書き込みが過半数に届く")
def majority_is_there(replication: MongoReplication) -> Iterator[Problem]:
    """With an arbiter there may be a primary, and no write is ever acknowledged."""
    if replication.healthy_members < replication.majority:
        yield Problem(
            f"データを持つメンバーが {replication.healthy_members} 台しか動いておらず、過半数に必要な"
            f" {replication.majority} 台に届きません。書き込みは完了しません。",
            "mongosh の rs.status() で止まっているメンバーを確かめ、起動してください。",
        )


@check(MongoReplication, "mongo-durable", "書き込みがディスクに残る")
def writes_are_durable(replication: MongoReplication) -> Iterator[Problem]:
    """Every promise rests on it: what was acknowledged is there after a power cut."""
    if not replication.is_persistent:
        yield Problem(
            "MongoDB のストレージエンジンは、データをメモリーにだけ置きます。停止するとすべて失われます。",
            "storage.engine を wiredTiger にして、新しいデータフォルダで起動してください。",
        )
    if not replication.journals_majority:
        yield Problem(
            "レプリカセットは、ジャーナルに書く前に書き込みの完了を返します。",
            "mongosh で c = rs.conf(); c.writeConcernMajorityJournalDefault = true; rs.reconfig(c) を実行します。",
        )


@check(MongoReplication, "mongo-oplog", "oplog が 24 時間分以上ある")
def oplog_is_long(replication: MongoReplication) -> Iterator[Problem]:
    """A member that is away for longer must copy everything, and a backup from the oplog has a gap."""
    if replication.oplog_is_full and replication.oplog_window < _SHORT_OPLOG:
        hours = replication.oplog_window / timedelta(hours=1)
        yield Problem(
            f"oplog は {hours:,.1f} 時間分しかありません。",
            "mongosh で db.adminCommand({replSetResizeOplog: 1, size: (MB), minRetentionHours: 24}) を実行します。",
            "warning",
        )


@check(MongoVersion, "mongo-version", "MongoDB のバージョンが使えるものである")
def mongo_is_maintained(mongo: MongoVersion) -> Iterator[Problem]:
    """The one that `mitsumori run` brings is old; it is for one machine and one user (docs/adr/0005)."""
    version = ".".join(map(str, mongo.version))
    if mongo.version < _OLDEST:
        yield Problem(f"MongoDB {version} は古く、動作を確かめていません。", "MongoDB 7.0 以降に更新してください。")
    elif mongo.version < _MAINTAINED and not mongo.is_ours:
        yield Problem(
            f"MongoDB {version} には、もう修正が提供されません。", "MongoDB 7.0 以降に更新してください。", "warning"
        )


@check(MongoIndexes, "mongo-indexes", "必要なインデックスがある")
def indexes_there(indexes: MongoIndexes) -> Iterator[Problem]:
    """Without them something is kept twice, or for longer than we say."""
    for service, collections in indexes.wanted.items():
        for collection, names in collections.items():
            # A collection that is not there yet: its service makes both at its next start.
            there = indexes.there.get(service, {}).get(collection, names)
            for name in sorted(names - there):
                yield Problem(
                    f"{service} のコレクション {collection} に、インデックス {name} がありません。",
                    f"{service} を再起動してください。起動時に作ります。",
                )


CHECKS: Final = (
    mongo_there,
    mongo_has_primary,
    majority_is_there,
    writes_are_durable,
    oplog_is_long,
    mongo_is_maintained,
    indexes_there,
)
