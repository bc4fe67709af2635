"""Ask a colleague: one page of the form, by a link, without any answer on the others.

What a colleague types is a second draft. Its key is in the link, for the colleague, and in the first draft, for the
person who asked. Once the colleague has sent the page, the first draft takes the answers over when it is next opened
(`take_over_answers.py`).
"""

from dataclasses import dataclass, replace

from services.intake.domain.answers import check
from services.intake.domain.draft import Draft, Typed
from services.intake.domain.draft_encryption import new_key
from services.intake.usecases.forget_draft import ForgetDraft
from services.intake.usecases.save_draft import SaveDraft
from shared.products import Form, Page


@dataclass(frozen=True, slots=True)
class AskColleague:
    """Make a link to one page for somebody else."""

    save: SaveDraft
    forget: ForgetDraft

    async def __call__(self, form: Form, draft: Draft, page: Page) -> Draft:
        """*draft* with a new link for *page*; an earlier one stops working. Raises `Unavailable`."""
        before = draft.asked.get(page.slug)
        if before is not None:
            await self.forget(before)
        key = new_key()
        await self.save(key, Draft(typed=_deciding_answers(form, page, draft.typed), only=page.slug))
        heard = {slug: nonce for slug, nonce in draft.heard.items() if slug != page.slug}
        return replace(draft, asked={**draft.asked, page.slug: key}, heard=heard)


def _deciding_answers(form: Form, page: Page, typed: Typed) -> Typed:
    """Answers on other pages that decide what *page* asks: choices only, such as whether a quote is wished."""
    conditions = [page.when, *(section.when for section in page.sections)]
    for question in page.questions:
        conditions += [question.when, question.required if not isinstance(question.required, bool) else None]
    own = {question.key for question in page.questions}
    needed = {key for condition in conditions if condition for key, _ in condition.terms()} - own
    answers = check(form, typed).answers
    return {key: answer for key in sorted(needed) if isinstance(answer := answers.get(key), str)}
