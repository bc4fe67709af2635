"""Writes letters: every fact that arrives is kept, then the letters that have become due are written.

What can never be made is given up (give_up.py), and the desk's letter about it becomes due: a person has to do in its
place what it would have done. A bug that stays is told to the desk like that, and is a dead letter besides. Of a
product that we do not have there are no texts, not even for the desk: only the dashboard shows what is to do.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog

from services.notify.domain.dkim import NOT_SIGNED, Dkim
from services.notify.domain.due import Due, letters_due
from services.notify.domain.facts import Fact, WithoutRequest
from services.notify.domain.letter import Letter
from services.notify.domain.message import Email, encode
from services.notify.domain.pieces import Pieces
from services.notify.domain.product import ProductWithLetters
from services.notify.domain.return_path import ReturnPath
from services.notify.domain.unmade import DEAD_ADDRESS, why_too_late
from services.notify.ports import Facts, Letters
from services.notify.usecases.compose import ComposeLetter
from services.notify.usecases.give_up import GivenUp, GiveUpLetter
from services.notify.usecases.withhold import WithholdLetter
from shared.errors import Invalid, Unavailable
from shared.events import RequestReceived
from shared.runtime.ends import ENDS
from shared.runtime.parcels import UnknownKey
from shared.runtime.telemetry import current_traceparent

log = structlog.get_logger(__name__)

TOGETHER_S: Final = 0.05
"""How long a letter that is ready waits for others that the same fact has made due."""
OWN_FOR: Final = timedelta(seconds=2)
"""As long is a new letter left to the process that wrote it and has it in memory."""

_Composed = tuple[Letter, Pieces]

HandOver = Callable[[Letter, Pieces], None]
"""Gives a letter that has just been kept to the dispatcher, with its bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLetters:
    """Keep a fact and write what is due. Safe to repeat: a letter that is written keeps its first bytes."""

    products: Mapping[str, ProductWithLetters]
    facts: Facts
    letters: Letters
    compose: ComposeLetter
    withhold: WithholdLetter
    give_up: GiveUpLetter
    hand_over: HandOver
    return_path: ReturnPath | None = None
    """Where reports about a letter go; None: to the address that it shows as its sender."""
    dkim: Dkim = NOT_SIGNED
    in_hand: set[str] = field(default_factory=set)
    """The letters that this process is writing now, because of another fact. If that fails, so does the other fact."""

    async def __call__(self, fact: Fact) -> None:
        """Keep the fact first, then look: when two facts arrive at once, the later of the two looks sees both."""
        await self.facts.add(fact)
        await self.write_due(fact.request_id)

    async def write_due(self, request_id: str) -> None:
        """Write every letter under this id that is due, not written yet and not given up.

        If several fail, this raises the error of one that may succeed later, where there is one.
        """
        bugs: list[BaseException] = []
        has_given_up = True
        while has_given_up:
            ends = await self._write_missing(request_id)
            given_up = [end for end in ends if isinstance(end, GivenUp)]
            bugs += [end.error for end in given_up if not isinstance(end.error, Invalid)]
            # Then once more: the desk's letter about what was given up is due now.
            has_given_up = any(end.is_first for end in given_up)
        failures = [*bugs, *(end for end in ends if isinstance(end, BaseException))]
        if failures:
            raise min(failures, key=_urgency)

    async def _write_missing(self, request_id: str) -> list[GivenUp | BaseException | None]:
        """For each letter what failed, that it was given up, or None."""
        known = await self.facts.known(request_id)
        asked = known.asked
        if asked is None:
            return []
        product = self.products.get(asked.product)
        ended = {*known.written, *(failure.letter_id for failure in known.failures)}
        missing = [
            due
            for due in letters_due(known, product.release if product else "desk")
            if due.letter_id not in ended and due.letter_id not in self.in_hand
        ]
        ours = {due.letter_id for due in missing}
        self.in_hand.update(ours)
        composed = [asyncio.ensure_future(self._compose(due, asked, product)) for due in missing]
        try:
            if composed:
                # Those that are ready soon are kept and sent together. The desk's letter must not wait for long until
                # the customer's 見積書 is made.
                await asyncio.wait(composed, timeout=TOGETHER_S)
            writing = (self._write_or_give_up(due, asked, one) for due, one in zip(missing, composed, strict=True))
            # Let each one finish: a letter that can never be written must not stop the others.
            return await asyncio.gather(*writing, return_exceptions=True)
        finally:
            for letter in composed:
                letter.cancel()
            self.in_hand.difference_update(ours)

    async def _write_or_give_up(
        self, due: Due, asked: RequestReceived | WithoutRequest, composed: Awaitable[_Composed | None]
    ) -> GivenUp | None:
        try:
            await self._write(composed)
        except ENDS:
            raise
        except BaseException as error:
            given_up = await self.give_up(due, asked, error)
            if given_up is None:
                raise
            return given_up
        return None

    async def _compose(
        self, due: Due, asked: RequestReceived | WithoutRequest, product: ProductWithLetters | None
    ) -> _Composed | None:
        """None when nobody needs it any more."""
        if product is None:
            # Given up like any other letter that cannot be made.
            raise Invalid("unknown-product")
        email = await self.compose(due, asked, product)
        until = due.occasion.until
        if until is not None and email.created_at >= until:
            if reason := why_too_late(due.kind, until, email.created_at):
                raise Invalid(reason)
            log.info("letter too late", letter_id=due.letter_id, request_id=asked.request_id, kind=due.kind)
            return None
        letter = self._letter(due, asked, email)
        if due.correction is not None:
            await self.withhold.lift(due.correction, letter.recipient)
        if await self.withhold(letter):
            if isinstance(asked, RequestReceived):
                raise Invalid(DEAD_ADDRESS)
            log.info("letter not sent", reason=DEAD_ADDRESS, letter_id=due.letter_id, kind=due.kind)
            return None
        return letter, self.dkim.signed(encode(email))

    async def _write(self, composed: Awaitable[_Composed | None]) -> None:
        started = time.perf_counter()
        if (made := await composed) is None:
            return
        letter, content = made
        if not await self.letters.add(letter, content):
            return
        self.hand_over(letter, content)
        took_ms = round((time.perf_counter() - started) * 1000, 1)
        log.info("letter written", letter_id=letter.id, request_id=letter.request_id, kind=letter.kind, took_ms=took_ms)

    def _letter(self, due: Due, asked: RequestReceived | WithoutRequest, email: Email) -> Letter:
        return Letter(
            id=due.letter_id,
            request_id=asked.request_id,
            reception_no=asked.reception_no if isinstance(asked, RequestReceived) else "",
            product=asked.product,
            kind=due.kind,
            corrected_by=due.corrected_by,
            sender=self.return_path.of_letter(due.letter_id) if self.return_path else email.sender.address,
            recipient=email.to.address,
            since=due.occasion.since,
            created_at=email.created_at,
            due=email.created_at + OWN_FOR,
            until=due.occasion.until,
            paper=email.paper,
            traceparent=current_traceparent(),
        )


def _urgency(failure: BaseException) -> int:
    """What may still succeed comes first: then the fact is worked on again. After `Invalid` it is a dead letter."""
    match failure:
        case Unavailable():
            return 0
        case UnknownKey():
            return 2
        case Invalid():
            return 3
        case _:
            return 1
