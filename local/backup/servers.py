"""The MongoDB and the Kafka that a backup is restored into: those that are named, or those of a data folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.components import Component, choose_broker
from local.data_folder import DataFolder
from local.mongod import Mongod
from local.passwords import secret_of_container
from shared.errors import Invalid


@dataclass(frozen=True, slots=True)
class Servers:
    """Their addresses for the operator. `kafka`: None where its topics are new at every start."""

    mongo: str
    kafka: str | None


@contextmanager
def servers_of(data: Path, mongo: str | None, kafka: str | None) -> Iterator[Servers]:
    """Those at the addresses, or in this container's secrets. Else those of *data*, started without a service.

    Raises `Invalid` (no-kafka), and `CannotStart`: also while a `mitsumori run` uses *data*.
    """
    mongo, kafka = mongo or secret_of_container("mongo"), kafka or secret_of_container("kafka")
    if mongo and not kafka:
        raise Invalid("no-kafka")
    if mongo:
        yield Servers(mongo, kafka)
        return
    folder = DataFolder(data)
    with folder.locked():
        mongod = Mongod(folder.path / "mongo")
        # Where a Kafka has worked, its topics have what is newer than the backup.
        has_kafka = (folder.path / "kafka").is_dir()
        broker, kind = choose_broker("kafka" if has_kafka else "auto", folder.path, lambda _line: None)
        started: list[Component] = [mongod, broker] if kind == "kafka" else [mongod]
        try:
            for one in started:
                one.spawn()
            for one in started:
                one.wait_until_ready()
            yield Servers(mongod.uri, broker.address if kind == "kafka" else None)
        finally:
            for one in reversed(started):
                one.child.stop()
