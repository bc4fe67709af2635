"""An Apache Kafka with TLS and SCRAM: who may log in does, and who cannot is told what to do."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import anyio
import pytest

from local.access_files import make_kafka_users
from local.children import CannotStart
from local.doctor.facts import KafkaConfigs, KafkaReach, KafkaTopics
from local.doctor.gather.kafka import ask_kafka
from local.kafka_certificates import ensure_certificate
from local.topics import TopicSettings, create_topics, grant_access
from services.registry import SERVICES
from shared.clock import utc_now
from shared.errors import Unavailable
from shared.events import QUOTES, REQUESTS
from shared.runtime.broker import new_broker, start_together
from shared.runtime.outbox import OutboxEntry
from shared.runtime.publisher import KafkaPublisher
from tests.local.secure_kafka import SecureKafka

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def secure_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureKafka]:
    """As the one-shots of compose.prod.yml leave it."""
    broker = SecureKafka(tmp_path_factory.mktemp("secure-kafka"))
    try:
        broker.start()
        operator = TopicSettings(kafka=broker.address_of("operator"))
        anyio.run(create_topics, operator)
        anyio.run(grant_access, operator)
        make_kafka_users(broker.access / "operator")
        yield broker
    finally:
        broker.kill()


def an_entry(topic: str) -> OutboxEntry:
    body = uuid4().hex
    return OutboxEntry(
        collection="facts", document_id="d", topic=topic, key="request", headers={}, body=body.encode(), tries=0
    )


async def test_a_service_reads_what_another_one_wrote(secure_kafka: SecureKafka) -> None:
    entry = an_entry(REQUESTS)
    publisher = KafkaPublisher(secure_kafka.address_of("intake"), "intake")
    broker = new_broker(secure_kafka.address_of("rating"), "rating")
    read = anyio.Event()

    @broker.subscriber(REQUESTS, group_id="rating", auto_offset_reset="earliest")
    async def on_record(body: bytes) -> None:
        if body == entry.body:
            read.set()

    await publisher.publish(entry)
    await start_together(broker)

    with anyio.fail_after(60):
        await read.wait()
    await broker.stop()
    await publisher.close()


async def test_a_service_writes_only_to_its_own_topics(secure_kafka: SecureKafka) -> None:
    publisher = KafkaPublisher(secure_kafka.address_of("intake"), "intake")

    with pytest.raises(Unavailable, match="TopicAuthorizationFailed"):
        await publisher.publish(an_entry(QUOTES))

    await publisher.close()


async def test_the_doctor_sees_all_of_it_as_the_operator(secure_kafka: SecureKafka) -> None:
    services = [service.name for service in SERVICES]

    found = await ask_kafka(secure_kafka.address_of("operator"), services, utc_now)

    assert found[KafkaReach].trouble == ""
    assert {KafkaTopics, KafkaConfigs} <= {type(facts) for facts in found.values()}


async def test_users_can_be_made_again_while_services_are_logged_in(secure_kafka: SecureKafka) -> None:
    """At every `up`."""
    publisher = KafkaPublisher(secure_kafka.address_of("intake"), "intake")
    await publisher.publish(an_entry(REQUESTS))

    await anyio.to_thread.run_sync(make_kafka_users, secure_kafka.access / "operator")

    await publisher.publish(an_entry(REQUESTS))
    await publisher.close()
    assert (await ask_kafka(secure_kafka.address_of("rating"), ["rating"], utc_now))[KafkaReach].trouble == ""


def wrong_password(broker: SecureKafka, _folder: Path) -> str:
    return broker.address_of("intake").replace("@", "x@")


def unknown_user(broker: SecureKafka, _folder: Path) -> str:
    return broker.address_of("intake").replace("intake:", "somebody:")


def another_authority(broker: SecureKafka, folder: Path) -> str:
    ensure_certificate(folder, "localhost", utc_now())
    return broker.address_of("intake").partition("?")[0] + f"?ca={folder / 'kafka-ca.pem'}"


def no_authority(broker: SecureKafka, _folder: Path) -> str:
    return broker.address_of("intake").partition("?")[0]


def another_name(broker: SecureKafka, _folder: Path) -> str:
    return broker.address_of("intake").replace("localhost", "127.0.0.1")


def without_tls(broker: SecureKafka, _folder: Path) -> str:
    return no_authority(broker, _folder).replace("sasl+ssl://", "sasl://")


def plain_port(broker: SecureKafka, _folder: Path) -> str:
    address = broker.address_of("intake")
    services_port = address.partition("?")[0].rpartition(":")[2]
    return address.replace(f":{services_port}", f":{broker.port}")


def login_at_the_plain_port(broker: SecureKafka, folder: Path) -> str:
    return plain_port(broker, folder).partition("?")[0].replace("sasl+ssl://", "sasl://")


WRONG = [
    pytest.param(wrong_password, "利用者名またはパスワードが正しくありません", "利用者名とパスワード", id="password"),
    pytest.param(unknown_user, "利用者名またはパスワードが正しくありません", "利用者名とパスワード", id="user"),
    pytest.param(another_authority, "証明書を信頼できません", "?ca=", id="another authority"),
    pytest.param(no_authority, "証明書を信頼できません", "?ca=", id="that of the system"),
    pytest.param(another_name, "のものではありません", "証明書にある名前", id="another name"),
    pytest.param(without_tls, "接続の途中で切断されました", "sasl+ssl://", id="no TLS where it is asked for"),
    pytest.param(plain_port, "TLS で応答しません", "ポート番号", id="TLS where there is none"),
    pytest.param(login_at_the_plain_port, "ログインの方式", "?mechanism=", id="a user where there are none"),
]


@pytest.mark.parametrize(("address_of", "says", "repair"), WRONG)
async def test_what_keeps_a_command_out_is_said_with_what_mends_it(
    secure_kafka: SecureKafka, tmp_path: Path, address_of: Callable[[SecureKafka, Path], str], says: str, repair: str
) -> None:
    """aiokafka's own word for all of these is KafkaConnectionError."""
    address = address_of(secure_kafka, tmp_path)

    with pytest.raises(CannotStart) as stop:
        await create_topics(TopicSettings(kafka=address, wait_s=0))

    assert says in str(stop.value)
    assert repair in str(stop.value)
    assert address.partition("@")[0].rpartition(":")[2] not in str(stop.value)


@pytest.mark.parametrize(("address_of", "says", "repair"), WRONG)
async def test_the_doctor_says_the_same(
    secure_kafka: SecureKafka, tmp_path: Path, address_of: Callable[[SecureKafka, Path], str], says: str, repair: str
) -> None:
    found = await ask_kafka(address_of(secure_kafka, tmp_path), ["intake"], utc_now)

    assert says in found[KafkaReach].trouble
    assert repair in found[KafkaReach].repair
