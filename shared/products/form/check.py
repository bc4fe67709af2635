"""What can be wrong with a form although its grammar is right. Each finding has its place in the file."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from shared.events import Wishes
from shared.events.parcels import Contact
from shared.products.conditions import WORDS
from shared.products.form.check_conditions import CONFIRM, Finding, Placed, condition_findings
from shared.products.form.schema import ChoiceSchema, FormSchema, QuestionSchema
from shared.products.lines import Place

NEEDED: Final = (
    *(name for name, field in Contact.model_fields.items() if field.is_required()),
    *Wishes.model_fields,
    "privacy_consent",
)
"""What no request can be without: the contact, what is wished, and the consent to keep either."""
CHOSEN: Final = frozenset({"choice", "amount", "multi"})
"""The kinds of question that have choices."""


def findings(form: FormSchema) -> Iterator[Finding]:
    """Everything that is wrong, at once."""
    placed = list(_placed(form))
    yield from _twice(((*question.place, "key"), question.schema.key) for question in placed)
    yield from _twice((("pages", number, "slug"), page.slug) for number, page in enumerate(form.pages))
    yield from _twice((("rules", number, "code"), rule.code) for number, rule in enumerate(form.rules))
    for number, page in enumerate(form.pages):
        if page.slug == CONFIRM:
            yield ("pages", number, "slug"), "the last page is called that already"
    for name, scale in form.scales.items():
        yield from _values_twice(("scales", name), scale)
        if all(question.schema.scale != name for question in placed):
            yield ("scales", name), "no question uses this scale"
    for question in placed:
        yield from _question(question, form)
    yield from _needed(placed)
    yield from condition_findings(form, {question.schema.key: question for question in reversed(placed)})


def _needed(placed: Sequence[Placed]) -> Iterator[Finding]:
    """Without these answers a request can be neither kept nor answered, so the form must always ask for them."""
    by_key = {question.schema.key: question for question in reversed(placed)}
    for key in NEEDED:
        question = by_key.get(key)
        if question is None:
            yield ("pages",), f"no question {key}, which every form needs"
        elif question.schema.required is not True or question.schema.when is not None:
            yield question.place, "every form needs this answer: required, and without a condition"


def _placed(form: FormSchema) -> Iterator[Placed]:
    positions: Iterator[tuple[QuestionSchema, Place, bool]] = chain(
        (
            (question, ("pages", i, "sections", j, "questions", k), section.ours)
            for i, page in enumerate(form.pages)
            for j, section in enumerate(page.sections)
            for k, question in enumerate(section.questions)
        ),
        ((question, (CONFIRM, k), False) for k, question in enumerate(form.confirm)),
    )
    for order, (question, place, ours) in enumerate(positions):
        values = tuple(_values(question, _choices_of(question, form)))
        yield Placed(schema=question, place=place, order=order, ours=ours, values=values)


def _choices_of(schema: QuestionSchema, form: FormSchema) -> Sequence[ChoiceSchema]:
    return form.scales.get(schema.scale, []) if schema.scale else schema.choices


def _values(schema: QuestionSchema, choices: Iterable[ChoiceSchema]) -> Iterator[str | int]:
    for choice in choices:
        is_amount = schema.kind == "amount" and choice.value.isascii() and choice.value.isdecimal()
        yield int(choice.value) if is_amount else choice.value


def _twice(entries: Iterable[tuple[Place, str]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, name in entries:
        if name in seen:
            yield place, f"{name} stands twice"
        seen.add(name)


def _values_twice(place: Place, choices: Sequence[ChoiceSchema]) -> Iterator[Finding]:
    yield from _twice(((*place, number, "value"), choice.value) for number, choice in enumerate(choices))


def _question(placed: Placed, form: FormSchema) -> Iterator[Finding]:
    schema, place = placed.schema, placed.place
    if schema.key in WORDS:
        yield (*place, "key"), f"{schema.key} has a meaning of its own in conditions"
    if schema.kind == "consent" and place[0] != CONFIRM:
        yield (*place, "kind"), "a consent stands on the last page, beside the text that it agrees to"
    texts = (schema.label, *schema.parts, *(note if isinstance(note, str) else note.text for note in schema.notes))
    for number, proposal in enumerate(schema.proposed):
        if not any(proposal.says in text for text in texts):
            yield (*place, "proposed", number, "says"), "the question does not say this"
    if schema.scale and schema.scale not in form.scales:
        yield (*place, "scale"), f"there is no scale {schema.scale}"
    else:
        yield from _choices(placed)


def _choices(placed: Placed) -> Iterator[Finding]:
    schema, place = placed.schema, placed.place
    if bool(placed.values) != (schema.kind in CHOSEN):
        yield (*place, "kind"), f"a question of kind {schema.kind} {'has no' if placed.values else 'needs'} choices"
    if schema.scale and schema.choices:
        yield (*place, "choices"), "choices are either written out or a scale"
    yield from _values_twice((*place, "choices"), schema.choices)
    for number, value in enumerate(placed.values):
        if schema.kind == "amount" and isinstance(value, str):
            yield (*place, "choices", number, "value"), f"{value} is not a whole number"
    for value in schema.meanings:
        if value not in placed.values:
            yield (*place, "meanings", value), f"{value} is no choice"
    for number, told in enumerate(schema.tells.values if schema.tells else ()):
        if told not in placed.values:
            yield (*place, "tells", "values", number), f"{told} is no choice"
    if schema.prefill and schema.kind not in {"choice", "amount"}:
        yield (*place, "prefill"), "only a choice can come with a link: addresses are kept in histories and logs"
    yield from _suggestions(placed)
    yield from _exclusive(placed)
    yield from _default(placed)


def _suggestions(placed: Placed) -> Iterator[Finding]:
    schema, place = placed.schema, (*placed.place, "suggestions")
    if schema.suggestions and schema.kind != "text":
        yield place, "only a text has suggestions"
    for number, text in enumerate(schema.suggestions):
        if len(text) > (schema.max_length or len(text)):
            yield (*place, number), f"{text} is longer than max_length"


def _exclusive(placed: Placed) -> Iterator[Finding]:
    schema, place = placed.schema, placed.place
    if schema.kind == "multi" and schema.exclusive is None:
        yield place, "a multi names its exclusive choice, for those to whom nothing applies"
    elif schema.exclusive is not None and (schema.kind != "multi" or schema.exclusive not in placed.values):
        yield (*place, "exclusive"), f"{schema.exclusive} is no choice of a multi"


def _default(placed: Placed) -> Iterator[Finding]:
    default, place = placed.schema.default, (*placed.place, "default")
    if default is None:
        return
    if placed.schema.kind == "multi" or default not in placed.values:
        yield place, f"{default} is no choice"
    if not placed.ours:
        yield place, "only our own questions have a default: the insurer's are answered by the customer alone"
