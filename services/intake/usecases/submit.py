"""Accept a valid request. The customer waits for one durable insert and for nothing else.

A request may be sent again at any time (a double click, a retry after a lost answer): the same key and answers are
the same request. Without a key, the same answers within ten minutes are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.intake.domain.reception import RandomBelow, reception_no
from services.intake.domain.request import Request, as_typed, parcel_contents, wishes
from services.intake.domain.request_ids import RequestIds, older_fingerprint, older_id
from services.intake.domain.segment import segment
from services.intake.domain.suspicion import is_held, of_answers
from services.intake.ports import ReceptionNoTaken, Requests
from services.intake.usecases.limit_mails import LimitMails
from shared.answers.reading import Answers
from shared.clock import Clock
from shared.errors import Unavailable
from shared.events import RequestReceived
from shared.mail_address import mailbox_of
from shared.products import Product
from shared.runtime.parcels import Sealer

log = structlog.get_logger(__name__)

SAME_REQUEST_WITHIN: Final = timedelta(minutes=10)
_RECEPTION_NO_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Accepted:
    """Stored for good. `event` says under which number, when and by which form; `new`: not stored before."""

    event: RequestReceived
    new: bool

    @property
    def request_id(self) -> str:
        """The request's id, the same in all services."""
        return self.event.request_id

    @property
    def reception_no(self) -> str:
        """What the customer tells us when they ask about it."""
        return self.event.reception_no


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
    ids: RequestIds
    limit_mails: LimitMails
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
            fingerprint=self.fingerprint(product, answers, idempotency_key or ""),
        )
        if (older := await self._older(submission, idempotency_key, started)) is not None:
            stored, new = older, False
        elif idempotency_key is None:
            stored, new = await self._recent_or_new(submission, started)
        else:
            # A key is made by a program, and two of them may count from 1: it stands for one mailbox only.
            mailbox = mailbox_of(str(answers["email"]))
            derived_id = self.ids.id(product.slug, f"key:{idempotency_key}\n{mailbox}")
            stored, new = await self._store(submission, derived_id, started)
        if stored.fingerprint != submission.fingerprint:
            log.info("request in conflict", request_id=stored.id, product=product.slug)
            return Conflict()
        return Accepted(stored.event, new)

    def fingerprint(self, product: Product, answers: Answers, key: str = "") -> str:
        """What tells these answers, under this key, from others. Nobody else can compute it."""
        return self.ids.fingerprint(product.slug, answers, key)

    async def _older(self, submission: _Submission, key: str | None, now: datetime) -> Request | None:
        """What the version before stored for this repetition, with the fingerprint that it would have now."""
        if not self.ids.knows_older(now):
            return None
        slug = submission.product.slug
        fingerprint = older_fingerprint(slug, submission.answers, key or "")
        window = _window(now)
        names = (f"body:{fingerprint}:{window}", f"body:{fingerprint}:{window - 1}") if key is None else (f"key:{key}",)
        for name in names:
            stored = await self.requests.find(older_id(slug, name))
            if stored is not None and (key is not None or now - stored.accepted_at < SAME_REQUEST_WITHIN):
                same = stored.fingerprint == fingerprint
                return replace(stored, fingerprint=submission.fingerprint) if same else stored
        return None

    async def _recent_or_new(self, submission: _Submission, now: datetime) -> tuple[Request, bool]:
        slug, fingerprint = submission.product.slug, submission.fingerprint
        # Time is divided into windows of ten minutes. Within one, the same answers have the same id; a request of the
        # window before is looked up. Two posts at the same moment, one in each window, are two requests.
        window = _window(now)
        before = await self.requests.find(self.ids.id(slug, f"body:{fingerprint}:{window - 1}"))
        if before is not None and now - before.accepted_at < SAME_REQUEST_WITHIN:
            return before, False
        return await self._store(submission, self.ids.id(slug, f"body:{fingerprint}:{window}"), now)

    async def _store(self, submission: _Submission, derived_id: str, now: datetime) -> tuple[Request, bool]:
        product, answers = submission.product, submission.answers
        # Before the first wait: of requests that come at the same moment, each one counts for the next.
        suspicions = submission.suspicions
        suspicions = (*suspicions, *self.limit_mails(str(answers["email"]), derived_id, suspicions))
        contents = parcel_contents(product, answers, submission.typed, derived_id)
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
                suspicions=suspicions,
                is_held=is_held(suspicions),
                parcels=parcels,
            )
            try:
                stored = await self.requests.add(Request(event, submission.fingerprint))
            except ReceptionNoTaken:
                continue
            return stored, stored.event.reception_no == event.reception_no
        raise Unavailable("reception numbers")


def _window(now: datetime) -> int:
    return int(now.timestamp() // SAME_REQUEST_WITHIN.total_seconds())
