"""The worker: tells other programs what is due, by webhooks.

Each subscription has a task of its own, so that one that is slow or down delays only itself. Any number of processes
may run: who claims a delivery has it for a minute, and if that process ends, another one finds it again.
"""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from services.dashboard.ports.api import Deliveries, Delivery, Subscriptions
from services.dashboard.usecases.pause_webhook import ResumeWebhook
from services.dashboard.usecases.webhooks import Deliver
from shared.clock import Clock
from shared.runtime.waiting import tried_again

log = structlog.get_logger(__name__)

POLL_S: Final = 0.5
WITHOUT_ANY_S: Final = 2.0
"""Between two looks while there is no subscription."""
CLAIMED_FOR: Final = timedelta(minutes=1)
"""Several times what an attempt may take: two processes never make the same one."""


class WebhookDispatcher:
    """Delivers what is due until it is cancelled."""

    def __init__(
        self,
        subscriptions: Subscriptions,
        deliveries: Deliveries,
        deliver: Deliver,
        resume: ResumeWebhook,
        now: Clock,
        *,
        poll_s: float = POLL_S,
    ) -> None:
        self._subscriptions = subscriptions
        self._deliveries = deliveries
        self._deliver = deliver
        self._resume = resume
        self._now = now
        self._poll_s = poll_s
        self._busy: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Look every half second, or more rarely while nobody is told anything. Without the database it looks on."""
        try:
            while True:
                pause_s = self._poll_s
                with tried_again(log, "webhooks wait"):
                    if not await self._look():
                        pause_s = max(pause_s, WITHOUT_ANY_S)
                await asyncio.sleep(pause_s)
        finally:
            for task in self._busy.values():
                task.cancel()

    async def _look(self) -> bool:
        """Whether there is a subscription."""
        now, subscriptions = self._now(), await self._subscriptions.all()
        due = set(await self._deliveries.due(now)) - self._busy.keys() if subscriptions else set()
        for subscription in subscriptions:
            name = subscription.name
            if subscription.resumes_at and subscription.resumes_at <= now:
                await self._resume(name)
                log.warning("webhook resumed", subscription=name)
            elif name in due:
                task = asyncio.ensure_future(self._deliver_due(name))
                self._busy[name] = task
                task.add_done_callback(partial(self._forget, name))
        return bool(subscriptions)

    def _forget(self, name: str, _task: asyncio.Task[None]) -> None:
        del self._busy[name]

    async def _deliver_due(self, name: str) -> None:
        with tried_again(log, "webhooks wait", subscription=name):
            while (url := await self._url(name)) and (delivery := await self._claim(name)):
                await self._deliver(delivery, url)

    async def _url(self, name: str) -> str | None:
        """Looked up before each message: a pause holds from the next one on, however many wait."""
        subscription = await self._subscriptions.find(name)
        return subscription.url if subscription and subscription.paused_at is None else None

    async def _claim(self, name: str) -> Delivery | None:
        now = self._now()
        return await self._deliveries.claim(name, now, now + CLAIMED_FOR)
