"""How a letter is tried, so that nothing but the mail server's own silence can make a second copy.

An attempt is three facts, each kept by one insert, and the insert is the lock
(docs/adr/0008-three-insert-mail-attempts.md):

* `Claim`   someone works on it; until its lease ends nobody else does
* `Token`   the content is about to be transmitted; whoever holds the token transmits
* `Result`  what became of it

A claim without a token was certainly not sent. Before anyone else may go on, they must win its token themselves
(void), so a sleeper that wakes up finds the token taken and stops: a fence without clocks. A refusal before the
content is recorded under a void token too, for the same reason. A token without a result may have been sent or
not (RFC 1047); it is sent again, the same bytes, and counted as ambiguous.

An attempt at a letter that would help nobody any more is claimed as any other, so that nobody else is sending it, and
closed under a void token: it has *lapsed*, which ends the letter.

A lease is what a worker gets who lives; one who is known to be gone is not waited for. That only decides when others
go on: what they may do then is the same either way.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

CLAIM_LEASE: Final = timedelta(seconds=60)
TOKEN_LEASE: Final = timedelta(seconds=660)
"""Longer than the ten minutes that RFC 5321 gives a server to answer the final dot."""
BEAT_S: Final = 5.0
"""How often a process that may hold letters says that it is alive."""
GONE_AFTER: Final = timedelta(seconds=15)
"""Silent for longer, it counts as gone."""
GIVE_UP_AFTER: Final = timedelta(hours=72)
_MINUTES: Final = (0.5, 1, 2, 5, 10, 20, 30)
_THEN: Final = timedelta(hours=1)

Outcome = Literal["accepted", "later", "refused", "line-lost", "ambiguous", "lapsed"]


@dataclass(frozen=True, slots=True)
class Claim:
    """Attempt *number* is being made, until *until*. *by* is new for every attempt, *worker* for every process."""

    letter_id: str
    number: int
    by: str
    worker: str
    at: datetime
    until: datetime

    @property
    def id(self) -> str:
        """One claim an attempt."""
        return f"{self.letter_id}:{self.number}"


@dataclass(frozen=True, slots=True)
class Token:
    """The right to transmit in attempt *number*; void when it was taken so that nobody transmits any more."""

    letter_id: str
    number: int
    by: str
    worker: str
    at: datetime
    until: datetime
    void: bool = False

    @property
    def id(self) -> str:
        """One token an attempt."""
        return f"{self.letter_id}:{self.number}:tx"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of attempt *number*, with the server's reply code when it gave one."""

    letter_id: str
    number: int
    by: str
    at: datetime
    outcome: Outcome
    code: int | None = None

    @property
    def id(self) -> str:
        """One result an attempt."""
        return f"{self.letter_id}:{self.number}:res"


Step = Claim | Token | Result


@dataclass(frozen=True, slots=True)
class Ready:
    """Attempt *number* may be claimed."""

    number: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before *until*."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """*worker* is at it and has until *until*; unless it turns out to be gone."""

    until: datetime
    worker: str


@dataclass(frozen=True, slots=True)
class Silent:
    """Attempt *number* was left behind: by its *token* holder (it may have been sent), or before (it was not)."""

    number: int
    token: Token | None


@dataclass(frozen=True, slots=True)
class Ended:
    """The letter's fate, and how it came about."""

    sent: bool
    at: datetime
    attempts: int
    ambiguous: bool
    code: int | None


Standing = Ready | Wait | Held | Silent | Ended


def standing(steps: Sequence[Step], now: datetime, gone: Collection[str] = ()) -> Standing:
    """Where a letter stands, from everything that was ever kept about its attempts, if the workers in *gone* are."""
    claims = [step for step in steps if isinstance(step, Claim)]
    if not claims:
        return Ready(1)
    last = max(claims, key=lambda claim: claim.number)
    token = next((step for step in steps if isinstance(step, Token) and step.number == last.number), None)
    results = sorted((step for step in steps if isinstance(step, Result)), key=lambda result: result.number)
    if results and results[-1].number == last.number:
        return _after(results, first=min(claims, key=lambda claim: claim.number).at, now=now)
    if token and token.void:
        return Ready(last.number + 1)
    held = token or last
    if now >= held.until or held.worker in gone:
        return Silent(last.number, token)
    return Held(held.until, held.worker)


def outcome_of(code: int) -> Outcome:
    """What an SMTP reply code means for the letter."""
    match code // 100:
        case 2:
            return "accepted"
        case 5:
            return "refused"
        case _:
            return "later"


def _after(results: Sequence[Result], *, first: datetime, now: datetime) -> Ready | Wait | Ended:
    last = results[-1]
    due = last.at + _back_off(len(results))
    if last.outcome in ("accepted", "refused", "lapsed") or due - first > GIVE_UP_AFTER:
        doubt = any(result.outcome == "ambiguous" for result in results)
        tries = sum(result.outcome != "lapsed" for result in results)
        return Ended(last.outcome == "accepted", last.at, tries, doubt, last.code)
    return Wait(due) if now < due else Ready(last.number + 1)


def _back_off(tries: int) -> timedelta:
    return timedelta(minutes=_MINUTES[tries - 1]) if tries <= len(_MINUTES) else _THEN
