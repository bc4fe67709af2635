"""Users and passwords for containers: each container finds in a folder of its own what it needs, and no more.

`docker-compose.yml` mounts `FOLDER/<name>` as a volume. A service reads its addresses, with their passwords, from files
beside its keys (`shared/runtime/settings.py`).
"""

import base64
import secrets
from pathlib import Path
from typing import Any, Final

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from local.children import CannotStart
from local.mongo_access import OPERATOR, USERS, grant_access
from local.passwords import ensure_passwords, write_private
from services.registry import SERVICES

LOGIN: Final = "org.apache.kafka.common.security.plain.PlainLoginModule"
_KEY_FILE: Final = "keyfile"
_PASSWORDS: Final = "passwords.json"
_REPLICA_SET: Final = "rs0"


def kafka_users(passwords: dict[str, str]) -> str:
    """The users of a PLAIN listener, as Kafka's configuration has them."""
    return " ".join(f'user_{name}="{password}"' for name, password in passwords.items())


def write_access_files(folder: Path, mongo: str, kafka: str) -> None:
    """Write everything for servers at the addresses *mongo* and *kafka*. Safe to repeat: passwords stay."""
    passwords = ensure_passwords(folder / OPERATOR / _PASSWORDS, USERS)
    key_file = folder / OPERATOR / _KEY_FILE
    if not key_file.exists():
        write_private(key_file, base64.b64encode(secrets.token_bytes(48)).decode())
    write_private(folder / "mongo" / _KEY_FILE, key_file.read_text("ascii"))
    # Its owner is another user than that of the image of Kafka. Nobody else has the volume.
    server = folder / "kafka" / "server.properties"
    write_private(server, _server_properties(passwords))
    server.parent.chmod(0o755)
    server.chmod(0o644)
    for name in USERS:
        user = f"{name}:{passwords[name]}"
        write_private(folder / name / "mitsumori_mongo", f"mongodb://{user}@{mongo}/?replicaSet={_REPLICA_SET}")
        write_private(folder / name / "mitsumori_kafka", f"sasl://{user}@{kafka}?mechanism=plain")


def make_mongo_users(folder: Path, mongo: str) -> None:
    """Make the users of a MongoDB that has the key file of *folder*, the operator's. Raises `CannotStart`."""
    passwords = ensure_passwords(folder / _PASSWORDS, USERS)
    client: MongoClient[dict[str, Any]] = MongoClient(
        f"mongodb://{mongo}/?replicaSet={_REPLICA_SET}",
        username="__system",
        password=(folder / _KEY_FILE).read_text("ascii"),
        authSource="local",
    )
    with client:
        try:
            grant_access(client, passwords)
        except PyMongoError as error:
            raise CannotStart(f"MongoDB の利用者を用意できません: {type(error).__name__}") from None


def _server_properties(passwords: dict[str, str]) -> str:
    login = f'{LOGIN} required username="{OPERATOR}" password="{passwords[OPERATOR]}"'
    return f"listener.name.services.plain.sasl.jaas.config={login} {kafka_users(passwords)};\n"


FOLDERS: Final = (OPERATOR, "mongo", "kafka", *(service.name for service in SERVICES))
"""The folders that are written, each for one container or the one-shots."""
