"""What an actuary must see in a tariff before it is published: what the loader refuses, and doubts that it accepts."""

from pricing.actuary.lint.finding import Finding, Report
from pricing.actuary.lint.lint import lint, lint_source

__all__ = ["Finding", "Report", "lint", "lint_source"]
