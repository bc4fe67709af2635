"""What a letter's fields are filled from, and the fields that many letters have.

A template never sees an event or a parcel, only the fields of its letter; so no mail can show a 告知 answer, because no
letter has a field for one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.notify.domain import wording
from shared.events import RequestReceived
from shared.events.parcels import Contact, ResumeLinkForNotify
from shared.products import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """What a letter about a request may be filled from, beside the fact that makes it due."""

    product: Product
    request: RequestReceived
    contact: Contact
    case_url: str
    brochures: tuple[str, ...]
    """The titles of the brochures that are enclosed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkContext:
    """What a letter to somebody who has sent no request yet may be filled from: neither a name nor an answer."""

    product: Product
    link: ResumeLinkForNotify


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFields:
    """What every letter may use. `fields_of_product` fills it."""

    product: str
    notices: Mapping[str, str]
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFields(LetterFields):
    """What every letter about a request may use. `fields_of_request` fills it."""

    reception_no: str
    accepted_at: str
    company: str
    department: str
    person: str


def fields_of_product(product: Product) -> dict[str, Any]:
    """The fields of `LetterFields`."""
    return {"product": product.name, "notices": product.notices, "signature": _signature(product)}


def fields_of_request(context: RequestContext) -> dict[str, Any]:
    """The fields of `RequestFields`."""
    return {
        **fields_of_product(context.product),
        "reception_no": context.request.reception_no,
        "accepted_at": wording.minute(context.request.accepted_at),
        "company": context.contact.company,
        "department": context.contact.department,
        "person": context.contact.person,
    }


def postal_address(contact: Contact) -> str:
    """In one line, as on an envelope."""
    return f"〒{contact.postal_code} {contact.address} {contact.building}".rstrip()


def _signature(product: Product) -> str:
    """The sender details at the foot of every mail, as the law and good manners require."""
    agency = product.agency
    lines = (
        f"取扱代理店　　{agency.name}",
        f"　　　　　　　{agency.address}",
        f"　　　　　　　{agency.phone_label} {agency.phone}({agency.hours})",
        f"　　　　　　　メール {agency.email}",
        f"苦情・ご相談　{agency.complaints}",
        f"引受保険会社　{product.insurer}",
        f"募集文書番号　{product.document_no}",
        agency.authority,
    )
    return "\n".join(("-" * 66, *lines, "-" * 66))
