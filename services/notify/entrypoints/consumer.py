"""What notify consumes. Its use case keeps a fact and writes letters; it never talks SMTP."""

from faststream.kafka import KafkaBroker

from services.notify.usecases.write import WriteLetters
from shared.events import QuoteOffered, QuoteReferred, QuoteReleased, RequestReceived, RequestReleased, ResumeLinkAsked
from shared.runtime.consumer import consume


def subscribe(broker: KafkaBroker, write: WriteLetters) -> None:
    """Give *write* every fact that can make a letter due.

    Two consumers, because a 見積書 takes longer to make than a receipt: receipts must not queue behind it.
    """
    consume(broker, "notify", {RequestReceived: write, ResumeLinkAsked: write})
    consume(broker, "notify", {QuoteOffered: write, QuoteReferred: write, QuoteReleased: write, RequestReleased: write})
