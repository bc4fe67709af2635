"""Go on with a draft by a link that was mailed (`mail_resume_link.py`).

The draft is moved to a new key, which only this browser gets: whoever asked for the link may have had it mailed to
somebody else, and must not read what is typed from now on.

What colleagues were asked goes along: most people who go on elsewhere asked them themselves. Nobody can tell here who
did, so the page before says what was asked, and whoever knows nothing of it takes it back (pages/resume.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import decrypt, encrypt_draft, stored_id
from services.intake.ports import Drafts, Links
from services.intake.usecases.forget_draft import ForgetDraft
from services.intake.usecases.open_draft import OpenDraft
from shared.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeDraft:
    """Open a draft with the secret of its newest link, once."""

    links: Links
    drafts: Drafts
    open_draft: OpenDraft
    forget: ForgetDraft
    now: Clock

    async def find(self, product: str, token: str) -> tuple[str, Draft] | None:
        """The link's draft and its key; None for one that is not the newest, was used, is over, or of another product.

        Raises `Unavailable`.
        """
        linked = await self._find(product, token)
        return None if linked is None else linked[:2]

    async def __call__(
        self, product: str, token: str, own_key: str, new_key: Callable[[], str], *, asks_nobody: bool = False
    ) -> tuple[str, Draft] | None:
        """The draft's new key and the draft; the old key opens nothing any more, and the link is used up.

        *own_key* is that of this browser, which may have had the draft all along. *new_key* makes keys for its cookie.
        *asks_nobody*: the links to colleagues stop working.
        None where it is not usable. Of several that use it at the same moment, one gets the draft. Raises
        `Unavailable`.
        """
        # Not moved, although the link is usable: a page was saved at this moment. The next look decides.
        while (linked := await self._find(product, token)) is not None:
            key, draft, before = linked
            is_handed_over = draft.is_handed_over or key != own_key
            if asks_nobody:
                # Before the move: should it fail, the link can be used once more.
                await self.forget.withdraw(draft.asked.values())
                draft = replace(draft, asked={})
            moved_key, moved = new_key(), replace(draft, link=None, is_handed_over=is_handed_over, box=None)
            encrypted, until = encrypt_draft(moved_key, moved), self.now() + moved.lifetime
            if await self.drafts.move(stored_id(key), before, stored_id(moved_key), encrypted, until):
                return moved_key, replace(moved, box=encrypted)
        return None

    async def _find(self, product: str, token: str) -> tuple[str, Draft, bytes] | None:
        """The draft of the link, with its key and what is stored of it."""
        link_id = stored_id(token)
        encrypted = await self.links.find(link_id, self.now())
        content = None if encrypted is None else decrypt(token, encrypted)
        # A link of the version before does not say whose product it is.
        if content is None or content.get("product", product) != product:
            return None
        key = str(content["key"])
        draft = await self.open_draft(key)
        if draft is None or draft.link != link_id or draft.box is None:
            return None
        return key, draft, draft.box
