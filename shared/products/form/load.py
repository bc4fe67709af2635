"""From form.yaml to a `Form`, by way of every check: a form that asks nonsense is never shown to anybody."""

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
from shared.products.form.sheet import ChoiceSheet, FormSheet, PageSheet, QuestionSheet, SectionSheet
from shared.products.source import Source, read_sheet, read_yaml

Scales = Mapping[str, tuple[Choice, ...]]


def load_form(path: Path, consent_version: str) -> Form:
    """The form in *path*; its consents agree to *consent_version*. Raises `ProductError` with all that is wrong."""
    return form_of(read_yaml(path), consent_version)


def form_of(source: Source, consent_version: str) -> Form:
    """The form that *source* says, by the same checks; its path is only named."""
    sheet = read_sheet(source, FormSheet)
    problems = [source.problem(place, message) for place, message in findings(sheet)]
    if problems:
        raise ProductError(problems)
    scales = {name: _choices(choices) for name, choices in sheet.scales.items()}
    return Form(
        version=f"{sheet.version}+{_fingerprint(source.data)}",
        title=sheet.title,
        text=source.text,
        pages=tuple(_page(page, scales) for page in sheet.pages),
        confirm=tuple(_agreeing_to(consent_version, _question(one, scales)) for one in sheet.confirm),
        rules=tuple(Rule(Condition(one.when), one.key, one.code, one.message) for one in sheet.rules),
    )


def _fingerprint(data: object) -> str:
    """Of what the file says: comments and layout change nothing that a customer reads."""
    return sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:8]


def _page(sheet: PageSheet, scales: Scales) -> Page:
    return Page(
        slug=sheet.slug,
        title=sheet.title,
        minutes=sheet.minutes,
        at_hand=tuple(sheet.at_hand),
        colleague=sheet.colleague,
        sections=tuple(_section(section, scales) for section in sheet.sections),
        when=_when(sheet.when),
    )


def _section(sheet: SectionSheet, scales: Scales) -> Section:
    return Section(
        title=sheet.title,
        questions=tuple(replace(_question(one, scales), ours=sheet.ours) for one in sheet.questions),
        intro=tuple(sheet.intro),
        notes=tuple(sheet.notes),
        when=_when(sheet.when),
        ours=sheet.ours,
    )


def _question(sheet: QuestionSheet, scales: Scales) -> Question:
    choices = scales[sheet.scale] if sheet.scale else _choices(sheet.choices)
    return Question(
        key=sheet.key,
        kind=sheet.kind,
        label=sheet.label,
        number=sheet.number,
        parts=tuple(sheet.parts),
        notes=tuple(sheet.notes),
        opening=sheet.opening,
        hint=sheet.hint,
        choices=tuple(replace(one, meaning=sheet.meanings.get(one.value, one.meaning)) for one in choices),
        exclusive=sheet.exclusive,
        default=sheet.default,
        required=sheet.required if isinstance(sheet.required, bool) else Condition(sheet.required),
        when=_when(sheet.when),
        proposed=tuple(Proposal(one.says, one.instead, one.reason) for one in sheet.proposed),
        max_length=sheet.max_length,
        autocomplete=sheet.autocomplete,
        unit=sheet.unit,
        prefill=sheet.prefill,
    )


def _choices(sheets: Iterable[ChoiceSheet]) -> tuple[Choice, ...]:
    return tuple(Choice(one.value, one.label, one.meaning) for one in sheets)


def _agreeing_to(version: str, question: Question) -> Question:
    if question.kind != "consent":
        return question
    return replace(question, choices=(Choice(version, question.label),))


def _when(data: Mapping[str, Any] | None) -> Condition | None:
    return None if data is None else Condition(data)
