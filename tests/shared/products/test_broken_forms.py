"""A form that asks nonsense is refused at start, with the file, the line and the key of the nonsense."""

from pathlib import Path

import pytest

from tests.shared.products.builders import Change, copy_of_the_product, problems_in, replace_once


def row(sentence: str, old: str, new: str, key: str, message: str) -> tuple[str, Change]:
    return sentence, Change("form.yaml", old, new, key, message)


WHEN = "when: {d4_2: yes}"
BUILDING = "kind: text\n            label: ビル名等"
CISO = "label: CISO(Chief Information Security Officer:最高情報セキュリティ責任者) を置いている。"
FIXED = "scale: attached\n            default: yes"
LEAFLET = "there is no question leaflet"

CONDITIONS = [
    row("on a question that does not exist", WHEN, "when: {d9: yes}", "d4_2_a.when", "there is no question d9"),
    row("on a later question", WHEN, "when: {d4_3: yes}", "d4_2_a.when", "d4_3 is asked later"),
    row("on the question itself", WHEN, "when: {d4_2_a: yes}", "d4_2_a.when", "d4_2_a is asked later"),
    row("on an answer that nobody can give", WHEN, "when: {d4_2: si}", "d4_2_a.when", "d4_2 has no choice si"),
    row("on a typed text", WHEN, "when: {company: A}", "d4_2_a.when", "company has no choices to compare with"),
    row("unknown deep inside", WHEN, "when: {not: {any: [{d9: no}]}}", "d4_2_a.when", "there is no question d9"),
    row("that says nothing", WHEN, "when: {}", "d4_2_a.when", "a condition is written {key: value}"),
    row("on any of nothing", WHEN, "when: {any: yes}", "d4_2_a.when", "any needs a list of conditions"),
    row("with a boolean", WHEN, "when: {d4_2: true}", "d4_2_a.when", "d4_2 needs a value, or a list of values"),
    row(
        "of a page, on its own question",
        "when: {rider_it: yes}\n    sections",
        "when: {d4_1: yes}\n    sections",
        "it-work.when",
        "d4_1 is asked later",
    ),
    row(
        "of a section, on its own question",
        "title: 告知事項 2\n        when: {quote: yes}",
        "title: 告知事項 2\n        when: {incidents: yes} # here",
        "history.sections.1.when",
        "incidents is asked later",
    ),
    row("of a rule", "{brochure: none, quote: no}", "{leaflet: none}", "no-wish.when", LEAFLET),
    row("told at an unknown question", "key: quote\n    code", "key: leaflet\n    code", "no-wish.key", LEAFLET),
]

QUESTIONS = [
    row("a key given twice", "key: building", "key: address", "address.key", "address stands twice"),
    row("a page given twice", "slug: operation", "slug: policy", "policy.slug", "policy stands twice"),
    row("a rule given twice", "code: leak-only-needs-basic", "code: no-wish", "no-wish.code", "no-wish stands twice"),
    row(
        "a page called like the last",
        "slug: policy",
        "slug: confirm",
        "confirm.slug",
        "the last page is called that already",
    ),
    row(
        "a key that conditions use",
        "key: building",
        "key: any",
        "any.key",
        "any has a meaning of its own in conditions",
    ),
    row(
        "a label left out",
        "key: building\n            kind: text\n            label: ビル名等",
        "key: building\n            kind: text",
        "building.label",
        "is missing",
    ),
    row("an empty label", "label: ビル名等", 'label: ""', "building.label", "String should have at least 1 character"),
    row(
        "a word mistyped",
        "max_length: 254",
        "max_lenght: 254",
        "email.max_lenght",
        "is not an entry that is known here",
    ),
    row(
        "suggestions for what is no text",
        "kind: tel",
        "suggestions: [03-1234-5678]\n            kind: tel",
        "phone.suggestions",
        "only a text has suggestions",
    ),
    row(
        "a suggestion that may not be sent",
        "suggestions: [総務部,",
        f"suggestions: [{'部' * 101},",
        "department.suggestions.0",
        f"{'部' * 101} is longer than max_length",
    ),
    row("a number without quotes", 'number: "22."', "number: 22", "d3_22.number", "Input should be a valid string"),
    row(
        "required perhaps",
        f"{FIXED}\n            required: true",
        f"{FIXED}\n            required: maybe # here",
        "rider_fixed_premium.required",
        "a condition is written {key: value}",
    ),
    row(
        "other words to correct",
        "says: 制約書",
        "says: 契約書",
        "d3_01_c.proposed.0.says",
        "the question does not say this",
    ),
    row(
        "a consent elsewhere",
        BUILDING,
        BUILDING.replace("text", "consent"),
        "building.kind",
        "a consent stands on the last page, beside the text that it agrees to",
    ),
]

