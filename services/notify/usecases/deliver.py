"""Delivering one letter: each step is kept before the next is taken (domain/attempts.py says why)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import uuid4

from services.notify.domain.attempts import Claim, Outcome, Step, Token, new_claim, outcome_of
from services.notify.domain.delivery_state import (
    Abandoned,
    DeliveryState,
    Ended,
    Leased,
    Ready,
    Wait,
    delivery_state,
)
from services.notify.ports import Attempts, ConnectionLost, Letter, Letters, MailConnection, Pause
from services.notify.usecases.finish import FinishLetter
from services.notify.usecases.heartbeat import BEAT_S, GONE_AFTER
from services.notify.usecases.metrics import count_attempt
from shared.clock import Clock
from shared.errors import Unavailable
from shared.runtime.waiting import Backoff

CHECK_LEASE_EVERY: Final = timedelta(seconds=5)
"""How often to ask whether the worker that has the lease of a letter is still alive."""

FRESH: Final = GONE_AFTER - timedelta(seconds=BEAT_S)
"""How old a token may be when its content is sent: nobody can have taken us for gone since our last beat before it."""

LEDGER_BACKOFF: Final = Backoff((0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0))

IsGone = Callable[[str], Awaitable[bool]]
"""Whether this other worker is gone. It may say no for a while, when it cannot tell. Raises `Unavailable`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverLetter:
    """Bring one letter as far as it goes now. Any number may try the same letter at once: it is sent once.

    `worker` names this process, and no other that ever was.
    """

    worker: str
    letters: Letters
    attempts: Attempts
    finish: FinishLetter
    is_gone: IsGone
    now: Clock
    pause: Pause

    async def __call__(self, letter: Letter, connection: MailConnection) -> None:
        """Try, wait, take over or finish, whichever its past steps ask for. Raises `Unavailable`."""
        while True:
            match await self._state(letter):
                case Ready(number) if letter.until is not None and self.now() >= letter.until:
                    await self._expire(letter, number)
                case Ready(number):
                    # A mail server that is away must cost no attempt: see that it answers before the claim.
                    await connection.ensure_ready()
                    await self._attempt(letter, number, connection)
                case Abandoned(number, token):
                    await self._close_abandoned(letter, number, token)
                case Leased(until):
                    await self.letters.postpone(letter, min(until, self.now() + CHECK_LEASE_EVERY))
                    return
                case Wait(until):
                    await self.letters.postpone(letter, until)
                    return
                case Ended() as end:
                    await self.finish(letter, end)
                    return

    async def _state(self, letter: Letter) -> DeliveryState:
        steps, now = await self.attempts.of(letter.id), self.now()
        state = delivery_state(steps, now)
        # Asked only when there is a lease: a letter that nobody has tried yet must not wait for the answer.
        if isinstance(state, Leased) and state.worker != self.worker and await self.is_gone(state.worker):
            return delivery_state(steps, now, gone={state.worker})
        return state

    async def _attempt(self, letter: Letter, number: int, connection: MailConnection) -> None:
        content = await self.letters.content(letter.id)
        claimed = await self._claim(letter, number)
        if claimed is None:
            return
        try:
            code: int | None = await connection.send_envelope(letter, len(content))
        except ConnectionLost:
            code = None
        is_accepted = code is not None and outcome_of(code) == "accepted"
        token = claimed.token(self.now(), void=not is_accepted)
        if not await self._add(token):
            # So slow, or asleep, that we were taken for gone: another goes on, and nothing of ours has been sent.
            return
        if is_accepted:
            code, outcome = await self._transmit(connection, content, token)
        else:
            outcome = "line-lost" if code is None else outcome_of(code)
        await self._add_result(claimed, outcome, code)

    async def _expire(self, letter: Letter, number: int) -> None:
        """Close the attempt without making it, unless somebody else is making it."""
        claimed = await self._claim(letter, number)
        if claimed and await self._add(claimed.token(self.now(), void=True)):
            await self._add_result(claimed, "lapsed")

    async def _transmit(self, connection: MailConnection, content: bytes, token: Token) -> tuple[int | None, Outcome]:
        if self.now() - token.at > FRESH:
            # Others may be about to repeat the letter as one in doubt, but nothing was sent: say so, and begin anew.
            return None, "line-lost"
        try:
            code = await connection.send_content(content)
        except ConnectionLost:
            return None, "ambiguous"
        return code, outcome_of(code)

    async def _claim(self, letter: Letter, number: int) -> Claim | None:
        """Begin the attempt, unless somebody else has begun it."""
        own = new_claim(letter.id, number, by=uuid4().hex, worker=self.worker, now=self.now())
        return own if await self._add(own) else None

    async def _add_result(self, claimed: Claim, outcome: Outcome, code: int | None = None) -> None:
        """Keep what became of the attempt: if that is forgotten, the letter is sent again."""
        await self._add(claimed.result(self.now(), outcome, code))
        count_attempt(outcome)

    async def _add(self, step: Step) -> bool:
        """Keep *step*, however long the ledger is away; True if it is ours.

        A step whose insert landed without an answer would block the letter in our own name until the lease ends.
        """
        failures = 0
        while True:
            try:
                return await self.attempts.add(step)
            except Unavailable:
                await self.pause(LEDGER_BACKOFF.after(failures))
                failures += 1

    async def _close_abandoned(self, letter: Letter, number: int, token: Token | None) -> None:
        """Close an attempt that its worker did not finish; whoever is first closes it."""
        own = new_claim(letter.id, number, by=uuid4().hex, worker=self.worker, now=self.now())
        if token is None:
            await self.attempts.add(own.token(self.now(), void=True))
        elif await self.attempts.add(own.result(token.at, "ambiguous")):
            count_attempt("ambiguous")
