"""Follow what becomes of requests, for the status API."""

from dataclasses import dataclass

from services.intake.domain.outcome import outcome_of
from services.intake.ports import Outcomes
from shared.events import Event


@dataclass(frozen=True, slots=True)
class FollowRequest:
    """Record what another service published about a request. Safe to repeat."""

    outcomes: Outcomes

    async def __call__(self, event: Event) -> None:
        """Facts that no status shows are ignored. Raises `Unavailable`."""
        outcome = outcome_of(event)
        if outcome is not None:
            await self.outcomes.add(outcome)
