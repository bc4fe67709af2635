"""The same work on many cases: fixed when it is proposed, so that it is done to what was shown and nothing else."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.dashboard.domain.new_work import DECLINED, NOT_TAKEN_UP, Assign, Close, Post

MOST: Final = 10_000
"""Cases of one run. More is a mistake in the filter."""

KEPT_FOR: Final = timedelta(days=30)
"""From its proposal on, a run can be looked at; then it is deleted."""

BulkWork = Assign | Post | Close


@dataclass(frozen=True, slots=True)
class Planned:
    """One case of a run. `seen`: how many decisions it had when the run was proposed."""

    request_id: str
    seen: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A case to which it was not done, and why: a `Problem`, `overtaken` or `bug`."""

    request_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkRun:
    """`at`: how many of `planned` were tried. `is_running`: a process is at it now.

    `is_stopped`: the rest is not done and never will be, because its owner may not do such work any more.
    """

    id: str
    account: str
    work: BulkWork
    planned: tuple[Planned, ...]
    at: int = 0
    skipped: tuple[Skipped, ...] = ()
    is_running: bool = False
    is_stopped: bool = False

    @property
    def done(self) -> int:
        """To how many it was done."""
        return self.at - len(self.skipped)

    @property
    def done_to(self) -> frozenset[str]:
        """The cases to which it was done."""
        tried = {one.request_id for one in self.planned[: self.at]}
        return frozenset(tried - {one.request_id for one in self.skipped})

    @property
    def is_finished(self) -> bool:
        """Every case was tried."""
        return self.at >= len(self.planned)


def is_possible(work: BulkWork) -> bool:
    """Whether it can be done to many cases. What needs a text or another case is done on the page of a case."""
    if not isinstance(work, Close):
        return True
    reasons = {"not-taken-up": NOT_TAKEN_UP, "declined": DECLINED}.get(work.outcome or "", ("",))
    return work.outcome not in {None, "duplicate"} and not work.text and work.reason in reasons
