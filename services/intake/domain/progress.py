"""How far a draft has come through the form, worked out anew from its answers each time: no stale link misleads."""

from dataclasses import dataclass, replace

from services.intake.domain.answers import check
from services.intake.domain.draft import Draft
from shared.answers.check import Checked
from shared.answers.reading import Problem
from shared.products import Form, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`pages` are those that the answers lead through; the confirmation comes after the last of them.

    `waiting` are pages that a colleague has been asked to fill in: they prevent nothing but the sending.
    """

    form: Form
    checked: Checked
    pages: tuple[Page, ...]
    passed: frozenset[str]
    waiting: frozenset[str]

    @property
    def page_count(self) -> int:
        """How many pages there are, the confirmation included."""
        return len(self.pages) + 1

    def page_count_seen_from(self, page: Page) -> int | None:
        """How many pages there are at most, as far as *page* can tell; None while more than one of them is open.

        A page is open when its questions are asked or not according to what *page* or a later one asks. Counted like
        this, a number that was shown never grows, and it never shrinks by more than the open page.
        """
        later = self.form.pages[self.form.pages.index(page) :]
        asked = {question.key for other in later for question in other.questions}
        follows = [other for other in later[1:] if other in self.pages or _depends_on(other) & asked]
        is_open = [other for other in follows if _depends_on(other) & asked]
        return None if len(is_open) > 1 else self.number(page) + len(follows) + 1

    def number(self, page: Page) -> int:
        """Which of them *page* is, from 1."""
        return self.pages.index(page) + 1

    def find(self, slug: str) -> Page | None:
        """The page of this name, if the answers lead there."""
        return next((page for page in self.pages if page.slug == slug), None)

    def unfinished(self) -> Page | None:
        """The page to go on with; None when all is ready to be confirmed.

        It is the first that was not sent yet, or that has a problem: one that no colleague was asked for, if there is.
        """
        pages = [page for page in self.pages if page.slug not in self.passed or self.problems(page)]
        return next((page for page in pages if page.slug not in self.waiting), next(iter(pages), None))

    def is_reachable(self, page: Page) -> bool:
        """Whether everything before *page* is done, or a colleague was asked for it."""
        unfinished = self.unfinished()
        return unfinished is None or unfinished.slug in self.waiting or self.number(page) <= self.number(unfinished)

    def before(self, page: Page) -> Page | None:
        """The page that "back" leads to; None on the first."""
        number = self.number(page)
        return self.pages[number - 2] if number > 1 else None

    def after(self, page: Page) -> Page | None:
        """The next page to show: the one that follows, unless one before it is not done."""
        following = next(iter(self.pages[self.number(page) :]), None)
        unfinished = self.unfinished()
        if unfinished is None or unfinished.slug in self.waiting:
            return following
        return unfinished if following is None or self.number(unfinished) < self.number(following) else following

    def ends_with(self, page: Page) -> bool:
        """Whether the confirmation follows *page* whatever is answered on it."""
        own = {question.key for question in page.questions}
        later = self.form.pages[self.form.pages.index(page) + 1 :]
        return page == self.pages[-1] and not any(own & _depends_on(other) for other in later)

    def updated(self, draft: Draft) -> "Progress":
        """With the pages that *draft* has passed or waits for meanwhile. Its answers are still the same."""
        return replace(self, passed=frozenset(draft.passed), waiting=draft.waiting)

    def problems(self, page: Page) -> tuple[Problem, ...]:
        """What is wrong on *page*, in the order of its questions."""
        return self.checked.on(question.key for question in page.questions)


def progress(form: Form, draft: Draft) -> Progress:
    """Where the answers in *draft* lead.

    What was answered on a page that they no longer lead to does not count: nobody would see it confirmed.
    """
    checked = check(form, draft.typed)
    pages = checked.followed.route()
    shown = {question.key for page in pages for question in page.questions} | {
        question.key for question in form.confirm
    }
    if not shown.issuperset(checked.answers):
        checked = check(form, {key: value for key, value in draft.typed.items() if key in shown})
    return Progress(form=form, checked=checked, pages=pages, passed=frozenset(draft.passed), waiting=draft.waiting)


def _depends_on(page: Page) -> set[str]:
    """The questions whose answers decide whether *page* has anything to ask."""
    conditions = (page.when, *(section.when for section in page.sections))
    return {key for condition in conditions if condition for key, _ in condition.terms()}
