"""Questions as the form fields that the templates show. Nothing is decided here."""

from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from services.intake.domain.advice import Advice
from services.intake.domain.draft import Typed
from shared.answers.check import Checked
from shared.answers.reading import Problem
from shared.products import Form, Page, Question, Section
from shared.yen import spoken_yen

Look = Literal["line", "list", "radio", "checkbox", "tick"]
_LONGEST_RADIO_LIST: Final = 8
_INPUTS: Final = {
    "email": 'type="email" spellcheck="false"',
    "tel": 'type="tel" class="medium"',
    "postal_code": 'type="text" class="short" inputmode="numeric"',
    "thousand_yen": 'type="text" class="short figure" inputmode="numeric"',
}


@dataclass(frozen=True, slots=True)
class Lookup:
    """The addresses of the postal code in question `key`. `filled`: the address was typed for the customer."""

    key: str
    filled: bool
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormState:
    """What the fields of a page are filled with, and what the page says about them."""

    typed: Typed
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Advice, ...] = ()
    lookup: Lookup | None = None
    button: str = "次へ進む"
    """What the button is called that goes on with doubtful answers."""
    assists: bool = True
    """Whether the page can look things up and correct them: the page for the agency's own form cannot."""

    def error(self, key: str) -> str:
        """The first thing that is wrong with the answer to *key*."""
        return next((problem.message for problem in self.problems if problem.key == key), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice; `opens` when further questions follow from it, `excludes` when no other may be chosen with it."""

    id: str
    value: str
    label: str
    meaning: str
    chosen: bool
    opens: bool
    excludes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A question, what was typed there, and what is wrong with it."""

    question: Question
    typed: tuple[str, ...]
    required: bool
    error: str
    children: tuple["Field", ...]
    options: tuple[Option, ...]
    tick: str = ""
    """The value of the single checkbox, for consents."""
    doubt: Advice | None = None
    lookup: Lookup | None = None
    echo: str = ""
    """A large amount, in words."""
    finds_address: bool = False
    button: str = ""

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
        return "list" if self.question.kind == "amount" or len(self.question.choices) > _LONGEST_RADIO_LIST else "radio"

    @property
    def notes(self) -> tuple[str, ...]:
        """The hint and the ※ notes."""
        return (
            *((self.question.hint,) if self.question.hint else ()),
            *self.question.said,
        )

    @property
    def described_by(self) -> str:
        """What a screen reader reads after the label."""
        parts = (("error", self.error), ("doubt", self.doubt), ("note", self.notes), ("echo", self.echo))
        return " ".join(f"{self.id}-{part}" for part, is_shown in parts if is_shown)

    @property
    def announcement(self) -> str:
        """Says in advance which choices are followed by further questions."""
        labels = "」「".join(option.label for option in self.options if option.opens)
        return f"「{labels}」の場合、追加の質問が{len(self.children)}問あります"

    @property
    def attributes(self) -> Markup:
        """The HTML attributes of its `<input>`."""
        question = self.question
        attributes = Markup(_INPUTS.get(question.kind, 'type="text"'))  # noqa: S704  # our own words
        if question.autocomplete:
            attributes += Markup(' autocomplete="{}"').format(question.autocomplete)
        if question.kind == "thousand_yen":
            attributes += Markup(' data-thousand-yen="{}-echo"').format(self.id)
        return attributes


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGroup:
    """A section of a page. `ours`: the insurer's form does not ask it."""

    title: str
    paragraphs: tuple[str, ...]
    ours: bool
    fields: tuple[Field, ...]


def field_groups(checked: Checked, page: Page, state: FormState, *, everything: bool = False) -> tuple[FieldGroup, ...]:
    """The sections of *page* that are asked; with *everything*, all of them."""
    asked = {question.key for question in checked.asked}
    groups = []
    for section in page.sections:
        own = {question.key for question in section.questions}
        # A question that follows from another one here is always in the page: CSS shows it when its choice is made,
        # and the server decides whether it was asked.
        top = [
            _field(question, section, checked, state)
            for question in section.questions
            if question.opened_by not in own and (everything or question.key in asked)
        ]
        if top:
            groups.append(
                FieldGroup(title=section.title, paragraphs=section.said, ours=section.ours, fields=tuple(top))
            )
    return tuple(groups)


def consent_fields(form: Form, state: FormState) -> tuple[Field, ...]:
    """The questions of the last page. None is answered in advance."""
    return tuple(
        Field(
            question=question,
            typed=_typed(question, state.typed),
            required=question.required is True,
            error=state.error(question.key),
            children=(),
            options=_options(question, state.typed, ()),
            tick=question.choices[0].value if question.kind == "consent" else "",
        )
        for question in form.confirm
    )


def _field(question: Question, section: Section, checked: Checked, state: FormState) -> Field:
    below = tuple(other for other in section.questions if other.opened_by == question.key)
    return Field(
        question=question,
        typed=_typed(question, state.typed),
        required=checked.requires(question),
        error=state.error(question.key),
        children=tuple(_field(other, section, checked, state) for other in below),
        options=_options(question, state.typed, below),
        doubt=next((doubt for doubt in state.doubts if doubt.key == question.key), None),
        lookup=state.lookup if state.lookup and state.lookup.key == question.key else None,
        echo=_echo(question, checked),
        finds_address=state.assists and question.kind == "postal_code",
        button=state.button,
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
            id=question.key if number == 1 else f"{question.key}-{number}",
            value=choice.value,
            label=choice.label,
            meaning=choice.meaning,
            chosen=choice.value in chosen,
            opens=(question.key, choice.value) in opening,
            excludes=choice.value == question.exclusive,
        )
        for number, choice in enumerate(question.choices, start=1)
    )
