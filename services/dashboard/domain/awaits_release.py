"""Which cases wait for staff to send a quote to the customer: those of the products that let no quote go by itself."""

from dataclasses import dataclass

from services.dashboard.domain.case import Case
from services.dashboard.domain.new_release import release_problem
from shared.products import Products


@dataclass(frozen=True, slots=True)
class AwaitsRelease:
    """`by_desk`: the products with `release: desk`. It needs no clock: a quote that expired still reached nobody."""

    by_desk: frozenset[str]

    @property
    def rules(self) -> str:
        """What it depends on beside the facts, in a few letters: after a change every case must be asked again."""
        return ",".join(sorted(self.by_desk))

    def __call__(self, case: Case) -> bool:
        """Whether the latest quote of *case* could be sent now, and nobody has.

        Not what is held, on hold, or about to get another price: each of them is told as what it is.
        """
        is_ready = not case.is_held and release_problem(case) is None
        return is_ready and case.request.product in self.by_desk and case.unreleased is not None


def awaits_release_of(products: Products) -> AwaitsRelease:
    """As *products* have it. A product that is gone sends nothing, and asks for nothing."""
    return AwaitsRelease(frozenset(slug for slug, product in products.items() if product.release == "desk"))
