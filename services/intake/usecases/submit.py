"""Accept a valid request. The customer waits for one durable insert and for nothing else.

A request may be sent again at any time (a double click, a retry after a lost answer): the same key and answers are
the same request. Without a key, the same answers within ten minutes are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.intake.domain.reading import Answers
from services.intake.domain.reception import RandomBelow, reception_no
from services.intake.domain.request import Request, answers_fingerprint, as_typed, parcel_contents, request_id, wishes
from services.intake.domain.segment import segment
from services.intake.domain.suspicion import is_held, of_answers
from services.intake.ports import ReceptionNoTaken, Requests
from shared.clock import Clock
from shared.errors import Unavailable
from shared.events import RequestReceived
from shared.products import Product
from shared.runtime.parcels import Sealer

log = structlog.get_logger(__name__)

SAME_REQUEST_WITHIN: Final = timedelta(minutes=10)
_RECEPTION_NO_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Accepted:
    """Stored for good. `new` is False when it had been stored before."""

    request_id: str
    reception_no: str
    new: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """This key was used for other answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Submission:
    product: Product
    answers: Answers
    typed: Mapping[str, str]
    suspicions: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitRequest:
    """Store accepted answers, sealed for those who may read them, with the event that publishes them."""

    requests: Requests
    sealer: Sealer
    random_below: RandomBelow
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
        """Safe to repeat. Raises `Unavailable`: it may or may not be stored, so call again with the same arguments.

        *sent* is what the answers were read from: the desk can see how they were typed.
        """
        started = self.now()
        submission = _Submission(
            product=product,
            answers=answers,
            typed=as_typed(answers, sent or {}),
            suspicions=(*suspicions, *of_answers(answers)),
            fingerprint=answers_fingerprint(product.slug, answers, idempotency_key or ""),
        )
        if idempotency_key is None:
            stored, new = await self._recent_or_new(submission, started)
        else:
            derived_id = request_id(product.slug, f"key:{idempotency_key}")
            stored, new = await self._store(submission, derived_id, started)
        if stored.fingerprint != submission.fingerprint:
            log.info("request in conflict", request_id=stored.id, product=product.slug)
            return Conflict()
        took_ms = (self.now() - started) // timedelta(milliseconds=1)
        log.info(
            "request accepted" if new else "request repeated",
            request_id=stored.id,
            reception_no=stored.event.reception_no,
            product=product.slug,
            suspicions=list(stored.event.suspicions),
            took_ms=took_ms,
        )
        return Accepted(stored.id, stored.event.reception_no, new)

    async def _recent_or_new(self, submission: _Submission, now: datetime) -> tuple[Request, bool]:
        slug, fingerprint = submission.product.slug, submission.fingerprint
        # Time is divided into windows of ten minutes. Within one, the same answers have the same id; a request of the
        # window before is looked up. Two posts at the same moment, one in each window, are two requests.
        window = int(now.timestamp() // SAME_REQUEST_WITHIN.total_seconds())
        before = await self.requests.find(request_id(slug, f"body:{fingerprint}:{window - 1}"))
        if before is not None and now - before.accepted_at < SAME_REQUEST_WITHIN:
            return before, False
        return await self._store(submission, request_id(slug, f"body:{fingerprint}:{window}"), now)

    async def _store(self, submission: _Submission, derived_id: str, now: datetime) -> tuple[Request, bool]:
        product, answers = submission.product, submission.answers
        contents = parcel_contents(product, answers, submission.typed)
        parcels = {reader: self.sealer.seal(reader, content) for reader, content in contents.items()}
        for _ in range(_RECEPTION_NO_TRIES):
            event = RequestReceived(
                request_id=derived_id,
                reception_no=reception_no(self.random_below),
                product=product.slug,
                form_version=product.form.version,
                accepted_at=now,
                wishes=wishes(answers),
                segment=segment(answers),
                suspicions=submission.suspicions,
                is_held=is_held(submission.suspicions),
                parcels=parcels,
            )
            try:
                stored = await self.requests.add(Request(event, submission.fingerprint))
            except ReceptionNoTaken:
                continue
            return stored, stored.event.reception_no == event.reception_no
        raise Unavailable("reception numbers")
