"""Whether two requests may be the same customer's wish, sent twice: the mail address or a telephone number says so."""

from datetime import timedelta
from typing import Final

from services.dashboard.domain.search_terms import Query, Reading, Term
from services.dashboard.domain.search_text import email_key, phone_keys
from shared.events.parcels import Contact

WITHIN: Final = timedelta(days=30)
"""What comes later is a new wish."""


def asked_for_alike(contact: Contact) -> Query:
    """What the search asks for: cases with this mail address, or with any of these telephone numbers."""
    email = email_key(contact.email)
    readings = [Reading("email", email, frozenset({Term("email", email)}))] if email else []
    readings += [Reading("phone", key, frozenset({Term("phone", key)})) for key in phone_keys(contact.phone)]
    return Query(tuple(readings))


def are_alike(one: Contact, other: Contact) -> bool:
    """Whether the mail addresses or two telephone numbers are the same, however they are written. None is like none."""
    email = email_key(one.email)
    if email and email == email_key(other.email):
        return True
    return not set(phone_keys(one.phone)).isdisjoint(phone_keys(other.phone))
