"""The use cases of the page about other programs, put together once for the real ports and for those of the tests."""

from dataclasses import dataclass

from services.dashboard.ports.api import Deliveries, FactLog, Subscriptions, Tokens
from services.dashboard.ports.audit import Audit
from services.dashboard.usecases.pause_webhook import PauseWebhook, ResumeWebhook
from services.dashboard.usecases.subscribe import Replay, Subscribe, Unsubscribe
from services.dashboard.usecases.tokens import MakeToken, RevokeToken
from shared.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramUseCases:
    """On these ports."""

    tokens: Tokens
    subscriptions: Subscriptions
    deliveries: Deliveries
    facts: FactLog
    audit: Audit
    now: Clock

    @property
    def make_token(self) -> MakeToken:
        """Let a program read."""
        return MakeToken(tokens=self.tokens, audit=self.audit, now=self.now)

    @property
    def revoke_token(self) -> RevokeToken:
        """Let it read no more."""
        return RevokeToken(tokens=self.tokens, audit=self.audit, now=self.now)

    @property
    def subscribe(self) -> Subscribe:
        """Tell a program."""
        return Subscribe(subscriptions=self.subscriptions, deliveries=self.deliveries, audit=self.audit, now=self.now)

    @property
    def unsubscribe(self) -> Unsubscribe:
        """Tell it no more."""
        return Unsubscribe(subscriptions=self.subscriptions, deliveries=self.deliveries, audit=self.audit, now=self.now)

    @property
    def pause(self) -> PauseWebhook:
        """Tell it nothing for a while."""
        return PauseWebhook(subscriptions=self.subscriptions, audit=self.audit, now=self.now)

    @property
    def resume(self) -> ResumeWebhook:
        """Tell it what has waited."""
        return ResumeWebhook(
            subscriptions=self.subscriptions, deliveries=self.deliveries, audit=self.audit, now=self.now
        )

    @property
    def replay(self) -> Replay:
        """Tell it again."""
        return Replay(
            subscriptions=self.subscriptions,
            deliveries=self.deliveries,
            facts=self.facts,
            audit=self.audit,
            now=self.now,
        )
