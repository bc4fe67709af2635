"""The return path: each letter has an address of its own to which reports about it come back (VERP).

A report seldom quotes the letter in a form that one can rely on, but it is always sent to the envelope sender. The tag
behind the letter's id keeps strangers out, who may know an id and not the key: docs/adr/0023-bounces.md.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.mail_address import domain_of

_TAG_LENGTH: Final = 10
"""In base32: 50 bits. Each guess is a mail."""
UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_LETTER_ID: Final = re.compile(UUID)
_OF_LETTER: Final = re.compile(rf"\+({UUID})-([a-z2-7]{{{_TAG_LENGTH}}})@", re.IGNORECASE)
_LONGEST_NAME: Final = 64
"""RFC 5321, 4.5.3.1.1."""
LONGEST_OWN_NAME: Final = _LONGEST_NAME - len("+-") - 36 - _TAG_LENGTH
"""Of what stands before the plus sign."""


@dataclass(frozen=True, slots=True)
class ReturnPath:
    """Makes and recognises these addresses. `keys`: id → 32 secret bytes, the oldest first."""

    address: str
    """`bounces@agency.example`: where all of them are delivered."""
    keys: Mapping[str, bytes]

    def of_letter(self, letter_id: str) -> str:
        """The envelope sender of a letter: `bounces+<letter id>-<tag>@agency.example`.

        A letter whose id is no UUID has the plain address.
        """
        if not _LETTER_ID.fullmatch(letter_id):
            return self.address
        name, _, domain = self.address.rpartition("@")
        return f"{name}+{letter_id}-{_tag(letter_id, [*self.keys.values()][-1])}@{domain}"

    def letter_of(self, address: str) -> str | None:
        """The id of the letter whose reports go to *address*. None for any address that we have not made."""
        found = _OF_LETTER.search(address.lower())
        if found is None:
            return None
        letter_id, tag = found[1], found[2]
        is_ours = [hmac.compare_digest(tag, _tag(letter_id, key)) for key in self.keys.values()]
        return letter_id if any(is_ours) else None


def names_a_letter(address: str) -> bool:
    """Whether *address* looks like that of a letter, whoever made it."""
    return _OF_LETTER.search(address) is not None


def is_aligned(return_path: str, mail_from: str) -> bool:
    """Whether SPF of the return path counts for From's domain under DMARC (RFC 7489, 3.1.2)."""
    domain, own = map(domain_of, (return_path, mail_from))
    return domain == own or domain.endswith(f".{own}")


def _tag(letter_id: str, key: bytes) -> str:
    """Mail servers may change the case of a name, so it is all lower case."""
    digest = hmac.digest(key, letter_id.encode("ascii"), hashlib.sha256)
    return base64.b32encode(digest).decode("ascii")[:_TAG_LENGTH].lower()
