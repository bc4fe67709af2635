"""Which passwords are refused. Length counts for more than kinds of characters (NIST SP 800-63B, 5.1.1)."""

from typing import Final, Literal

from services.dashboard.domain.common_passwords import COMMON

SHORTEST: Final = 12
LONGEST: Final = 128
_FEWEST_CHARACTERS: Final = 5
"""`aaaaaaaaaaaa` and `121212121212` are as common as any in the list, in too many forms to be listed."""

_SHORTEST_NAME: Final = 3
"""A shorter one is in most passwords by chance."""

Weakness = Literal["too-short", "too-long", "common", "has-name"]


def weakness(password: str, name: str) -> Weakness | None:
    """Why *name* may not have this *password*; None when they may."""
    plain = password.lower()
    if len(password) < SHORTEST:
        return "too-short"
    if len(password) > LONGEST:
        return "too-long"
    if plain in COMMON or len(set(plain)) < _FEWEST_CHARACTERS:
        return "common"
    return "has-name" if len(name) >= _SHORTEST_NAME and name in plain else None
