"""A mongod that a restore may empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pymongo import MongoClient

from local.mongod import Mongod
from services.registry import SERVICES
from tests.local.backup.backups import Backups, Document


@pytest.fixture(scope="package")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A mongod of these tests' own: a restore empties all databases of ours."""
    server = Mongod(tmp_path_factory.mktemp("restored"))
    try:
        server.start()
        yield server.uri
    finally:
        server.kill()


@pytest.fixture
def backups(tmp_path: Path, emptied: str) -> Backups:
    with MongoClient[Document](emptied) as client:
        for service in SERVICES:
            client.drop_database(service.database)
    return Backups(tmp_path, emptied)
