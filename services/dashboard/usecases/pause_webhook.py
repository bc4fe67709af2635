"""Tell a program nothing for a while: what it would have been told waits. What an admin does is recorded first."""

from dataclasses import dataclass

from services.dashboard.ports.api import Deliveries, Subscriptions
from services.dashboard.ports.audit import Audit
from services.dashboard.usecases.subscribe import find
from shared.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseWebhook:
    """No message is sent from the next one on. One that is being sent at this moment still ends, and is in the log."""

    subscriptions: Subscriptions
    audit: Audit
    now: Clock

    async def __call__(self, name: str, *, by: str = "") -> None:
        """Safe to repeat: the pause goes on. *by*: as in `Subscribe`. Raises `Invalid` (no-such-subscription)."""
        if (await find(self.subscriptions, name)).paused_at:
            return
        now = self.now()
        await self.audit.record("webhook-paused", now, by or f"api:{name}", about=name)
        await self.subscriptions.pause(name, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeWebhook:
    """Send all that has waited, in the order in which it became true.

    Each message has its 72 hours anew: the pause was not the receiver's.
    """

    subscriptions: Subscriptions
    deliveries: Deliveries
    audit: Audit
    now: Clock

    async def __call__(self, name: str, *, by: str = "") -> None:
        """Safe to repeat. *by*: empty also where the pause ends by itself. Raises `Invalid` (no-such-subscription)."""
        if (await find(self.subscriptions, name)).paused_at is None:
            return
        now = self.now()
        await self.audit.record("webhook-resumed", now, by or f"api:{name}", about=name)
        # First this: a message that is sent before it is queued anew would be sent twice.
        await self.deliveries.begin_again(name, now)
        await self.subscriptions.resume(name)
