"""What notify consumes. Its use case keeps a fact and writes letters; it never talks SMTP."""

from services.notify.usecases.write import WriteLetters
from shared.events import (
    AddressCorrected,
    CaseOverdue,
    PasswordResetAsked,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestReceived,
    RequestReleased,
    ResumeLinkAsked,
    StaffInvited,
)
from shared.runtime.consumer import Consumer


def subscribe(consumer: Consumer, write: WriteLetters) -> None:
    """Give *write* every fact that can make a letter due.

    Two consumers, because a 見積書 takes longer to make than a receipt: receipts must not queue behind it.
    """
    consumer.read({RequestReceived: write, ResumeLinkAsked: write})
    consumer.read(
        {
            QuoteOffered: write,
            QuoteReferred: write,
            QuoteReleased: write,
            RequestReleased: write,
            AddressCorrected: write,
            StaffInvited: write,
            PasswordResetAsked: write,
            CaseOverdue: write,
        }
    )
