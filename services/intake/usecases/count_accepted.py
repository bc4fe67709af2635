"""Show in the metrics how many requests were accepted: the dashboard must know as many (docs/operating/repair.md)."""

from dataclasses import dataclass
from typing import Final

from prometheus_client import Gauge

from services.intake.ports import Requests

ACCEPTED: Final = Gauge("requests_accepted", "Requests that were accepted, all that there are")


@dataclass(frozen=True, slots=True)
class CountAccepted:
    """Count once, and set the metric. Every process of this service shows the same."""

    requests: Requests

    async def __call__(self) -> None:
        """Raises `Unavailable`; the metric stays as it was then."""
        ACCEPTED.set(await self.requests.count())
