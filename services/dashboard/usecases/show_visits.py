"""Show how far the visitors of the forms came: what intake counted, of a period."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.dashboard.domain.figures import Period
from services.dashboard.domain.form_visits import FormVisits, visits_of
from services.dashboard.ports.cases import FormCounts
from shared.products import Products


@dataclass(frozen=True, slots=True)
class ShowVisits:
    """How far the visitors came who began in a period, for each product whose form has had any."""

    counts: FormCounts
    products: Products

    async def __call__(self, period: Period) -> Sequence[FormVisits]:
        """In the order of the products. Raises `Unavailable`."""
        of_days = await self.counts.of(period.days[0], period.days[-1])
        visits = (
            visits_of(product, [count for count in of_days if count.product == slug])
            for slug, product in self.products.items()
        )
        return [one for one in visits if one.orders]
