"""A backup is put back whole into databases that are empty, with what a newer Kafka has beyond it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from local.backup.back_up import BackUp
from local.backup.backup_keys import public_key, secret_keys
from local.backup.contents import Collection, ContentsWriter
from local.backup.files import newest_backup
from local.backup.restore import check_backup
from local.backup.topics import Shape, make_topics_anew, shape_of_topics
from local.topics import PARTITIONS, TopicSettings, missing_topics
from services.registry import SERVICES
from shared.errors import Invalid, Unavailable
from shared.events import REQUESTS, Envelope, Event, RequestErased, RequestReceived, event_id
from tests.local.backup.backups import Backups, Client, Document, everything, opened
from tests.services.intake.builders import letter_failed, letter_sent
from tests.services.notify.builders import NOON, a_request

PARAMETER = "minSnapshotHistoryWindowInSeconds"
SENT: Document = {"state": "sent", "time": NOON, "topic": REQUESTS}


def fill(client: Client) -> None:
    for service in SERVICES:
        for name in {"dead_letters", *service.outboxes} - {"erased"}:
            relay = {"state": "parked", "time": NOON}
            client[service.database][name].insert_many(
                {"_id": f"{name}-{number}", "number": number, "relay": relay, "bytes": b"\0" * number}
                for number in range(250)
            )
    client["mitsumori_intake"]["requests"].create_index("number", unique=True)
    client["mitsumori_intake"]["drafts"].create_index("until", expireAfterSeconds=0)


def test_every_document_and_every_index_is_as_it_was(backups: Backups) -> None:
    with opened(backups) as client:
        fill(client)
        before, indexes = everything(client), client["mitsumori_intake"]["requests"].index_information()
        made = backups.make()
        client["mitsumori_rating"]["quotes"].delete_many({})
        client["mitsumori_rating"]["of_later"].insert_one({})

        done = backups.restore(made)

        assert everything(client) == before
        assert client["mitsumori_intake"]["requests"].index_information() == indexes
        assert done.count == sum(map(len, before.values())) == sum(one.count for one in made.counted)
        assert client["mitsumori_intake"]["drafts"].index_information()["until_1"]["expireAfterSeconds"] == 0


def test_all_databases_are_from_one_moment(backups: Backups, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written while it is made is in none of them: there is no quote without its request."""
    with opened(backups) as client:
        fill(client)
        before = everything(client)
        decisions = client["mitsumori_dashboard"]["decisions"]
        write = ContentsWriter.collection

        def while_others_write(writer: ContentsWriter, collection: Collection, batches: Iterator[bytes]) -> None:
            decisions.insert_one({"_id": f"late, at {collection.service}.{collection.name}"})
            client["mitsumori_intake"]["requests"].delete_one({})
            write(writer, collection, batches)

        monkeypatch.setattr(ContentsWriter, "collection", while_others_write)
        made = backups.make()

        backups.restore(made)

        assert everything(client) == before


