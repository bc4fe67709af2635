"""How one tariff differs from another, entry by entry, and what that does to the golden cases."""

from pricing.actuary.diff.cases import CaseDelta
from pricing.actuary.diff.changes import Change
from pricing.actuary.diff.diff import Diff, diff_tariffs, unified_text

__all__ = ["CaseDelta", "Change", "Diff", "diff_tariffs", "unified_text"]
