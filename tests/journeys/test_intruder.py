"""Somebody has broken into intake, the one process that strangers can talk to: what they get, and what they do not.

In an audit, intake's environment and its folder of keys were enough to read every letter, to make a staff account, and
to have the agency mail an official 見積書 over 1円.
"""

import asyncio
import base64
import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import GroupAuthorizationFailedError, KafkaConnectionError, TopicAuthorizationFailedError
from nacl.signing import SigningKey
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from shared.clock import utc_now
from shared.events import DESK, LETTERS, QUOTES, REQUESTS, Envelope, QuoteDecided
from shared.events.envelope import SIGNATURE
from shared.events.parcels import DecisionForRating
from shared.runtime.kafka_address import KafkaAddress
from shared.runtime.parcels import load_sealer
from shared.runtime.signatures import Signer
from tests.journeys.world import Accepted, World, a_quote, until

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _no_open_connections() -> Iterator[None]:
    """aiokafka leaves connections that were refused open, which must not be put down to a later test."""
    yield
    gc.collect()


@pytest.fixture
def stolen(world: World) -> dict[str, str]:
    """The environment of intake's process, as the kernel shows it."""
    pid = world.system.services["intake"].child.pid
    lines = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(line.split("=", 1) for line in lines if "=" in line)


@pytest.fixture
def kafka(stolen: dict[str, str]) -> dict[str, Any]:
    """The options with which intake connects to Kafka."""
    return KafkaAddress.parse(stolen["MITSUMORI_KAFKA"]).client_options


def a_decision(stolen: dict[str, str], request: Accepted) -> tuple[dict[str, str], bytes]:
    """Headers and body of a decision over 1円, sealed with the public keys that intake has."""
    sealer = load_sealer(Path(stolen["MITSUMORI_KEYS"]), ("rating",))
    parcel = sealer.seal("rating", DecisionForRating(reason="本社の承認による", premium=1))
    decided = QuoteDecided(
        request_id=request.request_id,
        decision_id=str(uuid4()),
        revision=2,
        decided_at=utc_now(),
        decided_by="staff-1",
        parcels={"rating": parcel},
    )
    envelope = Envelope(
        id=str(uuid4()),
        type=decided.type,
        source="/mitsumori/dashboard",
        subject=request.request_id,
        time=decided.decided_at,
    )
    return envelope.headers(), decided.to_json()


@pytest.mark.parametrize(
    ("work", "what"),
    [
        pytest.param(lambda client: client["mitsumori_notify"]["letters"].find_one(), "find", id="read letters"),
        pytest.param(lambda client: client["mitsumori_rating"]["quotes"].find_one(), "find", id="read quotes"),
        pytest.param(
            lambda client: client["mitsumori_dashboard"]["accounts"].insert_one({"_id": "intruder"}),
            "insert",
            id="make a staff account",
        ),
        pytest.param(lambda client: client["mitsumori_dashboard"]["audit"].delete_many({}), "delete", id="no traces"),
        pytest.param(
            lambda client: client.admin.command("createUser", "x", pwd="x", roles=[]), "createUser", id="user"
        ),
    ],
)
def test_intakes_user_in_mongodb_is_for_intakes_database(
    work: Callable[[MongoClient[dict[str, Any]]], object], what: str, stolen: dict[str, str]
) -> None:
    with MongoClient[dict[str, Any]](stolen["MITSUMORI_MONGO"]) as client:
        assert client["mitsumori_intake"]["requests"].estimated_document_count() >= 0
        assert client.list_database_names() == ["mitsumori_intake"]
        with pytest.raises(OperationFailure, match=f"not authorized.*{what}"):
            work(client)


def test_mongodb_lets_nobody_in_without_a_user(world: World, stolen: dict[str, str]) -> None:
    without_user = stolen["MITSUMORI_MONGO"].replace(stolen["MITSUMORI_MONGO"].split("//")[1].split("@")[0] + "@", "")

    with MongoClient[dict[str, Any]](without_user) as client, pytest.raises(OperationFailure, match="authentication"):
        client["mitsumori_notify"]["letters"].find_one()
    assert world.system.mongo.startswith("mongodb://operator:")


@pytest.mark.parametrize("topic", [DESK, QUOTES, LETTERS])
def test_intake_cannot_write_what_others_decide(topic: str, kafka: dict[str, Any]) -> None:
    async def write() -> None:
        async with AIOKafkaProducer(**kafka) as producer:
            await producer.send_and_wait(topic, b"forged", key=b"k")

    with pytest.raises(TopicAuthorizationFailedError):
        asyncio.run(write())


