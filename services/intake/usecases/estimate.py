"""Say what cover may cost, before anybody has said who they are: from memory, whether or not the others are there."""

from dataclasses import dataclass, field

from services.intake.domain.estimate import Estimate, Question, estimate, has_started
from services.intake.ports import Tariffs
from shared.clock import JST, Clock
from shared.events import TariffStarted
from shared.products import Products


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatePremium:
    """Answer from the newest tariff of each product, which `refresh` takes into the memory of this process."""

    products: Products
    tariffs: Tariffs
    now: Clock
    _newest: dict[str, TariffStarted] = field(default_factory=dict)

    def __call__(self, product: str, asked: Question) -> Estimate | None:
        """None: no tariff of *product* is known that has started."""
        tariff = self._newest.get(product)
        if tariff is None or not has_started(tariff, self.now().astimezone(JST).date()):
            return None
        return estimate(tariff, asked)

    async def refresh(self) -> None:
        """Take up what any process has kept since. Raises `Unavailable`."""
        for product in self.products:
            known = self._newest.get(product)
            newest = await self.tariffs.newest(product, unless=known.edition_id if known else None)
            if newest is not None:
                self._newest[product] = newest
