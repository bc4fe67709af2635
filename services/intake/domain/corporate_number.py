"""法人番号: the 13 figures of a company. The first is computed from the others, so that a mistyped one is noticed.

The formula is that of 法人番号の指定等に関する省令 (平成26年財務省令第70号) 第二条. The twelve others are the
会社法人等番号 of a registered company, which stands on its certificate.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from services.intake.domain.contact_shapes import narrow
from shared.answers.normalise import HYPHENS

_LENGTH: Final = 13
_SHORTEST_MEANT: Final = 10
"""Fewer figures are a name, or its part; so many can only be meant as a number."""
_LONGEST_TYPED: Final = 60
_BETWEEN: Final = re.compile(rf"[{HYPHENS}\s]")
_BEFORE: Final = re.compile("^(?:法人番号|会社法人等番号|登録番号)?[::]?t?", re.IGNORECASE)
"""On invoices it stands as T1234567890123 (適格請求書発行事業者の登録番号)."""


@dataclass(frozen=True, slots=True)
class Mistyped:
    """What was meant as a 法人番号 and is none."""

    reason: Literal["check-digit", "length"]


def corporate_number(typed: str) -> str | Mistyped | None:
    """The number that *typed* is, or is meant as; None for anything else, as the name of a company."""
    if len(typed) > _LONGEST_TYPED:
        return None
    figures = _BEFORE.sub("", _BETWEEN.sub("", narrow(typed)))
    if not re.fullmatch("[0-9]+", figures) or len(figures) < _SHORTEST_MEANT:
        return None
    if len(figures) == _LENGTH - 1:
        return f"{check_digit(figures)}{figures}"
    if len(figures) != _LENGTH:
        return Mistyped("length")
    return figures if is_corporate_number(figures) else Mistyped("check-digit")


def is_corporate_number(figures: str) -> bool:
    """Whether *figures* are thirteen of which the first follows from the others."""
    has_shape = len(figures) == _LENGTH and figures.isascii() and figures.isdecimal()
    return has_shape and check_digit(figures[1:]) == int(figures[0])


def check_digit(base: str) -> int:
    """The figure that stands in front of the twelve of *base*: 1 to 9."""
    # From the right, the figures count once and twice in turn.
    return 9 - (sum(map(int, base[-1::-2])) + 2 * sum(map(int, base[-2::-2]))) % 9
