"""What lint says, and what it looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pricing.tariff import Asked, Tariff, TariffSchema
from shared.products.errors import Problem
from shared.products.form import Form
from shared.products.lines import Place

Severity = Literal["error", "warning"]
Noted = tuple[Severity, Place, str]
"""How bad it is, where in the file it is, and what it is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. An `error` prices somebody wrong, a `warning` may be meant."""

    severity: Severity
    problem: Problem

    def __str__(self) -> str:
        """As a compiler writes it."""
        found = self.problem
        place = f"{found.file}:{found.line}" if found.line else f"{found.file}"
        return ": ".join(part for part in (place, self.severity, found.key, found.message) if part)

    def as_json(self) -> dict[str, Any]:
        """One finding for machines; line 0 means the file as a whole."""
        found = self.problem
        return {
            "severity": self.severity,
            "file": str(found.file),
            "line": found.line,
            "key": found.key,
            "message": found.message,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found in one tariff, in the file's order, and how much was looked at."""

    findings: tuple[Finding, ...]
    tables: int = 0
    rows: int = 0


@dataclass(frozen=True)
class Subject:
    """A tariff that the loader takes, as written and as compiled, with the questions that it prices."""

    sheet: TariffSchema
    tariff: Tariff
    form: Form
    questions: Mapping[str, Asked]

    @cached_property
    def priced(self) -> frozenset[str]:
        """The tables that premiums are made of: all but the authority's, where no part uses that too."""
        parts = self.sheet.parts
        steps = {step.table for part in parts for step in part.steps if step.table}
        return frozenset(steps | {part.base.table for part in parts})

    def direction(self, key: str) -> Literal["rising", "falling"] | None:
        """How premiums run as the answer to *key* grows; None where its answers have no order."""
        kind = self.questions[key].kind
        if kind == "amount" and key.endswith("_deductible"):
            return "falling"
        return "rising" if kind in ("amount", "thousand_yen") else None
