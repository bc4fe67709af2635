"""Rules that can never hold, and covers that an earlier rule has exchanged already."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from pricing.actuary.lint.finding import Noted, Subject
from pricing.tariff import Asked
from pricing.tariff.schema import RuleSchema, UnavailableSchema

When = Mapping[str, Sequence[str | int]]


def rules(subject: Subject) -> Iterator[Noted]:
    """What is wrong with the conditions."""
    sheet = subject.sheet
    kinds: tuple[tuple[str, Mapping[str, RuleSchema]], ...] = (
        ("rules", sheet.rules),
        ("unavailable", sheet.unavailable),
    )
    for kind, some in kinds:
        for code, rule in some.items():
            if not _can_hold(rule.when, subject.questions):
                yield "error", (kind, code, "when"), "never holds: these answers cannot be given together"
            for key, listed in rule.when.items():
                if len(set(listed)) == len(subject.questions[key].choices):
                    yield "warning", (kind, code, "when", key), f"holds for every answer to {key}"
                if len(set(listed)) < len(listed):
                    yield "warning", (kind, code, "when", key), "lists an answer twice"
        yield from _told_twice(kind, some)
    yield from _exchanged_before(sheet.unavailable)


def _can_hold(when: When, questions: Mapping[str, Asked]) -> bool:
    """Sub-questions are asked only after some answers to the question above them."""
    asked = {key: questions[key] for key in when}
    above = {key for question in asked.values() for key in question.parents if key not in when}
    known = {**when, **{key: tuple(questions[key].choices) for key in above}}
    return any(
        all(question.is_asked(dict(zip(known, one, strict=True))) for question in asked.values())
        for one in product(*known.values())
    )


def _told_twice(kind: str, some: Mapping[str, RuleSchema]) -> Iterator[Noted]:
    seen: dict[frozenset[tuple[str, frozenset[str | int]]], str] = {}
    for code, rule in some.items():
        when = frozenset((key, frozenset(listed)) for key, listed in rule.when.items())
        if when in seen:
            yield "error", (kind, code), f"holds exactly when {seen[when]} does"
        seen.setdefault(when, code)


def _exchanged_before(some: Mapping[str, UnavailableSchema]) -> Iterator[Noted]:
    found = list(some.items())
    for number, (code, later) in enumerate(found):
        for earlier_code, earlier in found[:number]:
            within = all(
                key in later.when and set(later.when[key]) <= set(listed) for key, listed in earlier.when.items()
            )
            mends = any(key in later.when and to not in later.when[key] for key, to in earlier.instead.items())
            if within and mends:
                yield "error", ("unavailable", code), f"never holds: {earlier_code} has exchanged the cover before"
