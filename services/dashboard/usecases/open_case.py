"""Open a case for staff: only here and in the list are the desk's parcels opened."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import structlog
from pydantic import ValidationError

from services.dashboard.domain.case import BrokenCase, Case
from services.dashboard.domain.corrected_answers import AnswersNow, answers_now
from services.dashboard.domain.parcels import CannotBeOpened, request_for_desk
from services.dashboard.domain.quote_terms import QuoteTerms, terms_of
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.cases import Cases
from shared.clock import Clock
from shared.errors import Invalid
from shared.events import (
    ApprovalAsked,
    ApprovalRefused,
    CaseClosed,
    CaseHeld,
    Content,
    CustomerContacted,
    NoteAdded,
    Parcel,
    QuoteDecided,
    QuoteOffered,
    QuoteReferred,
)
from shared.events.parcels import (
    Answer,
    Contact,
    CorrectedAddress,
    DecisionForDesk,
    NoteForDesk,
    QuoteForDesk,
    RequestForDesk,
)
from shared.products import Form, Product, Products
from shared.runtime.parcels import ParcelOpener

log = structlog.get_logger(__name__)

_WITH_TEXT: Final = (NoteAdded, CustomerContacted, CaseClosed, CaseHeld, ApprovalRefused)
_Contents = TypeVar("_Contents")


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case with its parcels opened. The case is shown even if a parcel cannot be opened.

    `texts`: what staff wrote down, by the id of what they did. `decisions`: what they asked rating for, by its id;
    nothing of those of an earlier version, which only rating can open. `addresses`: mail addresses, by the correction.
    `trace`: as `Cases.trace_of`.
    """

    case: Case
    request: RequestForDesk | CannotBeOpened
    quote: QuoteForDesk | CannotBeOpened | None = None
    texts: Mapping[str, NoteForDesk | CannotBeOpened] = field(default_factory=dict)
    decisions: Mapping[str, DecisionForDesk | CannotBeOpened] = field(default_factory=dict)
    addresses: Mapping[str, CorrectedAddress | CannotBeOpened] = field(default_factory=dict)
    trace: str | None = None

    @property
    def contact(self) -> Contact | None:
        """How the customer is reached now; None when that cannot be read."""
        return contact_now(self.request, self.addresses)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """One case with everything in it. Who opened it is recorded before anything is returned."""

    cases: Cases
    opener: ParcelOpener
    audit: Audit
    now: Clock

    async def __call__(self, request_id: str, account: str) -> OpenedCase | BrokenCase | None:
        """None: no such case, or its request has not arrived yet."""
        case = await self.cases.find(request_id)
        if case is None:
            return None
        await self.audit.record("opened-case", self.now(), account, request_id)
        if isinstance(case, BrokenCase):
            return case
        return opened_case(self.opener, case, await self.cases.trace_of(request_id))


def opened_case(opener: ParcelOpener, case: Case, trace: str | None = None) -> OpenedCase:
    """*case* with all its parcels opened. Whoever shows it has recorded that before."""
    return OpenedCase(
        case,
        open_request(opener, case),
        open_quote(opener, case.quote) if case.quote else None,
        _open_texts(opener, case),
        open_decisions(opener, case),
        open_addresses(opener, case),
        trace,
    )


def _open_texts(opener: ParcelOpener, case: Case) -> dict[str, NoteForDesk | CannotBeOpened]:
    with_text = (one for one in case.work.done if isinstance(one, _WITH_TEXT))
    return {one.decision_id: _open(opener, one.parcels, NoteForDesk.model_validate) for one in with_text if one.parcels}


def open_request(opener: ParcelOpener, case: Case) -> RequestForDesk | CannotBeOpened:
    """What the customer wrote, or why it cannot be read."""
    return _open(opener, case.request.parcels, request_for_desk)


def open_addresses(opener: ParcelOpener, case: Case) -> dict[str, CorrectedAddress | CannotBeOpened]:
    """The mail addresses that customers have told since, the oldest first, by the id of the correction."""
    corrections = case.work.corrections
    return {one.decision_id: _open(opener, one.parcels, CorrectedAddress.model_validate) for one in corrections}


