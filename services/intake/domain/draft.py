"""The half-filled form of one customer, as a value. How it is encrypted: `draft_encryption.py`."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from services.intake.domain.copy import Copy

LIFETIME: Final = timedelta(hours=24)
"""Sliding: counted from the last page that was sent. WCAG 2.2.1 asks for 20 hours at least."""
UNPASSED_LIFETIME: Final = timedelta(hours=1)
"""Until the first page is right: whatever posts rubbish must not fill the database for a day."""
LINK_LIFETIME: Final = timedelta(days=14)
"""As long as somebody may come back by a link."""

Typed = dict[str, str | list[str]]
"""What was typed, by key; a key that was sent several times is a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`typed` as typed, by key; `passed` are the pages that were sent without a problem.

    `nonce` makes submitting safe to repeat. Once submitted, `sent` is the request's id, and nothing changes any more.
    The names of these fields are stored: a draft of the version before must open.
    """

    typed: Typed = field(default_factory=dict)
    passed: tuple[str, ...] = ()
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    sent: str | None = None
    begun_at: str | None = None
    """When the start page's button was pressed (ISO 8601, UTC); None when it never was."""
    visit: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    """Joins the steps of this visit for counting; it leads to nothing else."""
    doubted: tuple[str, ...] = ()
    """Answers that were asked about once, as `key=hash of what was typed`: whoever sends them again means them."""
    suspicions: tuple[str, ...] = ()
    link: str | None = None
    """The id of the newest link to go on elsewhere; None when there is none, or it was used."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """The keys of the drafts that colleagues fill in for this one, by page."""
    heard: Mapping[str, str] = field(default_factory=dict)
    """The nonce of the colleague's answers that were taken over, by page."""
    only: str | None = None
    """The one page of a colleague's draft. `typed` then also holds what decides which questions it asks."""
    is_handed_over: bool = False
    """Whether it was begun in another browser, and came here by a link."""
    elsewhere: Typed = field(default_factory=dict)
    """What another window had answered where this one answered something else: shown once, then forgotten."""
    copy: Copy | None = None
    """What was sent, in words; None before that, and in what the version before has sent."""
    confirmed: str = ""
    """The mark of the confirmation whose button was pressed last (`shown.py`); nothing for a page without one."""
    box: bytes | None = field(default=None, compare=False, repr=False)
    """What was stored when it was read, which is what saving it replaces. It is not stored in itself."""

    def text(self, key: str) -> str:
        """What was typed for *key*; the first when it was sent several times."""
        typed = self.typed.get(key, "")
        return typed if isinstance(typed, str) else next(iter(typed), "")

    def with_answers(self, keys: Iterable[str], typed: Mapping[str, str | list[str]]) -> "Draft":
        """With *typed* in place of what was typed for *keys*; other keys in *typed* are ignored."""
        own = set(keys)
        others = {key: value for key, value in self.typed.items() if key not in own}
        return replace(self, typed=others | {key: value for key, value in typed.items() if key in own})

    def with_page(self, slug: str, *, passed: bool) -> "Draft":
        """After the page *slug* was sent; a page with errors keeps what was typed but is not passed."""
        others = tuple(page for page in self.passed if page != slug)
        return replace(self, passed=(*others, slug) if passed else others)

    def was_asked_about(self, key: str) -> bool:
        """Whether the customer was asked once if they mean what is typed for *key* now."""
        return self._as_doubted(key) in self.doubted

    def asked_about(self, keys: Iterable[str]) -> "Draft":
        """After the customer was asked about what is typed for *keys*."""
        own = {key: self._as_doubted(key) for key in keys}
        others = (doubt for doubt in self.doubted if doubt.partition("=")[0] not in own)
        return replace(self, doubted=(*others, *own.values()))

    @property
    def started_at(self) -> datetime | None:
        """`begun_at` as a moment."""
        return None if self.begun_at is None else datetime.fromisoformat(self.begun_at)

    @property
    def waiting(self) -> frozenset[str]:
        """The pages that a colleague was asked for and whose answers have not been taken over yet."""
        return frozenset(self.asked.keys() - self.heard.keys())

    @property
    def lifetime(self) -> timedelta:
        """How long it is kept from now on."""
        if self.sent:
            return LIFETIME
        if self.link or self.asked or self.only:
            return LINK_LIFETIME
        return LIFETIME if self.passed or self.is_handed_over else UNPASSED_LIFETIME

    def mark(self, keys: Iterable[str]) -> str:
        """A short hash of what is typed for *keys*: a page carries it, to tell whether another window changed them."""
        return _hash({key: self.typed[key] for key in sorted(keys) if self.typed.get(key)})

    def _as_doubted(self, key: str) -> str:
        return f"{key}={_hash(self.typed.get(key))}"


def _hash(value: object) -> str:
    return blake2b(repr(value).encode(errors="surrogatepass"), digest_size=9).hexdigest()
