"""The tags that make a link ours: nobody can make one that we have not, also not with a copy of the database."""

import hmac
from collections.abc import Mapping
from typing import Final

TAG_DIGITS: Final = 20
"""80 bits, of which nobody tries more than a few in a second. Mail programs show the whole link, on phones too."""


def newest_tag(said: str, keys: Mapping[str, bytes]) -> str:
    """The tag of what a link says, by the newest of *keys*: id → 32 secret bytes, the oldest first."""
    return _tag(said, [*keys.values()][-1])


def is_ours(said: str, tag: str, keys: Mapping[str, bytes]) -> bool:
    """Whether *tag* was made of *said* by any of *keys*. It takes as long for every answer."""
    found = [hmac.compare_digest(tag, _tag(said, key)) for key in keys.values()]
    return any(found)


def _tag(said: str, key: bytes) -> str:
    return hmac.digest(key, said.encode("ascii"), "sha256").hex()[:TAG_DIGITS]
