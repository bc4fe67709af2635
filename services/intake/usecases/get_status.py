"""Say where a request stands."""

from dataclasses import dataclass

from services.intake.domain.outcome import Status, status
from services.intake.domain.request import Request
from services.intake.ports import Outcomes, Requests


@dataclass(frozen=True, slots=True)
class GetStatus:
    """Read a request and what became of it."""

    requests: Requests
    outcomes: Outcomes

    async def __call__(self, request_id: str) -> tuple[Request, Status] | None:
        """The request and its status; None when there is no such request. Raises `Unavailable`."""
        request = await self.requests.find(request_id)
        if request is None:
            return None
        return request, status(request, await self.outcomes.of(request_id))
