"""Which savings a customer is told of, and in which order. Staff see all of them, the largest first."""

from collections.abc import Iterable, Mapping
from typing import Final

from pricing.engine.result import Saving
from shared.products.hints import Effort, Hint, Hints

MOST: Final = 3
"""How many savings the 見積書 shows."""
_ORDER: Final[tuple[Effort, ...]] = ("low", "middle", "high")


def advised(savings: Iterable[Saving], hints: Hints) -> tuple[Saving, ...]:
    """What is easily done first, then what saves most; without what costs more than it saves. At most `MOST`."""
    by_key = {(hint.question, hint.choice): hint for hint in hints}
    with_hints = [(saving, _hint(saving, by_key)) for saving in savings]
    worth = [(saving, hint) for saving, hint in with_hints if saving.saves >= hint.costs]
    worth.sort(key=lambda pair: (_ORDER.index(pair[1].effort), -pair[0].saves))
    return tuple(saving for saving, _ in worth[:MOST])


def _hint(saving: Saving, by_key: Mapping[tuple[str, str], Hint]) -> Hint:
    """Of the very choice, or of the question; a control of which nothing is known takes a middle effort."""
    unknown = Hint(question=saving.key)
    return by_key.get((saving.key, saving.choice)) or by_key.get((saving.key, "")) or unknown
