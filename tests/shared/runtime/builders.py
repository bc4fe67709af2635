"""Keys of the two services that sign, for tests that publish what they would."""

import base64
from collections.abc import Mapping
from typing import Final

from nacl.signing import SigningKey, VerifyKey

from shared.events import Envelope, Event
from shared.events.envelope import SIGNATURE
from shared.runtime.signatures import SIGNERS, Signer, Verifier, new_signing_key_pair

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
