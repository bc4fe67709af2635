"""Signatures: an event that decides something says who wrote it (docs/adr/0015-who-is-who.md).

A parcel says who may read; anybody who holds the reader's public key can seal one. So the records of the topics in
`SIGNERS` carry a header made with the secret Ed25519 key of the one service that writes them. It is made when the
record is published, so that what already waits in an outbox needs no change.
"""

import base64
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from shared.errors import Invalid
from shared.events import DESK, QUOTES, TARIFFS
from shared.events.envelope import SIGNATURE
from shared.runtime.key_files import key_files, number_of, read_key, whole_keys
from shared.runtime.parcels import KeyPair, UnknownKey

SIGNERS: Final[Mapping[str, str]] = {QUOTES: "rating", DESK: "dashboard", TARIFFS: "rating"}
"""For each topic whose records are signed, the service that signs them."""

_PURPOSE: Final = b"mitsumori record v1"
_SIGNED_HEADERS: Final = ("ce_id", "ce_type", "ce_source", "ce_subject", "ce_time")
_LENGTH: Final = 8


def new_signing_key_pair(service: str, number: int) -> KeyPair:
    """A new pair for *service*, one of `SIGNERS`."""
    seed = bytes(SigningKey.generate())
    return KeyPair(f"{service}-{number}", public_half(encoded(seed)), encoded(seed))


def public_half(secret: str) -> str:
    """The content of the `.verify` file that belongs to the content of a `.sign` file."""
    return encoded(bytes(SigningKey(base64.b64decode(secret)).verify_key))


def encoded(key: bytes) -> str:
    """The content of a key file."""
    return base64.b64encode(key).decode()


class Signer:
    """Signs the records of one service with its key *key_id*."""

    def __init__(self, key_id: str, key: SigningKey) -> None:
        self._key_id = key_id
        self._key = key

    def sign(self, topic: str, key: bytes, headers: Mapping[str, str], body: bytes) -> str:
        """The value of the record's `ce_signature` header: `<key id>:<base64>`. *headers* are those of `Envelope`."""
        signature = self._key.sign(_signed_bytes(topic, key, headers, body)).signature
        return f"{self._key_id}:{encoded(signature)}"


class Verifier:
    """Knows the public keys of the services that sign: `{key id: key}`.

    *look_again* reads the keys again when a record names one that is not known yet: a writer may get a new key while
    its readers run.
    """

    def __init__(
        self, keys: Mapping[str, VerifyKey], look_again: Callable[[], Mapping[str, VerifyKey]] | None = None
    ) -> None:
        self._keys = dict(keys)
        self._look_again = look_again

    def verify(self, topic: str, key: bytes | None, headers: Mapping[str, str], body: bytes | None) -> None:
        """Return when the record was written by the service that signs *topic*, or when nobody signs it.

        Raises `Invalid`: unsigned, or bad-signature, which is also what a key of another service is. Raises
        `UnknownKey` for a key of its writer that is newer than the oldest known one. An older one may have been taken
        away because it was stolen: a bad-signature.
        """
        signer = SIGNERS.get(topic)
        if signer is None:
            return
        if not headers.get(SIGNATURE):
            raise Invalid("unsigned")
        key_id, _, signature = headers[SIGNATURE].partition(":")
        if number_of(key_id, signer) is None or key is None or body is None:
            raise Invalid("bad-signature")
        try:
            signed, bytes_of_it = _signed_bytes(topic, key, headers, body), base64.b64decode(signature, validate=True)
            self._key(key_id, signer).verify(signed, bytes_of_it)
        except (BadSignatureError, KeyError, ValueError):
            # Without its text: the reason is kept, and must quote nothing of the record.
            raise Invalid("bad-signature") from None

    def _key(self, key_id: str, signer: str) -> VerifyKey:
        """Raises `KeyError` for one that is not known, or `UnknownKey`."""
        if key_id not in self._keys and self._look_again is not None:
            self._keys.update(self._look_again())
        numbers = [number for known in self._keys if (number := number_of(known, signer)) is not None]
        if key_id not in self._keys and (number_of(key_id, signer) or 0) > min(numbers, default=0):
            raise UnknownKey(key_id)
        return self._keys[key_id]


def load_signer(folder: Path, service: str) -> Signer:
    """A signer with the newest `<service>-<number>.sign` in *folder*.

    Raises `FileNotFoundError`; `ValueError` when that one is broken: readers would refuse what an older key signs.
    """
    own = key_files(folder, service, "sign")
    if not own:
        raise FileNotFoundError(f"no {service}-<number>.sign in {folder}; `mitsumori keys new --missing` makes one")
    return Signer(own[-1].stem, SigningKey(read_key(own[-1])))


def load_verifier(folder: Path, services: Iterable[str]) -> Verifier:
    """A verifier with every `<service>-<number>.verify` of *services* in *folder* that is whole.

    Raises `FileNotFoundError` when a service has none.
    """
    trusted = tuple(services)

    def read() -> dict[str, VerifyKey]:
        return whole_keys((path for service in trusted for path in key_files(folder, service, "verify")), VerifyKey)

    keys = read()
    known = {key_id.rpartition("-")[0] for key_id in keys}
    missing = [service for service in trusted if service not in known]
    if missing:
        raise FileNotFoundError(
            f"no whole {missing[0]}-<number>.verify in {folder}; `mitsumori keys new --missing` makes one"
        )
    return Verifier(keys, look_again=read)


def _signed_bytes(topic: str, key: bytes, headers: Mapping[str, str], body: bytes) -> bytes:
    """What is signed. Each part has its length before it, so no two different records give the same bytes.

    Raises `KeyError` when a header is missing.
    """
    parts = [_PURPOSE, topic.encode(), key, *(headers[name].encode() for name in _SIGNED_HEADERS), body]
    return b"".join(len(part).to_bytes(_LENGTH, "big") + part for part in parts)
