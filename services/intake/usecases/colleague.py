"""Asking a colleague: one page of the form, by a link, without a word of the others.

What a colleague types is a draft of its own, whose key is in the link and in the asker's draft. The asker's draft takes
it over when it is opened the next time after the colleague has sent the page.
"""

from dataclasses import dataclass, replace

from services.intake.domain.answers import check
from services.intake.usecases.draft import Draft, KeepDraft, Typed, new_key
from shared.products import Form, Page


@dataclass(frozen=True, slots=True)
class AskColleague:
    """Hand a page to somebody else, and take over what they answer."""

    drafts: KeepDraft

    async def ask(self, form: Form, draft: Draft, page: Page) -> Draft:
        """*draft* with a new link for *page*; an earlier one leads nowhere from now on. Raises `Unavailable`."""
        before = draft.asked.get(page.slug)
        if before is not None:
            await self.drafts.forget(before)
        key = new_key()
        await self.drafts.close(key, Draft(typed=_deciding(form, page, draft.typed), only=page.slug))
        heard = {slug: nonce for slug, nonce in draft.heard.items() if slug != page.slug}
        return replace(draft, asked={**draft.asked, page.slug: key}, heard=heard)

    async def withdraw(self, draft: Draft, page: Page) -> Draft:
        """*draft* without the link for *page*. Raises `Unavailable`."""
        key = draft.asked.get(page.slug)
        if key is not None:
            await self.drafts.forget(key)
        return replace(draft, asked={slug: one for slug, one in draft.asked.items() if slug != page.slug})

    async def hear(self, form: Form, draft: Draft) -> Draft:
        """*draft* with everything that colleagues have sent since it was last opened. Raises `Unavailable`."""
        for slug, key in draft.asked.items():
            told = await self.drafts.open(key)
            if told is not None and slug in told.passed and draft.heard.get(slug) != told.nonce:
                draft = _taken_over(form, draft, slug, told)
        return draft


def _taken_over(form: Form, draft: Draft, slug: str, told: Draft) -> Draft:
    page = next(page for page in form.pages if page.slug == slug)
    own = {question.key for question in page.questions}
    others = {key: value for key, value in draft.typed.items() if key not in own}
    theirs = {key: value for key, value in told.typed.items() if key in own}
    passed = draft.with_page(slug, {**others, **theirs}, passed=True)
    return replace(passed, heard={**draft.heard, slug: told.nonce})


def _deciding(form: Form, page: Page, typed: Typed) -> Typed:
    """The answers elsewhere that decide what *page* asks: choices only, such as whether a quote is wished."""
    conditions = [page.when, *(section.when for section in page.sections)]
    for question in page.questions:
        conditions += [question.when, question.required if not isinstance(question.required, bool) else None]
    own = {question.key for question in page.questions}
    speaks_of = {key for condition in conditions if condition for key, _ in condition.terms()} - own
    answers = check(form, typed).answers
    return {key: answer for key in sorted(speaks_of) if isinstance(answer := answers.get(key), str)}
