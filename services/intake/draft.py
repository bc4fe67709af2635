"""The half-filled form, kept on the server for a browser that holds the only key to it.

The cookie's key names the draft and opens it; what is stored is a hash of the key and a box. Neither the database
alone nor the database with our settings can open a draft.
"""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Final

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from services.intake.ports import Drafts
from shared.runtime.clock import Clock

LIFETIME: Final = timedelta(hours=24)
"""Sliding: counted from the last page that was sent. WCAG 2.2.1 asks for 20 hours at least."""

Typed = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """`typed` as typed, by key; `passed` are the pages that were sent without a problem.

    `nonce` makes submitting safe to repeat. Once submitted, a draft is nothing but `sent`, the request's id: enough
    to show the same last page again.
    """

    typed: Typed = field(default_factory=dict)
    passed: tuple[str, ...] = ()
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    sent: str | None = None

    def with_page(self, slug: str, typed: Typed, *, passed: bool) -> "Draft":
        """This draft after a page was sent; a page with errors keeps its words but is not passed."""
        others = tuple(page for page in self.passed if page != slug)
        return replace(self, typed=typed, passed=(*others, slug) if passed else others)


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """Open and close drafts by their browser's key."""

    drafts: Drafts
    now: Clock

    async def open(self, key: str) -> Draft | None:
        """The draft of this key; None when it never was, or its time is over."""
        box = await self.drafts.get(_name(key), self.now())
        if box is None:
            return None
        try:
            content = json.loads(SecretBox(_secret(key)).decrypt(box))
        except CryptoError:
            return None
        return Draft(content["typed"], tuple(content["passed"]), content["nonce"], content["sent"])

    async def close(self, key: str, draft: Draft) -> None:
        """Keep *draft* for another day."""
        content = json.dumps(asdict(draft), separators=(",", ":")).encode()
        await self.drafts.put(_name(key), bytes(SecretBox(_secret(key)).encrypt(content)), self.now() + LIFETIME)


def new_key() -> str:
    """128 bits, for a cookie."""
    return secrets.token_urlsafe(16)


def _name(key: str) -> str:
    return hashlib.blake2b(key.encode(), digest_size=32, person=b"draft-name").hexdigest()


def _secret(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=SecretBox.KEY_SIZE, person=b"draft-key").digest()
