"""All checks, one after another. The quick ones come first: a caller that needs one finding can stop there."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from pricing.actuary.lint.bounds import bounds
from pricing.actuary.lint.curves import curves
from pricing.actuary.lint.finding import Finding, Noted, Report, Subject
from pricing.actuary.lint.offers import offers
from pricing.actuary.lint.premiums import premiums
from pricing.actuary.lint.rows import rows
from pricing.actuary.lint.rules import rules
from pricing.actuary.lint.scores import scores
from pricing.tariff import parse_schema, parse_tariff
from pricing.tariff.questions import priceable_questions
from shared.products.errors import ProductError
from shared.products.form import Form
from shared.products.source import Source, read_yaml


def lint(path: Path, form: Form) -> Report:
    """Everything found in the tariff in *path*. One that the loader refuses is not looked at any further."""
    try:
        source = read_yaml(path)
        found = tuple(sorted(set(lint_source(source, form)), key=lambda finding: (finding.problem, finding.severity)))
        sheet = parse_schema(source)
    except ProductError as error:
        return Report(tuple(Finding("error", problem) for problem in error.problems))
    return Report(found, len(sheet.tables), sum(len(table.rows) for table in sheet.tables.values()))


def lint_source(source: Source, form: Form) -> Iterator[Finding]:
    """What the loader lets pass, as it is found. Raises `ProductError` with what it does not."""
    subject = Subject(parse_schema(source), parse_tariff(source, form), form, priceable_questions(form))
    for severity, place, message in _noted(subject):
        yield Finding(severity, source.problem(place, message))


def _noted(subject: Subject) -> Iterator[Noted]:
    return chain.from_iterable(check(subject) for check in (rows, curves, scores, rules, bounds, offers, premiums))
