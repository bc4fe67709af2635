"""Questions as the fields that the templates show. Nothing is decided here."""

from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from services.intake.domain.advice import Advice
from services.intake.domain.answers import Checked
from services.intake.domain.reading import Problem
from services.intake.entrypoints.web.pages.lookup import Lookup
from services.intake.usecases.draft import Typed
from shared.products import Form, Page, Question, Section
from shared.yen import spoken_yen

Look = Literal["line", "list", "radio", "checkbox", "tick"]
_MANY: Final = 8
_INPUTS: Final = {
    "email": 'type="email" spellcheck="false"',
    "tel": 'type="tel" class="short"',
    "postal_code": 'type="text" class="short" inputmode="numeric"',
    "thousand_yen": 'type="text" class="short figure" inputmode="numeric"',
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a page has to say beside its questions."""

    typed: Typed
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Advice, ...] = ()
    lookup: Lookup | None = None
    assists: bool = True
    """Whether the page can look things up and mend them: one of the agency's own cannot."""

    def error(self, key: str) -> str:
        """The first thing that is wrong with the answer to *key*."""
        return next((problem.message for problem in self.problems if problem.key == key), "")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; `opens` when it brings up further questions, `excludes` when it stands for itself alone."""

    id: str
    value: str
    label: str
    meaning: str
    chosen: bool
    opens: bool
    excludes: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A question with what was typed and what is wrong with it."""

    question: Question
    typed: tuple[str, ...]
    required: bool
    error: str
    children: tuple["Field", ...]
    options: tuple[Option, ...]
    tick: str = ""
    """The value of the one box to tick, for consents."""
    doubt: Advice | None = None
    lookup: Lookup | None = None
    echo: str = ""
    """A large amount, in words."""
    finds_address: bool = False

    @property
    def id(self) -> str:
        """Where the summary's link leads: the field itself, or its first choice."""
        return self.question.key

    @property
    def text(self) -> str:
        """What was typed."""
        return self.typed[-1] if self.typed else ""

    @property
    def chosen(self) -> bool:
        """Whether there is a choice already."""
        return any(option.chosen for option in self.options)

    @property
    def look(self) -> Look:
        """How it is answered."""
        if self.tick:
            return "tick"
        if self.question.kind == "multi":
            return "checkbox"
        if not self.question.choices:
            return "line"
        return "list" if self.question.kind == "amount" or len(self.question.choices) > _MANY else "radio"

    @property
    def notes(self) -> tuple[str, ...]:
        """The hint and the ※ notes."""
        return (*((self.question.hint,) if self.question.hint else ()), *self.question.notes)

    @property
    def described_by(self) -> str:
        """What a screen reader reads after the label."""
        parts = (("error", self.error), ("doubt", self.doubt), ("note", self.notes), ("echo", self.echo))
        return " ".join(f"{self.id}-{part}" for part, there in parts if there)

    @property
    def announcement(self) -> str:
        """Tells in advance what a choice brings up."""
        labels = "」「".join(option.label for option in self.options if option.opens)
        return f"「{labels}」の場合、追加の質問が{len(self.children)}問あります"

    @property
    def attributes(self) -> Markup:
        """Of its `<input>`."""
        question = self.question
        found = Markup(_INPUTS.get(question.kind, 'type="text"'))  # noqa: S704  # our own words
        if question.autocomplete:
            found += Markup(' autocomplete="{}"').format(question.autocomplete)
        if question.kind == "thousand_yen":
            found += Markup(' data-thousand-yen="{}-echo"').format(self.id)
        return found


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a page."""

    title: str
    paragraphs: tuple[str, ...]
    ours: bool
    fields: tuple[Field, ...]


def parts(checked: Checked, page: Page, told: Told, *, everything: bool = False) -> tuple[Part, ...]:
    """The sections of *page* that are asked; with *everything*, all of them."""
    asked = {question.key for question in checked.asked}
    found = []
    for section in page.sections:
        own = {question.key for question in section.questions}
        # A question that another one here brings up is always in the page: a choice shows it, the server judges it.
        top = [
            _field(question, section, checked, told)
            for question in section.questions
            if question.opened_by not in own and (everything or question.key in asked)
        ]
        if top:
            found.append(Part(section.title, (*section.intro, *section.notes), section.ours, tuple(top)))
    return tuple(found)


def consents(form: Form, told: Told) -> tuple[Field, ...]:
    """The questions of the last page. None is answered in advance."""
    return tuple(
        Field(
            question,
            _typed(question, told.typed),
            question.required is True,
            told.error(question.key),
            (),
            _options(question, told.typed, ()),
            tick=question.choices[0].value if question.kind == "consent" else "",
        )
        for question in form.confirm
    )


def _field(question: Question, section: Section, checked: Checked, told: Told) -> Field:
    below = tuple(other for other in section.questions if other.opened_by == question.key)
    return Field(
        question,
        _typed(question, told.typed),
        checked.requires(question),
        told.error(question.key),
        tuple(_field(other, section, checked, told) for other in below),
        _options(question, told.typed, below),
        doubt=next((doubt for doubt in told.doubts if doubt.key == question.key), None),
        lookup=told.lookup if told.lookup and told.lookup.key == question.key else None,
        echo=_echo(question, checked),
        finds_address=told.assists and question.kind == "postal_code",
    )


def _echo(question: Question, checked: Checked) -> str:
    answer = checked.answers.get(question.key)
    return f"＝ {spoken_yen(answer * 1000)}" if question.kind == "thousand_yen" and isinstance(answer, int) else ""


def _typed(question: Question, typed: Typed) -> tuple[str, ...]:
    sent = typed.get(question.key)
    if sent is None:
        return () if question.default is None else (str(question.default),)
    return tuple(sent) if isinstance(sent, list) else (sent,)


def _options(question: Question, typed: Typed, below: tuple[Question, ...]) -> tuple[Option, ...]:
    opening = {term for other in below if other.when for term in other.when.terms()}
    chosen = _typed(question, typed)
    return tuple(
        Option(
            id=question.key if place == 0 else f"{question.key}-{place + 1}",
            value=choice.value,
            label=choice.label,
            meaning=choice.meaning,
            chosen=choice.value in chosen,
            opens=(question.key, choice.value) in opening,
            excludes=choice.value == question.exclusive,
        )
        for place, choice in enumerate(question.choices)
    )
