"""A letter of every kind, for a case that is made up: composed by the same code as the letters to customers.

`mitsumori letters preview` writes them to files, and tests hold every one of them to what a mail must be.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from nacl.public import PrivateKey

from services.notify.domain.brochure_links import BrochureLinks
from services.notify.domain.dead_address import AddressHashes
from services.notify.domain.due import Due, letters_due
from services.notify.domain.facts import Failure, KnownFacts, WithoutRequest
from services.notify.domain.message import Email
from services.notify.domain.news_links import NewsLinks
from services.notify.domain.product import ProductWithLetters
from services.notify.domain.unmade import ARRIVAL_UNKNOWN
from services.notify.ports import Papers
from services.notify.usecases.compose import ComposeLetter, Letterhead
from shared.events import (
    CaseOverdue,
    Change,
    ColleagueAnswered,
    ColleagueAsked,
    LetterKind,
    Option,
    OverdueCase,
    Parcel,
    PasswordResetAsked,
    Promise,
    QuoteOffered,
    QuoteReferred,
    RequestReceived,
    ResumeLinkAsked,
    StaffInvited,
    TariffRef,
    Wishes,
)
from shared.runtime.parcels import ParcelOpener, Sealer

_LETTERHEAD: Final = Letterhead("noreply@agency.example", "desk@agency.example", "https://desk.agency.example")
_FORM: Final = "https://form.agency.example"
_KEY_ID: Final = "notify-1"
_REQUEST_ID: Final = "6a0f4d0e-6f7b-4a5e-9a35-0d8b7b7c1f01"
_RECEPTION_NO: Final = "K7M2P4XR"
_LINK: Final = {"email": "hanako@customer.example", "url": f"{_FORM}/resume/cT9-x_4ZqL0bN7w"}
_COLLEAGUE_LINK: Final = {"email": "jiro@customer.example", "url": f"{_FORM}/help/w7Nb0LqZ4_x-9Tc"}
_ANSWERED: Final = {"email": "hanako@customer.example", "url": f"{_FORM}/"}
_SAMPLE: Final = {
    "company": "株式会社見本商事",
    "department": "総務部",
    "person": "見本 花子",
    "phone": "03-1234-5678",
    "email": "hanako@customer.example",
    "postal_code": "100-0001",
    "address": "東京都千代田区千代田1-1",
    "building": "見本ビル3階",
}
CONTACTS: Final[Mapping[str, Mapping[str, str]]] = {
    "sample": _SAMPLE,
    "long": _SAMPLE
    | {
        "company": f"株式会社{'見本情報通信' * 8}ホールディングス",
        "department": f"{'情報システム' * 8}部",
        "person": "Maximilian Bartholomew-Featherstonehaugh",
        "email": f"{'hanako.mihon.' * 4}desk@{'very-long-name.' * 8}customer.example",
        "building": "W" * 60,
    },
    "markup": _SAMPLE
    | {
        "company": "<b>株式会社見本</b> & \"商事\" https://evil.example/?a=1&b='2'",
        "department": "</td></table><style>*{display:none}</style>",
        "person": "{{ notices }}",
        "address": "■ 年間保険料　0円 【重要】 ・ここから https://evil.example",
    },
    "rare": _SAMPLE
    | {"company": "株式会社𠮷野髙﨑製作所", "department": "👩‍💻開発部", "person": "葛\U000e0100城 𠮷彦"},
}
"""A case as most are, and names that once broke something, by what they are."""


@dataclass(frozen=True, slots=True)
class SampleLetter:
    """One letter; `name` is its kind, or its kind and what is special in it."""

    name: str
    email: Email


async def sample_letters(
    product: ProductWithLetters, contact: Mapping[str, str], papers: Papers, now: datetime
) -> AsyncIterator[SampleLetter]:
    """A letter of every kind to this *contact*, and some of the same kind that look otherwise."""
    key = PrivateKey.generate()
    case = _Case(product, contact, Sealer({"notify": (_KEY_ID, key.public_key)}), now)
    opener = ParcelOpener({_KEY_ID: key})
    compose = ComposeLetter(parcels=opener, papers=papers, letterhead=_LETTERHEAD, now=lambda: now)
    for name, due, asked in case.dues():
        yield SampleLetter(name, await compose(due, asked, product))
        if name == "receipt":
            # As if its mails had no room for a brochure.
            keys = {_KEY_ID: bytes(32)}
            linking = replace(
                compose,
                links=BrochureLinks(_FORM, keys, enclosed_bytes=0),
                news_links=NewsLinks(_FORM, AddressHashes(keys), keys),
            )
            yield SampleLetter("receipt-links", await linking(due, asked, product))


@dataclass(frozen=True, slots=True)
class _Case:
    product: ProductWithLetters
    contact: Mapping[str, str]
    sealer: Sealer
    now: datetime

    def dues(self) -> Iterator[tuple[str, Due, RequestReceived | WithoutRequest]]:
        request, offer = self._request(), self._offer()
        receipt = Failure(letter_id="receipt-1", kind="receipt", failed_at=self.now, attempts=3, reply_code=550)
        offered = KnownFacts(request=request, quotes=(offer,), failures=(receipt,))
        for kind in ("receipt", "quote", "desk", "desk-undelivered"):
            yield kind, self._due(kind, offered), request
        unknown = replace(receipt, attempts=1, reply_code=None, reason=ARRIVAL_UNKNOWN)
        held_back = KnownFacts(request=request, failures=(unknown,))
        yield "desk-undelivered-unknown", self._due("desk-undelivered", held_back), request
        changed = self._offer(changes=self._changes())
        yield "quote-changed", self._due("quote", KnownFacts(request=request, quotes=(changed,))), request
        referred = KnownFacts(request=request, quotes=(QuoteReferred(**self._quote_head()),))
        yield "referral", self._due("referral", referred), request
        yield "desk-referred", self._due("desk", referred), request
        held = request.model_copy(update={"suspicions": ("honeypot", "many-links"), "is_held": True})
        yield "desk-held", self._due("desk", KnownFacts(request=held, quotes=(offer,))), held
        for kind, fact in self._alone().items():
            yield kind, self._due(kind, KnownFacts(alone=fact)), fact

    def _due(self, kind: LetterKind, known: KnownFacts) -> Due:
        return next(due for due in letters_due(known, "auto") if due.kind == kind)

    def _request(self) -> RequestReceived:
        terms = {"industry": self._choices("industry")[0], "turnover": 500_000}
        return RequestReceived(
            request_id=_REQUEST_ID,
            reception_no=_RECEPTION_NO,
            product=self.product.slug,
            form_version=self.product.form.version,
            accepted_at=self.now,
            wishes=Wishes(brochure="email", quote=True),
            parcels=self._sealed({"contact": dict(self.contact), "terms": terms, "news_opt_in": "yes"}),
        )

    def _offer(self, changes: tuple[Change, ...] = ()) -> QuoteOffered:
        option = Option(
            plan=self._choices("plan")[0],
            liability_limit=100_000_000,
            cost_limit=30_000_000,
            liability_deductible=100_000,
            cost_deductible=0,
            riders=(),
            premium=93_000,
            chosen=not changes,
            kind="nearest" if changes else "chosen",
        )
        return QuoteOffered(**self._quote_head(), expires_on=self._in_days(30), options=(option,), changes=changes)

    def _changes(self) -> tuple[Change, ...]:
        offered, requested, *_ = self._choices("plan")
        return (Change(key="plan", requested=requested, offered=offered, rule="sample", says="併せて付帯できません。"),)

    def _quote_head(self) -> dict[str, Any]:
        return {
            "quote_id": "0f9f3b8c-2a47-4f0a-8f6c-51b0a3a0c9d2",
            "request_id": _REQUEST_ID,
            "reception_no": _RECEPTION_NO,
            "product": self.product.slug,
            "revision": 1,
            "tariff": TariffRef(id="sample", sha256="0" * 64),
            "engine": "sample",
            "issued_at": self.now,
            "parcels": {},
        }

    def _alone(self) -> dict[LetterKind, WithoutRequest]:
        """What a letter is due for by itself, by the kind of that letter."""
        head = {"request_id": "b1d9c3a0-51f4-4c57-9a0e-2f6f0c8d7e44", "product": self.product.slug}
        link = head | {"parcels": self._sealed(_LINK), "expires_at": self.now + timedelta(days=3)}
        until = {"expires_at": self.now + timedelta(days=14)}
        asked = head | until | {"parcels": self._sealed(_COLLEAGUE_LINK)}
        answered = head | until | {"parcels": self._sealed(_ANSWERED)}
        overdue = head | {"noticed_at": self.now, "more": 12}
        return {
            "resume": ResumeLinkAsked(**link, asked_at=self.now),
            "colleague-asked": ColleagueAsked(**asked, asked_at=self.now),
            "colleague-answered": ColleagueAnswered(**answered, answered_at=self.now),
            "invitation": StaffInvited(**link, invited_at=self.now),
            "password-reset": PasswordResetAsked(**link, asked_at=self.now),
            "desk-overdue": CaseOverdue(**overdue, cases=self._overdue("first-answer", "referral", "call-again")),
            "desk-late": CaseOverdue(**overdue, cases=self._overdue("result", "result")),
        }

    def _overdue(self, *promises: Promise) -> tuple[OverdueCase, ...]:
        return tuple(
            OverdueCase(request_id=f"case-{number}", reception_no=f"K7M2P4X{number}", promise=promise, due_at=self.now)
            for number, promise in enumerate(promises, start=1)
        )

    def _sealed(self, content: Mapping[str, Any]) -> dict[str, Parcel]:
        return {"notify": self.sealer.seal("notify", content)}

    def _choices(self, key: str) -> list[str]:
        return [choice.value for choice in self.product.form.question(key).choices]

    def _in_days(self, days: int) -> date:
        return (self.now + timedelta(days=days)).date()
