"""The form of a product as JSON, for other people's programs and pages. Nothing in it is personal."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from shared.products import Condition, Product


def _as_data(condition: object) -> object:
    return dict(condition.data) if isinstance(condition, Condition) else condition


When = Annotated[dict[str, Any] | None, BeforeValidator(_as_data)]
"""`{"quote": ["yes"]}`: all entries must be met, each by one of its values; also `all`, `any`, `not` of these."""


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ShownChoice(_Shown):
    """One answer to choose; `meaning` spells it out where the question is negative or has two parts."""

    value: str
    label: str
    meaning: str


class ShownQuestion(_Shown):
    """One question. `required` may be a condition; `ours` marks what the insurer's form does not ask."""

    key: str
    kind: str
    number: str
    label: str
    parts: list[str]
    notes: list[str]
    hint: str
    choices: list[ShownChoice]
    exclusive: str | None
    default: str | int | None
    required: Annotated[bool | dict[str, Any], BeforeValidator(_as_data)]
    when: When
    ours: bool
    max_length: int | None
    unit: str


class ShownSection(_Shown):
    """Questions under one heading."""

    title: str
    intro: list[str]
    notes: list[str]
    when: When
    ours: bool
    questions: list[ShownQuestion]


class ShownPage(_Shown):
    """Sections that are shown together."""

    slug: str
    title: str
    when: When
    sections: list[ShownSection]


class ShownRule(_Shown):
    """Answers that cannot stand together."""

    key: str
    code: str
    message: str
    when: When


class Questionnaire(_Shown):
    """The whole form; `confirm` are the consents of its last page."""

    product: str
    name: str
    version: str
    title: str
    privacy_text: str
    pages: list[ShownPage]
    confirm: list[ShownQuestion]
    rules: list[ShownRule]


def questionnaire(product: Product) -> Questionnaire:
    """The form of *product*."""
    form = product.form
    return Questionnaire(
        product=product.slug,
        name=product.name,
        version=form.version,
        title=form.title,
        privacy_text=product.privacy.text,
        pages=[ShownPage.model_validate(page) for page in form.pages],
        confirm=[ShownQuestion.model_validate(question) for question in form.confirm],
        rules=[ShownRule.model_validate(rule) for rule in form.rules],
    )
