"""Records of Kafka, facts with an unsent event, and keys of the two services that sign; and waiting for real parts."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from inspect import isawaitable
from typing import Any, Final

from aiokafka import ConsumerRecord
from nacl.signing import SigningKey, VerifyKey

from shared.events import REQUESTS, Envelope, Event, RequestErased
from shared.events.envelope import SIGNATURE
from shared.runtime.outbox import OWN_FOR, outbox_fields
from shared.runtime.signatures import SIGNERS, Signer, Verifier, new_signing_key_pair

NOON: Final = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

_PAIRS: Final = {service: new_signing_key_pair(service, 1) for service in SIGNERS.values()}

SIGNER_OF: Final[Mapping[str, Signer]] = {
    service: Signer(pair.id, SigningKey(base64.b64decode(pair.secret))) for service, pair in _PAIRS.items()
}
VERIFIER: Final = Verifier({pair.id: VerifyKey(base64.b64decode(pair.public)) for pair in _PAIRS.values()})
"""Knows both."""


def headers_of(event: Event, envelope: Envelope, body: bytes | None = None) -> dict[str, str]:
    """The headers of *event* as its writer publishes it: signed, where records of its topic are.

    *body*: what is published in its place.
    """
    headers = envelope.headers()
    if event.topic not in SIGNERS:
        return headers
    signer = SIGNER_OF[SIGNERS[event.topic]]
    return headers | {SIGNATURE: signer.sign(event.topic, event.request_id.encode(), headers, body or event.to_json())}


def a_record(headers: Sequence[tuple[str, bytes | None]] = (), offset: int = 7) -> "ConsumerRecord[bytes, bytes]":
    return ConsumerRecord(
        topic=REQUESTS,
        partition=2,
        offset=offset,
        timestamp=1_700_000_000_000,
        timestamp_type=0,
        key=b"k",
        value=b"\xff body",
        checksum=None,
        serialized_key_size=1,
        serialized_value_size=6,
        headers=headers,
    )


def a_document(name: str, at: datetime = NOON) -> dict[str, Any]:
    event = RequestErased(request_id=name, erased_at=at)
    # Due at *at*: stored a while before by a process that has not published it.
    relay = outbox_fields(event, document_id=name, source="/mitsumori/intake", time=at)
    return {"_id": name, "relay": relay | {"due": relay["due"] - OWN_FOR}}


async def until(is_so: Callable[[], bool | Awaitable[bool]], patience_s: float = 120) -> None:
    """Return when it is so. Fails when the patience is over."""
    async with asyncio.timeout(patience_s):
        while not (await found if isawaitable(found := is_so()) else found):  # noqa: ASYNC110  # a server has no event for this
            await asyncio.sleep(0.05)
