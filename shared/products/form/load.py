"""From form.yaml to a `Form`, after every check: a broken form is never shown to anybody."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from shared.products.conditions import Condition
from shared.products.errors import ProductError
from shared.products.form.check import findings
from shared.products.form.form import INSURERS_ORDER, Form, Order, Page, Rule, Section
from shared.products.form.orders import order_findings, ordered_pages
from shared.products.form.question import Choice, Proposal, Question, Tells, Unshown
from shared.products.form.schema import (
    ChoiceSchema,
    FormSchema,
    OrderedPageSchema,
    PageSchema,
    QuestionSchema,
    SectionSchema,
    UnshownSchema,
)
from shared.products.source import Source, read_yaml, validate

Scales = Mapping[str, tuple[Choice, ...]]
_INSURERS: Final = "保険会社の質問順"


def load_form(path: Path, consent_version: str) -> Form:
    """The form in *path*; its consents agree to *consent_version*. Raises `ProductError` with all that is wrong."""
    return parse_form(read_yaml(path), consent_version)


def parse_form(source: Source, consent_version: str) -> Form:
    """The form in *source*, with the same checks; its path is only a name."""
    schema = validate(source, FormSchema)
    # Whether an order is right can only be said of sections that are.
    found = list(findings(schema)) or list(order_findings(schema))
    problems = [source.problem(place, message) for place, message in found]
    if problems:
        raise ProductError(problems)
    scales = {name: _choices(choices) for name, choices in schema.scales.items()}
    pages = {page.slug: _page(page, page.sections, scales) for page in schema.pages}
    return Form(
        version=f"{schema.version}+{_fingerprint(source.data)}",
        title=schema.title,
        text=source.text,
        pages=tuple(pages.values()),
        orders={INSURERS_ORDER: Order(title=_INSURERS, pages=tuple(pages.values()))} | _orders(schema, pages, scales),
        confirm=tuple(_agreeing_to(consent_version, _question(question, scales)) for question in schema.confirm),
        rules=tuple(
            Rule(when=Condition(rule.when), key=rule.key, code=rule.code, message=rule.message) for rule in schema.rules
        ),
    )


def _fingerprint(data: object) -> str:
    """Of the data in the file: comments and layout change nothing that a customer reads."""
    return sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:8]


def _orders(schema: FormSchema, pages: Mapping[str, Page], scales: Scales) -> dict[str, Order]:
    return {
        name: Order(
            title=order.title,
            pages=tuple(
                pages[page.schema.slug]
                if isinstance(page.schema, PageSchema)
                else _page(page.schema, page.sections, scales)
                for page in ordered_pages(order, schema)
            ),
        )
        for name, order in schema.orders.items()
    }


def _page(schema: PageSchema | OrderedPageSchema, sections: Iterable[SectionSchema], scales: Scales) -> Page:
    return Page(
        slug=schema.slug,
        title=schema.title,
        minutes=schema.minutes,
        at_hand=tuple(schema.at_hand),
        colleague=bool(schema.colleague),
        role=schema.colleague if isinstance(schema.colleague, str) else "",
        sections=tuple(_section(section, scales) for section in sections),
        when=_when(schema.when),
    )


def _section(schema: SectionSchema, scales: Scales) -> Section:
    return Section(
        title=schema.title,
        questions=tuple(replace(_question(question, scales), ours=schema.ours) for question in schema.questions),
        intro=_texts(schema.intro),
        notes=_texts(schema.notes),
        unshown=_unshown(*schema.intro, *schema.notes),
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
        notes=_texts(schema.notes),
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
        suggestions=tuple(schema.suggestions),
        unit=schema.unit,
        prefill=schema.prefill,
        unshown=_unshown(*schema.notes),
        tells=Tells(tuple(schema.tells.values), schema.tells.text) if schema.tells else None,
    )


def _texts(sentences: Iterable[str | UnshownSchema]) -> tuple[str, ...]:
    return tuple(sentence if isinstance(sentence, str) else sentence.text for sentence in sentences)


def _unshown(*sentences: str | UnshownSchema) -> tuple[Unshown, ...]:
    return tuple(Unshown(one.text, one.reason) for one in sentences if isinstance(one, UnshownSchema))


def _choices(schemas: Iterable[ChoiceSchema]) -> tuple[Choice, ...]:
    return tuple(Choice(choice.value, choice.label, choice.meaning) for choice in schemas)


def _agreeing_to(version: str, question: Question) -> Question:
    if question.kind != "consent":
        return question
    return replace(question, choices=(Choice(version, question.label),))


def _when(data: Mapping[str, Any] | None) -> Condition | None:
    return None if data is None else Condition(data)