CHOICES = [
    row("given twice", "{value: post,", "{value: email, ", "brochure.choices.1.value", "email stands twice"),
    row(
        "twice in a scale",
        "label: 付帯しない}",
        "label: 付帯しない}\n    - {value: no, label: 未定} # here",
        "scales.attached.2.value",
        "no stands twice",
    ),
    row(
        "left out",
        BUILDING,
        BUILDING.replace("text", "choice"),
        "building.kind",
        "a question of kind choice needs choices",
    ),
    row(
        "where one types",
        BUILDING,
        f"{BUILDING}\n            scale: attached",
        "building.kind",
        "a question of kind text has no choices",
    ),
    row(
        "of an unknown scale",
        FIXED,
        FIXED.replace("attached", "attach"),
        "rider_fixed_premium.scale",
        "there is no scale attach",
    ),
    row(
        "of a scale and written out",
        FIXED,
        f"choices: [{{value: no, label: 付帯しない}}] # here\n            {FIXED}",
        "rider_fixed_premium.choices",
        "choices are either written out or a scale",
    ),
    row(
        "nobody's scale",
        "scales:\n",
        "scales:\n  colours: [{value: red, label: 赤}] # here\n",
        "scales.colours",
        "no question uses this scale",
    ),
    row(
        "told about, yet not offered",
        "values: [public_body, consumer_loan,",
        "values: [public_bodies, consumer_loan,",
        "industry.tells.values.0",
        "public_bodies is no choice",
    ),
    row("meant, yet not offered", "yes: 構築していない", "so: 構築していない", "d4_1.meanings.so", "so is no choice"),
    row(
        "an amount in words",
        '{value: "50000", label: 5万円}',
        "{value: 5man, label: 5万円}",
        "liability_deductible.choices.3.value",
        "5man is not a whole number",
    ),
    row(
        "a default that is none",
        "default: 30_000_000",
        "default: 35_000_000",
        "cost_limit.default",
        "35000000 is no choice",
    ),
    row(
        "an amount's default as text",
        "default: 30_000_000",
        'default: "30000000"',
        "cost_limit.default",
        "30000000 is no choice",
    ),
    row(
        "a default for the insurer's question",
        f"{CISO}\n",
        f"{CISO}\n            default: yes # here\n",
        "d4_3.default",
        "only our own questions have a default: the insurer's are answered by the customer alone",
    ),
    row(
        "a list without a way to say none",
        "key: d4_3\n            kind: choice",
        "key: d4_3\n            kind: multi",
        "d4_3",
        "a multi names its exclusive choice, for those to whom nothing applies",
    ),
    row(
        "none of a list",
        "{value: none, label: なし}\n            exclusive: none\n            required: {rider_it: yes}",
        "{value: nothing, label: なし}\n            exclusive: none # here\n            required: {rider_it: yes}",
        "d4_7.exclusive",
        "none is no choice of a multi",
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_the_product(tmp_path)


def test_a_form_that_does_not_ask_what_every_request_needs_is_refused(folder: Path) -> None:
    """It would be found out only when a customer sends the form."""
    replace_once(folder / "form.yaml", "- key: department", "- key: division")

    assert [(problem.key, problem.message) for problem in problems_in(folder)] == [
        ("pages", "no question department, which every form needs")
    ]


def test_a_form_that_lets_a_customer_leave_it_out_is_refused_too(folder: Path) -> None:
    label = "label: 担当部署\n            required: "
    replace_once(folder / "form.yaml", f"{label}true", f"{label}false")

    assert [(problem.key, problem.message) for problem in problems_in(folder)] == [
        ("department", "every form needs this answer: required, and without a condition")
    ]


@pytest.mark.parametrize("change", dict(CONDITIONS).values(), ids=dict(CONDITIONS))
def test_a_condition_that_can_never_be_decided_is_named(folder: Path, change: Change) -> None:
    expected = change.make(folder)

    assert problems_in(folder) == (expected,)


@pytest.mark.parametrize("change", dict(QUESTIONS).values(), ids=dict(QUESTIONS))
def test_a_question_that_makes_no_sense_is_named(folder: Path, change: Change) -> None:
    expected = change.make(folder)

    assert problems_in(folder) == (expected,)


@pytest.mark.parametrize("change", dict(CHOICES).values(), ids=dict(CHOICES))
def test_a_choice_that_makes_no_sense_is_named(folder: Path, change: Change) -> None:
    expected = change.make(folder)

    assert problems_in(folder) == (expected,)
