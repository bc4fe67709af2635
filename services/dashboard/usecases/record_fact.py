"""Record what the other services have published, each fact once."""

from dataclasses import dataclass

import structlog

from services.dashboard.domain.facts import Fact
from services.dashboard.ports import Cases
from shared.events import QuoteOffered, QuoteReferred, RequestReceived

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RecordFact:
    """Add one fact to its case. Safe to repeat, in any order: cases are joined when somebody looks."""

    cases: Cases

    async def __call__(self, fact: Fact) -> None:
        """Only the desk's own parcel is stored, encrypted as it came: nobody here can open the others."""
        match fact:
            case RequestReceived() | QuoteOffered() | QuoteReferred():
                ours = {reader: parcel for reader, parcel in fact.parcels.items() if reader == "desk"}
                fact = fact.model_copy(update={"parcels": ours})
        is_new = await self.cases.add(fact)
        log.info("fact kept" if is_new else "fact known", request_id=fact.request_id, type=fact.type)
