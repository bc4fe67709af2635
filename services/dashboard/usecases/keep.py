"""Keep what the other services say, each fact once."""

from dataclasses import dataclass

import structlog

from services.dashboard.domain.facts import Fact
from services.dashboard.ports import Cases
from shared.events import QuoteOffered, QuoteReferred, RequestReceived

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class KeepFact:
    """Keep one fact. Safe to repeat, in any order: cases are joined when somebody looks."""

    cases: Cases

    async def __call__(self, fact: Fact) -> None:
        """Only the desk's own parcel stays, sealed as it came: nobody here can open the others."""
        if isinstance(fact, RequestReceived | QuoteOffered | QuoteReferred):
            ours = {reader: parcel for reader, parcel in fact.parcels.items() if reader == "desk"}
            fact = fact.model_copy(update={"parcels": ours})
        new = await self.cases.keep(fact)
        log.info("fact kept" if new else "fact known", request_id=fact.request_id, type=fact.type)
