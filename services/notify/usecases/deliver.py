"""Delivers one letter: each step is kept before the next one begins (domain/attempts.py says why)."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

import structlog

from services.notify.domain.attempts import Claim, Outcome, Result, Step, Token, new_claim
from services.notify.domain.delivery_state import (
    Abandoned,
    DeliveryState,
    Ended,
    Leased,
    Ready,
    Wait,
    delivery_state,
)
from services.notify.domain.letter import Letter
from services.notify.domain.letters import LETTERS, Role
from services.notify.domain.refusals import place_in_envelope
from services.notify.domain.replies import TOO_BIG, outcome_after_content, outcome_before_content
from services.notify.ports import Attempts, ConnectionLost, Letters, MailConnection, MailServerRefuses, Pause
from services.notify.usecases.heartbeat import BEAT_S, DEAD_AFTER
from services.notify.usecases.metrics import count_attempt
from services.notify.usecases.withhold import IsWithheld
from shared.clock import Clock
from shared.errors import Unavailable
from shared.runtime.waiting import Backoff

log = structlog.get_logger(__name__)

CHECK_LEASE_EVERY: Final = timedelta(seconds=5)
"""How often to ask whether the worker that has the lease of a letter is still alive."""

MAX_TOKEN_AGE: Final = DEAD_AFTER - timedelta(seconds=BEAT_S)
"""Send the content only while the token is no older than this: until then no other worker can think that we are dead.

