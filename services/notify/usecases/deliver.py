"""Delivering one letter: each step is kept before the next is taken (domain/attempts.py says why)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import uuid4

import structlog

from services.notify.domain.attempts import (
    BEAT_S,
    CLAIM_LEASE,
    GONE_AFTER,
    TOKEN_LEASE,
    Claim,
    Ended,
    Held,
    Outcome,
    Ready,
    Result,
    Silent,
    Standing,
    Step,
    Token,
    Wait,
    outcome_of,
    standing,
)
from services.notify.ports import Attempts, Letter, Letters, LineLost, Outcomes, Pause, Post
from services.notify.usecases.figures import TIME_TO_MAIL, count_attempt
from shared.clock import Clock
from shared.errors import Invalid, Unavailable

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = timedelta(seconds=5)
"""How often to ask whether the worker who holds a letter is still there."""

FRESH: Final = GONE_AFTER - timedelta(seconds=BEAT_S)
"""How old a token may be when its content is sent: nobody can have taken us for gone since our last beat before it."""

GiveUp = Callable[[str], Awaitable[None]]
"""Called with the request's id when a letter has failed for good, before the letter is put away.

Raises `Invalid` when nobody can be told."""

Gone = Callable[[str], Awaitable[bool]]
"""Whether this other worker is gone. It may say no for a while, when it cannot tell. Raises `Unavailable`."""


@dataclass(frozen=True, slots=True)
class DeliverLetter:
    """Bring one letter as far as it goes now. Any number may try the same letter at once: it is sent once.

    `worker` names this process, and no other that ever was.
    """

    worker: str
    letters: Letters
    attempts: Attempts
    outcomes: Outcomes
    give_up: GiveUp
    gone: Gone
    now: Clock
    pause: Pause

    async def __call__(self, letter: Letter, post: Post) -> None:
        """Try, wait, clear up or settle, whichever its past steps ask for. Raises `Unavailable`."""
        while True:
            match await self._standing(letter):
                case Ready(number) if letter.until is not None and self.now() >= letter.until:
                    await self._lapse(letter, number)
                case Ready(number):
                    # A mail server that is away must cost no attempt: see that it answers before the claim.
                    await post.ready()
                    await self._attempt(letter, number, post)
                case Silent(number, token):
                    await self._clear_up(letter, number, token)
                case Held(until):
                    await self.letters.look_again(letter, min(until, self.now() + LOOK_EVERY))
                    return
                case Wait(until):
                    await self.letters.look_again(letter, until)
                    return
                case Ended() as end:
                    await self._settle(letter, end)
                    return

    async def _standing(self, letter: Letter) -> Standing:
        steps, now = await self.attempts.of(letter.id), self.now()
        found = standing(steps, now)
        # Asked only when somebody is in the way: a letter that nobody has tried yet must not wait for the answer.
        if isinstance(found, Held) and found.worker != self.worker and await self.gone(found.worker):
            return standing(steps, now, gone={found.worker})
        return found

    async def _attempt(self, letter: Letter, number: int, post: Post) -> None:
        by, at = uuid4().hex, self.now()
        content = await self.letters.content(letter.id)
        if not await self._keep(Claim(letter.id, number, by, self.worker, at, at + CLAIM_LEASE)):
            return
        try:
            code: int | None = await post.address(letter, len(content))
        except LineLost:
            code = None
        invited = code is not None and outcome_of(code) == "accepted"
        at = self.now()
        token = Token(letter.id, number, by, self.worker, at, at + TOKEN_LEASE, void=not invited)
        if not await self._keep(token):
            # So slow, or asleep, that we were taken for gone: somebody else goes on, and nothing of ours has been sent.
            return
        if invited:
            code, outcome = await self._transmit(post, content, token)
        else:
            outcome = "line-lost" if code is None else outcome_of(code)
        await self._remember(Result(letter.id, number, by, self.now(), outcome, code))

    async def _lapse(self, letter: Letter, number: int) -> None:
        """Close the attempt without making it, unless somebody else is making it."""
        by, at = uuid4().hex, self.now()
        if not await self._keep(Claim(letter.id, number, by, self.worker, at, at + CLAIM_LEASE)):
            return
        if await self._keep(Token(letter.id, number, by, self.worker, at, at, void=True)):
            await self._remember(Result(letter.id, number, by, at, "lapsed"))

    async def _transmit(self, post: Post, content: bytes, token: Token) -> tuple[int | None, Outcome]:
        if self.now() - token.at > FRESH:
            # Others may be about to repeat the letter as one in doubt, but nothing was sent: say so, and begin anew.
            return None, "line-lost"
        try:
            code = await post.transmit(content)
        except LineLost:
            return None, "ambiguous"
        return code, outcome_of(code)

    async def _remember(self, result: Result) -> None:
        """Keep *result*: if it is forgotten, the letter is sent again."""
        await self._keep(result)
        count_attempt(result.outcome)

    async def _keep(self, step: Step) -> bool:
        """Keep *step*, however long the ledger is away; True if it is ours.

        A step whose insert landed without an answer would hold the letter in our own name until the lease ends.
        """
        wait_s = 0.1
        while True:
            try:
                return await self.attempts.keep(step)
            except Unavailable:
                await self.pause(wait_s)
                wait_s = min(wait_s * 2, 5.0)

    async def _clear_up(self, letter: Letter, number: int, token: Token | None) -> None:
        """Close an attempt that somebody left behind; whoever is first at it does."""
        by, at = uuid4().hex, self.now()
        if token is None:
            await self.attempts.keep(Token(letter.id, number, by, self.worker, at, at, void=True))
        elif await self.attempts.keep(Result(letter.id, number, by, token.at, "ambiguous")):
            count_attempt("ambiguous")

    async def _settle(self, letter: Letter, end: Ended) -> None:
        """Keep the fate, then tell of it, then put the letter away: a crash in between repeats what is left."""
        first = await self.outcomes.settle(letter, end)
        if not end.sent:
            await self._tell_of_failure(letter)
        await self.letters.done(letter)
        if not first:
            return
        facts = {"letter_id": letter.id, "request_id": letter.request_id, "kind": letter.kind, "tries": end.attempts}
        waited = end.at - letter.since
        if end.sent:
            TIME_TO_MAIL.labels(letter.kind).observe(waited.total_seconds())
            log.info("letter sent", took_ms=round(waited.total_seconds() * 1000, 1), **facts)
        else:
            log.warning("letter failed", code=end.code, **facts)

    async def _tell_of_failure(self, letter: Letter) -> None:
        try:
            await self.give_up(letter.request_id)
        except Invalid as error:
            # Settling it again would fare no better. The fate is kept, and the dashboard shows it.
            facts = {"letter_id": letter.id, "request_id": letter.request_id, "kind": letter.kind}
            log.warning("nobody told of a failed letter", reason=str(error), **facts)
