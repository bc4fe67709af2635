"""One question of a form with its words and choices, and what the insurer has still to approve about them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

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


@dataclass(frozen=True, slots=True)
class Unshown:
    """A sentence of the insurer that no page shows, because it is not true there. The insurer has to approve it."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tells:
    """What a customer is told at once who chooses one of `values`; the form goes on all the same."""

    values: tuple[str, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question in the insurer's words.

    `label` and `parts` are its sentences, `notes` the remarks below it (※), `opening` the line before its
    sub-questions. `hint` and each choice's `meaning` are ours. For `amount` the answer is the choice's value as a
    whole number; for `consent` the only choice is the version of the text that is agreed to. `prefill`: a link may
    bring the answer along, because nothing in it is personal. `suggestions` are offered where any other text may be
    typed as well. `unshown` are those of the `notes` that no page shows.
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
    suggestions: tuple[str, ...] = ()
    unit: str = ""
    prefill: bool = False
    unshown: tuple[Unshown, ...] = ()
    tells: Tells | None = None

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
        return said(self.notes, self.unshown)


def said(texts: tuple[str, ...], unshown: tuple[Unshown, ...]) -> tuple[str, ...]:
    """Those of *texts* that pages and papers show."""
    hidden = {sentence.text for sentence in unshown}
    return tuple(text for text in texts if text not in hidden)
