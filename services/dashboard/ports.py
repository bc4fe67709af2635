"""What the dashboard needs from outside: protocols, and the values that they pass.

Methods that use the database raise `Unavailable` when it cannot be reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

from services.dashboard.domain.account import Account, KeptPost, Session
from services.dashboard.domain.case import BrokenCase, Case
from services.dashboard.domain.facts import Decided, Fact
from services.dashboard.domain.listing import Selection
from services.dashboard.domain.roles import FORMER_ROLE, Role
from services.dashboard.domain.second_step import SecondStep
from services.dashboard.domain.summary import CaseSummary
from services.dashboard.domain.visitor import Visitor
from shared.events import DecisionWithdrawn

Act = Literal[
    "logged-in",
    "logged-out",
    "listed-cases",
    "opened-case",
    "released-quote",
    "released-mails",
    "decided-on-quote",
    "took-back",
    "worked-on-case",
    "account-added",
    "link-made",
    "two-step-on",
    "two-step-off",
    "recovery-code-used",
    "recovery-codes-renewed",
    "session-ended",
    "sessions-ended",
    "password-changed",
    "role-changed",
    "account-disabled",
    "account-enabled",
    "account-removed",
]
Failure = Literal["refused", "locked"]
"""How a log-in failed: a wrong name or password, or too many of them before."""


class Cases(Protocol):
    """The facts, each stored once, and the cases that they make."""

    async def add(self, fact: Fact) -> bool:
        """Store *fact* for good. False: it was there already. Raises `Invalid` (cannot-be-stored)."""
        ...

    async def find(self, request_id: str) -> Case | BrokenCase | None:
        """The case, or None while its request has not arrived."""
        ...

    async def find_many(self, request_ids: Sequence[str]) -> Sequence[Case | BrokenCase]:
        """Those that are there, in this order."""
        ...

    async def count(self) -> int:
        """About how many requests there are."""
        ...

    async def ids_after(self, request_id: str, limit: int) -> Sequence[str]:
        """The ids of at most *limit* requests, in their order, that come after *request_id* (empty: from the first)."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in an order: the value that is sorted by, and the id of its request."""

    value: datetime | int
    request_id: str


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a selection: what comes after a case, what comes before one, the first cases, or the last ones."""

    after: Place | None = None
    before: Place | None = None
    is_last: bool = False


class Summaries(Protocol):
    """The read model: a summary of every case. It can be deleted, and made again from the facts."""

    async def put(self, summaries: Sequence[CaseSummary]) -> None:
        """Keep each, unless there is one of its case that was made from more or later facts, or by a newer version."""
        ...

    async def page(self, selection: Selection, window: Window, limit: int) -> Sequence[CaseSummary]:
        """At most *limit* cases, in the order of the selection; as quick for the last as for the first."""
        ...

    async def count(self, selection: Selection, most: int) -> int:
        """How many cases the selection has; *most* where it has as many or more."""
        ...

    async def request_of(self, reception_no: str) -> str | None:
        """The id of the request with this 受付番号."""
        ...

    async def is_current(self, rules: str) -> bool:
        """Whether every case was summarised by this version and these *rules* (`finish`)."""
        ...

    async def begin_again(self) -> None:
        """From now on any new summary takes the place of what there is, however many facts that was made from."""
        ...

    async def finish(self, rules: str) -> None:
        """Note that every case was summarised by this version and these *rules*. Drops what was not made again."""
        ...


class Added(StrEnum):
    """What became of a decision."""

    KEPT = "kept"
    KNOWN = "known"
    """The same was decided before."""
    OVERTAKEN = "overtaken"
    """Another decision came first."""


class Withdrawn(StrEnum):
    """What became of taking a decision back."""

    DONE = "done"
    TOO_LATE = "too-late"
    """It is published, or about to be; or somebody else has taken it back."""
    OVERTAKEN = "overtaken"
    """Another decision about the case came first."""


class Decisions(Protocol):
    """What staff decided: stored, and published from there."""

    async def add(self, decision: Decided, *, after: int | None = None) -> Added:
        """Store *decision* with its unsent event.

        *after*: how many decisions of its case whoever decides has seen. Of two that were made after the same number,
        the second is not stored. None: for what contradicts nothing. What can be taken back is held for a while.
        """
        ...

    async def withdraw(
        self, decision_id: str, withdrawal: DecisionWithdrawn, *, after: int, before: datetime
    ) -> Withdrawn:
        """Take back the decision with this id (`fact_id`), and keep *withdrawal* with its unsent event in its place.

        Both or neither. *after*: as in `add`. *before*: it is too late unless the decision is held longer than that.
        """
        ...


class SetAside(Protocol):
    """The records that this service could not work on."""

    async def count_open(self) -> int:
        """How many wait for a person."""
        ...


class Accounts(Protocol):
    """Who may log in."""

    async def add(
        self, name: str, password_hash: str | None, at: datetime, role: Role = FORMER_ROLE, *, temporary: bool = False
    ) -> bool:
        """False: there is an account of this name already. Without a password nobody can log in yet.

        *temporary*: somebody else knows the password, so it must be changed at the first log-in.
        """
        ...

    async def set_password(self, name: str, password_hash: str, *, temporary: bool = False) -> None:
        """Replace the password: the earlier one no longer works. A disabled account stays disabled."""
        ...

    async def set_role(self, name: str, role: Role) -> None:
        """From the next request on, *name* may do what *role* allows."""
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

    async def disable(self, name: str, at: datetime) -> None:
        """Nobody can log in as *name* until it is enabled."""
        ...

    async def enable(self, name: str) -> None:
        """The opposite of `disable`."""
        ...

    async def remove(self, name: str) -> None:
        """Delete the account."""
        ...


class Invitations(Protocol):
    """Links with which somebody gives themselves a password: a new member of staff, or who has forgotten theirs.

    Only the link has the token; here is its digest.
    """

    async def add(self, digest: str, account: str, until: datetime) -> None:
        """The one link of *account* from now on: earlier ones no longer work."""
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

    async def owner(self, digest: str) -> str | None:
        """Whose session it is or was, also one that ended because nobody used it. Asking is no use."""
        ...

    async def account(self, digest: str, now: datetime, unused_since: datetime) -> str | None:
        """Whose session it is, unless it has ended or was last used before *unused_since*. Asking is a use."""
        ...

    async def end(self, digest: str, account: str | None = None) -> None:
        """Log out. Only if it is a session of *account*, where that is given."""
        ...

    async def end_all(self, account: str) -> None:
        """Log *account* out everywhere."""
        ...


class Devices(Protocol):
    """The browsers that have logged in before, by a digest of their token."""

    async def accounts(self, digest: str, now: datetime) -> frozenset[str]:
        """Who has logged in with it; empty for a token that we never gave out, or that has ended."""
        ...

    async def remember(self, digest: str, account: str, until: datetime) -> None:
        """Note that *account* has logged in with it. It ends at *until*."""
        ...

    async def forget(self, account: str) -> None:
        """No browser is known to *account* any more."""
        ...


class Tries(Protocol):
    """Log-ins that have not succeeded, by what they are counted under (an account, a browser, a network)."""

    async def count(self, counter: str, at: datetime, since: datetime) -> tuple[str, tuple[datetime, ...]]:
        """Count a try before its password is checked: many tries at the same moment must not escape the lock.

        Returns the id of the try, and when the other tries under *counter* after *since* were made.
        """
        ...

    async def uncount(self, try_id: str) -> None:
        """Forget one try: its password was right, or was not checked."""
        ...

    async def clear(self, counter: str) -> None:
        """Forget all tries under *counter*: the right password was given."""
        ...


class FailedLogIns(Protocol):
    """How often log-ins failed: a number for each hour, account and network, however many somebody tries."""

    async def add(self, failure: Failure, at: datetime, account: str | None, visitor: Visitor) -> int:
        """Count one; returns how many log-ins have failed in this hour in all.

        *account* is None when there is no such account: the name that was typed may be a password.
        """
        ...


class Audit(Protocol):
    """What staff did and when; insert-only, and nothing about customers."""

    async def record(
        self,
        act: Act,
        at: datetime,
        account: str,
        request_id: str | None = None,
        *,
        seen: Sequence[str] = (),
        visitor: Visitor | None = None,
        about: str | None = None,
    ) -> None:
        """*seen*: the ids of the requests on a page of the list. *visitor*: where a log-in came from.

        *about*: the account that *account* did something to.
        """
        ...