@pytest.mark.parametrize(
    ("topic", "group", "refusal"),
    [
        pytest.param(DESK, "intake", TopicAuthorizationFailedError, id="what the desk decides"),
        pytest.param(REQUESTS, "intake", TopicAuthorizationFailedError, id="its own topic back"),
        pytest.param(QUOTES, "notify", GroupAuthorizationFailedError, id="in the place of another service"),
    ],
)
def test_intake_cannot_read_what_is_not_for_it(
    topic: str, group: str, refusal: type[Exception], kafka: dict[str, Any]
) -> None:
    """Whoever joins another service's group also takes its records away from it."""

    async def read() -> None:
        async with AIOKafkaConsumer(topic, group_id=group, **kafka) as consumer:
            await asyncio.wait_for(consumer.getone(), 10)

    with pytest.raises(refusal):
        asyncio.run(read())


@pytest.mark.parametrize("user", [{"sasl_plain_password": "guessed"}, {"sasl_plain_username": "dashboard"}])
def test_nobody_becomes_another_service(user: dict[str, str], kafka: dict[str, Any]) -> None:
    async def connect() -> None:
        producer = AIOKafkaProducer(**(kafka | user))
        try:
            await producer.start()
        finally:
            await producer.stop()

    with pytest.raises(KafkaConnectionError):
        asyncio.run(connect())


def test_intake_is_not_told_where_mails_are_sent(stolen: dict[str, str]) -> None:
    assert not {"MITSUMORI_SMTP", "MITSUMORI_MAIL_FROM"} & set(stolen)


def _signatures() -> list[Any]:
    stranger = SigningKey.generate()
    return [
        pytest.param(lambda _headers, _key, _body: {}, "unsigned", id="unsigned"),
        pytest.param(
            lambda headers, key, body: {SIGNATURE: Signer("dashboard-1", stranger).sign(DESK, key, headers, body)},
            "bad-signature",
            id="signed with a key of the intruder's own",
        ),
        pytest.param(
            lambda _headers, _key, _body: {SIGNATURE: f"dashboard-1:{base64.b64encode(bytes(64)).decode()}"},
            "bad-signature",
            id="a made-up signature",
        ),
    ]


@pytest.mark.parametrize(("signature", "reason"), _signatures())
def test_a_forged_decision_over_1_yen_is_a_dead_letter_and_no_mail(
    signature: Callable[[dict[str, str], bytes, bytes], dict[str, str]],
    reason: str,
    world: World,
    stolen: dict[str, str],
) -> None:
    """Also where the broker's access list is missing or wrong: here it comes by the operator's listener."""
    request = world.submit(a_quote())
    world.ends(request, "quoted", {"receipt", "quote", "desk"})
    before = world.mail_counts(request)
    headers, body = a_decision(stolen, request)
    key = request.request_id.encode()
    headers |= signature(headers, key, body)

    world.publish(DESK, key, body, [(name, value.encode()) for name, value in headers.items()])

    def letter_of(service: str) -> dict[str, Any] | None:
        mine = (letter for letter in world.dead_letters(service) if letter["subject"] == request.request_id)
        return next(mine, None)

    letters = [until(lambda service=service: letter_of(service)) for service in ("rating", "notify", "dashboard")]  # type: ignore[misc]  # mypy cannot infer a lambda's defaults
    assert {(letter["class"], letter["reason"]) for letter in letters} == {("poison", reason)}
    with world.mongo() as client:
        quotes = list(client["mitsumori_rating"]["quotes"].find({"request_id": request.request_id}))
    assert [quote["revision"] for quote in quotes] == [1]
    assert world.mail_counts(request) == before


def test_a_sent_quote_replayed_for_another_request_is_refused(world: World) -> None:
    """A true record of one request must not become the quote of another."""
    cheap, dear = world.submit(a_quote()), world.submit(a_quote(turnover=5_000_000))
    for request in (cheap, dear):
        world.ends(request, "quoted", {"receipt", "quote", "desk"})
    (record,) = [found for found in world.records(QUOTES) if found.key == cheap.request_id.encode()]
    to = dear.request_id.encode()
    headers = [(name, to if name == "ce_subject" else value) for name, value in record.headers]
    before = world.mail_counts(dear)

    world.publish(QUOTES, to, record.value.replace(record.key, to), headers)

    until(lambda: [one for one in world.dead_letters("notify") if one["subject"] == dear.request_id])
    assert world.mail_counts(dear) == before
