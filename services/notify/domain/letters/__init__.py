"""Every kind of letter, each declared once.

A new kind needs: its word in `LetterKind` (shared/events/letters.py), a declaration here, a template in every product.
"""

from collections.abc import Mapping
from typing import Final

from services.notify.domain.letters.declaration import AnyLetterDeclaration, Occasion, Role
from services.notify.domain.letters.desk import DESK
from services.notify.domain.letters.desk_late import DESK_LATE
from services.notify.domain.letters.desk_overdue import DESK_OVERDUE
from services.notify.domain.letters.desk_undelivered import desk_undelivered
from services.notify.domain.letters.link import (
    COLLEAGUE_ANSWERED,
    COLLEAGUE_ASKED,
    INVITATION,
    PASSWORD_RESET,
    RESUME,
)
from services.notify.domain.letters.quote import QUOTE
from services.notify.domain.letters.receipt import RECEIPT
from services.notify.domain.letters.referral import REFERRAL
from shared.events import LetterKind

_ALL_BUT_UNDELIVERED: Final[tuple[AnyLetterDeclaration, ...]] = (
    *(RECEIPT, QUOTE, REFERRAL, DESK, DESK_LATE, DESK_OVERDUE),
    *(RESUME, COLLEAGUE_ASKED, COLLEAGUE_ANSWERED, INVITATION, PASSWORD_RESET),
)

LETTERS: Final[Mapping[LetterKind, AnyLetterDeclaration]] = {
    letter.kind: letter for letter in (*_ALL_BUT_UNDELIVERED, desk_undelivered(_ALL_BUT_UNDELIVERED))
}

__all__ = ["LETTERS", "AnyLetterDeclaration", "Occasion", "Role"]
