"""Accept a valid request: one durable insert, and nobody is asked to wait for anything else.

A request may be sent again at any time (a double click, a retry after a lost answer): the same key and answers are
the same request. Without a key, the same answers within ten minutes are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.intake.domain.reading import Answers
from services.intake.domain.reception import Chance, reception_no
from services.intake.domain.request import Request, as_typed, fingerprint, request_id, shares, wishes
from services.intake.domain.segment import segment
from services.intake.domain.suspicion import of_answers
from services.intake.ports import ReceptionNoTaken, Requests
from shared.clock import Clock
from shared.errors import Unavailable
from shared.events import RequestReceived
from shared.products import Product
from shared.runtime.parcels import Sealer

log = structlog.get_logger(__name__)

SAME_REQUEST_WITHIN: Final = timedelta(minutes=10)
_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Accepted:
    """Kept for good. `new` is False when it had been kept before."""

    request_id: str
    reception_no: str
    new: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """This key was used for other answers."""


@dataclass(frozen=True, slots=True)
class _Form:
    product: Product
    answers: Answers
    typed: Mapping[str, str]
    suspicions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubmitRequest:
    """Keep accepted answers, sealed for those who may read them, with the event that announces them."""

    requests: Requests
    sealer: Sealer
    chance: Chance
    now: Clock

    async def __call__(
        self,
        product: Product,
        answers: Answers,
        idempotency_key: str | None = None,
        *,
        sent: Mapping[str, object] | None = None,
        suspicions: Iterable[str] = (),
    ) -> Accepted | Conflict:
        """Safe to repeat. Raises `Unavailable`: then nothing is known to be kept, and the same call may be tried.

        *sent* is what the answers were read from: the desk can see how they were typed.
        """
        started = self.now()
        form = _Form(product, answers, as_typed(answers, sent or {}), (*suspicions, *of_answers(answers)))
        if idempotency_key is None:
            kept, new = await self._recent_or_new(form, started)
        else:
            mark = fingerprint(product.slug, answers, idempotency_key)
            kept, new = await self._keep(form, request_id(product.slug, f"key:{idempotency_key}"), mark, started)
            if kept.fingerprint != mark:
                log.info("request in conflict", request_id=kept.id, product=product.slug)
                return Conflict()
        took_ms = (self.now() - started) // timedelta(milliseconds=1)
        word = "request accepted" if new else "request repeated"
        log.info(
            word,
            request_id=kept.id,
            reception_no=kept.event.reception_no,
            product=product.slug,
            suspicions=list(kept.event.suspicions),
            took_ms=took_ms,
        )
        return Accepted(kept.id, kept.event.reception_no, new)

    async def _recent_or_new(self, form: _Form, now: datetime) -> tuple[Request, bool]:
        slug = form.product.slug
        mark = fingerprint(slug, form.answers, "")
        # The clock is cut into spans of ten minutes. Within one, the id alone finds the repetition; a request from
        # the end of the span before is looked up. Two posts on either side of the cut, at once, are two requests.
        span = int(now.timestamp() // SAME_REQUEST_WITHIN.total_seconds())
        before = await self.requests.find(request_id(slug, f"body:{mark}:{span - 1}"))
        if before is not None and now - before.accepted_at < SAME_REQUEST_WITHIN:
            return before, False
        return await self._keep(form, request_id(slug, f"body:{mark}:{span}"), mark, now)

    async def _keep(self, form: _Form, identity: str, mark: str, now: datetime) -> tuple[Request, bool]:
        product, answers = form.product, form.answers
        parts = shares(product, answers, form.typed)
        parcels = {reader: self.sealer.seal(reader, share) for reader, share in parts.items()}
        for _ in range(_TRIES):
            event = RequestReceived(
                request_id=identity,
                reception_no=reception_no(self.chance),
                product=product.slug,
                form_version=product.form.version,
                accepted_at=now,
                wishes=wishes(answers),
                segment=segment(answers),
                suspicions=form.suspicions,
                parcels=parcels,
            )
            try:
                kept = await self.requests.keep(Request(event, mark))
            except ReceptionNoTaken:
                continue
            return kept, kept.event.reception_no == event.reception_no
        raise Unavailable("reception numbers")
