"""Reception numbers (受付番号): what a customer reads out on the phone."""

from collections.abc import Callable
from math import prod
from typing import Final

# No 0 O Q D, no 1 I L, no 2 Z, no 5 S, no 8 B, no U V: each of them can be heard or read as another.
LETTERS: Final = "ACEFGHJKMNPRTWXY"
DIGITS: Final = "34679"
_ANY: Final = LETTERS + DIGITS
# Every third place is a digit, so that no number is a word.
_PLACES: Final = (_ANY, _ANY, DIGITS, _ANY, _ANY, DIGITS, _ANY, _ANY)
_NUMBERS: Final = prod(map(len, _PLACES))

RandomBelow = Callable[[int], int]
"""A random number from 0 to below the one given, each as likely as the others, as `secrets.randbelow`."""


def reception_no(random_below: RandomBelow) -> str:
    """Eight characters, one in two thousand million, which does not reveal how many requests came before."""
    drawn, characters = random_below(_NUMBERS), ""
    for place in _PLACES:
        drawn, position = divmod(drawn, len(place))
        characters += place[position]
    return characters
