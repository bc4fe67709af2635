"""What the dashboard needs from outside to know its staff: accounts, what they log in with, and sessions.

Methods that use the database raise `Unavailable` when it cannot be reached.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from services.dashboard.domain.account import Account, KeptPost, Session
from services.dashboard.domain.roles import FORMER_ROLE, Role
from services.dashboard.domain.second_step import SecondStep

Rule = Callable[[Sequence[Account]], None]
"""Looks at all accounts, and raises `Invalid` for a change that must not be made among them."""


def no_rule(_accounts: Sequence[Account]) -> None:
    """The change may be made whatever the other accounts are."""


class Accounts(Protocol):
    """Who may log in. Between what a `Rule` looks at and its change nobody makes another one with a rule."""

    async def add(
        self, name: str, password_hash: str | None, at: datetime, role: Role = FORMER_ROLE, *, temporary: bool = False
    ) -> bool:
        """False: there is or was an account of this name. Without a password nobody can log in yet.

        *temporary*: somebody else knows the password, so it must be changed at the first log-in.
        """
        ...

    async def is_free(self, name: str) -> bool:
        """Whether there never was an account of this name: what a former one did and kept must be nobody else's."""
        ...

    async def set_password(self, name: str, password_hash: str, *, temporary: bool = False) -> None:
        """Replace the password: the earlier one no longer works. A disabled account stays disabled."""
        ...

    async def set_role(self, name: str, role: Role, rule: Rule = no_rule) -> None:
        """From the next request on, *name* may do what *role* allows. Raises what *rule* raises."""
        ...

    async def note_log_in(self, name: str, at: datetime) -> None:
        """Remember when *name* logged in last."""
        ...

    async def password_hash(self, name: str) -> str | None:
        """None: there is no such account, it has no password yet, or it is disabled."""
        ...

    async def find(self, name: str) -> Account | None:
        """The account, also a disabled one."""
        ...

    async def all(self) -> Sequence[Account]:
        """Every account, by name."""
        ...

    async def disable(self, name: str, at: datetime, rule: Rule = no_rule) -> None:
        """Nobody can log in as *name* until it is enabled. Raises what *rule* raises."""
        ...

    async def enable(self, name: str) -> None:
        """The opposite of `disable`."""
        ...

    async def remove(self, name: str, at: datetime) -> None:
        """Delete everything of the account but its name, which is never given again."""
        ...


class Belongings(Protocol):
    """What staff keep for themselves: unsent texts, work on many cases, and views that are not shared."""

    async def remove(self, account: str) -> None:
        """Delete all of it. What is shared stays."""
        ...


class Invitations(Protocol):
    """Links with which somebody gives themselves a password: a new member of staff, or who has forgotten theirs.

    Only the link has the token; here is its digest.
    """

    async def add(self, digest: str, account: str, until: datetime, *, is_invitation: bool = False) -> None:
        """The one link of *account* from now on: earlier ones no longer work. *is_invitation*: an admin made it."""
        ...

    async def invited(self, account: str, now: datetime) -> bool:
        """Whether an admin's link of *account* still works."""
        ...

    async def account(self, digest: str, now: datetime) -> str | None:
        """Whose link it is; None when it was used, withdrawn, or has ended."""
        ...

    async def take(self, digest: str, now: datetime) -> str | None:
        """The same, and the link no longer works: of two who use it at once, one is told None."""
        ...

    async def withdraw(self, account: str) -> None:
        """No link of *account* works any more."""
        ...


class SecondSteps(Protocol):
    """What accounts must show besides their password, and what of it was used already."""

    async def find(self, account: str) -> SecondStep | None:
        """None: the password is enough."""
        ...

    async def keep(self, account: str, key: bytes, last_step: int, recovery: Sequence[str]) -> None:
        """Ask for it from now on. *last_step*: used already. *recovery*: digests of codes that work once each."""
        ...

    async def use_step(self, account: str, step: int) -> bool:
        """False: a code of that step or a later one was used before, also at this very moment."""
        ...

    async def use_recovery(self, account: str, digest: str) -> bool:
        """False: it was used before, also at this very moment."""
        ...

    async def renew_recovery(self, account: str, digests: Sequence[str]) -> None:
        """Only these work from now on."""
        ...

    async def remove(self, account: str) -> None:
        """The password is enough again."""
        ...


class KeptPosts(Protocol):
    """What was typed and sent after a session had ended: for a while, for its own account only."""

    async def keep(self, account: str, post: KeptPost, until: datetime) -> None:
        """It is encrypted at rest."""
        ...

    async def of(self, account: str, now: datetime) -> Sequence[KeptPost]:
        """The oldest first."""
        ...

    async def take(self, account: str, post_id: str, now: datetime) -> KeptPost | None:
        """It is given out once; None when it has ended, or is not of *account*."""
        ...


class Passwords(Protocol):
    """Hashes and checks passwords. Both are slow on purpose; a check takes as long where there is no account."""

    async def hash(self, password: str) -> str:
        """A salted hash of *password*."""
        ...

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Without a hash: False, after the same work. The time that it takes must not show which accounts exist."""
        ...


class Sessions(Protocol):
    """Who is logged in, by a digest of their token."""

    async def begin(
        self, digest: str, account: str, at: datetime, until: datetime, *, network: str = "", browser: str = ""
    ) -> None:
        """Log *account* in, *until* this moment at the latest. *network*, *browser*: as its owner is shown them."""
        ...

    async def of(self, account: str, now: datetime, unused_since: datetime) -> Sequence[Session]:
        """Where *account* is logged in, the last used first."""
        ...

    async def owner(self, digest: str, ended_since: datetime) -> str | None:
        """Whose session it is, or was until *ended_since* or later. Asking is no use."""
        ...

    async def account(self, digest: str, now: datetime, unused_since: datetime, *, is_use: bool = True) -> str | None:
        """Whose session it is, unless it has ended or was last used before *unused_since*. Asking *is_use* of it."""
        ...

    async def end(self, digest: str, at: datetime, account: str | None = None) -> None:
        """Log out. Only if it is a session of *account*, where that is given."""
        ...

    async def end_all(self, account: str, at: datetime) -> None:
        """Log *account* out everywhere."""
        ...
