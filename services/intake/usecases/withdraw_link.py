"""Withdraw the link that a colleague was sent, or some pages of it. What was taken over from it stays."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from services.intake.domain.draft import Draft
from services.intake.usecases.forget_draft import ForgetDraft
from services.intake.usecases.open_draft import OpenDraft
from services.intake.usecases.save_draft import SaveDraft
from shared.products import Page


@dataclass(frozen=True, slots=True)
class WithdrawLink:
    """Stop asking colleagues for some pages. Safe to repeat."""

    open_draft: OpenDraft
    save: SaveDraft
    forget: ForgetDraft

    async def __call__(self, draft: Draft, pages: Collection[Page]) -> Draft:
        """*draft* that waits for none of *pages*. Raises `Unavailable`.

        A link stops working with the last of its pages, and their colleague's draft is deleted. Before that it leads to
        the others only: nobody is to answer what does not arrive.
        """
        slugs = {page.slug for page in pages}
        asked = {slug: key for slug, key in draft.asked.items() if slug not in slugs}
        for key in set(draft.asked.values()) - set(asked.values()):
            await self.forget(key)
        for key in set(asked.values()):
            await self._withdraw_pages(key, [slug for slug in slugs & draft.waiting if draft.asked[slug] == key])
        return replace(draft, asked=asked)

    async def _withdraw_pages(self, key: str, slugs: Collection[str]) -> None:
        if slugs and (theirs := await self.open_draft(key)) is not None:
            await self.save(key, theirs.wanted_only_for(set(theirs.wanted_pages) - set(slugs)))
