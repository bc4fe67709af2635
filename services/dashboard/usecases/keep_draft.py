"""Keep what staff type before they send it, so that a lost session, a crash or a second tab loses no key press.

Each tab has a text of its own. The first that it saves takes the place of the text that it began with; whatever else
is there stays, and is shown beside it, until its form is sent or somebody discards it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.dashboard.ports.live import DraftForm, NoteDraft, NoteDrafts
from shared.clock import Clock
from shared.errors import Unavailable

log = structlog.get_logger(__name__)

KEPT_FOR: Final = timedelta(days=30)
MOST_TEXTS: Final = 40
"""Of one account and case. Nobody types into so many tabs; a program that was let loose must not fill the disk."""


@dataclass(frozen=True, slots=True)
class Source:
    """The text that a tab began with: which tab had saved it, and as which number."""

    tab: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """It is kept. `others`: how many texts of other tabs are there beside it."""

    at: datetime
    others: int


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """The texts of one account are its own: nobody else sees them."""

    drafts: NoteDrafts
    now: Clock

    async def __call__(self, draft: NoteDraft, source: Source | None) -> Saved | None:
        """None: not kept. Its tab has saved a later text, its form was sent, or there are too many texts."""
        before = await self.drafts.of(draft.request_id, draft.account, self.now())
        is_first = all((one.form, one.tab) != (draft.form, draft.tab) for one in before)
        if is_first and len(before) >= MOST_TEXTS:
            return None
        if not await self.drafts.keep(draft, self.now() + KEPT_FOR):
            return None
        others = [one for one in before if one.form == draft.form and one.tab != draft.tab]
        # After the new text is there: a crash between the two leaves both.
        if is_first and (replaced := _matching(others, source)) and await self.drafts.drop(replaced):
            others.remove(replaced)
        return Saved(at=draft.saved_at, others=len(others))

    async def refused(self, draft: NoteDraft, source: Source | None) -> None:
        """Keep what was sent in vain, as if it was saved: whoever leaves the page finds it again.

        It gets a tab of its own where it has none, without scripts, and where its tab is done with: its form was sent,
        and gone on with by the browser's back button.
        """
        if not draft.tab or await self(draft, source) is None:
            await self(replace(draft, tab=secrets.token_hex(16)), source)

    async def of(self, request_id: str, account: str) -> Mapping[DraftForm, Sequence[NoteDraft]]:
        """By form, the newest first. A text that was emptied is not there."""
        found = [one for one in await self.drafts.of(request_id, account, self.now()) if one.text.strip()]
        return {form: [one for one in found if one.form == form] for form in {one.form for one in found}}

    async def discard(self, draft: NoteDraft) -> None:
        """Forget one text, unless its tab has saved another since."""
        await self.drafts.drop(draft)

    async def finish(self, sent: NoteDraft, source: Source | None) -> None:
        """The form was sent. Its tab is empty where a browser without scripts sent it; what it began with is done too.

        What was sent is kept already, so a failure here does no harm: the text is shown once more.
        """
        try:
            texts = await self.drafts.of(sent.request_id, sent.account, self.now())
            if replaced := _matching([one for one in texts if one.form == sent.form], source):
                await self.drafts.drop(replaced)
            if sent.tab:
                await self.drafts.finish(sent, self.now() + KEPT_FOR)
        except Unavailable:
            log.warning("draft not removed", request_id=sent.request_id)


def _matching(texts: Sequence[NoteDraft], source: Source | None) -> NoteDraft | None:
    return next((one for one in texts if source and (one.tab, one.number) == (source.tab, source.number)), None)
