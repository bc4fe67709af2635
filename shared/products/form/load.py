"""From form.yaml to a `Form`, after every check: a broken form is never shown to anybody."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from shared.products.conditions import Condition
from shared.products.errors import ProductError
from shared.products.form.check import findings
from shared.products.form.form import Choice, Form, Page, Proposal, Question, Rule, Section
from shared.products.form.schema import ChoiceSchema, FormSchema, PageSchema, QuestionSchema, SectionSchema
from shared.products.source import Source, read_yaml, validate

Scales = Mapping[str, tuple[Choice, ...]]


def load_form(path: Path, consent_version: str) -> Form:
    """The form in *path*; its consents agree to *consent_version*. Raises `ProductError` with all that is wrong."""
    return parse_form(read_yaml(path), consent_version)


def parse_form(source: Source, consent_version: str) -> Form:
    """The form in *source*, with the same checks; its path is only a name."""
    schema = validate(source, FormSchema)
    problems = [source.problem(place, message) for place, message in findings(schema)]
    if problems:
        raise ProductError(problems)
    scales = {name: _choices(choices) for name, choices in schema.scales.items()}
    return Form(
        version=f"{schema.version}+{_fingerprint(source.data)}",
        title=schema.title,
        text=source.text,
        pages=tuple(_page(page, scales) for page in schema.pages),
        confirm=tuple(_agreeing_to(consent_version, _question(question, scales)) for question in schema.confirm),
        rules=tuple(
            Rule(when=Condition(rule.when), key=rule.key, code=rule.code, message=rule.message) for rule in schema.rules
        ),
    )


def _fingerprint(data: object) -> str:
    """Of the data in the file: comments and layout change nothing that a customer reads."""
    return sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:8]


def _page(schema: PageSchema, scales: Scales) -> Page:
    return Page(
        slug=schema.slug,
        title=schema.title,
        minutes=schema.minutes,
        at_hand=tuple(schema.at_hand),
        colleague=schema.colleague,
        sections=tuple(_section(section, scales) for section in schema.sections),
        when=_when(schema.when),
    )


def _section(schema: SectionSchema, scales: Scales) -> Section:
    return Section(
        title=schema.title,
        questions=tuple(replace(_question(question, scales), ours=schema.ours) for question in schema.questions),
        intro=tuple(schema.intro),
        notes=tuple(schema.notes),
        unsaid=tuple(schema.unsaid),
        when=_when(schema.when),
        ours=schema.ours,
    )


def _question(schema: QuestionSchema, scales: Scales) -> Question:
    choices = scales[schema.scale] if schema.scale else _choices(schema.choices)
    return Question(
        key=schema.key,
        kind=schema.kind,
        label=schema.label,
        number=schema.number,
        parts=tuple(schema.parts),
        notes=tuple(schema.notes),
        opening=schema.opening,
        hint=schema.hint,
        choices=tuple(replace(choice, meaning=schema.meanings.get(choice.value, choice.meaning)) for choice in choices),
        exclusive=schema.exclusive,
        default=schema.default,
        required=schema.required if isinstance(schema.required, bool) else Condition(schema.required),
        when=_when(schema.when),
        proposed=tuple(Proposal(proposal.says, proposal.instead, proposal.reason) for proposal in schema.proposed),
        max_length=schema.max_length,
        autocomplete=schema.autocomplete,
        unit=schema.unit,
        prefill=schema.prefill,
        unsaid=tuple(schema.unsaid),
    )


def _choices(schemas: Iterable[ChoiceSchema]) -> tuple[Choice, ...]:
    return tuple(Choice(choice.value, choice.label, choice.meaning) for choice in schemas)


def _agreeing_to(version: str, question: Question) -> Question:
    if question.kind != "consent":
        return question
    return replace(question, choices=(Choice(version, question.label),))


def _when(data: Mapping[str, Any] | None) -> Condition | None:
    return None if data is None else Condition(data)
