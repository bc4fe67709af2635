"""A list that staff have given a name: its address, so that it opens with one click."""

from dataclasses import dataclass
from typing import Final

LONGEST_NAME: Final = 40
MOST_OF_ONE: Final = 50
"""Views of one account: more would not be found again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """`address`: of the list, as the dashboard itself writes it. `owner`: the account that saved it."""

    id: str
    name: str
    address: str
    owner: str
    is_shared: bool
