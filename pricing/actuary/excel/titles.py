"""Titles of sheets."""

import re
from typing import Final

_LONGEST: Final = 31


class SheetTitles:
    """Titles that Excel accepts: short, without its own signs, each only once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, wanted: str) -> str:
        """*wanted*, or the nearest that is free."""
        plain = re.sub(r"[\\/*?:\[\]]", " ", wanted).strip("' ")[:_LONGEST] or "表"
        title, number = plain, 1
        while title.casefold() in self._taken:
            number += 1
            ending = f" {number}"
            title = f"{plain[: _LONGEST - len(ending)]}{ending}"
        self._taken.add(title.casefold())
        return title
