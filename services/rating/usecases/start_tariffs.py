"""Publish what an estimate needs of each tariff that prices requests now: intake estimates without asking rating."""

import asyncio
from dataclasses import dataclass, field
from hashlib import sha256

import structlog

from pricing.engine.estimate import Estimate, NoEstimate, estimate
from pricing.engine.in_force import in_force
from pricing.engine.result import ENGINE
from pricing.tariff import PricedProduct, PricedProducts, Tariff
from services.rating.domain.edition import Pricing, pricing_under
from services.rating.ports import StartedTariffs
from shared.clock import JST, Clock
from shared.events import TariffRef, TariffStarted
from shared.products import Form, ProductError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTariffs:
    """Publish the tariff in force of every product. Safe to repeat: each edition is published once."""

    products: PricedProducts
    started: StartedTariffs
    now: Clock
    _settled: dict[str, str] = field(default_factory=dict)
    """What this process need not look at again: by product, the tariff that it has published or cannot estimate."""

    async def __call__(self) -> None:
        """Raises `Unavailable`."""
        for product in self.products.values():
            tariff = in_force(product.tariffs, self.now().astimezone(JST).date())
            if tariff is not None and self._settled.get(product.slug) != tariff.id:
                pricing = _pricing(product, tariff)
                if pricing is not None:
                    await self._publish(product, pricing)
                self._settled[product.slug] = tariff.id

    async def _publish(self, product: PricedProduct, pricing: Pricing) -> None:
        edition_id = sha256(f"{pricing.edition.id}:{ENGINE}".encode()).hexdigest()
        if await self.started.has(edition_id):
            return
        about = {"product": product.slug, "tariff": pricing.tariff.id}
        # It takes a tenth of a second: meanwhile requests are priced.
        match await asyncio.to_thread(estimate, _terms(product.form), pricing.tariff):
            case NoEstimate(why=why):
                log.warning("tariff without estimate", **about, reason=why)
            case Estimate(turnovers=turnovers, industries=industries):
                event = TariffStarted(
                    request_id=product.slug,
                    edition_id=edition_id,
                    product=product.slug,
                    tariff=TariffRef(id=pricing.tariff.id, sha256=pricing.tariff.sha256),
                    engine=ENGINE,
                    form_version=product.form.version,
                    in_force_from=pricing.tariff.effective,
                    started_at=self.now(),
                    turnovers=turnovers,
                    industries=industries,
                )
                if await self.started.add(event):
                    log.info("tariff started", **about)


def _pricing(product: PricedProduct, tariff: Tariff) -> Pricing | None:
    try:
        return pricing_under(product, tariff, product.form.version)
    except ProductError as error:
        log.warning("tariff without estimate", product=product.slug, tariff=tariff.id, error=str(error))
        return None


def _terms(form: Form) -> dict[str, str | int]:
    """The terms of a customer who changes none: what the form has chosen already."""
    return {question.key: question.default for question in form.questions if question.default is not None}
