"""Addresses that do not exist get no more mails, until somebody says that they do: docs/adr/0023-bounces.md.

Nobody else needs to know them, so they are kept as keyed hashes, and not for good: addresses come back to life.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from services.notify.domain.letters.declaration import Reader

KEPT_FOR: Final = timedelta(days=180)
"""Half a year: longer than a quote is of use, and shorter than most providers keep a name before they give it again."""
STRANGERS: Final[frozenset[Reader]] = frozenset({"contact", "visitor"})
"""Who typed an address that may be wrong. Mails to the desk and to staff are never withheld: it would cut us off."""


@dataclass(frozen=True, slots=True)
class AddressHashes:
    """Makes hashes under keys that only we have: `{id: 32 secret bytes}`, the oldest first."""

    keys: Mapping[str, bytes] = field(repr=False)

    def newest(self, address: str) -> str:
        """What is kept of *address*."""
        return self.all(address)[-1]

    def all(self, address: str) -> tuple[str, ...]:
        """What may be kept of it, also from before a key was renewed."""
        plain = address.lower().encode("utf-8", "surrogatepass")
        return tuple(hashlib.blake2b(plain, key=key, digest_size=16).hexdigest() for key in self.keys.values())
