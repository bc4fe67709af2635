"""By what a request is recognised when it is sent again: an id and a fingerprint that strangers cannot compute.

Both are keyed with a secret of the ledger, so that nobody can find a request by guessing its Idempotency-Key, or its
answers by trying them out. The secret is made once for each database: all processes recognise the same requests.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from pydantic_core import to_json

from shared.answers.reading import Answers

OLDER_KNOWN: Final = timedelta(days=90)
"""How long requests of the version before are recognised by their old id. A draft lives for 14 days at most."""
_OLDER: Final = UUID("5b8c34a4-95a5-5c60-9d59-2a4f6d1f0a7e")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestIds:
    """Names requests. `older_until`: until then the ledger may hold requests of the version before, with public ids."""

    secret: bytes
    older_until: datetime | None = None

    def id(self, product: str, name: str) -> str:
        """The same name always gives the same id: this is what makes a repetition recognisable."""
        return str(UUID(bytes=self._mac(f"{product}\n{name}".encode())[:16], version=5))

    def fingerprint(self, product: str, answers: Answers, key: str) -> str:
        """A keyed hash of the accepted answers, which tells a repetition from other answers under the same *key*."""
        return self._mac(f"{key}\n".encode() + _as_json(product, answers)).hex()

    def knows_older(self, now: datetime) -> bool:
        """Whether a request of the version before may be sent again."""
        return self.older_until is not None and now < self.older_until

    def _mac(self, text: bytes) -> bytes:
        return hmac.digest(self.secret, text, "sha256")


def older_id(product: str, name: str) -> str:
    """The id of a request of the version before."""
    return str(uuid5(_OLDER, f"{product}\n{name}"))


def older_fingerprint(product: str, answers: Answers, key: str) -> str:
    """The fingerprint of a request of the version before."""
    return hmac.new(key.encode(), _as_json(product, answers), hashlib.sha256).hexdigest()


def _as_json(product: str, answers: Answers) -> bytes:
    # As `json.dumps` wrote it with sorted keys: the ledger holds fingerprints of it. No answer holds further keys.
    return to_json([product, dict(sorted(answers.items()))])
