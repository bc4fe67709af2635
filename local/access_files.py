"""Users and passwords for containers: each container finds in a folder of its own what it needs, and no more.

`docker-compose.yml` and `compose.prod.yml` mount `FOLDER/<name>` as a volume. A service reads its addresses, with their
passwords, from files beside its keys (`shared/runtime/settings.py`).
"""

import asyncio
import base64
import secrets
import time
from pathlib import Path
from typing import Any, Final

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from local.children import CannotStart
from local.kafka_certificates import ensure_certificate
from local.kafka_users import set_scram_passwords
from local.mongo_access import OPERATOR, USERS, grant_access
from local.passwords import ensure_passwords, write_private
from local.replica_set import REPLICA_SET, is_primary
from services.registry import SERVICES
from shared.clock import utc_now

LOGIN: Final = "org.apache.kafka.common.security.plain.PlainLoginModule"
_SCRAM: Final = "org.apache.kafka.common.security.scram.ScramLoginModule"
_IN_CONTAINERS: Final = "/keys"
_AUTHORITY: Final = "kafka-ca.crt"
_KEY_FILE: Final = "keyfile"
_PASSWORDS: Final = "passwords.json"
_RETRY_S: Final = 0.2


def kafka_users(passwords: dict[str, str]) -> str:
    """The users of a PLAIN listener, as Kafka's configuration has them."""
    return " ".join(f'user_{name}="{password}"' for name, password in passwords.items())


def write_access_files(folder: Path, mongo: str, kafka: str, *, tls: bool = False) -> None:
    """Write everything for servers at the addresses *mongo* and *kafka*. Safe to repeat: passwords stay.

    With *tls* Kafka has a certificate, and services log in with SCRAM (`make_kafka_users`); without, with PLAIN.
    """
    passwords = ensure_passwords(folder / OPERATOR / _PASSWORDS, USERS)
    key_file = folder / OPERATOR / _KEY_FILE
    if not key_file.exists():
        write_private(key_file, base64.b64encode(secrets.token_bytes(48)).decode())
    write_private(folder / "mongo" / _KEY_FILE, key_file.read_text("ascii"))
    authority, certificate = (
        ensure_certificate(folder / OPERATOR, kafka.partition(":")[0], utc_now()) if tls else ("", "")
    )
    # Its owner is another user than that of the image of Kafka. Nobody else has the volume.
    server = folder / "kafka" / "server.properties"
    write_private(server, _server_properties(passwords, authority, certificate))
    server.parent.chmod(0o755)
    server.chmod(0o644)
    for name in USERS:
        user = f"{name}:{passwords[name]}"
        write_private(folder / name / "mitsumori_mongo", f"mongodb://{user}@{mongo}/?replicaSet={REPLICA_SET}")
        write_private(folder / name / "mitsumori_kafka", _kafka_address(name, f"{user}@{kafka}", tls=tls))
        if tls:
            write_private(folder / name / _AUTHORITY, authority)


def make_kafka_users(folder: Path) -> None:
    """Let the services log in to a Kafka with TLS, as the operator whose *folder* it is. Safe to repeat.

    Waits for it while it is still starting. Raises `CannotStart`.
    """
    passwords = ensure_passwords(folder / _PASSWORDS, USERS)
    services = {name: password for name, password in passwords.items() if name != OPERATOR}
    asyncio.run(set_scram_passwords((folder / "mitsumori_kafka").read_text("ascii"), services))


def make_mongo_users(folder: Path, mongo: str, wait_s: float = 60) -> None:
    """Make a MongoDB that has the key file of *folder*, the operator's, a replica set, and its users in it.

    Waits for it while it is still starting. Safe to repeat. Raises `CannotStart`.
    """
    passwords = ensure_passwords(folder / _PASSWORDS, USERS)
    client: MongoClient[dict[str, Any]] = MongoClient(
        mongo,
        directConnection=True,  # Until it has a replica set, no driver finds one.
        serverSelectionTimeoutMS=1_000,
        username="__system",
        password=(folder / _KEY_FILE).read_text("ascii"),
        authSource="local",
    )
    deadline = time.monotonic() + wait_s
    with client:
        while not is_primary(client, mongo):
            if time.monotonic() > deadline:
                raise CannotStart(f"MongoDB ({mongo}) が {wait_s:.0f} 秒以内にプライマリになりませんでした。")
            time.sleep(_RETRY_S)
        try:
            grant_access(client, passwords)
        except PyMongoError as error:
            raise CannotStart(f"MongoDB の利用者を用意できません: {type(error).__name__}") from None


def _kafka_address(name: str, where: str, *, tls: bool) -> str:
    if not tls:
        return f"sasl://{where}?mechanism=plain"
    trusted = f"ca={_IN_CONTAINERS}/{_AUTHORITY}"
    # The users of SCRAM are in Kafka itself; the one who makes them is in its configuration.
    return f"sasl+ssl://{where}?{'mechanism=plain&' if name == OPERATOR else ''}{trusted}"


def _server_properties(passwords: dict[str, str], authority: str, certificate: str) -> str:
    login = f'{LOGIN} required username="{OPERATOR}" password="{passwords[OPERATOR]}"'
    users = {OPERATOR: passwords[OPERATOR]} if certificate else passwords
    lines = [f"listener.name.services.plain.sasl.jaas.config={login} {kafka_users(users)};"]
    if certificate:
        key, begins, chain = certificate.partition("-----BEGIN CERTIFICATE-----")
        lines += [
            f"listener.name.services.scram-sha-512.sasl.jaas.config={_SCRAM} required;",
            "ssl.keystore.type=PEM",
            f"ssl.keystore.key={_in_one_line(key)}",
            f"ssl.keystore.certificate.chain={_in_one_line(begins + chain)}",
            "ssl.truststore.type=PEM",  # The broker does not start with a certificate that it would not trust itself.
            f"ssl.truststore.certificates={_in_one_line(authority)}",
        ]
    return "".join(f"{line}\n" for line in lines)


def _in_one_line(pem: str) -> str:
    return pem.strip().replace("\n", "\\n")


FOLDERS: Final = (OPERATOR, "mongo", "kafka", *(service.name for service in SERVICES))
"""The folders that are written, each for one container or the one-shots."""
