"""What form.yaml may contain. Whether it makes sense is checked afterwards."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveInt

from shared.products.conditions import WORDS
from shared.products.form.question import Kind
from shared.products.source import Key, Slug, Text


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _condition(data: object) -> object:
    """The same condition with every value in a list. Raises `ValueError`."""
    if not isinstance(data, dict) or not data:
        raise ValueError("a condition is written {key: value}")
    return {key: _entry(key, wanted) for key, wanted in data.items()}


def _entry(key: object, wanted: object) -> object:
    if key == "not":
        return _condition(wanted)
    if key in WORDS:
        if not isinstance(wanted, list) or not wanted:
            raise ValueError(f"{key} needs a list of conditions")
        return [_condition(part) for part in wanted]
    values = wanted if isinstance(wanted, list) else [wanted]
    if not values or any(not isinstance(value, str | int) or isinstance(value, bool) for value in values):
        raise ValueError(f"{key} needs a value, or a list of values")
    return values


def _required(data: object) -> object:
    return data if isinstance(data, bool) else _condition(data)


def _default(data: object) -> object:
    if not isinstance(data, str | int) or isinstance(data, bool):
        raise ValueError("a default is a text or a whole number")  # noqa: TRY004  pydantic reads ValueErrors
    return data


ConditionSchema = Annotated[dict[str, Any], BeforeValidator(_condition)]


class ChoiceSchema(_Strict):
    """One choice."""

    value: Text
    label: Text
    meaning: str = ""


class ProposalSchema(_Strict):
    """A correction for the insurer to approve; an empty `instead` removes the words."""

    says: Text
    instead: str
    reason: Text


class UnshownSchema(_Strict):
    """A sentence of the insurer that is not true on our pages, for the insurer to approve that none shows it."""

    text: Text
    shown: Literal[False]
    reason: Text


class TellsSchema(_Strict):
    """What a customer is told at once who chooses one of `values`."""

    values: Annotated[list[Text], Field(min_length=1)]
    text: Text


Sentence = Text | UnshownSchema


class QuestionSchema(_Strict):
    """One question. Its choices are written out as `choices`, or named as a `scale`."""

    key: Key
    kind: Kind
    label: Text
    number: str = ""
    parts: list[Text] = []
    notes: list[Sentence] = []
    opening: str = ""
    hint: str = ""
    choices: list[ChoiceSchema] = []
    scale: str | None = None
    meanings: dict[str, Text] = {}
    exclusive: str | None = None
    default: Annotated[Any, BeforeValidator(_default)] = None
    required: Annotated[Any, BeforeValidator(_required)] = False
    when: ConditionSchema | None = None
    proposed: list[ProposalSchema] = []
    max_length: PositiveInt | None = None
    autocomplete: Text | None = None
    suggestions: list[Text] = []
    unit: str = ""
    prefill: bool = False
    tells: TellsSchema | None = None


class SectionSchema(_Strict):
    """A heading with its questions. An order that takes it to another page calls it by its `name`."""

    name: Slug | None = None
    title: Text
    intro: list[Sentence] = []
    notes: list[Sentence] = []
    when: ConditionSchema | None = None
    ours: bool = False
    questions: Annotated[list[QuestionSchema], Field(min_length=1)]


class PageSchema(_Strict):
    """A page."""

    slug: Slug
    title: Text
    minutes: PositiveInt
    at_hand: list[Text] = []
    colleague: bool | Text = False
    when: ConditionSchema | None = None
    sections: Annotated[list[SectionSchema], Field(min_length=1)]


class OrderedPageSchema(_Strict):
    """A page that only an order has: sections of other pages, by their names."""

    slug: Slug
    title: Text
    minutes: PositiveInt
    at_hand: list[Text] = []
    colleague: bool = False
    when: ConditionSchema | None = None
    sections: Annotated[list[Slug], Field(min_length=1)]


class OrderSchema(_Strict):
    """Another way through the form. A page of the form is named by its slug alone."""

    title: Text
    pages: Annotated[list[Slug | OrderedPageSchema], Field(min_length=1)]


class RuleSchema(_Strict):
    """Answers that contradict each other."""

    when: ConditionSchema
    key: Key
    code: Slug
    message: Text


class FormSchema(_Strict):
    """form.yaml."""

    version: Text
    title: Text
    scales: dict[str, Annotated[list[ChoiceSchema], Field(min_length=1)]] = {}
    pages: Annotated[list[PageSchema], Field(min_length=1)]
    orders: dict[Slug, OrderSchema] = {}
    confirm: list[QuestionSchema] = []
    rules: list[RuleSchema] = []
