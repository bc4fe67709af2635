"""A company of the National Tax Agency's list, and what was found for a name or number that was typed."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from shared.answers.normalise import soft

_BLANK: Final = re.compile(r"\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """As the list has it, in full width. `reading` is its フリガナ, which not every company has."""

    number: str
    name: str
    reading: str
    postal_code: str
    place: str
    """都道府県, 市区町村 and 丁目番地等; behind a blank often the name of a building."""

    @property
    def title(self) -> str:
        """Its name as the form keeps names."""
        return soft(self.name)

    @property
    def address(self) -> str:
        """The place as far as the number of the house."""
        return soft(_BLANK.split(self.place, maxsplit=1)[0])

    @property
    def building(self) -> str:
        """What follows in the place; empty for most."""
        return soft("".join(_BLANK.split(self.place, maxsplit=1)[1:]))

    @property
    def written_code(self) -> str:
        """`100-0013`; empty where the list has none."""
        return f"{self.postal_code[:3]}-{self.postal_code[3:]}" if self.postal_code else ""


Miss = Literal["nothing-typed", "check-digit", "length", "not-found", "unavailable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """The companies that may be meant, the likeliest first; or why there are none. `has_more`: not all are listed."""

    companies: tuple[Company, ...] = ()
    has_more: bool = False
    by_number: bool = False
    miss: Miss | None = None
