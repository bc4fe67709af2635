"""A form that asks nonsense is refused at start, with the file, the line and the key of the nonsense."""

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.products.broken import Change, copy_of_the_product, problem_of, problems_in


def row(sentence: str, old: str, new: str, key: str, message: str, at: str = "") -> ParameterSet:
    return pytest.param(Change("form.yaml", old, new, key, message, at), id=sentence)


ASKED_WHEN = "when: {d4_2: yes}"
LAST_RULE = "code: leak-only-needs-basic"
FIRST_NUMBER = 'kind: choice\n            number: "1."\n            label: 貴社'

CONDITIONS = [
    row("on a question that does not exist", ASKED_WHEN, "when: {d9: yes}", "d4_2_a.when", "there is no question d9"),
    row("on a later question", ASKED_WHEN, "when: {d4_3: yes}", "d4_2_a.when", "d4_3 is asked later"),
    row("on the question itself", ASKED_WHEN, "when: {d4_2_a: yes}", "d4_2_a.when", "d4_2_a is asked later"),
    row("on an impossible answer", ASKED_WHEN, "when: {d4_2: si}", "d4_2_a.when", "d4_2 has no choice si"),
    row("on a typed text", ASKED_WHEN, "when: {company: A}", "d4_2_a.when", "company has no choices to compare with"),
    row("unknown deep inside", ASKED_WHEN, "when: {not: {any: [{d9: yes}]}}", "d4_2_a.when", "there is no question d9"),
    row("that says nothing", ASKED_WHEN, "when: {}", "d4_2_a.when", "a condition is written {key: value}"),
    row("any of nothing", ASKED_WHEN, "when: {any: yes}", "d4_2_a.when", "any needs a list of conditions"),
    row("with a boolean", ASKED_WHEN, "when: {d4_2: true}", "d4_2_a.when", "d4_2 needs a value, or a list of values"),
    row(
        "of a page on its own question",
        "when: {rider_it: yes}\n    sections",
        "when: {d4_1: yes}\n    sections",
        "it-work.when",
        "d4_1 is asked later",
        at="when: {d4_1: yes}",
    ),
    row(
        "of being required",
        "label: CISO(Chief Information Security Officer:最高情報セキュリティ責任者) を置いている。",
        "required: {rider: yes}\n            label: CISO",
        "d4_3.required",
        "there is no question rider",
        at="required: {rider: yes}",
    ),
    row("of a rule", "{brochure: none, quote: no}", "{leaflet: none}", "no-wish.when", "there is no question leaflet"),
]

QUESTIONS = [
    row("a key given twice", "key: building", "key: address # again", "address.key", "address stands twice"),
    row("a key that conditions use", "key: building", "key: any", "any.key", "any has a meaning of its own in conditions"),
    row("a kind that is unknown", "kind: tel", "kind: telex", "phone.kind", KINDS := ""),
]
