"""What can be wrong with a form although its grammar is right. Each finding has its place in the file."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from shared.products.conditions import WORDS
from shared.products.form.check_conditions import CONFIRM, Finding, Placed, condition_findings
from shared.products.form.schema import ChoiceSchema, FormSchema, QuestionSchema
from shared.products.lines import Place

CHOSEN: Final = frozenset({"choice", "amount", "multi"})
"""The kinds that are answered by choosing."""


def findings(form: FormSchema) -> Iterator[Finding]:
    """Everything that is wrong, at once."""
    placed = list(_placed(form))
    yield from _twice(((*one.place, "key"), one.schema.key) for one in placed)
    yield from _twice((("pages", number, "slug"), page.slug) for number, page in enumerate(form.pages))
    yield from _twice((("rules", number, "code"), rule.code) for number, rule in enumerate(form.rules))
    for number, page in enumerate(form.pages):
        if page.slug == CONFIRM:
            yield ("pages", number, "slug"), "the last page is called that already"
    for name, scale in form.scales.items():
        yield from _values_twice(("scales", name), scale)
        if all(one.schema.scale != name for one in placed):
            yield ("scales", name), "no question uses this scale"
    for one in placed:
        yield from _question(one, form)
    yield from condition_findings(form, {one.schema.key: one for one in reversed(placed)})


def _placed(form: FormSchema) -> Iterator[Placed]:
    places: Iterator[tuple[QuestionSchema, Place, bool]] = chain(
        (
            (question, ("pages", i, "sections", j, "questions", k), section.ours)
            for i, page in enumerate(form.pages)
            for j, section in enumerate(page.sections)
            for k, question in enumerate(section.questions)
        ),
        ((question, (CONFIRM, k), False) for k, question in enumerate(form.confirm)),
    )
    for order, (question, place, ours) in enumerate(places):
        yield Placed(question, place, order, ours, tuple(_values(question, _choices_of(question, form))))


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


def _question(one: Placed, form: FormSchema) -> Iterator[Finding]:
    schema, place = one.schema, one.place
    if schema.key in WORDS:
        yield (*place, "key"), f"{schema.key} has a meaning of its own in conditions"
    if schema.kind == "consent" and place[0] != CONFIRM:
        yield (*place, "kind"), "a consent stands on the last page, beside the text that it agrees to"
    texts = (schema.label, *schema.parts, *schema.notes)
    for number, proposal in enumerate(schema.proposed):
        if not any(proposal.says in text for text in texts):
            yield (*place, "proposed", number, "says"), "the question does not say this"
    if schema.scale and schema.scale not in form.scales:
        yield (*place, "scale"), f"there is no scale {schema.scale}"
    else:
        yield from _choices(one)


def _choices(one: Placed) -> Iterator[Finding]:
    schema, place = one.schema, one.place
    if bool(one.values) != (schema.kind in CHOSEN):
        yield (*place, "kind"), f"a question of kind {schema.kind} {'has no' if one.values else 'needs'} choices"
    if schema.scale and schema.choices:
        yield (*place, "choices"), "choices are either written out or a scale"
    yield from _values_twice((*place, "choices"), schema.choices)
    for number, value in enumerate(one.values):
        if schema.kind == "amount" and isinstance(value, str):
            yield (*place, "choices", number, "value"), f"{value} is not a whole number"
    for value in schema.meanings:
        if value not in one.values:
            yield (*place, "meanings", value), f"{value} is no choice"
    if schema.prefill and schema.kind not in {"choice", "amount"}:
        yield (*place, "prefill"), "only a choice can come with a link: addresses are kept in histories and logs"
    yield from _exclusive(one)
    yield from _default(one)


def _exclusive(one: Placed) -> Iterator[Finding]:
    schema, place = one.schema, one.place
    if schema.kind == "multi" and schema.exclusive is None:
        yield place, "a multi names its exclusive choice, for those to whom nothing applies"
    elif schema.exclusive is not None and (schema.kind != "multi" or schema.exclusive not in one.values):
        yield (*place, "exclusive"), f"{schema.exclusive} is no choice of a multi"


def _default(one: Placed) -> Iterator[Finding]:
    default, place = one.schema.default, (*one.place, "default")
    if default is None:
        return
    if one.schema.kind == "multi" or default not in one.values:
        yield place, f"{default} is no choice"
    if not one.ours:
        yield place, "only our own questions have a default: the insurer's are answered by the customer alone"
