"""A questionnaire: what is asked, in which words, in which order, and when. It contains no answers and checks none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from shared.products.conditions import Answers, Condition
from shared.products.form.question import Choice, Question, Unshown, said

INSURERS_ORDER: Final = "insurer"
"""What the order of the insurer's own form is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Questions under one heading. `when` holds for all of them. `ours`: not in the insurer's form.

    `unshown` are those of `intro` and `notes` that no page shows.
    """

    title: str
    questions: tuple[Question, ...]
    intro: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    when: Condition | None = None
    ours: bool = False
    unshown: tuple[Unshown, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """The sentences before the questions that pages and papers show."""
        return said((*self.intro, *self.notes), self.unshown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Sections that are shown together. `when` decides who is led here; its questions may be answered all the same.

    `minutes` is how long it takes, `at_hand` what is needed for it. `colleague`: somebody else may know the answers,
    so this page can be sent to them; `role` says who, and one link may lead to all pages of one role.
    """

    slug: str
    title: str
    sections: tuple[Section, ...]
    minutes: int
    at_hand: tuple[str, ...] = ()
    colleague: bool = False
    role: str = ""
    when: Condition | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        """All of its questions, in order."""
        return tuple(question for section in self.sections for question in section.questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One way through the form: all of its sections, on the pages that customers come to. `title`: for the agency."""

    title: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Answers that contradict each other; `message` is shown to the customer at the question `key`."""

    when: Condition
    key: str
    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Form:
    """The whole questionnaire. `confirm` are the questions of the last page, where everything is sent.

    `version` is the version in the file and a hash of its content: no two wordings share one. `text` is
    the file as it was read. `pages` are in the insurer's order, unless the form was taken `in_order` of another.
    """

    version: str
    title: str
    text: str = field(repr=False)
    pages: tuple[Page, ...]
    orders: Mapping[str, Order] = field(hash=False, repr=False)
    """By their names, the insurer's own first."""
    confirm: tuple[Question, ...]
    rules: tuple[Rule, ...] = ()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in the order that conditions are decided in."""
        return tuple(question for _, questions in self._parts for question in questions)

    @cached_property
    def keys(self) -> frozenset[str]:
        """What its questions are called."""
        return frozenset(self._by_key)

    @cached_property
    def our_keys(self) -> tuple[str, ...]:
        """The questions that are not in the insurer's form, in order."""
        return tuple(question.key for question in self.questions if question.ours)

    @cached_property
    def spelled_out(self) -> tuple[tuple[Section, Question, Choice], ...]:
        """Every choice that has a meaning, in order."""
        sections = (section for page in self.pages for section in page.sections)
        asked = ((section, question) for section in sections for question in section.questions)
        return tuple((*both, choice) for both in asked for choice in both[1].choices if choice.meaning)

    def question(self, key: str) -> Question:
        """The question called *key*; `KeyError` when there is none."""
        return self._by_key[key]

    def in_order(self, name: str) -> "Form":
        """The same questions on the pages of the order *name*; on those of the insurer's where there is no such order.

        Where answers lead is the same in every order: which questions are asked, and what is wrong with them.
        """
        return self._in_orders.get(name) or self._in_orders[INSURERS_ORDER]

    def has_page(self, slug: str) -> bool:
        """Whether a page is called *slug* in some order."""
        return slug in self._slugs

    def follow(self, answers: Answers) -> "Followed":
        """Where *answers* lead. An answer to a question that is not asked decides nothing."""
        return self.ask(lambda question: answers.get(question.key))

    def ask(self, answer: Callable[[Question], Any]) -> "Followed":
        """Ask every question that the answers so far lead to; None is no answer.

        Reading the form once is enough, because a condition depends only on questions before its own: the check
        makes sure of it.
        """
        asked: list[Question] = []
        counted: dict[str, Any] = {}
        for section, questions in self._parts:
            if section is not None and not section.holds(counted):
                continue
            for question in questions:
                if question.when is None or question.when.holds(counted):
                    asked.append(question)
                    if (value := answer(question)) is not None:
                        counted[question.key] = value
        return Followed(self, tuple(asked), counted)

    @cached_property
    def _parts(self) -> tuple[tuple[Condition | None, tuple[Question, ...]], ...]:
        """Every section's questions, with what must hold for all of them to be asked."""
        sections = ((section.when, section.questions) for page in self.pages for section in page.sections)
        return (*sections, (None, self.confirm))

    @cached_property
    def _in_orders(self) -> "dict[str, Form]":
        return {name: replace(self, pages=order.pages) for name, order in self.orders.items()}

    @cached_property
    def _slugs(self) -> frozenset[str]:
        return frozenset(page.slug for order in self.orders.values() for page in order.pages)

    @cached_property
    def _by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}


@dataclass(frozen=True, slots=True)
class Followed:
    """Where answers lead: `asked` are the questions that are asked, `answers` those to them and to no others."""

    form: Form
    asked: tuple[Question, ...]
    answers: dict[str, Any]

    def route(self) -> tuple[Page, ...]:
        """The pages to show: those with a question to ask whose own condition holds."""
        keys = {question.key for question in self.asked}
        return tuple(
            page
            for page in self.form.pages
            if (page.when is None or page.when.holds(self.answers))
            and any(question.key in keys for question in page.questions)
        )

    def broken_rules(self) -> tuple[Rule, ...]:
        """The rules that the answers break, in the file's order."""
        return tuple(rule for rule in self.form.rules if rule.when.holds(self.answers))
