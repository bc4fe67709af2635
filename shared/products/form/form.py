"""A questionnaire: what is asked, in which words, in which order, and when. It contains no answers and checks none."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from shared.products.conditions import Answers, Condition

Kind = Literal[
    "text", "tel", "email", "postal_code", "long_text", "thousand_yen", "choice", "amount", "multi", "consent"
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose. `meaning` spells it out where the question is negative or has two parts."""

    value: str
    label: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction that the insurer has not approved yet: where the text says `says`, it should say `instead`."""

    says: str
    instead: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question in the insurer's words.

    `label` and `parts` are its sentences, `notes` the remarks below it (※), `opening` the line before its
    sub-questions. `hint` and each choice's `meaning` are ours. For `amount` the answer is the choice's value as a
    whole number; for `consent` the only choice is the version of the text that is agreed to. `prefill`: a link may
    bring the answer along, because nothing in it is personal. `unsaid` are sentences of the insurer that are not true
    on our pages: they are kept word for word, and no page shows them.
    """

    key: str
    kind: Kind
    label: str
    number: str = ""
    parts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    opening: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    exclusive: str | None = None
    default: str | int | None = None
    required: bool | Condition = False
    when: Condition | None = None
    ours: bool = False
    proposed: tuple[Proposal, ...] = ()
    max_length: int | None = None
    autocomplete: str | None = None
    unit: str = ""
    prefill: bool = False
    unsaid: tuple[str, ...] = ()

    @property
    def opened_by(self) -> str | None:
        """The question whose answer decides whether this one is asked."""
        return next((key for key, _ in self.when.terms()), None) if self.when else None

    def required_by(self, answers: Answers) -> bool:
        """Whether it may not be left out, where it is asked and *answers* are those to the other questions."""
        return self.required if isinstance(self.required, bool) else self.required.holds(answers)

    @cached_property
    def values(self) -> tuple[str | int, ...]:
        """The possible answers, as they are kept: whole numbers for amounts."""
        return tuple(int(choice.value) if self.kind == "amount" else choice.value for choice in self.choices)

    @cached_property
    def offered(self) -> frozenset[str]:
        """The texts that are an answer as they stand, where one is chosen: for `choice` and `consent`."""
        one = self.kind in {"choice", "consent"}
        return frozenset(choice.value for choice in self.choices) if one else frozenset()

    @property
    def said(self) -> tuple[str, ...]:
        """The notes that pages and papers show."""
        return _said(self.notes, self.unsaid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Questions under one heading. `when` holds for all of them. `ours`: not in the insurer's form. `unsaid`: above."""

    title: str
    questions: tuple[Question, ...]
    intro: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    when: Condition | None = None
    ours: bool = False
    unsaid: tuple[str, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """The sentences before the questions that pages and papers show."""
        return _said((*self.intro, *self.notes), self.unsaid)


def _said(texts: tuple[str, ...], unsaid: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for text in texts if text not in unsaid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Sections that are shown together. `when` decides who is led here; its questions may be answered all the same.

    `minutes` is how long it takes, `at_hand` what is needed for it. `colleague`: somebody else may know the answers,
    so this page can be sent to them.
    """

    slug: str
    title: str
    sections: tuple[Section, ...]
    minutes: int
    at_hand: tuple[str, ...] = ()
    colleague: bool = False
    when: Condition | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        """All of its questions, in order."""
        return tuple(question for section in self.sections for question in section.questions)


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
    the file as it was read.
    """

    version: str
    title: str
    text: str = field(repr=False)
    pages: tuple[Page, ...]
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
