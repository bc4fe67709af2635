"""A quote as it is kept for good, with its ids and its number.

Its ids are made from the request's, so that two processes that price one request at once give the quote the same id.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID, uuid5

from shared.events import Change, Option, Parcel, TariffRef

FIRST_REVISION: Final = 1
"""The revision that answers the request itself."""

Basis = Literal["tariff", "manual"]
"""Who set the premium: the tariff, or staff with a reason."""

ERASED: Final = Parcel(key="erased", box="")
"""In place of a parcel of a request that was erased."""
_QUOTE_NO: Final = re.compile(r"(.+)-([0-9]{1,4})")
_IDS: Final = UUID("4d0e8d3f-3a53-5c1d-9c6e-7f6f1f0b5b52")


@dataclass(frozen=True, slots=True)
class PlainStep:
    """A step of the premium that may be kept unencrypted: figures are decimals as text, amounts in 円.

    The input of the step and its cell in the tariff are in the worksheet only: both would reveal an answer.
    """

    label: str
    factor: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The priced part of a quote. The first option heads it, and `premium_yen` is its premium.

    `expires_on` is the last day on which it holds, a date in Japan.
    """

    basis: Basis
    premium_yen: int
    options: tuple[Option, ...]
    changes: tuple[Change, ...]
    workings: tuple[PlainStep, ...]
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The answer to one request: an offer, or without one a referral to a person. Only an erasure ever changes it.

    `answers` is the parcel with the answers that were priced, still encrypted: it can be opened and priced again.
    `worksheet` is the whole computation (`Worksheet`), encrypted for rating itself. `edition` is the id of the tariff
    and form that priced it; None when no tariff was in force that day. `decision` is the id of the decision that made
    a revision after the first.
    """

    request_id: str
    reception_no: str
    product: str
    revision: int
    form_version: str
    tariff: TariffRef
    edition: str | None
    engine: str
    issued_at: datetime
    answers: Parcel
    worksheet: Parcel
    decision: str | None = None
    offer: Offer | None = None

    @property
    def id(self) -> str:
        """One for each request and revision: of two writers, the second finds the quote of the first."""
        return document_id(self.request_id, self.revision)

    @property
    def quote_id(self) -> str:
        """Its id in events."""
        return str(uuid5(_IDS, self.id))

    @property
    def quote_no(self) -> str:
        """Its 見積番号, `K7M2P4XR-1`."""
        return f"{self.reception_no}-{self.revision}"

    @property
    def is_erased(self) -> bool:
        """Whether what was answered is erased: the premium stays, and nobody can compute it again."""
        return self.answers == ERASED

    @property
    def premium_yen(self) -> int | None:
        """What the option that heads it costs in a year; None for a referral."""
        return self.offer.premium_yen if self.offer else None


def document_id(request_id: str, revision: int) -> str:
    """The `Quote.id` of that revision of the request's quote."""
    return f"q:{request_id}:r{revision}"


def parse_quote_no(text: str) -> tuple[str, int | None]:
    """The reception number and the revision of a 見積番号. Anything else is a reception number without a revision.

    People also type them in small letters and with blanks around.
    """
    text = text.strip().upper()
    match = _QUOTE_NO.fullmatch(text)
    return (match[1], int(match[2])) if match else (text, None)
