"""Stops the news for whoever has a link from one of our mails, and says whether they are stopped."""

from dataclasses import dataclass

import structlog

from services.notify.domain.news import opt_outs, standing
from services.notify.domain.news_links import NewsLinks
from services.notify.ports import NewsChoices
from shared.clock import Clock

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NewsState:
    """Whether a mailbox has opted out, and of which product it was asked last. Empty where nothing is known."""

    has_opted_out: bool
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindNewsState:
    """Look, and change nothing: what scans mails opens links. Raises `Unavailable`."""

    links: NewsLinks
    choices: NewsChoices

    async def __call__(self, token: str) -> NewsState | None:
        """None for a link that we have not made: the ledger is not asked about it."""
        mailbox = self.links.mailbox(token)
        if mailbox is None:
            return None
        known = await self.choices.of(mailbox)
        product = next((one.product for one in reversed(known) if one.product), "")
        return NewsState(bool(known) and not standing(known), product)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """End every opt-in of a mailbox. Safe to repeat. Raises `Unavailable`."""

    find: FindNewsState
    now: Clock

    async def __call__(self, token: str) -> NewsState | None:
        """None for a link that we have not made."""
        mailbox = self.find.links.mailbox(token)
        if mailbox is None:
            return None
        choices = self.find.choices
        for choice in opt_outs(await choices.of(mailbox), mailbox, self.now()):
            if await choices.add(choice):
                log.info("opted out of news", request_id=choice.request_id)
        return await self.find(token)
