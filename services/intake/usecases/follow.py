"""Follow what becomes of requests, so that whoever sent one may ask."""

from dataclasses import dataclass

from services.intake.domain.outcome import Status, outcome_of, status
from services.intake.domain.request import Request
from services.intake.ports import Outcomes, Requests
from shared.events import Event


@dataclass(frozen=True, slots=True)
class FollowRequest:
    """Take note of what another service said. Safe to repeat."""

    outcomes: Outcomes

    async def __call__(self, event: Event) -> None:
        """Facts that no status shows are let go."""
        outcome = outcome_of(event)
        if outcome is not None:
            await self.outcomes.keep(outcome)


@dataclass(frozen=True, slots=True)
class TellStatus:
    """Say where a request stands."""

    requests: Requests
    outcomes: Outcomes

    async def __call__(self, request_id: str) -> tuple[Request, Status] | None:
        """The request and its status; None when there is no such request."""
        request = await self.requests.find(request_id)
        if request is None:
            return None
        return request, status(request, await self.outcomes.of(request_id))
