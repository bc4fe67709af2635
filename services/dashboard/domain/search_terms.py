"""What a case is found by, and what a question asks for: terms, which are only ever stored hashed (search_keys.py).

Names are cut into pieces of one, two and three characters. A question of three characters or more asks for its pieces
of three alone: they are the rarest. Docs: docs/adr/0017-search-in-sealed-cases.md.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from services.dashboard.domain.search_text import (
    email_key,
    number_key,
    phone_end,
    phone_keys,
    spellings,
    uncut,
)
from shared.events.parcels import Contact
from shared.name_keys import name_key, whole_name_key

Field = Literal["number", "company", "person", "phone", "email"]
_LONGEST_PIECE: Final = 3
_LONGEST_QUESTION: Final = 200
_END_OF_PHONE: Final = 4
_SHORTEST_WHOLE: Final = 9
_SHORTEST_REST: Final = 2
"""Characters that must be left of a name without a piece of a legal form: one alone is in thousands of names."""


class Term(NamedTuple):
    """One thing that a case is found by. It is personal: it is hashed before it is stored or sent anywhere."""

    field: Field
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a question: as a name, a number and so on. A case has all *terms*, or it is no answer."""

    field: Field
    text: str
    terms: frozenset[Term]


@dataclass(frozen=True, slots=True)
class Query:
    """A question in all its readings; without any, nothing is found."""

    readings: tuple[Reading, ...]


def terms_of_case(contact: Contact | None, reception_no: str, quote_nos: Collection[str]) -> frozenset[Term]:
    """Everything that the case is found by; its numbers alone when its *contact* cannot be opened.

    A set: how often a piece is in a name is not kept.
    """
    numbers = (Term("number", key) for key in _numbers(reception_no, quote_nos))
    return frozenset((*numbers, *(_terms_of_contact(contact) if contact else ())))


def terms_of_query(text: str) -> Query:
    """*text* as staff type it, in every way that it may be meant."""
    if len(text) > _LONGEST_QUESTION:
        return Query(())
    return Query(tuple(dict.fromkeys(_readings(text))))


def matches(query: Query, contact: Contact | None, reception_no: str, quote_nos: Collection[str]) -> bool:
    """Whether the opened case is an answer: its terms may be all there, and not be side by side in the name."""
    numbers = _numbers(reception_no, quote_nos)
    return any(
        reading.text in numbers if reading.field == "number" else contact is not None and _is_in(reading, contact)
        for reading in query.readings
    )


def _terms_of_contact(contact: Contact) -> Iterator[Term]:
    yield from _all_pieces("company", name_key(contact.company))
    yield from _all_pieces("person", name_key(contact.person))
    yield from (Term("phone", part) for key in phone_keys(contact.phone) for part in (key, key[-_END_OF_PHONE:]))
    yield from (Term("email", part) for part in _parts_of_email(contact.email))


def _readings(text: str) -> Iterator[Reading]:
    if number := number_key(text):
        yield Reading("number", number, frozenset({Term("number", number)}))
    for phone in phone_keys(text):
        yield Reading("phone", phone, frozenset({Term("phone", phone)}))
    if len(end := phone_end(text)) >= _END_OF_PHONE:
        yield Reading("phone", end, frozenset({Term("phone", end[-_END_OF_PHONE:])}))
    if email := _asked_email(text):
        yield Reading("email", email, frozenset({Term("email", email)}))
    if "@" in email.strip("@"):
        return  # A whole address is nobody's name.
    for name in filter(None, spellings(name_key(text))):
        yield Reading("company", name, frozenset(_rarest_pieces("company", name)))
        yield Reading("person", name, frozenset(_rarest_pieces("person", name)))
    whole = whole_name_key(text)
    for rest in uncut(whole):
        if len(rest) >= _SHORTEST_REST:
            yield Reading("company", whole, frozenset(_rarest_pieces("company", rest)))


def _asked_email(text: str) -> str:
    """An address, `name@` or `@domain`: what stands alone is a domain when it has a dot."""
    key = email_key(text)
    if "@" in key or not key.isascii():
        return key if "@" in key else ""
    return f"@{key}" if "." in key else f"{key}@" if key else ""


def _is_in(reading: Reading, contact: Contact) -> bool:
    match reading.field:
        case "phone":
            is_end = len(reading.text) < _SHORTEST_WHOLE
            return any(
                key.endswith(reading.text) if is_end else key == reading.text for key in phone_keys(contact.phone)
            )
        case "email":
            return reading.text in _parts_of_email(contact.email)
        case "person":
            return reading.text in name_key(contact.person)
        case _:
            return reading.text in name_key(contact.company) or reading.text in whole_name_key(contact.company)


def _numbers(reception_no: str, quote_nos: Collection[str]) -> tuple[str, ...]:
    return tuple(map(number_key, (reception_no, *quote_nos)))


def _parts_of_email(address: str) -> tuple[str, ...]:
    key = email_key(address)
    name, at, domain = key.rpartition("@")
    return (key, f"{name}@", f"@{domain}") if at else ()


def _all_pieces(field: Field, key: str) -> Iterator[Term]:
    for length in range(1, _LONGEST_PIECE + 1):
        yield from _pieces_of(field, key, length)


def _rarest_pieces(field: Field, key: str) -> Iterator[Term]:
    return _pieces_of(field, key, min(len(key), _LONGEST_PIECE))


def _pieces_of(field: Field, key: str, length: int) -> Iterator[Term]:
    return (Term(field, key[start : start + length]) for start in range(len(key) - length + 1))
