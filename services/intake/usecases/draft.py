"""The half-filled form, kept on the server for whoever holds the only key to it.

The key is in the browser's cookie, or in a link that was handed to a colleague; it names the draft and opens it. What
is stored is a hash of the key and a box. Neither the database alone nor the database with our settings can open one.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from services.intake.ports import Drafts
from shared.clock import Clock

LIFETIME: Final = timedelta(hours=24)
"""Sliding: counted from the last page that was sent. WCAG 2.2.1 asks for 20 hours at least."""
LINK_LIFETIME: Final = timedelta(days=14)
"""As long as somebody may come back by a link."""

Typed = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """`typed` as typed, by key; `passed` are the pages that were sent without a problem.

    `nonce` makes submitting safe to repeat. Once submitted, `sent` is the request's id, and nothing changes any more.
    """

    typed: Typed = field(default_factory=dict)
    passed: tuple[str, ...] = ()
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    sent: str | None = None
    begun_at: str | None = None
    """When the start page's button was pressed (ISO 8601, UTC); None when it never was."""
    visit: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    """Ties this visit's steps together for counting; it leads to nothing else."""
    doubted: tuple[str, ...] = ()
    """Answers that were asked about once, as `key=what was typed`: whoever sends them again means them."""
    suspicions: tuple[str, ...] = ()
    link: str | None = None
    """The id of the newest link to go on elsewhere; None when there is none, or it was used."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """The keys of the drafts that colleagues fill in for us, by page."""
    heard: Mapping[str, str] = field(default_factory=dict)
    """The nonce of the colleague's answers that were taken over, by page."""
    only: str | None = None
    """The one page of a colleague's draft. `typed` then also holds what decides which questions it asks."""

    def with_page(self, slug: str, typed: Typed, *, passed: bool) -> "Draft":
        """This draft after a page was sent; a page with errors keeps its words but is not passed."""
        others = tuple(page for page in self.passed if page != slug)
        return replace(self, typed=typed, passed=(*others, slug) if passed else others)

    @property
    def lifetime(self) -> timedelta:
        """How long it is kept from now on."""
        return LINK_LIFETIME if self.link or self.asked or self.only else LIFETIME


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """Open and close drafts by their key."""

    drafts: Drafts
    now: Clock

    async def open(self, key: str) -> Draft | None:
        """The draft of this key; None when it never was, or its time is over."""
        box = await self.drafts.get(name_of(key), self.now())
        content = None if box is None else unlock(key, box)
        if content is None:
            return None
        known = {one.name: content[one.name] for one in fields(Draft) if one.name in content}
        lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
        return Draft(**(known | lists))

    async def close(self, key: str, draft: Draft) -> None:
        """Keep *draft* for as long as it lives from now."""
        await self.drafts.put(name_of(key), lock(key, asdict(draft)), self.now() + draft.lifetime)

    async def forget(self, key: str) -> None:
        """Nothing of this draft is left."""
        await self.drafts.drop(name_of(key))


def new_key() -> str:
    """128 bits, for a cookie or a link."""
    return secrets.token_urlsafe(16)


def name_of(key: str) -> str:
    """What the ledger knows *key* by."""
    return hashlib.blake2b(key.encode(), digest_size=32, person=b"draft-name").hexdigest()


def lock(key: str, content: Mapping[str, Any]) -> bytes:
    """A box that only *key* opens."""
    return bytes(SecretBox(_secret(key)).encrypt(json.dumps(content, separators=(",", ":")).encode()))


def unlock(key: str, box: bytes) -> dict[str, Any] | None:
    """What is in *box*; None when *key* does not open it."""
    try:
        content: dict[str, Any] = json.loads(SecretBox(_secret(key)).decrypt(box))
    except CryptoError:
        return None
    return content


def moment(text: str | None) -> datetime | None:
    """A moment as drafts hold it."""
    return None if text is None else datetime.fromisoformat(text)


def _secret(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=SecretBox.KEY_SIZE, person=b"draft-key").digest()
