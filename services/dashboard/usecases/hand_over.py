"""Give out what the insurer needs of one case. Who got it is recorded before."""

from dataclasses import dataclass

from services.dashboard.domain.answers import answer_sections
from services.dashboard.domain.case import Case
from services.dashboard.domain.hand_over import HandOver, offer_to_hand_over
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.cases import Cases
from services.dashboard.usecases.open_case import (
    answers_now_of,
    contact_now,
    open_addresses,
    open_decisions,
    open_request,
)
from services.dashboard.usecases.release import ReleaseQuote
from shared.clock import JST, Clock
from shared.events.parcels import Contact
from shared.products import Products
from shared.runtime.parcels import ParcelOpener


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverCase:
    """The latest offer with everything that it rests on. The case stays as it is: staff close it themselves."""

    products: Products
    cases: Cases
    release: ReleaseQuote
    opener: ParcelOpener
    audit: Audit
    now: Clock

    async def __call__(self, request_id: str, account: str) -> HandOver | None:
        """None: there is nothing to hand over, or it cannot be read. Raises `Unavailable`."""
        case = await self.cases.find(request_id)
        if not isinstance(case, Case):
            return None
        quote = offer_to_hand_over(case, is_kept_back=self.release.is_kept_back(case))
        product, request = self.products.get(case.request.product), open_request(self.opener, case)
        now = answers_now_of(case, product, request, open_decisions(self.opener, case))
        contact = contact_now(request, open_addresses(self.opener, case))
        if quote is None or quote.head is None or product is None or now is None or contact is None:
            return None
        if not now.is_known:
            return None
        await self.audit.record("handed-over-case", self.now(), account, request_id)
        answers = {key: value for key, value in now.answers.items() if key not in Contact.model_fields}
        return HandOver(
            reception_no=case.request.reception_no,
            quote_no=f"{quote.reception_no}-{quote.revision}",
            product=product.slug,
            product_name=product.name,
            insurer=product.insurer_on(quote.issued_at.astimezone(JST).date()),
            form_version=case.request.form_version,
            tariff=quote.tariff.id,
            issued_at=quote.issued_at,
            expires_on=quote.expires_on,
            basis=quote.basis,
            cover=quote.head,
            contact=contact,
            answers=answers,
            sections=answer_sections(now.form, answers, {}),
        )
