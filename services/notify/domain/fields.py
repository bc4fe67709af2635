"""What a letter's template may speak of, by kind.

A template never sees an event or a parcel, only these names; so no mail can show a 告知 answer, because none of
them is here. The loader checks every template against the same names (shared/products/letters.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from services.notify.domain import wording
from services.notify.domain.contact import Contact
from services.notify.domain.due import Due, Release, release_of
from services.notify.domain.sheet import choice_label, covers, exchanges, head_option, quote_no, rider_labels
from services.notify.domain.suspicions import in_sentences
from shared.events import LetterKind, QuoteOffered, QuoteReferred, RequestReceived
from shared.products import Product
from shared.yen import yen

KIND_NAMES: Mapping[LetterKind, str] = {
    "receipt": "受付のお知らせ",
    "quote": "見積書のお届け",
    "referral": "担当者からのご連絡のお知らせ",
    "desk": "新しい依頼",
    "desk-late": "処理の遅れ",
    "desk-undelivered": "不達のお知らせ",
    "resume": "ご入力の再開のご案内",
}

Fields = dict[str, object]


def fields_for(
    due: Due,
    request: RequestReceived,
    contact: Contact,
    product: Product,
    *,
    case_url: str,
    brochures: Sequence[str],
) -> Fields:
    """The fields of the letter that is *due*."""
    fields = {**_always(request, product), **_person(contact)}
    match due.kind:
        case "receipt":
            return fields | _wishes(request) | {"brochures": list(brochures), "postal_address": _postal(contact)}
        case "quote" if isinstance(due.quote, QuoteOffered):
            return fields | _quote(due.quote, product)
        case "desk":
            result = _result(due, release_of(request, product.release))
            suspicions = {"suspicions": in_sentences(request.suspicions)}
            return fields | _wishes(request) | _reach(contact) | result | suspicions | {"case_url": case_url}
        case "desk-undelivered":
            return fields | _reach(contact) | _failure(due) | {"case_url": case_url}
        case _:
            return fields | {"case_url": case_url} if due.kind == "desk-late" else fields


def _always(request: RequestReceived, product: Product) -> Fields:
    return {
        "reception_no": request.reception_no,
        "accepted_at": wording.minute(request.accepted_at),
        "product": product.name,
        "notices": product.notices,
        "signature": signature(product),
    }


def signature(product: Product) -> str:
    """What the law and good manners want at the foot of every mail."""
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


def _person(contact: Contact) -> Fields:
    return {"company": contact.company, "department": contact.department, "person": contact.person}


def _postal(contact: Contact) -> str:
    return f"〒{contact.postal_code} {contact.address} {contact.building}".rstrip()


def _reach(contact: Contact) -> Fields:
    return {"phone": contact.phone, "email": contact.email, "postal_address": _postal(contact)}


def _wishes(request: RequestReceived) -> Fields:
    return {"brochure": request.wishes.brochure, "wants_quote": request.wishes.quote}


def _quote(quote: QuoteOffered, product: Product) -> Fields:
    option = head_option(quote)
    return {
        "quote_no": quote_no(quote),
        "issued_on": wording.day(quote.issued_at),
        "expires_on": wording.day(quote.expires_on),
        "premium": yen(option.premium),
        "plan": choice_label(product, "plan", option.plan),
        "riders": list(rider_labels(product, option)),
        "covers": [asdict(cover) for cover in covers(option)],
        "changes": [asdict(change) for change in exchanges(product, quote.changes)],
    }


def _result(due: Due, release: Release) -> Fields:
    match due.quote:
        case QuoteOffered() as quote:
            premium = yen(head_option(quote).premium)
            return _ending("offered", release) | {"premium": premium, "changed": bool(quote.changes)}
        case QuoteReferred():
            return _ending("referred", release)
        case _:
            return _ending("none", release)


def _ending(result: str, release: Release) -> Fields:
    return {"result": result, "premium": "", "changed": False, "release": release}


def _failure(due: Due) -> Fields:
    failure = due.failure
    if failure is None:
        return {}
    return {
        "failed_kind": KIND_NAMES[failure.kind],
        "failed_at": wording.minute(failure.failed_at),
        "attempts": failure.attempts,
        "reply_code": failure.reply_code,
    }