def test_mongodb_keeps_its_history_for_longer_while_a_backup_is_made(
    backups: Backups, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By itself it forgets after 300 seconds, and a large backup on a busy server takes longer."""
    seconds: list[int] = []
    write = ContentsWriter.finish

    def history(client: Client) -> int:
        found: int = client.admin.command({"getParameter": 1, PARAMETER: 1})[PARAMETER]
        return found

    with opened(backups) as client:

        def while_it_is_made(writer: ContentsWriter) -> Any:  # noqa: ANN401  # as it is
            seconds.append(history(client))
            return write(writer)

        monkeypatch.setattr(ContentsWriter, "finish", while_it_is_made)

        backups.make()

        assert (seconds, history(client)) == ([14_400], 300)


def test_who_was_logged_out_since_does_not_come_back(backups: Backups) -> None:
    with opened(backups) as client:
        for name in ("sessions", "invitations", "challenges", "company_log_ins"):
            client["mitsumori_dashboard"][name].insert_one({})

        backups.restore(backups.make())

        assert everything(client) == {}


def test_what_is_in_the_databases_goes_only_when_somebody_says_so(backups: Backups) -> None:
    with opened(backups) as client:
        made = backups.make()
        client["mitsumori_dashboard"]["cases"].insert_one({"_id": "kept"})

        with pytest.raises(Invalid, match="not-empty"):
            backups.restore(made, replace=False)

        assert client["mitsumori_dashboard"]["cases"].count_documents({}) == 1


def test_a_broken_file_is_found_before_anything_is_lost(backups: Backups) -> None:
    with opened(backups) as client:
        fill(client)
        before, made = everything(client), backups.make()
        content = bytearray(made.file.read_bytes())
        content[-20] ^= 1
        made.file.write_bytes(content)

        for look in (
            lambda: backups.restore(made),
            lambda: check_backup(made.file, secret_keys(backups.secret), print),
        ):
            with pytest.raises(Invalid, match="broken-backup"):
                look()

        assert everything(client) == before


def test_a_file_of_a_later_version_is_left_alone(backups: Backups, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of an earlier version is restored: services read what earlier ones have written."""
    made = backups.make()
    monkeypatch.setattr("local.backup.restore.metadata.version", lambda _name: "0.0.9")

    with pytest.raises(Invalid, match="newer-backup"):
        backups.restore(made)


def test_a_backup_that_fails_leaves_no_file(backups: Backups, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("local.backup.back_up.os.fsync", fails)

    with pytest.raises(Unavailable, match="No space left"):
        backups.make()

    assert list(backups.folder.iterdir()) == []
    assert newest_backup(backups.folder) is None


def test_a_file_says_from_when_it_is_and_only_its_owner_reads_it(backups: Backups) -> None:
    made = backups.make()

    assert newest_backup(backups.folder) == made.at.replace(microsecond=0)
    assert made.file.stat().st_mode & 0o077 == 0


async def publish(kafka: str, *events: Event) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all") as producer:
        for event in events:
            envelope = Envelope(
                id=event_id(event.request_id, event.type),
                type=event.type,
                source="/test",
                subject=event.request_id,
                time=NOON,
            )
            headers = [(name, value.encode()) for name, value in envelope.headers().items()]
            body = event.to_text().encode()
            await producer.send_and_wait(event.topic, body, key=event.request_id.encode(), headers=headers)
        await producer.send_and_wait(REQUESTS, b"garbage", headers=[("ce_type", b"\xff")])


async def read_all(kafka: str) -> None:
    """As a service that was up to date."""
    async with AIOKafkaConsumer(
        REQUESTS, bootstrap_servers=kafka, group_id="rating", auto_offset_reset="earliest"
    ) as consumer:
        await consumer.getone()
        await consumer.seek_to_end()
        await consumer.commit()


async def places_of_rating(kafka: str) -> set[int | None]:
    """How far rating has read, by partition."""
    async with AIOKafkaConsumer(bootstrap_servers=kafka, group_id="rating", enable_auto_commit=False) as consumer:
        return {await consumer.committed(TopicPartition(REQUESTS, partition)) for partition in range(PARTITIONS)}


def test_what_a_newer_kafka_has_is_put_back_with_the_ids_of_before_and_topics_begin_anew(
    backups: Backups, kafka: str
) -> None:
    asyncio.run(make_topics_anew(kafka, Shape()))
    known, late = a_request(), a_request(request_id="accepted-after-it", reception_no="P3QRS7TU")
    events = (late, late, RequestErased(request_id="gone", erased_at=late.accepted_at))
    ends = (
        letter_sent(late.request_id, letter_id="sent"),
        letter_failed(late.request_id),
        letter_sent("x", letter_id="due"),
    )
    with opened(backups) as client:
        requests, letters = client["mitsumori_intake"]["requests"], client["mitsumori_notify"]["letters"]
        head = known.model_dump(exclude={"request_id", "parcels"}, exclude_none=True)
        requests.insert_one({"_id": known.request_id, **head, "fingerprint": "of-its-body", "relay": SENT})
        letters.insert_many({"_id": name, "recipient": "a@b.example", "due": NOON} for name in ("due", "open"))
        made = backups.make()
        asyncio.run(publish(kafka, known, *events, *ends))
        asyncio.run(read_all(kafka))

        done = backups.restore(made, kafka)

        assert (done.recovered.requests, done.recovered.erasures, done.recovered.letters) == (1, 1, 3)
        put_back = requests.find_one({"_id": late.request_id})
        assert put_back is not None
        assert put_back["reception_no"] == late.reception_no
        assert put_back["relay"]["headers"]["ce_id"] == event_id(late.request_id, late.type)
        assert RequestReceived.model_validate_json(put_back["relay"]["body"]) == late
        first = requests.find_one({"_id": known.request_id})
        assert first is not None
        assert (first["fingerprint"], first["relay"]) == ("of-its-body", {**SENT, "state": "pending"})
        assert client["mitsumori_intake"]["erased"].count_documents({"_id": "gone", "relay.state": "pending"}) == 1
        # Nobody sends what was sent, and nobody writes it anew; what is not known to be sent is still due.
        assert {one["_id"]: "due" in one for one in letters.find()} == {
            "sent": False,
            "quote": False,
            "due": False,
            "open": True,
        }
        assert {one["_id"]: one["sent"] for one in client["mitsumori_notify"]["outcomes"].find()} == {
            "sent": True,
            "quote": False,
            "due": True,
        }
        assert client["mitsumori_notify"]["restores"].count_documents({"restored_at": {"$gt": made.at}}) == 2
    assert asyncio.run(places_of_rating(kafka)) == {None}
    assert asyncio.run(missing_topics(TopicSettings(kafka))) == []


def test_a_restore_that_was_cut_off_after_the_topics_were_deleted_loses_nothing_of_what_they_had(
    backups: Backups, kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The docs say: again, with --replace. The topics are empty by then."""
    asyncio.run(make_topics_anew(kafka, Shape(partitions=3)))
    late = a_request(request_id="accepted-after-it", reception_no="P3QRS7TU")
    with opened(backups) as client:
        made = backups.make()
        before = BackUp(mongo=backups.mongo, key=public_key(backups.public), now=lambda: NOON)(backups.folder)
        asyncio.run(publish(kafka, late))
        with monkeypatch.context() as cut:
            cut.setattr("local.backup.restore.republish_events", cut_off)
            with pytest.raises(KeyboardInterrupt):
                backups.restore(made, kafka)
        with pytest.raises(Unavailable, match="mitsumori restore"):
            backups.make()
        with pytest.raises(Invalid, match="unpublished: 1"):
            backups.restore(before, kafka)

        done = backups.restore(made, kafka)

        assert done.recovered.requests == 1
        assert client["mitsumori_intake"]["requests"].count_documents({"_id": late.request_id}) == 1
        assert asyncio.run(shape_of_topics(kafka)).partitions == 3
        backups.make()


def cut_off(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_what_no_topic_has_is_thrown_away_only_when_somebody_says_so(backups: Backups) -> None:
    """Kafka was away, and the form went on: these requests are nowhere else."""
    with opened(backups) as client:
        made = backups.make()
        client["mitsumori_intake"]["requests"].insert_one({"_id": "acknowledged", "relay": {"state": "pending"}})

        with pytest.raises(Invalid, match="unpublished: 1"):
            backups.restore(made)
        assert client["mitsumori_intake"]["requests"].count_documents({}) == 1

        backups.restore(made, discard=True)
        assert client["mitsumori_intake"]["requests"].count_documents({}) == 0


def test_of_whom_was_erased_since_nothing_is_published_again(backups: Backups, kafka: str) -> None:
    asyncio.run(make_topics_anew(kafka, Shape()))
    gone = RequestErased(request_id="gone", erased_at=NOON)
    with opened(backups) as client:
        quotes, letters = client["mitsumori_rating"]["quotes"], client["mitsumori_notify"]["letters"]
        quotes.insert_one({"_id": "gone:r1", "request_id": "gone", "relay": {**SENT, "body": "workings"}})
        letters.insert_one({"_id": "open", "request_id": "gone", "recipient": "a@b.example", "due": NOON, "pieces": []})
        made = backups.make()
        asyncio.run(publish(kafka, gone))

        backups.restore(made, kafka)

        quote, letter = quotes.find_one({}), letters.find_one({})
        assert quote is None or quote["relay"]["state"] == "erased"
        assert letter is not None
        assert (letter["recipient"], "due" in letter) == ("", False)
        erased = {one.name: client[one.database]["erased"].count_documents({"_id": "gone"}) for one in SERVICES}
        assert set(erased.values()) == {1}


def test_what_a_killed_backup_has_left_is_gone_with_the_next_one(backups: Backups) -> None:
    with opened(backups) as client:
        killed = backups.folder / "mitsumori-20261127T180000Z.mitsumori-backup.part"
        backups.folder.mkdir()
        killed.write_bytes(b"x")
        client.admin.command({"setParameter": 1, PARAMETER: 14_400})

        made = backups.make()

        assert list(backups.folder.iterdir()) == [made.file]
        assert client.admin.command({"getParameter": 1, PARAMETER: 1})[PARAMETER] == 300


def test_two_backups_are_not_written_to_one_folder_at_once(backups: Backups, monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer and an operator: the first would take its history from the second."""
    write = ContentsWriter.finish

    def meanwhile(writer: ContentsWriter) -> Any:  # noqa: ANN401  # as it is
        with pytest.raises(Unavailable, match="別のバックアップ"):
            backups.make()
        return write(writer)

    monkeypatch.setattr(ContentsWriter, "finish", meanwhile)

    assert backups.make().file.exists()


def test_a_restore_waits_for_the_services_to_stop(backups: Backups, kafka: str) -> None:
    asyncio.run(make_topics_anew(kafka, Shape()))
    with opened(backups) as client:
        made = backups.make()
        client["mitsumori_dashboard"]["cases"].insert_one({"_id": "kept"})

        with a_reader(kafka), pytest.raises(Invalid, match="services-run: rating"):
            backups.restore(made, kafka)

        assert client["mitsumori_dashboard"]["cases"].count_documents({}) == 1


@contextmanager
def a_reader(kafka: str) -> Iterator[None]:
    """A process of rating, in another thread."""
    reads, is_over = threading.Event(), threading.Event()

    async def read() -> None:
        async with AIOKafkaConsumer(REQUESTS, bootstrap_servers=kafka, group_id="rating") as consumer:
            while not consumer.assignment():  # noqa: ASYNC110  # aiokafka has no event for this
                await asyncio.sleep(0.02)
            reads.set()
            await asyncio.to_thread(is_over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(read()))
    thread.start()
    try:
        assert reads.wait(60)
        yield
    finally:
        is_over.set()
        thread.join()
