"""How far the delivery of a letter has come, worked out from the steps of its attempts alone.

A lease counts only while its worker is alive: nobody waits for a worker that is known to be dead. That only decides
when others go on; what they may do then is the same either way (attempts.py).

A letter with an ambiguous attempt is sent again, or it is held: then it ends there, and a person finds out whether it
has arrived.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.notify.domain.attempts import Claim, Result, Step, Token
from services.notify.domain.retry_schedule import RETRY_FOR, all_delays, retry_delay
from services.notify.domain.unmade import ARRIVAL_UNKNOWN


@dataclass(frozen=True, slots=True)
class Ready:
    """Attempt *number* may be claimed."""

    number: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before *until*."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Leased:
    """*worker* is working on the letter, with a lease until *until*. The lease ends early if the worker has died."""

    until: datetime
    worker: str


@dataclass(frozen=True, slots=True)
class Abandoned:
    """Attempt *number* was not finished. With a *token* the letter may have been sent, without one it was not."""

    number: int
    token: Token | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Whether the letter was sent in the end, and after how many attempts.

    `reason`: why nobody tries any more, where that was not for the mail server to say.
    """

    sent: bool
    at: datetime
    attempts: int
    ambiguous: bool
    code: int | None
    reason: str | None = None


DeliveryState = Ready | Wait | Leased | Abandoned | Ended

_DECIDED: Final = frozenset({"accepted", "refused", "lapsed"})
"""Outcomes after which nobody tries again in any case."""


def delivery_state(
    steps: Sequence[Step], now: datetime, dead: Collection[str] = (), *, hold_ambiguous: bool = False
) -> DeliveryState:
    """The state that follows from all *steps* ever kept about a letter, when the workers in *dead* are dead."""
    begun = [step for step in steps if isinstance(step, Claim | Token)]
    if not begun:
        return Ready(1)
    # The first attempt of the process that wrote the letter has a token only.
    last = max(begun, key=lambda step: step.number)
    token = next((step for step in begun if isinstance(step, Token) and step.number == last.number), None)
    results = sorted((step for step in steps if isinstance(step, Result)), key=lambda result: result.number)
    if results and results[-1].number == last.number:
        return _after_result(results, now, hold_ambiguous=hold_ambiguous)
    if token and token.void:
        return Ready(last.number + 1)
    lease = token or last
    if now >= lease.until or lease.worker in dead:
        return Abandoned(last.number, token)
    return Leased(lease.until, lease.worker)


def _after_result(results: Sequence[Result], now: datetime, *, hold_ambiguous: bool) -> Ready | Wait | Ended:
    last = results[-1]
    if hold_ambiguous and last.outcome not in _DECIDED and any(one.outcome == "ambiguous" for one in results):
        return _end(results, ARRIVAL_UNKNOWN)
    if last.outcome == "away":
        return Ready(last.number + 1)
    # Time in which the server took no letter of ours is not this letter's: its patience begins again afterwards.
    away = max((result.number for result in results if result.outcome == "away"), default=0)
    attempts = sum(result.number > away for result in results)
    due = last.at + retry_delay(attempts)
    if last.outcome in _DECIDED or all_delays(attempts) > RETRY_FOR:
        return _end(results)
    return Wait(due) if now < due else Ready(last.number + 1)


def _end(results: Sequence[Result], reason: str | None = None) -> Ended:
    last = results[-1]
    return Ended(
        sent=last.outcome == "accepted",
        at=last.at,
        attempts=sum(result.outcome not in ("lapsed", "away") for result in results),
        ambiguous=any(result.outcome == "ambiguous" for result in results),
        code=last.code,
        reason=reason,
    )
