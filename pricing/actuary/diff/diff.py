"""Two tariffs compared: their entries, their golden cases, and their files line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

from pricing.actuary.diff.cases import CaseDelta, case_deltas
from pricing.actuary.diff.changes import Change, changes
from pricing.actuary.golden import GoldenCases
from pricing.actuary.tariff_file import TariffFile


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything that differs, in the order of the files, and every golden case."""

    changes: tuple[Change, ...]
    deltas: tuple[CaseDelta, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both have the same entries and the same premiums."""
        return not self.changes and all(delta.is_same for delta in self.deltas)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "changes": [change.as_json() for change in self.changes],
            "cases": [delta.as_json() for delta in self.deltas],
        }


def diff_tariffs(before: TariffFile, after: TariffFile, golden_files: Sequence[GoldenCases]) -> Diff:
    """All that differs. *golden_files* are the golden cases of either; a case that both have is listed once."""
    return Diff(
        tuple(changes(before.schema, after.schema)), tuple(case_deltas(before.tariff, after.tariff, golden_files))
    )


def unified_text(before: TariffFile, after: TariffFile) -> str:
    """The files, line by line, as `diff -u` shows them."""
    old, new = (file.source.text.splitlines(keepends=True) for file in (before, after))
    return "".join(unified_diff(old, new, str(before.source.path), str(after.source.path)))
