"""All checks, one after another. The quick ones come first: a caller that needs one finding can stop there."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from pricing.actuary.lint.checks.bounds import check_bounds
from pricing.actuary.lint.checks.curves import check_curves
from pricing.actuary.lint.checks.offers import check_offers
from pricing.actuary.lint.checks.premiums import check_premiums
from pricing.actuary.lint.checks.rows import check_rows
from pricing.actuary.lint.checks.rules import check_rules
from pricing.actuary.lint.checks.scores import check_scores
from pricing.actuary.lint.finding import Finding, Report
from pricing.actuary.lint.subject import Subject
from pricing.tariff import parse_schema, parse_tariff
from pricing.tariff.questions import priceable_questions
from shared.products.errors import ProductError
from shared.products.form import Form
from shared.products.source import Source, read_yaml

CHECKS = (check_rows, check_curves, check_scores, check_rules, check_bounds, check_offers, check_premiums)


def lint(path: Path, form: Form) -> Report:
    """Everything found in the tariff in *path*. One that the loader refuses is not checked any further."""
    try:
        source = read_yaml(path)
        findings = sorted(set(lint_source(source, form)), key=lambda finding: (finding.problem, finding.severity))
        schema = parse_schema(source)
    except ProductError as error:
        return Report(tuple(Finding("error", problem) for problem in error.problems))
    return Report(tuple(findings), len(schema.tables), sum(len(table.rows) for table in schema.tables.values()))


def lint_source(source: Source, form: Form) -> Iterator[Finding]:
    """What is found in a tariff that the loader accepts, one by one. Raises `ProductError` with what it refuses."""
    subject = Subject(
        schema=parse_schema(source), tariff=parse_tariff(source, form), form=form, questions=priceable_questions(form)
    )
    for severity, place, message in chain.from_iterable(check(subject) for check in CHECKS):
        yield Finding(severity, source.problem(place, message))
