"""Which tariff prices a request: the one in force on the day of receipt, whatever has been published since."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from pricing.engine.result import Reason, Referred
from pricing.tariff import Tariff

NO_TARIFF: Final = Referred((Reason("no-tariff", "受付日に有効な料率表がありません。"),))


def in_force(tariffs: Iterable[Tariff], on: date) -> Tariff | None:
    """The latest that has begun; one loaded ahead of its date waits."""
    begun = [tariff for tariff in tariffs if tariff.effective <= on]
    return max(begun, key=lambda tariff: tariff.effective, default=None)
