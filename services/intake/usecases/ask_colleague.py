"""Ask a colleague: some pages of the form, by one link, without any answer on the others.

What a colleague types is a second draft. Its key is in the link, for the colleague, and in the first draft, for the
person who asked, once for each page. Once the colleague has sent all of them, the first draft takes the answers over
when it is next opened (`take_over_answers.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.intake.domain.answers import check
from services.intake.domain.draft import Draft, Typed
from services.intake.domain.draft_encryption import new_key
from services.intake.usecases.save_draft import SaveDraft
from services.intake.usecases.withdraw_link import WithdrawLink
from shared.products import Form, Page


@dataclass(frozen=True, slots=True)
class AskColleague:
    """Make a link to some pages for somebody else."""

    save: SaveDraft
    withdraw: WithdrawLink

    async def __call__(self, form: Form, draft: Draft, pages: Sequence[Page]) -> Draft:
        """*draft* with a new link for *pages*; earlier ones do not lead to them any more. Raises `Unavailable`."""
        draft = await self.withdraw(draft, pages)
        key, slugs = new_key(), tuple(page.slug for page in pages)
        await self.save(
            key, Draft(typed=_deciding_answers(form, pages, draft.typed), helps_with=slugs, order=draft.order)
        )
        heard = {slug: nonce for slug, nonce in draft.heard.items() if slug not in slugs}
        return replace(draft, asked={**draft.asked, **dict.fromkeys(slugs, key)}, heard=heard)


def _deciding_answers(form: Form, pages: Sequence[Page], typed: Typed) -> Typed:
    """Answers on other pages that decide what *pages* ask: choices only, such as whether a quote is wished."""
    questions = [question for page in pages for question in page.questions]
    conditions = [page.when for page in pages] + [section.when for page in pages for section in page.sections]
    for question in questions:
        conditions += [question.when, question.required if not isinstance(question.required, bool) else None]
    own = {question.key for question in questions}
    needed = {key for condition in conditions if condition for key, _ in condition.terms()} - own
    answers = check(form, typed).answers
    return {key: answer for key in sorted(needed) if isinstance(answer := answers.get(key), str)}
