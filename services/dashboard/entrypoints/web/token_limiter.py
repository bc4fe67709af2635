"""How often a token may ask. Counted in the memory of this process: another process counts separately."""

from collections import Counter
from typing import Final

from shared.clock import Clock

MOST_A_MINUTE: Final = 120
"""A program that reads every changed case each second, and twice as much."""
_MINUTE_S: Final = 60


class TokenLimiter:
    """Counts by whole minutes. Only tokens that work are counted, so there are never many."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._minute = 0
        self._asked = Counter[str]()

    def wait_s(self, name: str) -> int:
        """Count one request of the token *name*. 0: it may go on; else how many seconds it must wait."""
        minute, second = divmod(int(self._now().timestamp()), _MINUTE_S)
        if minute != self._minute:
            self._minute, self._asked = minute, Counter()
        if self._asked[name] >= MOST_A_MINUTE:
            return _MINUTE_S - second
        self._asked[name] += 1
        return 0
