"""Writing letters: every arriving fact is kept, then whatever letters have become due are written."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from services.notify.domain.contact import Contact, contact_in, terms_in
from services.notify.domain.due import TO_CONTACT, Due, letters_due
from services.notify.domain.fields import fields_for
from services.notify.domain.message import Attachment, Draft, Party, compose
from services.notify.domain.sheet import quote_sheet
from services.notify.ports import Fact, Facts, Letter, Letters, Papers, Parcels
from shared.errors import Invalid
from shared.events import Content, QuoteOffered, RequestReceived
from shared.products import Product
from shared.runtime.clock import Clock
from shared.runtime.outbox import Nudge

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The addresses that our letters carry."""

    mail_from: str
    desk_email: str
    dashboard_url: str

    def case_url(self, request_id: str) -> str:
        """Where staff see the case."""
        return f"{self.dashboard_url.rstrip('/')}/cases/{request_id}"


@dataclass(frozen=True, slots=True)
class WriteLetters:
    """Keep a fact and write what is due. Safe to repeat: a letter that is written keeps its first bytes."""

    products: Mapping[str, Product]
    facts: Facts
    letters: Letters
    parcels: Parcels
    papers: Papers
    letterhead: Letterhead
    now: Clock
    nudge: Nudge

    async def __call__(self, fact: Fact) -> None:
        """Insert first, then look: of two facts that arrive at once, the later look sees both."""
        await self.facts.add(fact)
        await self.catch_up(fact.request_id)

    async def catch_up(self, request_id: str) -> None:
        """Write every letter of this request that is due and not written yet."""
        known = await self.facts.known(request_id)
        request = known.request
        if request is None:
            return
        product = self.products.get(request.product)
        if product is None:
            raise Invalid("unknown-product")
        written = await self.letters.written(request_id)
        missing = [due for due in letters_due(known, product.release) if due.letter_id not in written]
        if missing:
            parcel = self._open(request)
            for due in missing:
                await self._write(due, request, product, parcel)

    def _open(self, request: RequestReceived) -> Content:
        parcel = request.parcels.get("notify")
        if parcel is None:
            raise Invalid("no-parcel")
        return self.parcels.open(parcel)

    async def _write(self, due: Due, request: RequestReceived, product: Product, parcel: Content) -> None:
        started = time.perf_counter()
        draft = await self._draft(due, request, product, parcel)
        letter = Letter(
            id=due.letter_id,
            request_id=request.request_id,
            reception_no=request.reception_no,
            product=request.product,
            kind=due.kind,
            sender=draft.sender.email,
            recipient=draft.to.email,
            since=due.since,
            created_at=draft.created_at,
            due=draft.created_at,
        )
        if await self.letters.keep(letter, compose(draft)):
            self.nudge()
            took_ms = round((time.perf_counter() - started) * 1000, 1)
            log.info(
                "letter written", letter_id=letter.id, request_id=letter.request_id, kind=letter.kind, took_ms=took_ms
            )

    async def _draft(self, due: Due, request: RequestReceived, product: Product, parcel: Content) -> Draft:
        contact = contact_in(parcel)
        titles, attachments = await self._enclosures(due, request, product, contact, parcel)
        case_url = self.letterhead.case_url(request.request_id)
        fields = fields_for(due, request, contact, product, case_url=case_url, brochures=titles)
        subject, text = product.letters[due.kind].render(fields)
        agency = product.agency
        desk = Party(f"{agency.name} 資料請求窓口", self.letterhead.desk_email)
        return Draft(
            letter_id=due.letter_id,
            sender=Party(agency.name, self.letterhead.mail_from),
            reply_to=Party(agency.name, agency.email),
            to=Party(f"{contact.person} 様", contact.email) if due.kind in TO_CONTACT else desk,
            subject=subject,
            text=text,
            attachments=attachments,
            created_at=self.now(),
        )

    async def _enclosures(
        self, due: Due, request: RequestReceived, product: Product, contact: Contact, parcel: Content
    ) -> tuple[list[str], tuple[Attachment, ...]]:
        """The titles that the text mentions, and the PDFs."""
        if due.kind == "receipt" and request.wishes.brochure == "email":
            brochures = await self.papers.brochures(product)
            return [brochure.title for brochure in brochures], tuple(brochure.attachment for brochure in brochures)
        if due.kind == "quote" and isinstance(due.quote, QuoteOffered):
            sheet = quote_sheet(due.quote, product, contact, terms_in(parcel))
            pdf = await self.papers.quote(product, sheet, due.quote.issued_at)
            return [], (Attachment(f"mitsumori-{request.reception_no}.pdf", pdf),)
        return [], ()
