"""In which order of the form a visit is asked: as the product says, and by chance where it names several.

An agency that compares two orders must not choose who gets which. The order is therefore drawn from the random word of
the visit, and stays with its draft.
"""

from collections.abc import Mapping
from hashlib import blake2b
from itertools import accumulate


def order_for(visit: str, shares: Mapping[str, int]) -> str:
    """The same for the same *visit*; over many visits, each order as often as its share says."""
    word = blake2b(visit.encode(), digest_size=8, person=b"form-order").digest()
    drawn = int.from_bytes(word) % sum(shares.values())
    return next(name for name, end in zip(shares, accumulate(shares.values()), strict=True) if drawn < end)
