"""The templates of letters and documents, and the only names that they may use.

A name that is not declared here is found when a process starts, not when a customer waits for the letter. None of
them is a 告知 answer, so no letter can ever show one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import jinja2
import jinja2.nodes

from shared.products.errors import Problem

_ALWAYS: Final = frozenset({"reception_no", "accepted_at", "product", "notices", "signature"})
_PERSON: Final = frozenset({"company", "department", "person"})
_REACH: Final = frozenset({"phone", "email", "postal_address"})
_WISHES: Final = frozenset({"brochure", "wants_quote"})
_QUOTE: Final = frozenset({"quote_no", "issued_on", "expires_on", "premium", "plan", "riders", "covers"})

LETTER_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "receipt": _ALWAYS | _PERSON | _WISHES | {"brochures", "postal_address"},
    "quote": _ALWAYS | _PERSON | _QUOTE,
    "referral": _ALWAYS | _PERSON,
    "desk": _ALWAYS | _PERSON | _REACH | _WISHES | {"result", "premium", "release", "case_url"},
    "desk-late": _ALWAYS | _PERSON | {"case_url"},
    "desk-undelivered": _ALWAYS
    | _PERSON
    | _REACH
    | {"failed_kind", "failed_at", "attempts", "reply_code", "case_url"},
}
"""What a letter of each kind may speak of. Every kind is needed."""

_ABOUT: Final = frozenset({"product", "insurer", "agency", "document_no", "notices", "mark"})
DOCUMENT_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "quote": _ABOUT
    | _PERSON
    | _QUOTE
    | {"industry", "turnover", "fixed_premium", "period", "payment", "conditions"},
    "product": _ABOUT,
}
"""What a Typst template may speak of, by the name that it gives to its data: `quote` or `product`."""

_COVER: Final = frozenset({"label", "basis", "limit", "deductible"})
_AGENCY: Final = frozenset({"name", "phone", "phone_label", "hours", "address", "email", "complaints", "authority"})
_DATA: Final = re.compile(r"\b(quote|product)\.([a-z_]+)(?:\.([a-z_]+))?")