def contact_now(
    request: RequestForDesk | CannotBeOpened, addresses: Mapping[str, CorrectedAddress | CannotBeOpened]
) -> Contact | None:
    """The contact as the customer wrote it, with the mail address that they have told since.

    Without any where that cannot be read: the one before is known to be wrong.
    """
    if isinstance(request, CannotBeOpened):
        return None
    if not addresses:
        return request.contact
    latest = list(addresses.values())[-1]
    email = latest.email if isinstance(latest, CorrectedAddress) else ""
    return request.contact.model_copy(update={"email": email})


def contacts_of(
    request: RequestForDesk | CannotBeOpened, addresses: Mapping[str, CorrectedAddress | CannotBeOpened]
) -> Sequence[Contact | None]:
    """What the customer is found by: the contact as they wrote it, and as it is now."""
    written = None if isinstance(request, CannotBeOpened) else request.contact
    return [written, contact_now(request, addresses)] if addresses else [written]


def open_decisions(opener: ParcelOpener, case: Case) -> dict[str, DecisionForDesk | CannotBeOpened]:
    """What staff asked rating for, or wanted to, by the id of the decision."""
    proposed = [one for one in case.work.done if isinstance(one, ApprovalAsked)]
    wanted: list[QuoteDecided | ApprovalAsked] = [*case.asked_for, *proposed]
    return {
        one.decision_id: _open(opener, one.parcels, DecisionForDesk.model_validate)
        for one in wanted
        if "desk" in one.parcels
    }


def open_followed(opener: ParcelOpener, case: Case) -> tuple[DecisionForDesk | None, ...]:
    """What led to the latest revision, in its order; None for a decision that cannot be read."""
    return tuple(_followed(case, open_decisions(opener, case)))


def open_quote(opener: ParcelOpener, quote: QuoteOffered | QuoteReferred) -> QuoteForDesk | CannotBeOpened:
    """How a price came about, or why there is none."""
    return _open(opener, quote.parcels, QuoteForDesk.model_validate)


def quote_terms_in(case: Case, products: Products, opener: ParcelOpener) -> QuoteTerms | None:
    """The terms of the latest revision; None when they cannot be read."""
    product = products.get(case.request.product)
    return quote_terms_of(case, product, open_request(opener, case), open_decisions(opener, case))


def quote_terms_of(
    case: Case,
    product: Product | None,
    request: RequestForDesk | CannotBeOpened,
    decisions: Mapping[str, DecisionForDesk | CannotBeOpened],
) -> QuoteTerms | None:
    """The same, of what was opened already."""
    if product is None or isinstance(request, CannotBeOpened):
        return None
    return terms_of(_form_of(case, product), request.answers, _followed(case, decisions), case.quote)


def answers_now_of(
    case: Case,
    product: Product | None,
    request: RequestForDesk | CannotBeOpened,
    decisions: Mapping[str, DecisionForDesk | CannotBeOpened],
) -> AnswersNow | None:
    """The answers that the latest revision was priced for; None when they cannot be read."""
    if product is None or isinstance(request, CannotBeOpened):
        return None
    # A check of the whole form looks at the contact too.
    sent: dict[str, Answer] = {**request.contact.model_dump(), **request.answers}
    return answers_now(_form_of(case, product), sent, _followed(case, decisions))


def _form_of(case: Case, product: Product) -> Form:
    """As rating does: the form that the request was sent under, or else today's."""
    return product.form_of(case.request.form_version) or product.form


def _followed(
    case: Case, decisions: Mapping[str, DecisionForDesk | CannotBeOpened]
) -> Iterator[DecisionForDesk | None]:
    revision = case.quote.revision if case.quote else 0
    opened = (decisions.get(one.decision_id) for one in case.asked_for if one.revision <= revision)
    return (one if isinstance(one, DecisionForDesk) else None for one in opened)


def _open(
    opener: ParcelOpener, parcels: Mapping[str, Parcel], read: Callable[[Content], _Contents]
) -> _Contents | CannotBeOpened:
    parcel = parcels.get("desk")
    if parcel is None:
        return CannotBeOpened("no-parcel")
    try:
        return read(opener.open(parcel))
    except Invalid as error:
        log.warning("parcel not opened", reason=str(error))
        return CannotBeOpened(str(error))
    except ValidationError:
        log.warning("parcel not opened", reason="bad-contents")
        return CannotBeOpened("bad-contents")
