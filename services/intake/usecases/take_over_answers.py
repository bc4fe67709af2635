"""Take over what colleagues have answered, and leave with the others where to tell that they have."""

from dataclasses import dataclass, replace

from services.intake.domain.draft import Draft
from services.intake.domain.elsewhere import with_answers_of_colleague
from services.intake.domain.progress import progress
from services.intake.usecases.leave_address import LeaveAddress, MayMail
from services.intake.usecases.open_draft import OpenDraft
from services.intake.usecases.save_draft import DraftChanged, SaveDraft
from shared.products import Product


@dataclass(frozen=True, slots=True)
class TakeOverAnswers:
    """Bring colleagues' answers into the draft of whoever asked them. Safe to repeat: each answer is taken once."""

    open_draft: OpenDraft
    save: SaveDraft
    leave_address: LeaveAddress

    async def __call__(self, product: Product, own_key: str, draft: Draft, may_mail: MayMail) -> Draft:
        """*draft* with everything that colleagues have sent since it was last opened. Raises `Unavailable`.

        What was asked about a page that the form does not have any more is asked no longer. Whoever has not answered
        yet gets the address that *draft*, which *own_key* opens, has now.
        """
        product = product.in_order(draft.order)
        slugs = {page.slug for page in product.form.pages}
        if not draft.asked.keys() <= slugs:
            draft = replace(draft, asked={slug: key for slug, key in draft.asked.items() if slug in slugs})
        for key in dict.fromkeys(key for slug, key in draft.asked.items() if slug in draft.waiting):
            draft = await self._take_over(product, own_key, draft, key, may_mail)
        return draft

    async def _take_over(self, product: Product, own_key: str, draft: Draft, key: str, may_mail: MayMail) -> Draft:
        """With what was answered by the link with *key*, once all pages of it that *draft* leads to are answered.

        The others are asked no longer then. Until then they can be wanted again.
        """
        form, answered = product.form, await self.open_draft(key)
        if answered is None:
            return draft
        waiting = {slug for slug in draft.waiting if draft.asked[slug] == key}
        # Whoever has sent all of it was told that it arrives, wherever the answers lead meanwhile.
        led_to = form.pages if answered.is_answered else progress(form, draft).pages
        sent = answered.wanted_pages if answered.is_answered else waiting
        wanted = [page for page in led_to if page.slug in waiting and page.slug in sent]
        known = answered.wanted_only_for(page.slug for page in wanted)
        if known.is_answered:
            known = replace(known, tells={})  # Whoever asked is here, and need not be told by mail any more.
        else:
            known = self.leave_address(product, own_key, draft, known, may_mail)
        if known != answered:
            try:
                await self.save(key, known)
            except DraftChanged:
                return draft  # The colleague has sent something at this moment: the next look decides.
        if not known.is_answered:
            return draft
        for page in wanted:
            # Only the answers of this page: their draft also holds older answers that decide what it asks.
            draft = with_answers_of_colleague(draft, form, page, answered.typed)
        unwanted = waiting - {page.slug for page in wanted}
        return replace(
            draft,
            asked={slug: other for slug, other in draft.asked.items() if slug not in unwanted},
            heard={**draft.heard, **dict.fromkeys((page.slug for page in wanted), answered.nonce)},
        )
