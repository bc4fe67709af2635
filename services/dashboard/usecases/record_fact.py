"""Record what the other services have published, each fact once."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from services.dashboard.domain.facts import Fact
from services.dashboard.ports.cases import Cases, Summaries
from services.dashboard.usecases.summarise import SummariseTogether
from services.dashboard.usecases.webhooks import QueueMessages
from shared.events import Parcel, QuoteOffered, QuoteReferred, RequestReceived
from shared.runtime.parcels import ParcelOpener, UnknownKey

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFact:
    """Add one fact to its case, renew the summary of that, and queue what other programs are told.

    Safe to repeat, in any order.
    """

    cases: Cases
    summarise: SummariseTogether
    queue_messages: QueueMessages
    summaries: Summaries
    opener: ParcelOpener

    async def __call__(self, fact: Fact) -> None:
        """Only the desk's own parcel is stored, encrypted as it came: nobody here can open the others.

        Raises `UnknownKey` once all is kept: with its key, the case is to be summarised anew, and found by its contact.
        """
        match fact:
            case RequestReceived() | QuoteOffered() | QuoteReferred():
                ours = {reader: parcel for reader, parcel in fact.parcels.items() if reader == "desk"}
                fact = fact.model_copy(update={"parcels": ours})
        is_new = await self.cases.add(fact)
        # Also when it was known: the process may have ended in between.
        await self.summarise(fact.request_id)
        await self.queue_messages(fact)
        log.info("fact kept" if is_new else "fact known", request_id=fact.request_id, type=fact.type)
        parcels: Mapping[str, Parcel] = getattr(fact, "parcels", {})
        if parcel := parcels.get("desk"):
            await self._needs_key(fact.request_id, parcel)

    async def _needs_key(self, request_id: str, parcel: Parcel) -> None:
        try:
            self.opener.key_of(parcel)
        except UnknownKey:
            # No fact will be added when the key is there, and the summary is to be made anew all the same.
            await self.summaries.renew(request_id)
            raise
