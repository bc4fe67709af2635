"""A backup of a system that works, restored beside a Kafka that is newer.

Everything is real. Mails are counted as they lie in the mailboxes: the SMTP server kept them all.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from local.backup.back_up import BackUp
from local.backup.backup_keys import add_backup_key, public_key, secret_keys
from local.backup.restore import RestoreBackup, Restored
from local.backup.servers import servers_of
from shared.clock import utc_now
from shared.events import LETTERS as LETTERS_TOPIC
from tests.journeys.conftest import a_world
from tests.journeys.kafka_logs import cut
from tests.journeys.test_faults import DESK_MAIL, without
from tests.journeys.world import CANARY_MAIL, Accepted, World, a_quote, until

LETTERS = {"receipt", "quote", "desk"}


@contextmanager
def forms_flow(world: World, accepted: list[Accepted]) -> Iterator[None]:
    """One after the other, for as long as the block runs."""
    is_over = threading.Event()

    def send() -> None:
        while not is_over.is_set():
            accepted.append(world.submit(a_quote()))

    customer = threading.Thread(target=send)
    customer.start()
    try:
        yield
    finally:
        is_over.set()
        customer.join()


def restored(folder: Path, file: Path, keys: Path) -> Restored:
    with servers_of(folder, None, None) as servers:
        restore = RestoreBackup(
            keys=secret_keys(keys), mongo=servers.mongo, kafka=servers.kafka, report=lambda _line: None, now=utc_now
        )
        return restore(file, replace=True)


def mails(world: World, requests: Sequence[Accepted]) -> dict[str, Counter[str]]:
    """受付番号 → who got how many. A copy with the same bytes counts too: a restore has no excuse for it."""
    return {
        request.reception_no: Counter(
            DESK_MAIL if mail.message["to"].addresses[0].addr_spec == DESK_MAIL else CANARY_MAIL
            for mail in world.mails(request)
        )
        for request in requests
    }


def sent_since(world: World, request: Accepted) -> tuple[int, int, set[str]]:
    """Partition and place at which Kafka has the first sent letter of *request*, and whose are there and behind."""
    with world.mongo() as client:
        outcomes = client["mitsumori_notify"]["outcomes"]
        # Intake may have read of a letter before notify has noted at which place Kafka put that.
        until(lambda: outcomes.count_documents({"relay.offset": {"$exists": False}}) == 0)
        first = outcomes.find_one({"request_id": request.request_id}, sort=[("relay.offset", 1)])
        assert first is not None
        partition, place = first["relay"]["partition"], first["relay"]["offset"]
        behind = {"relay.partition": partition, "relay.offset": {"$gte": place}}
        return partition, place, set(outcomes.distinct("request_id", behind))


def test_a_restored_system_has_all_that_was_acknowledged_and_sends_no_letter_twice(tmp_path: Path) -> None:
    """Also what was acknowledged after the backup: Kafka still has it, though not all of who got which letters."""
    folder = tmp_path / "data"
    public, secret = add_backup_key(tmp_path / "backup-keys")
    accepted: list[Accepted] = []
    with a_world(folder) as world:
        # Those of the backup are not priced in it. Soon after it they are, and their letters go out.
        with without(world, "rating"), forms_flow(world, accepted):
            until(lambda: len(accepted) >= 3)
            before = list(accepted)
            made = BackUp(mongo=world.system.mongo, key=public_key(public), now=utc_now)(tmp_path / "backups")
            most = len(accepted) + 1  # The one that was on its way may be in the backup too.
            until(lambda: len(accepted) >= most + 3)
        for request in accepted:
            world.ends(request, "quoted", LETTERS)
        sent = mails(world, accepted)
        partition, place, forgotten = sent_since(world, before[0])
    cut(folder / "kafka" / "data", LETTERS_TOPIC, partition, place)

    done = restored(folder, made.file, secret)

    assert sent == {request.reception_no: Counter({CANARY_MAIL: 2, DESK_MAIL: 1}) for request in accepted}
    assert done.recovered.requests >= 3
    with a_world(folder) as world:
        new = world.submit(a_quote())
        world.ends(new, "quoted", LETTERS)
        for request in accepted:
            until(lambda request=request: world.status(request)["state"] == "quoted" or None)  # type: ignore[misc]  # mypy cannot infer a lambda's defaults
            if request.request_id in forgotten:
                # Its letters of the backup's own time are known; of the others a person finds out whether they arrived.
                until(lambda request=request: "failed" in world.status(request)["letters"].values() or None)  # type: ignore[misc]  # mypy cannot infer a lambda's defaults
            else:
                world.ends(request, "quoted", LETTERS)
        until(lambda: mails(world, [before[0]])[before[0].reception_no][DESK_MAIL] > 1)
        for reception_no, counts in mails(world, accepted).items():
            assert counts[CANARY_MAIL] == sent[reception_no][CANARY_MAIL] == 2
