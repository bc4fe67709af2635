"""Whether the machine has what the system needs: processes that answer, memory, disk, and the right time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from local.doctor.check import Level, Problem, check
from local.doctor.facts import Backups, DataDisk, Disk, KafkaRecords, Machine, MongoDisk, MongoHello, Processes

_GB: Final = 1_000_000_000
_MB: Final = 1_000_000
_LITTLE_DISK: Final = 5 * _GB
_NO_DISK: Final = _GB
_LITTLE_MEMORY: Final = 500 * _MB
_NO_MEMORY: Final = 100 * _MB
_FAR_OFF: Final = timedelta(seconds=30)
_OFF: Final = timedelta(seconds=2)
"""Of our clock and another one: signatures and links have ends, and ten seconds are for taking back."""
_A_DAY: Final = timedelta(hours=26)
"""From one backup of a timer to the next; a day later none can be late any more."""
_JAPAN: Final = timedelta(hours=9)
_SET_THE_CLOCK: Final = "両方の端末で NTP が動いているかを確かめ(timedatectl)、時刻を合わせてください。"
_LACKS: Final = {
    "process": "応答しません",
    "start": "起動の途中です",
    "mongo": "MongoDB につながりません",
    "kafka": "Kafka から読めません",
    "keys": "鍵を待つ記録があります",
    "dead-letter-limit": "不具合で処理できない記録が続いたので、読むのを止めています",
}
_CHAPTERS: Final = {"keys": 3, "dead-letter-limit": 4}
"""Of docs/operating/repair.md; without one, 2."""


@check(Processes, "processes", "すべてのプロセスが動いている")
def processes_work(processes: Processes) -> Iterator[Problem]:
    """As they say themselves."""
    for part in processes.parts:
        for lacks in (*part.missing, *part.incomplete):
            yield Problem(
                f"{part.name}: {_LACKS.get(lacks, lacks)}。",
                f"mitsumori logs {part.name} で、ログの最後の行を確かめてください"
                f"(docs/operating/repair.md の {_CHAPTERS.get(lacks, 2)})。",
            )


@check(Machine, "memory", "空きメモリーがある")
def memory_is_free(machine: Machine) -> Iterator[Problem]:
    """A machine without any ends processes. A container may be small: what it has is measured by its limit."""
    free, limit = machine.free_memory_bytes, machine.memory_limit_bytes
    little, none = (
        (min(_LITTLE_MEMORY, limit // 10), min(_NO_MEMORY, limit // 20)) if limit else (_LITTLE_MEMORY, _NO_MEMORY)
    )
    if free is not None and free < little:
        yield Problem(
            f"使えるメモリーが {free // _MB:,} MB しかありません。",
            "メモリーを多く使うプロセスを ps aux --sort=-rss で探して止めるか、"
            "メモリーを増やしてください(コンテナでは mem_limit)。",
            "wrong" if free < none else "warning",
        )


@check(DataDisk, "disk-data", "データフォルダのディスクに空きがある")
def data_disk_has_room(disk: DataDisk) -> Iterator[Problem]:
    """A full disk ends MongoDB and Kafka."""
    yield from _room(disk)


@check(MongoDisk, "disk-mongo", "MongoDB のディスクに空きがある")
def mongo_disk_has_room(disk: MongoDisk) -> Iterator[Problem]:
    """As mongod says of its own."""
    yield from _room(disk)


@check(MongoHello, "clock-mongo", "時計が MongoDB と合っている")
def clock_fits_mongo(hello: MongoHello) -> Iterator[Problem]:
    """The database deletes by its clock what was written by ours."""
    off = abs(hello.ahead)
    if off >= _OFF:
        yield Problem(
            f"この端末の時計と MongoDB の時計が {off.total_seconds():,.0f} 秒ずれています。", _SET_THE_CLOCK, _bad(off)
        )


@check(KafkaRecords, "clock-kafka", "Kafka に、未来の時刻の記録がない")
def clock_fits_kafka(records: KafkaRecords) -> Iterator[Problem]:
    """A record has the clock of the machine that wrote it: Kafka deletes those from the future too late."""
    for topic, ahead in records.ahead.items():
        if ahead >= _OFF:
            yield Problem(
                f"{topic} に、{ahead.total_seconds():,.0f} 秒先の記録があります。書いた端末の時計が進んでいます。",
                _SET_THE_CLOCK,
                _bad(ahead),
            )


@check(Machine, "time-zone", "日本時間のタイムゾーンが正しい")
def time_zone_is_right(machine: Machine) -> Iterator[Problem]:
    """Our own code needs no data for it; the tools that read our logs do."""
    if machine.tokyo_offset is None:
        yield Problem(
            "タイムゾーンのデータに Asia/Tokyo がありません。",
            "tzdata をインストールしてください(Debian、Ubuntu: apt install tzdata)。",
            "warning",
        )
    elif machine.tokyo_offset != _JAPAN:
        yield Problem(
            f"タイムゾーンのデータでは、Asia/Tokyo が UTC から {machine.tokyo_offset} 離れています。",
            "TZDIR と /usr/share/zoneinfo を確かめ、tzdata を入れ直してください。",
        )


@check(Backups, "backup-age", "この一日のバックアップがある")
def backup_is_of_today(backups: Backups) -> Iterator[Problem]:
    """A timer that has stopped tells nobody."""
    repair = "mitsumori backup を手で実行し、タイマーのログを確かめてください(docs/operating/backup.md)。"
    if backups.newest is None:
        yield Problem(f"{backups.folder} に、バックアップが一つもありません。", repair)
    elif (age := backups.now - backups.newest) > _A_DAY:
        hours = age // timedelta(hours=1)
        yield Problem(
            f"最後のバックアップは {hours:,} 時間前のものです。", repair, "wrong" if age > 2 * _A_DAY else "warning"
        )


def _room(disk: Disk) -> Iterator[Problem]:
    if disk.free_bytes < max(_LITTLE_DISK, disk.size_bytes // 20):
        yield Problem(
            f"{disk.what} の空きが {disk.free_bytes / _GB:,.1f} GB しかありません"
            f"(全体 {disk.size_bytes / _GB:,.1f} GB)。",
            "不要なファイルを消すか、ディスクを増やしてください。必要な大きさは docs/limits.md にあります。"
            "データフォルダとデータベースのファイルは、手で消さないでください。",
            "wrong" if disk.free_bytes < _NO_DISK else "warning",
        )


def _bad(off: timedelta) -> Level:
    return "wrong" if off >= _FAR_OFF else "warning"


CHECKS: Final = (
    processes_work,
    memory_is_free,
    data_disk_has_room,
    mongo_disk_has_room,
    clock_fits_mongo,
    clock_fits_kafka,
    time_zone_is_right,
    backup_is_of_today,
)
