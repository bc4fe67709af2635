"""The tariff's rules: those that can never hold, and covers that an earlier rule has exchanged already."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from pricing.actuary.lint.subject import Issue, Subject
from pricing.tariff import Asked
from pricing.tariff.schema import RuleSchema, UnavailableSchema

When = Mapping[str, Sequence[str | int]]


def check_rules(subject: Subject) -> Iterator[Issue]:
    """What is wrong with the conditions."""
    schema = subject.schema
    kinds: tuple[tuple[str, Mapping[str, RuleSchema]], ...] = (
        ("rules", schema.rules),
        ("unavailable", schema.unavailable),
    )
    for kind, rules in kinds:
        for code, rule in rules.items():
            if not _can_hold(rule.when, subject.questions):
                yield "error", (kind, code, "when"), "never holds: these answers cannot be given together"
            for key, listed in rule.when.items():
                if len(set(listed)) == len(subject.questions[key].choices):
                    yield "warning", (kind, code, "when", key), f"holds for every answer to {key}"
                if len(set(listed)) < len(listed):
                    yield "warning", (kind, code, "when", key), "lists an answer twice"
        yield from _duplicates(kind, rules)
    yield from _exchanged_before(schema.unavailable)


def _can_hold(when: When, questions: Mapping[str, Asked]) -> bool:
    """Sub-questions are asked only after some answers to the question above them."""
    asked = {key: questions[key] for key in when}
    above = {key for question in asked.values() for key in question.parents if key not in when}
    choices = {**when, **{key: tuple(questions[key].choices) for key in above}}
    return any(
        all(question.is_asked(dict(zip(choices, answers, strict=True))) for question in asked.values())
        for answers in product(*choices.values())
    )


def _duplicates(kind: str, rules: Mapping[str, RuleSchema]) -> Iterator[Issue]:
    seen: dict[frozenset[tuple[str, frozenset[str | int]]], str] = {}
    for code, rule in rules.items():
        when = frozenset((key, frozenset(listed)) for key, listed in rule.when.items())
        if when in seen:
            yield "error", (kind, code), f"holds exactly when {seen[when]} does"
        seen.setdefault(when, code)


def _exchanged_before(rules: Mapping[str, UnavailableSchema]) -> Iterator[Issue]:
    entries = list(rules.items())
    for number, (code, later) in enumerate(entries):
        for earlier_code, earlier in entries[:number]:
            holds_too = all(
                key in later.when and set(later.when[key]) <= set(listed) for key, listed in earlier.when.items()
            )
            ends_it = any(key in later.when and to not in later.when[key] for key, to in earlier.instead.items())
            if holds_too and ends_it:
                yield "error", ("unavailable", code), f"never holds: {earlier_code} has exchanged the cover before"
