"""What a letter's fields are filled from, and the fields that many letters have.

A template never sees an event or a parcel, only the fields of its letter; so no mail can show a 告知 answer, because no
letter has a field for one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.notify.domain import wording
from services.notify.domain.names import salutation, shown_company
from services.notify.domain.parcels import MailedLink
from shared.events import RequestReceived
from shared.events.parcels import Contact
from shared.products import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedBrochure:
    """A brochure that is downloaded, because it is too big for the mail."""

    title: str
    url: str
    until: str
    """The last day on which the link holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """What a letter about a request may be filled from, beside the fact that makes it due.

    All texts of `contact` are empty when it cannot be read: some letters to the desk go out all the same.
    """

    product: Product
    day: date
    """When the letter is written."""
    request: RequestReceived
    contact: Contact
    case_url: str
    brochures: tuple[str, ...]
    """The titles of the brochures that are enclosed."""
    linked: tuple[LinkedBrochure, ...]
    wants_news: bool
    """Whether the letter goes to an address whose owner has asked for news."""
    news_url: str
    """Where they stop them; empty where we have no such page."""
    can_print: Callable[[str], bool]
    """Whether the 見積書 shows a text as it is, and nothing in it as 〓."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskContext:
    """What a letter to the desk about several cases may be filled from."""

    product: Product
    day: date
    """When the letter is written."""
    dashboard: str
    """Its address, without a slash at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkContext:
    """What a letter with a link may be filled from: neither a name nor an answer."""

    product: Product
    day: date
    """When the letter is written."""
    link: MailedLink


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFields:
    """What every letter may use."""

    product: str
    notices: Mapping[str, str]

    @property
    def links(self) -> tuple[str, ...]:
        """The addresses among these fields that are ours: only they become links in the HTML of the letter."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFields(LetterFields):
    """What every letter to a person may use. `signed_fields` fills it."""

    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFields(SignedFields):
    """What every letter to the contact of a request may use. `fields_for_contact` fills it.

    Of what was typed only the salutation: the address may be somebody else's, whom our mail would bring a message.
    """

    reception_no: str
    accepted_at: str
    salutation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFields(LetterFields):
    """What every letter to the desk may use. `fields_for_desk` fills it."""

    reception_no: str
    accepted_at: str
    is_readable: bool
    """Whether the contact could be read. If not, everything about it is empty."""
    shown_company: str
    """For the subject: never a company that does not look like one."""
    company: str
    department: str
    person: str
    phone: str
    email: str
    postal_address: str
    case_url: str

    @property
    def links(self) -> tuple[str, ...]:
        """The page of the case."""
        return (self.case_url,)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFields(SignedFields):
    """The link alone: a mail to a mistyped address must not say whose it is."""

    url: str
    valid_until: str

    @property
    def links(self) -> tuple[str, ...]:
        """The link that the letter is about."""
        return (self.url,)


def link_fields(context: LinkContext, expires_at: datetime) -> LinkFields:
    """For a link that works until then."""
    return LinkFields(**signed_fields(context), url=context.link.url, valid_until=wording.minute(expires_at))


def signed_fields(context: RequestContext | LinkContext) -> dict[str, Any]:
    """The fields of `SignedFields`."""
    return {**fields_of_product(context.product), "signature": _signature(context.product, context.day)}


def fields_for_contact(context: RequestContext) -> dict[str, Any]:
    """The fields of `ContactFields`."""
    return {**signed_fields(context), **_of_request(context), "salutation": salutation(context.contact)}


def fields_for_desk(context: RequestContext) -> dict[str, Any]:
    """The fields of `DeskFields`."""
    contact = context.contact
    is_readable = any(text for _, text in contact)
    return {
        **fields_of_product(context.product),
        **_of_request(context),
        "is_readable": is_readable,
        "shown_company": shown_company(contact) or ("(企業名は本文)" if is_readable else "(企業名不明)"),
        "company": contact.company,
        "department": contact.department,
        "person": contact.person,
        "phone": contact.phone,
        "email": contact.email,
        "postal_address": _postal_address(contact),
        "case_url": context.case_url,
    }


def fields_of_product(product: Product) -> dict[str, Any]:
    """The fields of `LetterFields`."""
    return {"product": product.name, "notices": product.notices}


def _of_request(context: RequestContext) -> dict[str, Any]:
    return {
        "reception_no": context.request.reception_no,
        "accepted_at": wording.minute(context.request.accepted_at),
    }


def _postal_address(contact: Contact) -> str:
    """In one line, as on an envelope."""
    return f"〒{contact.postal_code} {contact.address} {contact.building}".rstrip()


def _signature(product: Product, day: date) -> str:
    """The sender details at the foot of every mail that leaves the agency, as the law and good manners require."""
    agency = product.agency
    lines = (
        f"取扱代理店　　{agency.name}",
        f"　　　　　　　{agency.address}",
        f"　　　　　　　{agency.phone_label} {agency.phone}({agency.hours})",
        f"　　　　　　　メール {agency.email}",
        f"苦情・ご相談　{agency.complaints}",
        f"引受保険会社　{product.insurer_on(day)}",
        f"募集文書番号　{product.document_no}",
        agency.authority,
    )
    return "\n".join(("-" * 66, *lines, "-" * 66))
