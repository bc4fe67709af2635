"""What the live pages need from outside: what has changed, who looks at a case, and what is being typed.

Methods that use the database raise `Unavailable` when it cannot be reached.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

DraftForm = Literal["note", "contact", "close", "hold", "terms", "premium", "approval", "answers"]
"""The forms of a case with a text that takes a while to type: each has one, a note or a reason."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a page shows of a case has changed. `request_id` None: that of any case may have.

    `is_new`: the case was not there before.
    """

    request_id: str | None
    is_new: bool = False


class Changes(Protocol):
    """What any process of the desk has changed."""

    def follow(self) -> AsyncIterator[Change]:
        """Every change from now on; it never ends. What was missed comes as a change of any case."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A page of a case that somebody has in front of them. `is_typing`: with text in it that is not sent yet."""

    request_id: str
    account: str
    tab: str
    is_typing: bool


class Looks(Protocol):
    """Who looks at which case: names only."""

    async def note(self, look: Look, until: datetime) -> None:
        """It counts *until* then, unless it is noted again."""
        ...

    async def end(self, request_id: str, account: str, tab: str) -> None:
        """The page is closed, or not in front any more."""
        ...

    async def at(self, request_ids: Sequence[str], now: datetime) -> Sequence[Look]:
        """Those that count, in any order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDraft:
    """What was typed into a form of a case in one tab and is not sent yet. `number`: counts what the tab has saved."""

    request_id: str
    account: str
    form: DraftForm
    tab: str
    number: int
    text: str
    saved_at: datetime


class NoteDrafts(Protocol):
    """Unsent texts, one a tab; encrypted at rest. One tab never replaces what another has saved."""

    async def keep(self, draft: NoteDraft, until: datetime) -> bool:
        """Replace what its tab had saved before. False: the tab has saved a later text, or its form was sent."""
        ...

    async def of(self, request_id: str, account: str, now: datetime) -> Sequence[NoteDraft]:
        """What *account* has typed into the forms of a case, the newest first."""
        ...

    async def drop(self, draft: NoteDraft) -> bool:
        """Forget it. False: its tab has saved another text since, which stays."""
        ...

    async def finish(self, draft: NoteDraft, until: datetime) -> None:
        """Its form was sent: forget what its tab had saved up to this number, and take nothing more from it.

        A text that the tab has saved since stays. *until*: from then on nobody needs to remember it.
        """
        ...
