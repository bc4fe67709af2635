"""Reception numbers (受付番号): what a customer reads out on the phone."""

from collections.abc import Callable
from typing import Final

# No 0 O Q D, no 1 I L, no 2 Z, no 5 S, no 8 B, no U V: each of them has been heard or read as another.
LETTERS: Final = "ACEFGHJKMNPRTWXY"
DIGITS: Final = "34679"
_ANY: Final = LETTERS + DIGITS
# Every third place is a digit, so that no number is a word.
_PLACES: Final = (_ANY, _ANY, DIGITS, _ANY, _ANY, DIGITS, _ANY, _ANY)

Chance = Callable[[int], int]
"""A fair number below the one given, as `secrets.randbelow`."""


def reception_no(chance: Chance) -> str:
    """Eight characters, one in two thousand million, without a clue to how many requests came before."""
    return "".join(place[chance(len(place))] for place in _PLACES)
