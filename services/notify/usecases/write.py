"""Writes letters: every fact that arrives is kept, then the letters that have become due are written.

A letter about a request that can never be made is given up: its outcome is kept and published, and the desk's letter
about it becomes due, because a person has to do in its place what it would have done. Dead letters are left for what
the desk cannot mend, and a repetition may: a product that is not sold, a key that may still come (domain/unmade.py),
the link to a saved form (there is no case to show), and bugs of ours.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from services.notify.domain.due import Due, letters_due
from services.notify.domain.message import encode
from services.notify.domain.product import ProductWithLetters
from services.notify.domain.unmade import MAY_BE_MADE_LATER
from services.notify.ports import Fact, Facts, Letter, LetterHead, Letters, Outcomes
from services.notify.usecases.compose import ComposeLetter
from services.notify.usecases.metrics import count_unmade
from shared.clock import Clock
from shared.errors import Invalid, Unavailable
from shared.events import RequestReceived, ResumeLinkAsked
from shared.runtime.outbox import Nudge

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLetters:
    """Keep a fact and write what is due. Safe to repeat: a letter that is written keeps its first bytes."""

    products: Mapping[str, ProductWithLetters]
    facts: Facts
    letters: Letters
    outcomes: Outcomes
    compose: ComposeLetter
    nudge: Nudge
    now: Clock

    async def __call__(self, fact: Fact) -> None:
        """Keep the fact first, then look: when two facts arrive at once, the later of the two looks sees both."""
        await self.facts.add(fact)
        await self.write_due(fact.request_id)

    async def write_due(self, request_id: str) -> None:
        """Write every letter under this id that is due, not written yet and not given up.

        If several fail, this raises the error of one that may succeed later, where there is one.
        """
        ends: list[bool | BaseException] = [True]
        # Again after one was given up: the desk's letter about it is due now.
        while True in ends:
            ends = await self._write_missing(request_id)
        failures = [end for end in ends if isinstance(end, BaseException)]
        if failures:
            raise min(failures, key=_urgency)

    async def _write_missing(self, request_id: str) -> list[bool | BaseException]:
        """For each letter what failed, or whether it was given up."""
        known, written = await asyncio.gather(self.facts.known(request_id), self.letters.written(request_id))
        asked = known.asked
        if asked is None:
            return []
        product = self.products.get(asked.product)
        if product is None:
            raise Invalid("unknown-product")
        ended = {*written, *(failure.letter_id for failure in known.failures)}
        missing = [due for due in letters_due(known, product.release) if due.letter_id not in ended]
        # Concurrently: the desk's letter must not wait until the customer's 見積書 is made.
        writing = (self._write_or_give_up(due, asked, product) for due in missing)
        # Let each one finish: a letter that can never be written must not stop the others.
        return await asyncio.gather(*writing, return_exceptions=True)

    async def _write_or_give_up(
        self, due: Due, asked: RequestReceived | ResumeLinkAsked, product: ProductWithLetters
    ) -> bool:
        """Whether it was given up by us; again, or by another process, changes nothing."""
        try:
            await self._write(due, asked, product)
        except Invalid as error:
            reason = str(error)
            if isinstance(asked, ResumeLinkAsked) or reason in MAY_BE_MADE_LATER:
                raise
            head = LetterHead(
                id=due.letter_id,
                request_id=asked.request_id,
                reception_no=asked.reception_no,
                product=asked.product,
                kind=due.kind,
            )
            is_first = await self.outcomes.add_unmade(head, reason, self.now())
            if is_first:
                count_unmade(due.kind)
                facts = {"letter_id": head.id, "request_id": head.request_id, "kind": head.kind}
                log.warning("letter not made", reason=reason, **facts)
            return is_first
        return False

    async def _write(self, due: Due, asked: RequestReceived | ResumeLinkAsked, product: ProductWithLetters) -> None:
        started = time.perf_counter()
        email = await self.compose(due, asked, product)
        until = due.occasion.until
        if until is not None and email.created_at >= until:
            log.info("letter too late", letter_id=due.letter_id, request_id=asked.request_id, kind=due.kind)
            return
        letter = Letter(
            id=due.letter_id,
            request_id=asked.request_id,
            reception_no=asked.reception_no if isinstance(asked, RequestReceived) else "",
            product=asked.product,
            kind=due.kind,
            sender=email.sender.address,
            recipient=email.to.address,
            since=due.occasion.since,
            created_at=email.created_at,
            due=email.created_at,
            until=until,
        )
        if not await self.letters.add(letter, encode(email)):
            return
        self.nudge()
        took_ms = round((time.perf_counter() - started) * 1000, 1)
        log.info("letter written", letter_id=letter.id, request_id=letter.request_id, kind=due.kind, took_ms=took_ms)


def _urgency(failure: BaseException) -> int:
    """What may still succeed comes first: then the fact is read again. After `Invalid` it becomes a dead letter."""
    match failure:
        case Unavailable():
            return 0
        case Invalid():
            return 2
        case _:
            return 1
