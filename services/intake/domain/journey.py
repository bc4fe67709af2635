"""The way through the pages, worked out anew from the answers each time: nobody can be led astray by a stale link."""

from dataclasses import dataclass

from services.intake.domain.answers import Checked, Sent, check
from services.intake.domain.reading import Problem
from shared.products import Page, Product, Question


@dataclass(frozen=True, slots=True)
class Journey:
    """`route` are the pages that these answers lead through; the confirmation comes after the last of them."""

    product: Product
    checked: Checked
    route: tuple[Page, ...]
    passed: frozenset[str]

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
        """The first page that was not sent yet, or that has a problem; None when all is ready to be confirmed."""
        return next((page for page in self.route if page.slug not in self.passed or self.problems(page)), None)

    def reachable(self, page: Page) -> bool:
        """Whether everything before *page* is done."""
        undone = self.undone()
        return undone is None or self.place(page) <= self.place(undone)

    def before(self, page: Page) -> Page | None:
        """The page that "back" leads to; None on the first."""
        place = self.place(page)
        return self.route[place - 2] if place > 1 else None

    def after(self, page: Page) -> Page | None:
        """The next page; None when the confirmation is next."""
        place = self.place(page)
        return self.route[place] if place < len(self.route) else None

    def problems(self, page: Page) -> tuple[Problem, ...]:
        """What is wrong on *page*, in the order of its questions."""
        return self.checked.on(question.key for question in questions_on(page))


def journey(product: Product, sent: Sent, passed: tuple[str, ...]) -> Journey:
    """Where *sent* leads, when the pages named in *passed* have been sent before."""
    checked = check(product, sent)
    asked = {question.key for question in checked.asked if question.kind != "consent"}
    route = tuple(
        page for page in product.form.pages if any(question.key in asked for question in questions_on(page))
    )
    return Journey(product, checked, route, frozenset(passed))


def questions_on(page: Page) -> tuple[Question, ...]:
    """All questions of *page*, asked or not."""
    return tuple(question for section in page.sections for question in section.questions)
