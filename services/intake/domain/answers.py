"""The judge of a whole form: everything that was sent, in; the accepted answers or every problem at once, out.

Conditions are decided here and nowhere else. What a page hides or a script disables does not matter: an answer to a
question that is not asked is dropped, and a question that is asked cannot be skipped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.intake.domain.messages import unknown_key
from services.intake.domain.reading import Answers, Problem, problem, read
from shared.products import Product, Question

Sent = Mapping[str, object]
"""What came in, by key: text, lists of text, and from JSON also numbers."""


@dataclass(frozen=True, slots=True)
class Checked:
    """`asked` is the route through the form that these answers lead to; `answers` holds nothing beside it."""

    asked: tuple[Question, ...]
    answers: Answers
    problems: tuple[Problem, ...]

    def on(self, keys: Iterable[str]) -> tuple[Problem, ...]:
        """The problems of these questions only: those of one page."""
        wanted = set(keys)
        return tuple(found for found in self.problems if found.key in wanted)


def check(product: Product, sent: Sent) -> Checked:
    """Judge all of *sent* by the form of *product*."""
    form = product.form
    read_as = {question.key: read(question, sent.get(question.key)) for question in form.questions}
    known = {
        question.key: value
        for question in form.questions
        if not isinstance(value := _or_default(question, read_as[question.key]), Problem) and value is not None
    }
    asked = form.asked(known)
    problems = [found for question in asked if (found := _problem(product, question, read_as, known))]
    answers = {question.key: known[question.key] for question in asked if question.key in known}
    return Checked(asked, answers, (*problems, *_rules(product, answers)))


def unknown_keys(product: Product, sent: Sent) -> tuple[Problem, ...]:
    """A key that the form does not have: a typing error must not silently lose an answer."""
    known = {question.key for question in product.form.questions}
    return tuple(Problem(_printable(key), "unknown-key", unknown_key()) for key in sent if key not in known)


def _or_default(question: Question, value: object) -> object:
    return question.default if value is None and question.ours else value
