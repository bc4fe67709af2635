"""The answers with which a cover costs least, and those with which it costs most.

Nothing is assumed about them: of questions that depend on each other every combination is tried, and combinations that
send the request to a person are left out. Questions of different groups move the premium independently.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise
from math import prod
from typing import Final

from pricing.tariff import Adjustment, Answer, Asked, Known, Tariff

TURNOVER: Final = "turnover"
_MOST_COMBINATIONS: Final = 50_000
"""Of one group of questions; ours have 128 at most."""

Worth = Callable[[Known], int | Decimal]
"""What answers earn in one adjustment: more is never dearer."""


class NoExtremes(Exception):
    """A tariff whose cheapest and dearest answers cannot be named with certainty; the text says why."""


@dataclass(frozen=True, slots=True)
class Extremes:
    """Answers to every question that the tariff reads: the best for the customer, and the worst."""

    best: Known
    worst: Known


def extremes(terms: Known, tariff: Tariff) -> Extremes:
    """Both, for the cover in *terms*, which must hold every term of the cover. Raises `NoExtremes`."""
    parts = [part for part in tariff.parts if part.applies(terms)]
    adjustments = [step for part in parts for step in part.steps if isinstance(step, Adjustment)]
    _check(terms, adjustments, tariff)
    needed = tariff.always_reads.union(*(part.reads for part in parts)) - terms.keys()
    best, worst = dict(terms), dict(terms)
    for group in _groups(needed, adjustments, tariff):
        worths = [worth for step in adjustments for worth in _worths(step, group)]
        allowed = list(_allowed(group, terms, tariff))
        best |= _extreme(allowed, worths, most=True)
        worst |= _extreme(allowed, worths, most=False)
    return Extremes(best, worst)


def _check(terms: Known, adjustments: Iterable[Adjustment], tariff: Tariff) -> None:
    """That answers beside *terms* move the premium only through adjustments, and that a better score never costs."""
    decisive = {key for part in tariff.parts for key in part.when}
    decisive |= {key for rule in tariff.unavailable for key in rule.when} | {*tariff.authority.reads}
    decisive |= {
        key
        for part in tariff.parts
        if part.applies(terms)
        for step in part.steps
        if not isinstance(step, Adjustment)
        for key in step.reads
    }
    if missing := sorted(decisive - terms.keys()):
        raise NoExtremes(f"the price depends on {missing[0]}, which is no term of the cover")
    curves = (step.score.discount.values for step in adjustments)
    if any(left > right for values in curves for left, right in pairwise(values)):
        raise NoExtremes("a better score may cost more")


def _groups(needed: Iterable[str], adjustments: Sequence[Adjustment], tariff: Tariff) -> list[list[str]]:
    """The questions in the form's order, those together that conditions, scores or rules connect."""
    groups: dict[str, set[str]] = {key: {key} for key in needed}
    connected = [{key, *tariff.questions[key].parents} for key in groups]
    connected += [{key for key, _ in item.by} for step in adjustments for item in step.score.items]
    connected += [set(rule.when) for rule in tariff.rules]
    for keys in connected:
        merged = set[str]().union(*(groups[key] for key in keys if key in groups))
        groups |= dict.fromkeys(merged, merged)
    distinct = {id(group): group for group in groups.values()}.values()
    return [[key for key in tariff.questions if key in group] for group in distinct]


def _worths(step: Adjustment, group: Sequence[str]) -> Iterator[Worth]:
    items = [item for item in step.score.items if item.by[0][0] in group]
    if items:
        yield lambda known: sum(item.earned(known) for item in items)
    if step.certificates and step.certificates.reads in group:
        yield step.certificates.earns


def _allowed(group: Sequence[str], terms: Known, tariff: Tariff) -> Iterator[Known]:
    """The *terms* with every combination of answers to *group* that no rule sends to a person."""
    asked = [(tariff.questions[key], _answers(tariff.questions[key])) for key in group]
    if prod(len(answers) for _, answers in asked) > _MOST_COMBINATIONS:
        raise NoExtremes(f"too many combinations of the answers from {group[0]} on")
    rules = [rule for rule in tariff.rules if not rule.when.keys().isdisjoint(group)]
    for known in _combinations(asked, dict(terms)):
        if not any(rule.holds(known) for rule in rules):
            yield known


def _answers(question: Asked) -> list[Answer]:
    """Every answer that it can have; of ticks every selection that does not contradict itself."""
    if question.kind == "thousand_yen":
        raise NoExtremes(f"{question.key} is a figure")
    if question.kind != "multi":
        return list(question.choices)
    ticks = [str(choice) for choice in question.choices if choice != question.exclusive]
    if 1 << len(ticks) > _MOST_COMBINATIONS:
        raise NoExtremes(f"too many choices of {question.key}")
    selections: list[Answer] = [list(held) for size in range(1, len(ticks) + 1) for held in combinations(ticks, size)]
    return [*selections, *([[question.exclusive]] if question.exclusive else [])]


def _combinations(asked: Sequence[tuple[Asked, list[Answer]]], known: dict[str, Answer]) -> Iterator[Known]:
    """Answers to each question that is asked, given the answers before it."""
    if not asked:
        yield known
        return
    (question, answers), *rest = asked
    if not question.is_asked(known):
        yield from _combinations(rest, known)
        return
    for answer in answers:
        yield from _combinations(rest, {**known, question.key: answer})


def _extreme(allowed: Sequence[Known], worths: Sequence[Worth], *, most: bool) -> Known:
    """The first that earns the most in every adjustment at once, or the least in every one."""
    bound = max if most else min
    earned = [[worth(answers) for worth in worths] for answers in allowed]
    bounds = [bound(figures) for figures in zip(*earned, strict=True)]
    found = next((answers for answers, figures in zip(allowed, earned, strict=True) if figures == bounds), None)
    if found is None:
        raise NoExtremes("no answers are the best in every adjustment, or every answer sends the request to a person")
    return found
