"""Go on with a draft by a link that was mailed (`mail_resume_link.py`)."""

from dataclasses import dataclass, replace

from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import decrypt, stored_id
from services.intake.ports import Links
from services.intake.usecases.open_draft import OpenDraft
from services.intake.usecases.save_draft import SaveDraft
from shared.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeDraft:
    """Open a draft with the secret of its newest link, once."""

    links: Links
    open_draft: OpenDraft
    save: SaveDraft
    now: Clock

    async def is_usable(self, token: str) -> bool:
        """False for a link that is not the newest, was used, or is over. Raises `Unavailable`."""
        return await self._find(token) is not None

    async def __call__(self, token: str) -> tuple[str, Draft] | None:
        """The draft's key and the draft; the link is used up. None where it is not usable. Raises `Unavailable`."""
        linked = await self._find(token)
        if linked is None:
            return None
        key, draft = linked
        opened = replace(draft, link=None)
        await self.save(key, opened)
        return key, opened

    async def _find(self, token: str) -> tuple[str, Draft] | None:
        link_id = stored_id(token)
        encrypted = await self.links.find(link_id, self.now())
        content = None if encrypted is None else decrypt(token, encrypted)
        if content is None:
            return None
        key = str(content["key"])
        draft = await self.open_draft(key)
        return None if draft is None or draft.link != link_id else (key, draft)
