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
"""Until a page is right, or says that it is saved: whatever posts rubbish must not fill the database for a day."""
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
    theirs: tuple[str, ...] = ()
    """What colleagues have answered, as `key=hash of what was typed`: it is theirs until somebody changes it."""
    helps_with: tuple[str, ...] = ()
    """The pages of a colleague's draft. `typed` then also holds what decides which questions they ask."""
    unwanted: tuple[str, ...] = ()
    """Those of them that whoever asked does not wait for any more: nothing that was typed there will be taken over."""
    tells: Mapping[str, str] = field(default_factory=dict)
    """Of a colleague's draft: whom to tell by mail that it is answered (`asker.py`); empty while nobody wants that."""
    only: str | None = None
    """The one page of a colleague's draft of the version before."""
    is_handed_over: bool = False
    """Whether it was begun in another browser, and came here by a link."""
    elsewhere: Typed = field(default_factory=dict)
    """What another window or a colleague had answered where something else stands: shown once, then forgotten."""
    order: str = ""
    """In which order of the form it is asked, from its begin to its end; nothing in what was begun before there were
    any, which goes on in the insurer's."""
    copy: Copy | None = None
    """What was sent, in words; None before that, and in what the version before has sent."""
    is_saved: bool = False
    """Whether a page has said that an answer is saved: it must be there for the day, also while no page is right."""
    confirmed: str = ""
    """The mark of the confirmation whose button was pressed last (`shown.py`); nothing for a page without one."""
    box: bytes | None = field(default=None, compare=False, repr=False)
    """What was stored when it was read, which is what saving it replaces. It is not stored in itself."""

    @property
    def helped_pages(self) -> tuple[str, ...]:
        """The pages that a colleague's draft was made for; none for a customer's."""
        return self.helps_with or (() if self.only is None else (self.only,))

    @property
    def wanted_pages(self) -> tuple[str, ...]:
        """The pages whose answers whoever asked the colleague still waits for, or has got."""
        return tuple(page for page in self.helped_pages if page not in self.unwanted)

    @property
    def is_answered(self) -> bool:
        """Whether a colleague has sent all that is wanted of them."""
        return bool(self.wanted_pages) and set(self.wanted_pages) <= set(self.passed)

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

    def wanted_only_for(self, slugs: Iterable[str]) -> "Draft":
        """A colleague's draft, of which somebody waits for the answers on the pages *slugs*, and for no others."""
        wanted = set(slugs)
        return replace(self, unwanted=tuple(page for page in self.helped_pages if page not in wanted))

    def was_asked_about(self, key: str) -> bool:
        """Whether the customer was asked once if they mean what is typed for *key* now."""
        return self._as_typed(key) in self.doubted

    def asked_about(self, keys: Iterable[str]) -> "Draft":
        """After the customer was asked about what is typed for *keys*."""
        own = {key: self._as_typed(key) for key in keys}
        others = (doubt for doubt in self.doubted if doubt.partition("=")[0] not in own)
        return replace(self, doubted=(*others, *own.values()))

    def answered_by_colleague(self, keys: Iterable[str]) -> "Draft":
        """After a colleague has answered what is typed for *keys*."""
        own = {key: self._as_typed(key) for key in keys}
        others = (answer for answer in self.theirs if answer.partition("=")[0] not in own)
        return replace(self, theirs=(*others, *own.values()))

    def is_theirs(self, key: str) -> bool:
        """Whether what is typed for *key* is as a colleague has answered it."""
        return self._as_typed(key) in self.theirs

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
        if self.link or self.asked or self.helped_pages:
            return LINK_LIFETIME
        return LIFETIME if self.passed or self.is_handed_over or self.is_saved else UNPASSED_LIFETIME

    def _as_typed(self, key: str) -> str:
        return f"{key}={_hash(self.typed.get(key))}"


def _hash(value: object) -> str:
    return blake2b(repr(value).encode(errors="surrogatepass"), digest_size=9).hexdigest()
