"""From a due letter to everything that it says: its reader, its text and its papers."""

from dataclasses import dataclass

from services.notify.domain.contact import Contact, contact_in, declared_in, terms_in
from services.notify.domain.due import TO_CONTACT, Due
from services.notify.domain.fields import Fields, fields_for
from services.notify.domain.message import Attachment, Draft, Party
from services.notify.domain.resume import link_in, resume_fields
from services.notify.domain.sheet import Hint, hints_in, quote_sheet
from services.notify.ports import Papers, Parcels
from shared.clock import Clock
from shared.errors import Invalid
from shared.events import Content, QuoteOffered, RequestReceived, ResumeLinkAsked
from shared.products import Product


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
class DraftLetter:
    """Say what a due letter says. Raises `Invalid` when its request, quote or template does not allow it."""

    parcels: Parcels
    papers: Papers
    letterhead: Letterhead
    now: Clock

    async def __call__(self, due: Due, asked: RequestReceived | ResumeLinkAsked, product: Product) -> Draft:
        """The letter, dated now."""
        match asked:
            case RequestReceived():
                return await self._of_request(due, asked, product)
            case ResumeLinkAsked():
                link = link_in(self._open(asked))
                return self._letter(due, product, Party("", link.email), resume_fields(asked, link, product))

    async def _of_request(self, due: Due, request: RequestReceived, product: Product) -> Draft:
        parcel = self._open(request)
        contact = contact_in(parcel)
        titles, attachments = await self._enclosures(due, request, product, contact, parcel)
        case_url = self.letterhead.case_url(request.request_id)
        fields = fields_for(due, request, contact, product, case_url=case_url, brochures=titles)
        desk = Party(f"{product.agency.name} 資料請求窓口", self.letterhead.desk_email)
        to = Party(f"{contact.person} 様", contact.email) if due.kind in TO_CONTACT else desk
        return self._letter(due, product, to, fields, attachments)

    def _letter(
        self, due: Due, product: Product, to: Party, fields: Fields, attachments: tuple[Attachment, ...] = ()
    ) -> Draft:
        subject, text = product.letters[due.kind].render(fields)
        agency = product.agency
        return Draft(
            letter_id=due.letter_id,
            sender=Party(agency.name, self.letterhead.mail_from),
            reply_to=Party(agency.name, agency.email),
            to=to,
            subject=subject,
            text=text,
            attachments=attachments,
            created_at=self.now(),
        )

    def _open(self, asked: RequestReceived | ResumeLinkAsked) -> Content:
        parcel = asked.parcels.get("notify")
        if parcel is None:
            raise Invalid("no-parcel")
        return self.parcels.open(parcel)

    def _hints(self, quote: QuoteOffered) -> tuple[Hint, ...]:
        """Of a quote that has some for us; those of earlier versions have not."""
        parcel = quote.parcels.get("notify")
        return hints_in(self.parcels.open(parcel)) if parcel else ()

    async def _enclosures(
        self, due: Due, request: RequestReceived, product: Product, contact: Contact, parcel: Content
    ) -> tuple[list[str], tuple[Attachment, ...]]:
        """The titles that the text mentions, and the PDFs."""
        if due.kind == "receipt" and request.wishes.brochure == "email":
            brochures = await self.papers.brochures(product)
            return [brochure.title for brochure in brochures], tuple(brochure.attachment for brochure in brochures)
        if due.kind == "quote" and isinstance(due.quote, QuoteOffered):
            sheet = quote_sheet(
                due.quote,
                product,
                contact,
                terms_in(parcel),
                hints=self._hints(due.quote),
                declared=declared_in(parcel),
            )
            pdf = await self.papers.quote(product, sheet, due.quote.issued_at)
            return [], (Attachment(f"mitsumori-{request.reception_no}.pdf", pdf),)
        return [], ()
