"""Copies of letters as they were sent. Notify makes one when staff ask for it; it never changes what a case is."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

KEPT_FOR: Final = timedelta(days=7)
"""The letter itself stays with notify, and can be asked for again: a copy stays while somebody reads it."""
SLOW_AFTER: Final = timedelta(minutes=1)
"""A copy takes less than a second. After this something is in its way, and staff are told what to do."""

_IDS: Final = UUID("5d1c0a9e-3b77-5f04-8c1b-7e2a4d9f6c30")


def copy_id(letter_id: str, asked_at: datetime) -> str:
    """Two clicks are one copy; on another day, when the first may be gone, there can be a new one."""
    return str(uuid5(_IDS, f"{letter_id}:{asked_at.astimezone(UTC).date().isoformat()}"))
