"""A field of a page: one question, what was typed there, and what the page says about it."""

from dataclasses import dataclass
from typing import Final, Literal

from markupsafe import Markup

from services.intake.domain.advice import Advice
from services.intake.domain.draft import Typed
from services.intake.entrypoints.web.pages.company import CompanyLookup
from shared.answers.reading import Problem
from shared.products import Agency, Question

Look = Literal["line", "list", "radio", "checkbox", "tick"]
_LONGEST_RADIO_LIST: Final = 8
_SHORT: Final = 6
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
    company: CompanyLookup | None = None
    button: str = "次へ進む"
    """What the button is called that goes on with doubtful answers."""
    agency: Agency | None = None
    """Whom to call about a choice that tells something; None on a page that tells nothing."""
    assists: bool = True
    """Whether the page can look things up and correct them: the page for the agency's own form cannot."""

    def error(self, key: str) -> str:
        """The first thing that is wrong with the answer to *key*."""
        return next((problem.message for problem in self.problems if problem.key == key), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice; `opens` further questions, `excludes` all others, `tells` something at once to whoever makes it."""

    id: str
    value: str
    label: str
    meaning: str
    chosen: bool
    opens: bool
    excludes: bool
    tells: bool


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
    company: CompanyLookup | None = None
    """What the page says about looking the company up; None where it cannot be."""
    echo: str = ""
    """A large amount, in words."""
    finds_address: bool = False
    button: str = ""
    agency: Agency | None = None

    @property
    def tells(self) -> str:
        """What is said at once to whoever makes one of the choices that tell something."""
        return self.question.tells.text if self.question.tells and self.agency else ""

    @property
    def is_told(self) -> bool:
        """Whether the doubt about its answer is what the choice tells, and nothing else."""
        return self.doubt is not None and self.doubt.message == self.tells

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
    def is_short(self) -> bool:
        """Whether its choices fit into one line."""
        fits = all(len(option.label) <= _SHORT and not option.meaning for option in self.options)
        return fits and self.look == "radio"

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
        if question.suggestions:
            attributes += Markup(' list="{}-suggestions"').format(self.id)
        if question.kind == "thousand_yen":
            attributes += Markup(' data-thousand-yen="{}-echo"').format(self.id)
        return attributes
