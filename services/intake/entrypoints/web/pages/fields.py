"""Questions as the form fields that the templates show. Nothing is decided here."""

from collections.abc import Collection
from dataclasses import dataclass

from services.intake.domain.draft import Typed
from services.intake.entrypoints.web.pages.field import Field, FormState, Option
from shared.answers.check import Checked
from shared.products import Form, Page, Question, Section
from shared.yen import spoken_yen


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


def fields_of(form: Form, keys: Collection[str], checked: Checked, state: FormState) -> tuple[Field, ...]:
    """The questions *keys* alone, in that order, wherever the form has them."""
    found = {
        question.key: _field(question, section, checked, state)
        for page in form.pages
        for section in page.sections
        for question in section.questions
        if question.key in keys
    }
    return tuple(found[key] for key in keys)


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
        company=state.company if state.company and state.company.key == question.key else None,
        echo=_echo(question, checked),
        finds_address=state.assists and question.kind == "postal_code",
        button=state.button,
        agency=state.agency,
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
            tells=question.tells is not None and choice.value in question.tells.values,
        )
        for number, choice in enumerate(question.choices, start=1)
    )
