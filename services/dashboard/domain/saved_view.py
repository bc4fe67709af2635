"""A list that staff have given a name: its address, so that it opens with one click."""

from dataclasses import dataclass
from typing import Final, Literal

LONGEST_NAME: Final = 40
MOST_OF_ONE: Final = 50
"""Views of one account: more would not be found again."""

ViewProblem = Literal["no-name", "long-name", "too-many"]
"""Why a list is not saved, in a word for machines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """`address`: of the list, as the dashboard itself writes it. `owner`: the account that saved it."""

    id: str
    name: str
    address: str
    owner: str
    is_shared: bool


def view_problem(name: str, own: int) -> ViewProblem | None:
    """What speaks against saving a list as *name* for somebody who has *own* views already."""
    if not name:
        return "no-name"
    if len(name) > LONGEST_NAME:
        return "long-name"
    return "too-many" if own >= MOST_OF_ONE else None
