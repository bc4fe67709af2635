"""Golden cases: premiums worked out by hand beside the tariff, and whether the engine comes to the same.

They are in the folder `golden` beside the tariffs, in a file with the tariff's own name.
"""

from pricing.actuary.golden.cases import GoldenCases, read_golden_cases
from pricing.actuary.golden.check import CaseOutcome, Mismatch, check_cases
from pricing.actuary.golden.schema import AnswerValue

__all__ = ["AnswerValue", "CaseOutcome", "GoldenCases", "Mismatch", "check_cases", "read_golden_cases"]
