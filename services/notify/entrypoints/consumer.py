"""What notify consumes. Its use cases keep a fact and write letters, or copy one; none of them talks SMTP."""

from services.notify.usecases.copy_letter import CopyLetter, EraseCopies
from services.notify.usecases.write import WriteLetters
from shared.events import (
    AddressCorrected,
    CaseOverdue,
    LetterCopyAsked,
    PasswordResetAsked,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestErased,
    RequestReceived,
    RequestReleased,
    ResumeLinkAsked,
    StaffInvited,
)
from shared.runtime.consumer import Consumer


def subscribe(consumer: Consumer, write: WriteLetters, copy: CopyLetter, erase_copies: EraseCopies) -> None:
    """Give *write* every fact that can make a letter due, and *copy* what staff ask to see.

    Two consumers, because a 見積書 takes longer to make than a receipt: receipts must not queue behind it.
    """
    consumer.read({RequestReceived: write, ResumeLinkAsked: write, RequestErased: erase_copies})
    consumer.read(
        {
            QuoteOffered: write,
            QuoteReferred: write,
            QuoteReleased: write,
            RequestReleased: write,
            AddressCorrected: write,
            LetterCopyAsked: copy,
            StaffInvited: write,
            PasswordResetAsked: write,
            CaseOverdue: write,
        }
    )
