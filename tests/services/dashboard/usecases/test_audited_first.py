"""Whatever staff decide is in the audit before it is true: it can never be true and not be there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from services.dashboard.domain.roles import Role
from services.dashboard.domain.take_back import HeldFor
from services.dashboard.ports.audit import Act
from services.dashboard.usecases.close_account import CloseAccount
from services.dashboard.usecases.create_account import CreateAccount
from services.dashboard.usecases.keep_decision import KeepDecision
from services.dashboard.usecases.release import ReleaseQuote, ReleaseRequest
from services.dashboard.usecases.summarise import SummariseTogether
from shared.errors import Unavailable
from tests.services.dashboard.builders import BY_DESK, NOON, REQUEST, a_request, an_offer
from tests.services.dashboard.fakes import (
    InMemoryAccounts,
    InMemoryAudit,
    InMemoryBelongings,
    InMemoryCases,
    InMemoryDecisions,
    InMemoryDevices,
    InMemoryInvitations,
    InMemorySessions,
    InMemorySummaries,
    PlainPasswords,
    summarising,
)

pytestmark = pytest.mark.anyio


@dataclass
class Desk:
    """What staff can change, and the audit of it."""

    cases: InMemoryCases
    accounts: InMemoryAccounts = field(
        default_factory=lambda: InMemoryAccounts({"desk": "one", "boss": "two"}, roles={"desk": Role.desk})
    )
    audit: InMemoryAudit = field(default_factory=InMemoryAudit)
    sessions: InMemorySessions = field(default_factory=InMemorySessions)
    devices: InMemoryDevices = field(default_factory=InMemoryDevices)

    @classmethod
    async def with_a_waiting_quote(cls) -> "Desk":
        """Of a product whose quotes wait for staff, for a request that is held too."""
        desk = cls(InMemoryCases())
        for fact in (a_request(product="by-desk", suspicions=("honeypot",)), an_offer()):
            await desk.cases.add(fact)
        return desk

    @property
    def keep(self) -> KeepDecision:
        summarise = SummariseTogether(summarising(self.cases, InMemorySummaries()))
        decisions = InMemoryDecisions(self.cases)
        return KeepDecision(
            cases=self.cases, decisions=decisions, audit=self.audit, summarise=summarise, held_for=HeldFor({})
        )

    def state(self) -> tuple[object, ...]:
        return (*(dict(each) for each in (self.cases.facts, self.accounts.hashes, self.accounts.disabled)),)

    async def release_quote(self) -> object:
        products = {BY_DESK.slug: BY_DESK}
        release = ReleaseQuote(products=products, cases=self.cases, keep=self.keep, now=lambda: NOON)
        return await release(REQUEST, f"{REQUEST}:r1", "desk", 1)

    async def release_mails(self) -> object:
        release = ReleaseRequest(cases=self.cases, keep=self.keep, now=lambda: NOON)
        return await release(REQUEST, "desk", 0)

    async def add_account(self) -> object:
        return await self._create("clerk")

    async def change_password(self) -> object:
        return await self._create("desk")

    async def disable_account(self) -> None:
        await self._close(remove=False)

    async def remove_account(self) -> None:
        await self._close(remove=True)

    async def _create(self, name: str) -> object:
        create = CreateAccount(
            accounts=self.accounts,
            passwords=PlainPasswords(),
            sessions=self.sessions,
            devices=self.devices,
            invitations=InMemoryInvitations(),
            audit=self.audit,
            now=lambda: NOON,
        )
        return await create(name, reset=True)

    async def _close(self, *, remove: bool) -> None:
        close = CloseAccount(
            accounts=self.accounts,
            sessions=self.sessions,
            devices=self.devices,
            invitations=InMemoryInvitations(),
            belongings=InMemoryBelongings(),
            audit=self.audit,
            now=lambda: NOON,
        )
        await close("desk", remove=remove)


@pytest.mark.parametrize(
    ("decide", "act"),
    [
        pytest.param(Desk.release_quote, "released-quote", id="a quote is released"),
        pytest.param(Desk.release_mails, "released-mails", id="a held request is released"),
        pytest.param(Desk.add_account, "account-added", id="an account is added"),
        pytest.param(Desk.change_password, "password-changed", id="a password is changed"),
        pytest.param(Desk.disable_account, "account-disabled", id="an account is disabled"),
        pytest.param(Desk.remove_account, "account-removed", id="an account is removed"),
    ],
)
async def test_nothing_is_decided_that_the_audit_does_not_know(
    decide: Callable[[Desk], Awaitable[object]], act: Act
) -> None:
    """MongoDB went away between a release and its entry: the mails went out, and the audit named nobody.

    A retry found the decision made, and wrote no entry either.
    """
    desk = await Desk.with_a_waiting_quote()
    if decide is Desk.release_quote:
        await desk.release_mails()
    desk.audit.acts.clear()
    before = desk.state()

    desk.audit.away = True
    with pytest.raises(Unavailable):
        await decide(desk)
    assert desk.state() == before

    desk.audit.away = False
    await decide(desk)
    assert desk.state() != before
    assert [entry[0] for entry in desk.audit.acts] == [act]
