"""The Kafka entrypoint: all topics, because a case is joined from all of them; and the copies of its letters."""

from collections.abc import Awaitable, Callable

from services.dashboard.domain.facts import FACTS, Fact, belongs_to_case
from shared.events import FormCounted, LetterCopied, RequestErased
from shared.runtime.consumer import Consumer
from shared.runtime.erasure import UseCase

KeepCount = Callable[[FormCounted], Awaitable[None]]


def subscribe(
    consumer: Consumer,
    record_fact: UseCase[Fact],
    keep_count: KeepCount,
    keep_copy: UseCase[LetterCopied],
    erase: UseCase[RequestErased],
) -> None:
    """Record every fact of a case, what intake counts of its forms, and what notify has copied; *erase* is obeyed.

    One reader for all topics: a dashboard needs no more connections than that.
    """

    async def record(fact: Fact) -> None:
        if belongs_to_case(fact):
            await record_fact(fact)

    consumer.follow(
        {
            **dict.fromkeys(FACTS, record),
            FormCounted: keep_count,
            LetterCopied: keep_copy,
            RequestErased: erase,
        }
    )
