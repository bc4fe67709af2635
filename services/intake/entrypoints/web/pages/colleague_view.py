"""What a colleague was asked for, as pages: which one is shown, and its HTML."""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Response

from services.intake.domain.advice import advice
from services.intake.domain.draft import Draft, Typed
from services.intake.domain.elsewhere import doubts_elsewhere, marks
from services.intake.domain.progress import progress
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.pages.field import FormState
from services.intake.entrypoints.web.pages.fields import field_groups
from services.intake.entrypoints.web.urls import Urls
from shared.products import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """A colleague's draft with the pages that are wanted, in the order of the form; `key` is that of the link."""

    urls: Urls
    key: str
    draft: Draft
    pages: tuple[Page, ...]

    @classmethod
    def unsaved(cls, urls: Urls, key: str, page: Page, posted: Typed) -> Response:
        """*page* with what was posted, to be sent again: nothing can be read or stored."""
        draft = Draft().with_answers((question.key for question in page.questions), posted)
        return cls(urls=urls, key=key, draft=draft, pages=(page,)).page(page, unsaved=True)

    @property
    def unwanted(self) -> tuple[Page, ...]:
        """The pages that the colleague was asked for, and is not any more."""
        return tuple(page for page in self.urls.product.form.pages if page.slug in self.draft.unwanted)

    def wants(self, slug: object) -> bool:
        """Whether what comes from the page of this name is to be stored: not if it was taken back meanwhile."""
        return slug not in self.draft.unwanted

    def find(self, slug: object) -> Page:
        """The page of this name; without one that of the draft, the page to go on with."""
        named = next((page for page in self.pages if page.slug == slug), None)
        return named or next((page for page in self.pages if page.slug not in self.draft.passed), self.pages[0])

    def before(self, page: Page) -> Page | None:
        """The page that 戻る leads to; None on the first."""
        number = self.pages.index(page)
        return self.pages[number - 1] if number else None

    def after(self, page: Page) -> Page | None:
        """The next page to show: one that follows and is not passed, or any such; None when all are."""
        number = self.pages.index(page)
        others = (*self.pages[number + 1 :], *self.pages[:number])
        return next((other for other in others if other.slug not in self.draft.passed), None)

    def url(self, page: Page | None = None, *, check: bool = False) -> str:
        """The address of *page*. `check`: it says what is wrong."""
        query = {"page": page.slug} if page is not None and len(self.pages) > 1 else {}
        return self.urls(f"help/{self.key}", **query, **({"check": "1"} if check else {}))

    def page(self, page: Page, *, is_checked: bool = False, unsaved: bool = False) -> Response:
        """*page* with what was typed so far, and what is wrong or doubtful about it."""
        draft_progress = progress(self.urls.product.form, self.draft)
        problems = draft_progress.problems(page) if is_checked else ()
        elsewhere = tuple(doubts_elsewhere(page, self.draft))
        doubts = advice(page.questions, draft_progress.checked, self.draft.typed)
        asked = () if problems else tuple(doubt for doubt in doubts if self.draft.was_asked_about(doubt.key))
        is_last = all(other == page or other.slug in self.draft.passed for other in self.pages)
        button = "回答を送る" if is_last else "次へ進む"
        state = FormState(typed=self.draft.typed, problems=problems, doubts=(*elsewhere, *asked), button=button)
        return html_page(
            "help.html",
            self.urls.product,
            HTTPStatus.SERVICE_UNAVAILABLE if unsaved else HTTPStatus.OK,
            page=page,
            pages=self.pages,
            unwanted=self.unwanted,
            number=self.pages.index(page) + 1,
            minutes=sum(other.minutes for other in self.pages),
            groups=field_groups(draft_progress.checked, page, state, everything=unsaved),
            problems=problems,
            doubts=state.doubts,
            unsaved=unsaved,
            button="再送信する" if unsaved else button,
            seen="" if unsaved else marks(page.questions, self.draft.typed),
            has_back=self.before(page) is not None,
            action=self.urls(f"help/{self.key}"),
        )
