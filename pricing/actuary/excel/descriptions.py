"""The entries of a tariff in the words of the form: what derived cells and the lines below a title contain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pricing.actuary.excel.layouts import DerivedText, Row
from pricing.tariff import Asked, TableSchema, TariffSchema
from pricing.tariff.schema import RuleSchema

_KINDS: Final = {"exact": "回答ごと", "crossed": "二つの回答ごと", "banded": "この値から", "interpolated": "間は直線"}


@dataclass(frozen=True, slots=True)
class Descriptions:
    """Empty texts for what the form does not know."""

    schema: TariffSchema
    questions: Mapping[str, Asked]

    def table_label(self, table: str) -> str:
        """The shortest label that the workings give it; else what it is for."""
        labels = [part.base.label for part in self.schema.parts if part.base.table == table]
        labels += [step.label for part in self.schema.parts for step in part.steps if step.table == table]
        return min(labels, key=len, default="提示できる上限" if table == self.schema.authority else table)

    def reads(self, table: TableSchema) -> str:
        """The questions that *table* reads, and how it finds a figure."""
        names = (self.questions[key].name if key in self.questions else key for key in table.keys)
        return f"{' × '.join(names)}、{_KINDS[table.kind]}"

    def row_of(self, table: TableSchema) -> DerivedText:
        """For a row of *table*: its answers."""
        return lambda row: " × ".join(self._answer(key, cell) for key, cell in zip(table.keys, row, strict=False))

    def name(self, row: Row) -> str:
        """The name of a question, or of one of the certifications."""
        if row[0] in self.questions:
            return self.questions[str(row[0])].name
        for adjustment in self.schema.adjustments.values():
            if adjustment.certificates and adjustment.certificates.reads in self.questions:
                return self.questions[adjustment.certificates.reads].choices.get(row[0], "")
        return ""

    def choice_on_scale(self, row: Row) -> str:
        """A choice in the words of the first question that uses this scale."""
        scale, choice = row[:2]
        for adjustment in self.schema.adjustments.values():
            for question, weight in adjustment.score.weights.items():
                for key, used in {question: weight.credit, **weight.either}.items():
                    if used == scale and key in self.questions and choice in self.questions[key].choices:
                        return self.questions[key].choices[choice]
        return ""

    def rule(self, row: Row) -> str:
        """The condition of a rule."""
        return self._condition(self.schema.rules, row)

    def exchange(self, row: Row) -> str:
        """The condition of a cover that is exchanged."""
        return self._condition(self.schema.unavailable, row)

    def _condition(self, rules: Mapping[str, RuleSchema], row: Row) -> str:
        rule = rules.get(str(row[0]))
        if rule is None:
            return ""
        return "、".join(
            f"{self.name((key,)) or key} = {'・'.join(self._answer(key, answer) for answer in listed)}"
            for key, listed in rule.when.items()
        )

    def _answer(self, key: str, answer: str | int) -> str:
        asked = self.questions.get(key)
        return asked.words(answer) if asked else ""
