"""What a check reads, and what it yields."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pricing.actuary.lint.finding import Severity
from pricing.tariff import Asked, Tariff, TariffSchema
from shared.products.form import Form
from shared.products.lines import Place

Issue = tuple[Severity, Place, str]
"""How bad it is, where in the file it is, and what it is."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A tariff that the loader accepts, as written and as compiled, with the questions of its form."""

    schema: TariffSchema
    tariff: Tariff
    form: Form
    questions: Mapping[str, Asked]

    @cached_property
    def priced(self) -> frozenset[str]:
        """The tables that premiums are made of: all but the authority's, where no part uses that too."""
        parts = self.schema.parts
        steps = {step.table for part in parts for step in part.steps if step.table}
        return frozenset(steps | {part.base.table for part in parts})

    def direction(self, key: str) -> Literal["rising", "falling"] | None:
        """How premiums run as the answer to *key* grows; None where its answers have no order."""
        kind = self.questions[key].kind
        if kind == "amount" and key.endswith("_deductible"):
            return "falling"
        return "rising" if kind in ("amount", "thousand_yen") else None