Our last heartbeat before the token is at most `BEAT_S` older than it.
"""

AWAY_FOR: Final = timedelta(minutes=1)
"""When a letter is looked at again with whose recipient or size the server refused us."""

LEDGER_BACKOFF: Final = Backoff((0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0))

IsDead = Callable[[str], Awaitable[bool]]
"""Whether this other worker is dead. When in doubt, no. Raises `Unavailable`."""
IsErased = Callable[[str], Awaitable[bool]]
"""Whether the request with this id is erased. Raises `Unavailable`."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What has come of a try: whether the mail server answered for this letter, and how the letter ended, if it did."""

    has_answered: bool
    end: Ended | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverLetter:
    """Do what is possible now for one letter. Any number of workers may try the same letter at once: it is sent once.

    `worker` is the id of this process; no other process has or had it.
    """

    worker: str
    letters: Letters
    attempts: Attempts
    is_dead: IsDead
    is_withheld: IsWithheld
    """Asked of what was not written a moment ago, because that was looked at then."""
    is_erased: IsErased
    """Asked right before a letter is claimed: one of an erased request that this process still has is not sent."""
    now: Clock
    pause: Pause
    hold_ambiguous: Collection[Role] = ()
    """To whom a letter that may have arrived is not sent again."""
    restored_at: datetime | None = None
    """When the ledger was put back in time: a letter that was due before may have been sent, and none is sent again."""

    async def __call__(self, letter: Letter, connection: MailConnection, content: bytes | None = None) -> Delivered:
        """Try, wait or take over, as the past steps of the letter require. Raises `Unavailable`.

        *content*: that of a letter which this process has just written, so that nothing need be read again, and until
        it is due for others no claim keeps them away. If another process has begun with it all the same, one of the two
        wins the token. A letter that ended is to be finished (`FinishLetter`). A mail server that has answered for it
        does not refuse us.
        """
        has_answered, is_new = False, content is not None
        steps: Sequence[Step] | None = () if is_new else None
        while True:
            if steps is None:
                steps = await self.attempts.of(letter.id)
            match await self._state(letter, steps):
                case Ready(number) if await self._is_closed(letter, number, is_new=is_new):
                    steps = None
                case Ready(number):
                    # Before the claim, because a mail server that is away must cost no attempt.
                    await connection.ensure_ready()
                    if await self.is_erased(letter.request_id):
                        # Soon nothing is left of it, and it is due no more.
                        await self.letters.postpone(letter, self.now() + AWAY_FOR)
                        return Delivered(has_answered)
                    if content is None:
                        content = await self.letters.content(letter.id)
                    is_left_to_us = is_new and self.now() <= letter.due
                    claimed = self._new_claim(letter, number) if is_left_to_us else await self._claim(letter, number)
                    has_answered, own = await self._attempt(letter, content, claimed, connection)
                    steps, is_new = (*steps, *own) if own else None, False
                case Abandoned(number, token):
                    await self._close_abandoned(letter, number, token)
                    steps = None
                case Leased(until) | Wait(until) as left:
                    look_at = min(until, self.now() + CHECK_LEASE_EVERY) if isinstance(left, Leased) else until
                    await self.letters.postpone(letter, look_at)
                    return Delivered(has_answered)
                case Ended() as end:
                    return Delivered(has_answered, end)

    async def _state(self, letter: Letter, steps: Sequence[Step]) -> DeliveryState:
        now = self.now()
        hold = LETTERS[letter.kind].role in self.hold_ambiguous or self._is_from_before_restore(letter)
        state = delivery_state(steps, now, hold_ambiguous=hold)
        # Asked only when there is a lease: a letter that nobody has tried yet must not wait for the answer.
        if isinstance(state, Leased) and state.worker != self.worker and await self.is_dead(state.worker):
            return delivery_state(steps, now, {state.worker}, hold_ambiguous=hold)
        return state

    async def _attempt(
        self, letter: Letter, content: bytes, claimed: Claim | None, connection: MailConnection
    ) -> tuple[bool, Sequence[Step]]:
        """Whether the server answered, and the three steps; none if one is not ours. Raises `MailServerRefuses`."""
        if claimed is None:
            return False, ()
        code: int | None = None
        may_be_of_letter = False
        try:
            reply = (await connection.send_envelope(letter, len(content))).on(letter.sender, letter.recipient)
            code, outcome = reply.code, outcome_before_content(reply)
            may_be_of_letter = reply.command != "MAIL" or reply.code == TOO_BIG
        except ConnectionLost:
            outcome = "line-lost"
        if outcome is None and self._is_too_late(letter):
            # The server took many minutes over the envelope: what it has not been sent, it has not got.
            code, outcome = None, "lapsed"
        token = claimed.token(self.now(), void=outcome is not None)
        if not await self._add(token):
            # We were slow or frozen for so long that we were taken for dead. Another goes on; we have sent nothing.
            return False, ()
        if outcome is None:
            code, outcome = await self._transmit(connection, letter, content, token)
        elif outcome in {"line-lost", "lapsed"}:
            await connection.close()
        result = claimed.result(self.now(), outcome, code)
        is_ours = await self._add_result(result)
        if outcome == "later" and code is not None and code >= 500:  # noqa: PLR2004  # RFC 5321: refused
            # It may be we who are refused: somebody who looks within three days still saves the letter.
            log.warning("letter waits", code=code, letter_id=letter.id, request_id=letter.request_id, kind=letter.kind)
        if outcome == "away":
            if may_be_of_letter:
                # The others first: it may be said of this one alone, and one letter would stop them all.
                await self.letters.postpone(letter, self.now() + AWAY_FOR)
            raise MailServerRefuses(place_in_envelope(code or 0), code)
        return code is not None, (claimed, token, result) if is_ours else ()

    def _is_too_late(self, letter: Letter) -> bool:
        return letter.until is not None and self.now() >= letter.until

    async def _is_closed(self, letter: Letter, number: int, *, is_new: bool) -> bool:
        """Whether no attempt must be made any more. Then this one is closed without making it."""
        if self._is_from_before_restore(letter):
            await self._leave_open(letter, number)
        elif self._is_too_late(letter) or (not is_new and await self.is_withheld(letter)):
            await self._expire(letter, number)
        else:
            return False
        return True

    def _is_from_before_restore(self, letter: Letter) -> bool:
        return self.restored_at is not None and letter.since < self.restored_at

    async def _leave_open(self, letter: Letter, number: int) -> None:
        """Keep the attempt that may have been made and is forgotten: its end is unknown."""
        claimed = self._new_claim(letter, number)
        if await self._add(claimed.token(self.now(), void=False)):
            await self._add_result(claimed.result(self.now(), "ambiguous"))

    async def _expire(self, letter: Letter, number: int) -> None:
        """Close the attempt without making it, unless somebody else is making it."""
        claimed = await self._claim(letter, number)
        if claimed and await self._add(claimed.token(self.now(), void=True)):
            await self._add_result(claimed.result(self.now(), "lapsed"))

    async def _transmit(
        self, connection: MailConnection, letter: Letter, content: bytes, token: Token
    ) -> tuple[int | None, Outcome]:
        if self.now() - token.at > MAX_TOKEN_AGE:
            # Others may already be sending it again; we sent nothing, so record line-lost. A new attempt follows.
            return None, "line-lost"
        try:
            reply = await connection.send_content(content)
        except ConnectionLost:
            return None, "ambiguous"
        return reply.code, outcome_after_content(reply.on(letter.sender, letter.recipient))

    async def _claim(self, letter: Letter, number: int) -> Claim | None:
        """Begin the attempt, unless somebody else has begun it."""
        own = self._new_claim(letter, number)
        return own if await self._add(own) else None

    def _new_claim(self, letter: Letter, number: int) -> Claim:
        return new_claim(letter.id, number, by=uuid4().hex, worker=self.worker, now=self.now())

    async def _add_result(self, result: Result) -> bool:
        """Keep what became of the attempt: without its result the letter would be sent again. True if it is ours."""
        is_ours = await self._add(result)
        count_attempt(result.outcome, result.code)
        return is_ours

    async def _add(self, step: Step) -> bool:
        """Try until *step* is kept, however long the ledger is away; True if the kept step is ours.

        If we gave up after an insert that succeeded without an answer, that step would block the letter in our own
        name until its lease ends.
        """
        failures = 0
        while True:
            try:
                return await self.attempts.add(step)
            except Unavailable:
                await self.pause(LEDGER_BACKOFF.after(failures))
                failures += 1

    async def _close_abandoned(self, letter: Letter, number: int, token: Token | None) -> None:
        """Close an attempt that its worker did not finish, unless somebody else closes it first."""
        own = self._new_claim(letter, number)
        if token is None:
            await self.attempts.add(own.token(self.now(), void=True))
        elif await self.attempts.add(own.result(token.at, "ambiguous")):
            count_attempt("ambiguous")
