"""What becomes of a case whose request is erased: it stays for the figures, and nobody can be found in it any more."""

from dataclasses import dataclass

from services.dashboard.domain.facts import Fact
from services.dashboard.usecases.record_fact import RecordFact
from shared.events import RequestErased
from shared.runtime.erasure import Erasure


@dataclass(frozen=True, slots=True)
class EraseCase:
    """Forget what staff could read of it, and record that. Safe to repeat, and in any order with its other facts."""

    erase: Erasure
    record: RecordFact

    async def __call__(self, erased: RequestErased) -> None:
        """The fact comes last: the summary that it brings is made from what is left."""
        await self.erase(erased)
        await self.record(erased)


@dataclass(frozen=True, slots=True)
class RecordWithoutParcels:
    """Record a fact that has come after the erasure of its request: its yen count, and nothing sealed is taken in."""

    record: RecordFact

    async def __call__(self, fact: Fact) -> None:
        """Safe to repeat."""
        await self.record(without_parcels(fact))


def without_parcels(fact: Fact) -> Fact:
    """The same fact, in which nothing is sealed."""
    return fact.model_copy(update={"parcels": {}}) if hasattr(fact, "parcels") else fact
