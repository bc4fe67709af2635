"""Makes the email of a letter that is due: its recipient, its text and its PDFs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Final

from services.notify.domain.attachment import pdf_part, quote_file_name
from services.notify.domain.brochure import Brochure, divided
from services.notify.domain.brochure_links import BrochureLinks, link_to
from services.notify.domain.due import Due
from services.notify.domain.facts import WithoutRequest
from services.notify.domain.letters.fields import DeskContext, LinkContext, LinkedBrochure, RequestContext
from services.notify.domain.message import Email, NamedAddress, addr_spec
from services.notify.domain.names import named_company, shown_person
from services.notify.domain.news_links import NewsLinks
from services.notify.domain.offer import form_of, quote_no
from services.notify.domain.parcels import (
    MailedLink,
    as_priced,
    read_contact,
    read_corrected_address,
    read_declared,
    read_link,
    read_quote,
    read_terms,
    wants_news,
)
from services.notify.domain.pieces import Pieces
from services.notify.domain.product import ProductWithLetters
from services.notify.domain.quote_document import quote_document
from services.notify.domain.unmade import EXPIRED
from services.notify.domain.wording import day, jst_date
from services.notify.ports import Papers
from shared.clock import Clock
from shared.errors import Invalid
from shared.events import (
    AddressCorrected,
    CaseOverdue,
    ColleagueAnswered,
    ColleagueAsked,
    Content,
    Paper,
    Parcel,
    PasswordResetAsked,
    QuoteOffered,
    RequestReceived,
    ResumeLinkAsked,
    StaffInvited,
)
from shared.events.link_parcels import AnsweredForNotify, ColleagueLinkForNotify
from shared.events.parcels import (
    Contact,
    ResumeLinkForNotify,
    StaffLinkForNotify,
)
from shared.products import Product
from shared.runtime.parcels import ParcelOpener

_UNREADABLE: Final = Contact(company="", department="", person="", phone="", email="", postal_code="", address="")
"""Of a request whose parcel cannot be read."""
_LINKS: Final[Mapping[type[WithoutRequest], type[MailedLink]]] = {
    ResumeLinkAsked: ResumeLinkForNotify,
    ColleagueAsked: ColleagueLinkForNotify,
    ColleagueAnswered: AnsweredForNotify,
    StaffInvited: StaffLinkForNotify,
    PasswordResetAsked: StaffLinkForNotify,
}
"""What the parcel of a fact holds that has somebody mailed a link."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The addresses that our letters show."""

    mail_from: str
    desk_email: str
    dashboard_url: str
    public_url: str = ""
    """Of intake; empty where nobody says."""

    @property
    def dashboard(self) -> str:
        """The dashboard's address, without a slash at the end."""
        return self.dashboard_url.rstrip("/")

    def case_url(self, request_id: str) -> str:
        """Where staff see the case."""
        return f"{self.dashboard}/cases/{request_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeLetter:
    """Compose a due letter. Raises `Invalid` when its request, quote or template does not allow it."""

    parcels: ParcelOpener
    papers: Papers
    letterhead: Letterhead
    now: Clock
    links: BrochureLinks | None = None
    """To brochures that a mail would be too big for. None: all are enclosed."""
    news_links: NewsLinks | None = None
    """To where news are stopped. None: only the desk can do it."""

    async def __call__(self, due: Due, asked: RequestReceived | WithoutRequest, product: ProductWithLetters) -> Email:
        """The email, dated now."""
        match asked:
            case RequestReceived():
                return await self._about_request(due, asked, product)
            case CaseOverdue():
                desk = DeskContext(product=product, day=jst_date(self.now()), dashboard=self.letterhead.dashboard)
                return self._email(due, product, self._desk(product), desk)
            case _:
                link = read_link(self._open(asked.parcels), _LINKS[type(asked)])
                context = LinkContext(product=product, day=jst_date(self.now()), link=link)
                return self._email(due, product, NamedAddress("", link.email), context)

    def _desk(self, product: Product) -> NamedAddress:
        return NamedAddress(f"{product.agency.name} 資料請求窓口", self.letterhead.desk_email)

    async def _about_request(self, due: Due, request: RequestReceived, product: ProductWithLetters) -> Email:
        try:
            parcel = self._open(request.parcels)
            contact = read_contact(parcel)
        except Invalid:
            if due.declaration.needs_contact:
                raise
            parcel, contact = {}, _UNREADABLE
        if due.occasion.failed_correction is not None and contact is not _UNREADABLE:
            contact = contact.model_copy(update={"email": self._failed_address(due.occasion.failed_correction)})
        enclosed, linked = await self._brochures(due, request, product)
        # Whoever reads the mails to an address that staff registered has not asked for news.
        has_opted_in = due.correction is None and wants_news(parcel) is True
        context = RequestContext(
            product=product,
            day=jst_date(self.now()),
            request=request,
            contact=contact,
            case_url=self.letterhead.case_url(request.request_id),
            brochures=tuple(brochure.title for brochure in enclosed),
            linked=linked,
            wants_news=has_opted_in,
            news_url=self.news_links.url(contact.email) if has_opted_in and self.news_links else "",
            can_print=self.papers.can_print,
        )
        address = contact.email
        if due.correction is not None:
            address = read_corrected_address(self._open(due.correction.parcels))
        customer = NamedAddress(shown_person(contact), address)
        if due.declaration.reader == "desk":
            # An answer to a held request may go to somebody who never wrote to us, so staff must choose to send it.
            can_answer = not request.is_held and _is_address(contact.email)
            return self._email(due, product, self._desk(product), context, reply_to=customer if can_answer else None)
        attachments = [(brochure.part,) for brochure in enclosed]
        quote, paper = await self._quote(due, request, product, contact, parcel)
        return self._email(due, product, customer, context, (*attachments, *quote), paper=paper)

    def _email(
        self,
        due: Due,
        product: ProductWithLetters,
        to: NamedAddress,
        context: RequestContext | LinkContext | DeskContext,
        attachments: tuple[Pieces, ...] = (),
        *,
        reply_to: NamedAddress | None = None,
        paper: Paper | None = None,
    ) -> Email:
        fields = due.declaration.fill(context, due.occasion.fact)
        subject, text = product.letters[due.kind].render(asdict(fields))
        return Email(
            letter_id=due.letter_id,
            sender=NamedAddress(product.agency.name, self.letterhead.mail_from),
            reply_to=reply_to or NamedAddress(product.agency.name, product.agency.email),
            to=to,
            subject=subject,
            text=text,
            links=fields.links,
            attachments=attachments,
            paper=paper,
            created_at=self.now(),
        )

    async def _brochures(
        self, due: Due, request: RequestReceived, product: Product
    ) -> tuple[tuple[Brochure, ...], tuple[LinkedBrochure, ...]]:
        """Those that the mail encloses, and those that it links to."""
        if due.declaration.encloses != "brochures" or request.wishes.brochure != "email":
            return (), ()
        brochures = await self.papers.brochures(product)
        if not brochures:
            # The product has stopped to send them since the request: no mail may say that it encloses them.
            raise Invalid("no-brochure")
        if self.links is None:
            return brochures, ()
        enclosed, others = divided(brochures, self.links.enclosed_bytes)
        return enclosed, tuple(self._linked(product.slug, brochure, self.links) for brochure in others)

    def _linked(self, product: str, brochure: Brochure, links: BrochureLinks) -> LinkedBrochure:
        link = link_to(product, brochure.version, self.now())
        return LinkedBrochure(title=brochure.title, url=links.url(link), until=day(link.until))

    async def _quote(
        self, due: Due, request: RequestReceived, product: Product, contact: Contact, parcel: Content
    ) -> tuple[tuple[Pieces, ...], Paper | None]:
        quote = due.occasion.fact
        if due.declaration.encloses != "quote" or not isinstance(quote, QuoteOffered):
            return (), None
        if quote.expires_on < jst_date(self.now()):
            raise Invalid(EXPIRED)
        # Quotes of earlier versions have no parcel for us.
        said = self._open(quote.parcels) if "notify" in quote.parcels else {}
        priced = as_priced(parcel, said)
        document = quote_document(
            quote,
            product,
            contact,
            read_terms(priced),
            form=form_of(request, product),
            savings=read_quote(said).savings,
            declared=read_declared(priced),
            public_url=self.letterhead.public_url,
        )
        pdf = await self.papers.quote(product, document, quote.issued_at)
        name = quote_file_name(jst_date(quote.issued_at), named_company(contact), quote_no(quote))
        return (pdf_part(name, pdf),), Paper(quote_no=document.quote_no, sha256=sha256(pdf).hexdigest())

    def _failed_address(self, correction: AddressCorrected) -> str:
        """Of the letter that failed; empty where nobody can read it, which must not keep the desk from its letter."""
        try:
            return read_corrected_address(self._open(correction.parcels))
        except Invalid:
            return ""

    def _open(self, parcels: Mapping[str, Parcel]) -> Content:
        parcel = parcels.get("notify")
        if parcel is None:
            raise Invalid("no-parcel")
        return self.parcels.open(parcel)


def _is_address(text: str) -> bool:
    try:
        addr_spec(text)
    except ValueError:
        return False
    return True
