"""The way through the pages, worked out anew from the answers each time: nobody is led astray by a stale link."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.intake.domain.answers import Checked, Sent, check
from services.intake.domain.reading import Problem
from shared.products import Form, Page


@dataclass(frozen=True, slots=True)
class Journey:
    """`route` are the pages that these answers lead through; the confirmation comes after the last of them.

    `waiting` are pages that a colleague has been asked to fill in: they hold up nothing but the sending.
    """

    checked: Checked
    route: tuple[Page, ...]
    passed: frozenset[str]
    pages: tuple[Page, ...]
    waiting: frozenset[str] = frozenset()

    @property
    def places(self) -> int:
        """How many pages there are, the confirmation included."""
        return len(self.route) + 1

    def place(self, page: Page) -> int:
        """Which of them this is, from 1."""
        return self.route.index(page) + 1

    def find(self, slug: str) -> Page | None:
        """The page of this name, if the route leads there."""
        return next((page for page in self.route if page.slug == slug), None)

    def undone(self) -> Page | None:
        """The page to go on with; None when all is ready to be confirmed.

        It is the first that was not sent yet, or that has a problem: one that nobody else was asked for, if there is.
        """
        pages = [page for page in self.route if page.slug not in self.passed or self.problems(page)]
        return next((page for page in pages if page.slug not in self.waiting), next(iter(pages), None))

    def reachable(self, page: Page) -> bool:
        """Whether everything before *page* is done, or asked for elsewhere."""
        undone = self.undone()
        return undone is None or undone.slug in self.waiting or self.place(page) <= self.place(undone)

    def before(self, page: Page) -> Page | None:
        """The page that "back" leads to; None on the first."""
        place = self.place(page)
        return self.route[place - 2] if place > 1 else None

    def after(self, page: Page) -> Page | None:
        """The next page to show: the one that follows, unless one on the way to it is not done."""
        following = self.route[self.place(page) : self.place(page) + 1]
        undone = self.undone()
        if (
            undone is not None
            and undone.slug not in self.waiting
            and (not following or self.place(undone) < self.place(following[0]))
        ):
            return undone
        return following[0] if following else None

    def ends_with(self, page: Page) -> bool:
        """Whether the confirmation follows *page* whatever is answered on it."""
        own = {question.key for question in page.questions}
        later = self.pages[self.pages.index(page) + 1 :]
        return page == self.route[-1] and not any(own & _speaks_of(other) for other in later)

    def problems(self, page: Page) -> tuple[Problem, ...]:
        """What is wrong on *page*, in the order of its questions."""
        return self.checked.on(question.key for question in page.questions)


def journey(form: Form, sent: Sent, passed: Iterable[str], waiting: Iterable[str] = ()) -> Journey:
    """Where *sent* leads, when the pages named in *passed* have been sent before.

    What was answered on a page that the route no longer leads to does not count: nobody would see it confirmed.
    """
    checked = check(form, sent)
    route = form.route(checked.answers)
    shown = {question.key for page in route for question in page.questions} | {one.key for one in form.confirm}
    if not shown.issuperset(checked.answers):
        checked = check(form, {key: value for key, value in sent.items() if key in shown})
    return Journey(checked, route, frozenset(passed), form.pages, frozenset(waiting))


def _speaks_of(page: Page) -> set[str]:
    """The questions whose answers decide whether *page* has anything to ask."""
    conditions = (page.when, *(section.when for section in page.sections))
    return {key for condition in conditions if condition for key, _ in condition.terms()}
