"""Withdraw the link that a colleague was sent: their draft is deleted. What was taken over from it stays."""

from dataclasses import dataclass, replace

from services.intake.domain.draft import Draft
from services.intake.usecases.forget_draft import ForgetDraft
from shared.products import Page


@dataclass(frozen=True, slots=True)
class WithdrawLink:
    """Stop asking a colleague for one page. Safe to repeat."""

    forget: ForgetDraft

    async def __call__(self, draft: Draft, page: Page) -> Draft:
        """*draft* without the link for *page*, which stops working. Raises `Unavailable`."""
        key = draft.asked.get(page.slug)
        if key is not None:
            await self.forget(key)
        return replace(draft, asked={slug: other for slug, other in draft.asked.items() if slug != page.slug})
