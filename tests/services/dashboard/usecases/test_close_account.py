"""`mitsumori staff disable` and `remove`: who may not log in any more."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.dashboard.domain.roles import Role
from services.dashboard.usecases.change_role import ChangeRole
from services.dashboard.usecases.close_account import CloseAccount
from shared.errors import Invalid, Unavailable
from tests.services.dashboard.builders import NOON
from tests.services.dashboard.fakes import (
    InMemoryAccounts,
    InMemoryAudit,
    InMemoryBelongings,
    InMemoryDevices,
    InMemoryInvitations,
    InMemorySessions,
)

pytestmark = pytest.mark.anyio

LATER = NOON + timedelta(hours=1)


class InterruptedSessions(InMemorySessions):
    """MongoDB goes away while the sessions are being ended."""

    async def end_all(self, account: str, at: datetime) -> None:  # noqa: ARG002  # the port's signature
        raise Unavailable("mongo")


@pytest.fixture
async def close_account() -> CloseAccount:
    """`desk` and `boss` have accounts, and both are logged in."""
    sessions, devices = InMemorySessions(), InMemoryDevices()
    for name in ("desk", "boss"):
        await sessions.begin(f"{name}'s", name, NOON, LATER)
        await devices.remember(f"{name}'s", name, LATER)
    accounts = InMemoryAccounts({"desk": "one", "boss": "two"})
    return CloseAccount(
        accounts=accounts,
        sessions=sessions,
        devices=devices,
        invitations=InMemoryInvitations(),
        belongings=InMemoryBelongings(),
        audit=InMemoryAudit(),
        now=lambda: NOON,
    )


@pytest.mark.parametrize("remove", [True, False], ids=["removed", "disabled"])
async def test_a_closed_account_ends_its_sessions_at_once_and_nobody_elses(
    close_account: CloseAccount,
    remove: bool,  # noqa: FBT001  # a row of the table
) -> None:
    """S15: there was no way to take an account away. Who had left could read every case."""
    await close_account("desk", remove=remove)

    sessions, devices = close_account.sessions, close_account.devices
    assert await close_account.accounts.password_hash("desk") is None
    assert [await sessions.account(f"{name}'s", NOON, NOON) for name in ("desk", "boss")] == [None, "boss"]
    assert [len(await devices.accounts(f"{name}'s", NOON)) for name in ("desk", "boss")] == [0, 1]
    assert [account.name for account in await close_account.accounts.all()] == (
        ["boss"] if remove else ["boss", "desk"]
    )
    assert isinstance(close_account.audit, InMemoryAudit)
    assert close_account.audit.acts == [("account-removed" if remove else "account-disabled", "desk", None)]


async def test_a_removal_that_broke_off_can_be_repeated_until_no_session_is_left(close_account: CloseAccount) -> None:
    """MongoDB went away between the account and its sessions. The command said so, but the account was gone.

    The same command again said `no-such-account`, and whoever was to be kept out read every case for the rest of the
    session's twelve hours: nothing was left that could end it. Now the account goes last.
    """
    sessions = close_account.sessions
    assert isinstance(sessions, InMemorySessions)
    with pytest.raises(Unavailable):
        await replace(close_account, sessions=InterruptedSessions(sessions.begun, sessions.used))("desk", remove=True)

    assert await close_account.accounts.password_hash("desk") is None
    await close_account("desk", remove=True)

    assert await sessions.account("desk's", NOON, NOON) is None
    assert [account.name for account in await close_account.accounts.all()] == ["boss"]


@pytest.mark.parametrize("remove", [True, False], ids=["removed", "disabled"])
async def test_the_last_who_can_log_in_stays_unless_one_insists(
    close_account: CloseAccount,
    remove: bool,  # noqa: FBT001  # a row of the table
) -> None:
    await close_account("boss", remove=False)

    with pytest.raises(Invalid, match="last-account"):
        await close_account("desk", remove=remove)

    assert await close_account.accounts.password_hash("desk") == "one"
    await close_account("desk", remove=remove, force=True)
    assert await close_account.accounts.password_hash("desk") is None


@dataclass
class AuditWhileOthersAct(InMemoryAudit):
    """Between what was looked at and what is done, somebody else does `act`."""

    act: Callable[[], Awaitable[None]] | None = None

    async def record(self, *args: Any, **named: Any) -> None:  # noqa: ANN401  # whatever is recorded
        act, self.act = self.act, None
        if act:
            await act()
        await super().record(*args, **named)


@pytest.mark.parametrize("how", ["removed", "disabled", "demoted"])
async def test_two_admins_who_act_against_each_other_at_once_do_not_both_go(
    close_account: CloseAccount, how: str
) -> None:
    accounts = close_account.accounts
    audit = AuditWhileOthersAct(act=lambda: accounts.set_role("boss", Role.manager))
    if how == "demoted":
        acting = ChangeRole(accounts=accounts, audit=audit, now=lambda: NOON)("desk", Role.manager, by="boss")
    else:
        acting = replace(close_account, audit=audit)("desk", remove=how == "removed", by="boss")

    with pytest.raises(Invalid, match="last-admin"):
        await acting

    desk = await accounts.find("desk")
    assert desk
    assert (desk.role, desk.may_log_in) == (Role.admin, True)


async def test_what_a_removed_account_kept_for_itself_goes_and_a_disabled_one_keeps_it(
    close_account: CloseAccount,
) -> None:
    assert isinstance(close_account.belongings, InMemoryBelongings)

    await close_account("desk", remove=False)
    kept = list(close_account.belongings.removed)
    await close_account("desk", remove=True)

    assert (kept, close_account.belongings.removed) == ([], ["desk"])


async def test_an_account_that_does_not_exist_is_said_not_to(close_account: CloseAccount) -> None:
    with pytest.raises(Invalid, match="no-such-account"):
        await close_account("stranger", remove=True)
