"""A real Apache Kafka: fetched, started, killed and started again."""

from pathlib import Path

import pytest

from local.children import CannotStart
from local.class_archive import class_archive
from local.kafka import Kafka, find_java
from local.topics import TopicSettings, create_topics
from tests.local.builders import publish, read_one


def test_without_java_the_sentence_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CannotStart, match="java が見つかりません"):
        find_java()


def test_a_java_that_is_too_old_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CannotStart, match="見つかったのは 11"):
        find_java()


def test_kafkas_classes_are_recorded_once(tmp_path: Path) -> None:
    (tmp_path / "dependency").mkdir()
    recorded = []

    def record(archive: Path) -> None:
        recorded.append(archive)
        archive.write_bytes(b"classes")

    options = [class_archive(find_java(), tmp_path / "dependency", record) for _ in range(2)]

    [file] = tmp_path.glob("*.jsa")
    assert options == [[f"-XX:SharedArchiveFile={file}"]] * 2
    assert len(recorded) == 1
    assert file.read_bytes() == b"classes"


def test_kafka_starts_without_recorded_classes_when_none_could_be_recorded(tmp_path: Path) -> None:
    """What a killed Java has written must not be used, and the next start must not take ten seconds more again."""
    (tmp_path / "dependency").mkdir()
    tries = []

    def die_while_writing(archive: Path) -> None:
        tries.append(archive)
        archive.write_bytes(b"half")
        raise CannotStart("killed")

    options = [class_archive(find_java(), tmp_path / "dependency", die_while_writing) for _ in range(2)]

    assert options == [[], []]
    assert len(tries) == 1


@pytest.mark.anyio
async def test_kafka_keeps_its_records_through_a_crash(tmp_path: Path) -> None:
    broker = Kafka(tmp_path)
    broker.start()
    await create_topics(TopicSettings(kafka=broker.address))
    await publish(broker.address, b"kept")
    broker.kill()

    broker.start()

    assert await read_one(broker.address, group="reader") == b"kept"
    broker.stop()
    assert not broker.child.alive


@pytest.mark.anyio
async def test_a_folder_with_a_japanese_name_holds_a_broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Java reads properties as ISO-8859-1, and names of files as the locale says; the second start found no data."""
    monkeypatch.setenv("LC_ALL", "C")
    broker = Kafka(tmp_path / "デスクトップ𠮷")
    broker.start()
    await create_topics(TopicSettings(kafka=broker.address))
    await publish(broker.address, b"kept")
    broker.stop()

    broker.start()

    assert await read_one(broker.address, group="reader") == b"kept"
    broker.stop()
    assert _names(tmp_path) == ["デスクトップ𠮷"]
    assert {"kafka.log", "data"} <= set(_names(tmp_path / "デスクトップ𠮷"))


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]
