"""Which tariff prices a request: the one in force on the day of receipt, also when a newer one is published later."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from pricing.engine.result import Reason, Referred
from pricing.tariff import Tariff

NO_TARIFF: Final = Referred((Reason("no-tariff", "受付日に有効な料率表がありません。"),))


def in_force(tariffs: Iterable[Tariff], on: date) -> Tariff | None:
    """The latest that is effective on that day; None before the first."""
    effective = [tariff for tariff in tariffs if tariff.effective <= on]
    return max(effective, key=lambda tariff: tariff.effective, default=None)
