"""Changes and differences, with only what a test is about."""

from decimal import Decimal
from pathlib import Path
from typing import Final

from pricing.actuary.diff import CaseDelta, Change, Diff, diff_tariffs
from pricing.actuary.diff.changes import ChangeKind
from pricing.actuary.golden import read_golden_cases
from tests.pricing.actuary.builders import SHIPPED, draft_file
from tests.pricing.builders import PRODUCT

SHIPPED_CASES: Final = read_golden_cases(SHIPPED.golden_path, PRODUCT.form)


def diff_of_draft(folder: Path, *edits: tuple[str, str]) -> Diff:
    """The shipped tariff against itself with *edits*."""
    return diff_tariffs(SHIPPED, draft_file(folder, *edits), [SHIPPED_CASES])


def change(
    section: str, entry: str, *, old: str, new: str, kind: ChangeKind = "changed", percent: str | None = None
) -> Change:
    exact = None if percent is None else Decimal(percent)
    return Change(section=section, entry=entry, kind=kind, old=old, new=new, percent=exact)


def delta(case: str, *, old: int, new: int, percent: str) -> CaseDelta:
    """A case with a premium under both."""
    return CaseDelta(case=case, old=old, new=new, percent=Decimal(percent), old_reasons=(), new_reasons=())
