"""What notify consumes. Its use cases keep a fact and write letters, or copy one; none of them talks SMTP."""

from services.notify.domain.facts import Fact
from shared.events import (
    AddressCorrected,
    CaseOverdue,
    ColleagueAnswered,
    ColleagueAsked,
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
from shared.runtime.erasure import UseCase


def subscribe(
    consumer: Consumer,
    write: UseCase[Fact],
    copy: UseCase[LetterCopyAsked],
    erase: UseCase[RequestErased],
    keep_news_choice: UseCase[RequestReceived],
) -> None:
    """Give *write* every fact that can make a letter due, *copy* what staff ask to see, *erase* what is to go.

    Two consumers, because a 見積書 takes longer to make than a receipt: receipts must not queue behind it.
    """

    async def receive(request: RequestReceived) -> None:
        # First: the receipt says where news are stopped, and may be read at once.
        await keep_news_choice(request)
        await write(request)

    consumer.read(
        {
            RequestReceived: receive,
            ResumeLinkAsked: write,
            ColleagueAsked: write,
            ColleagueAnswered: write,
            RequestErased: erase,
        }
    )
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
