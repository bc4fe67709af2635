"""What lint reports."""

from dataclasses import dataclass
from typing import Any, Literal

from shared.products.errors import Problem

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to check. With an `error` somebody gets a wrong price, a `warning` may be intended."""

    severity: Severity
    problem: Problem

    def __str__(self) -> str:
        """As a compiler writes it."""
        problem = self.problem
        place = f"{problem.file}:{problem.line}" if problem.line else f"{problem.file}"
        return ": ".join(part for part in (place, self.severity, problem.key, problem.message) if part)

    def as_json(self) -> dict[str, Any]:
        """One finding for programs; line 0 means the file as a whole."""
        problem = self.problem
        return {
            "severity": self.severity,
            "file": str(problem.file),
            "line": problem.line,
            "key": problem.key,
            "message": problem.message,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found in one tariff, in the file's order, and how many tables and rows were checked."""

    findings: tuple[Finding, ...]
    tables: int = 0
    rows: int = 0
