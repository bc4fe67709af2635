"""What the templates show: questions as fields, answers as rows. Nothing is decided here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from services.intake.domain.answers import Checked
from services.intake.domain.journey import Journey, questions_on
from services.intake.domain.reading import Problem, Value
from services.intake.domain.yen import in_words
from services.intake.draft import Typed
from shared.products import Page, Product, Question

Look = Literal["line", "list", "radio", "checkbox", "tick"]
_MANY = 8
_INPUTS = {
    "email": 'type="email" spellcheck="false"',
    "tel": 'type="tel" class="short"',
    "postal_code": 'type="text" class="short" inputmode="numeric"',
    "thousand_yen": 'type="text" class="short figure" inputmode="numeric"',
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; `opens` when it brings up further questions."""

    id: str
    value: str
    label: str
    meaning: str
    chosen: bool
    opens: bool


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
        return self.text in {self.tick} if self.tick else any(option.chosen for option in self.options)

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
        return " ".join(
            f"{self.id}-{part}" for part, there in (("error", self.error), ("note", self.notes)) if there
        )

    @property
    def opening(self) -> str:
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


@dataclass(frozen=True, slots=True)
class Row:
    """An answer as it will be sent, and where to change it."""

    label: str
    answer: str
    change: str


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one section."""

    title: str
    rows: tuple[Row, ...]
