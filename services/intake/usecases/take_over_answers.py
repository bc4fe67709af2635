"""Take over what colleagues have answered."""

from dataclasses import dataclass, replace

from services.intake.domain.draft import Draft
from services.intake.usecases.open_draft import OpenDraft
from shared.products import Form


@dataclass(frozen=True, slots=True)
class TakeOverAnswers:
    """Bring colleagues' answers into the draft of whoever asked them. Safe to repeat: each answer is taken once."""

    open_draft: OpenDraft

    async def __call__(self, form: Form, draft: Draft) -> Draft:
        """*draft* with everything that colleagues have sent since it was last opened. Raises `Unavailable`.

        What was asked about a page that the form does not have any more is asked no longer.
        """
        pages = {page.slug: page for page in form.pages}
        if not draft.asked.keys() <= pages.keys():
            draft = replace(draft, asked={slug: key for slug, key in draft.asked.items() if slug in pages})
        for slug, key in draft.asked.items():
            answered = await self.open_draft(key)
            if answered is not None and slug in answered.passed and draft.heard.get(slug) != answered.nonce:
                # Only the answers of this page: their draft also holds older answers that decide what it asks.
                draft = draft.with_answers((question.key for question in pages[slug].questions), answered.typed)
                draft = draft.with_page(slug, passed=True)
                draft = replace(draft, heard={**draft.heard, slug: answered.nonce})
        return draft
