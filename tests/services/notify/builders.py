"""Builders: one request and what may follow it. Only what a test is about is passed in."""

import base64
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from nacl.public import PrivateKey

from services.notify.adapters.letter_seals import LetterSeals
from services.notify.adapters.products import load_products_with_letters
from services.notify.domain.attachment import pdf_part, titled_file_name
from services.notify.domain.attempts import CLAIM_LEASE, TOKEN_LEASE, Claim, Outcome, Result, Token
from services.notify.domain.bounce import Bounce
from services.notify.domain.brochure import Brochure
from services.notify.domain.delivery_state import Ended
from services.notify.domain.letter import Letter
from services.notify.domain.news import NewsChoice
from services.notify.domain.pieces import SharedPiece, joined
from services.notify.domain.product import ProductWithLetters
from shared.events import (
    CaseOverdue,
    Cell,
    Change,
    ColleagueAnswered,
    ColleagueAsked,
    Grid,
    LetterCopyAsked,
    Note,
    Option,
    OverdueCase,
    Parcel,
    PasswordResetAsked,
    Promise,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestReceived,
    RequestReleased,
    ResumeLinkAsked,
    StaffInvited,
    TariffRef,
    Wishes,
)
from shared.runtime.parcels import KeyPair, ParcelOpener, Sealer, load_parcel_opener, load_sealer, new_key_pair

PRODUCT: ProductWithLetters = load_products_with_letters()["cyber-security"]
NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""Noon in Japan."""
REQUEST_ID = "6a0f4d0e-6f7b-4a5e-9a35-0d8b7b7c1f01"
QUOTE_ID = "0f9f3b8c-2a47-4f0a-8f6c-51b0a3a0c9d2"
ASKING_ID = "b1d9c3a0-51f4-4c57-9a0e-2f6f0c8d7e44"
LINK = {"email": "yoshida@customer.example", "url": "https://form.agency.example/cyber-security/resume/cT9-x_4Zq"}
CONTACT = {
    "company": "株式会社𠮷野髙﨑製作所",
    "department": "情報システム部",
    "person": "𠮷田 葛彦",
    "phone": "03-1234-5678",
    "email": "yoshida@customer.example",
    "postal_code": "100-0001",
    "address": "東京都千代田区千代田1-1",
    "building": "見本ビル3階",
}
TERMS = {"industry": "retail", "turnover": 500_000}


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: datetime = NOON) -> None:
        self.moment = now

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


def seals_with(*pairs: KeyPair) -> LetterSeals:
    """Of a process that has these keys, and seals with the last."""
    keys = {pair.id: PrivateKey(base64.b64decode(pair.secret)) for pair in pairs}
    return LetterSeals(ParcelOpener(keys), pairs[-1].id)


SEALS = seals_with(new_key_pair("notify", 1))


class Keys:
    """A key pair of notify, as a sealer and an opener."""

    def __init__(self, folder: Path) -> None:
        pair = new_key_pair("notify", 1)
        (folder / "notify-1.pub").write_text(pair.public)
        (folder / "notify-1.key").write_text(pair.secret)
        self.sealer: Sealer = load_sealer(folder, ["notify"])
        self.opener: ParcelOpener = load_parcel_opener(folder, "notify")

    def parcel(self, *, news: str = "", **contact: str) -> Parcel:
        said = {"news_opt_in": news} if news else {}
        return self.sealer.seal("notify", {"contact": CONTACT | contact, "terms": TERMS, **said})

    def link(self, **changes: str) -> Parcel:
        return self.sealer.seal("notify", LINK | changes)


def a_request(
    *,
    brochure: str = "none",
    quote: bool = True,
    parcel: Parcel | None = None,
    **changes: Any,  # noqa: ANN401  # any field of the event
) -> RequestReceived:
    sealed = parcel or Parcel(key="notify-1", box="")
    return RequestReceived(
        **{
            "request_id": REQUEST_ID,
            "reception_no": "K7M2P4XR",
            "product": "cyber-security",
            "form_version": PRODUCT.form.version,
            "accepted_at": NOON,
            "wishes": Wishes(brochure=brochure, quote=quote),
            "parcels": {"notify": sealed, "rating": sealed, "desk": sealed},
            **changes,
        }
    )


def a_link(parcel: Parcel | None = None, **changes: Any) -> ResumeLinkAsked:  # noqa: ANN401  # any field of the event
    """Somebody leaves the form half filled at noon, and can go on within 14 days."""
    return ResumeLinkAsked(
        **{
            "request_id": ASKING_ID,
            "product": "cyber-security",
            "asked_at": NOON,
            "expires_at": NOON + timedelta(days=14),
            "parcels": {"notify": parcel or Parcel(key="notify-1", box="")},
            **changes,
        }
    )


def a_colleague_asked(parcel: Parcel, **changes: Any) -> ColleagueAsked:  # noqa: ANN401  # any field of the event
    """Somebody has a link mailed to a colleague at noon, which works for 14 days."""
    fields = _without_request(parcel, timedelta(days=14)) | {"asked_at": NOON} | changes
    return ColleagueAsked(**fields)


def a_colleague_answered(parcel: Parcel, **changes: Any) -> ColleagueAnswered:  # noqa: ANN401  # any field of the event
    """A colleague has answered at noon what somebody asked whose form is kept for three more days."""
    fields = _without_request(parcel, timedelta(days=3)) | {"answered_at": NOON} | changes
    return ColleagueAnswered(**fields)


def an_invitation(parcel: Parcel, **changes: Any) -> StaffInvited:  # noqa: ANN401  # any field of the event
    """An admin invites somebody at noon, by a link that works for 72 hours."""
    fields = _without_request(parcel, timedelta(hours=72)) | {"invited_at": NOON} | changes
    return StaffInvited(**fields)


def a_reset(parcel: Parcel, **changes: Any) -> PasswordResetAsked:  # noqa: ANN401  # any field of the event
    """Somebody has forgotten a password at noon, and has half an hour for another."""
    fields = _without_request(parcel, timedelta(minutes=30)) | {"asked_at": NOON} | changes
    return PasswordResetAsked(**fields)


def _without_request(parcel: Parcel, lasts: timedelta) -> dict[str, Any]:
    head = {"request_id": ASKING_ID, "product": "cyber-security", "expires_at": NOON + lasts}
    return head | {"parcels": {"notify": parcel}}


def an_overdue_mail(cases: int = 1, more: int = 0, promise: Promise = "first-answer") -> CaseOverdue:
    """At noon this was due to these requests for as many minutes as their numbers say."""
    return CaseOverdue(
        request_id=ASKING_ID,
        product="cyber-security",
        noticed_at=NOON,
        more=more,
        cases=tuple(
            OverdueCase(
                request_id=f"case-{number}",
                reception_no=f"K7M2P4{number:02}",
                promise=promise,
                due_at=NOON - timedelta(minutes=number),
            )
            for number in range(cases, 0, -1)
        ),
    )


def _head(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  # any field of the event
    return {
        "quote_id": QUOTE_ID,
        "request_id": REQUEST_ID,
        "reception_no": "K7M2P4XR",
        "product": "cyber-security",
        "revision": 1,
        "tariff": TariffRef(id="2026-10-01", sha256="0" * 64),
        "engine": "1.0.0",
        "issued_at": NOON + timedelta(seconds=1),
        "parcels": {"desk": Parcel(key="desk-1", box="")},
        **changes,
    }


def an_offer(
    premium: int = 93_000,
    riders: tuple[str, ...] = ("fixed_premium",),
    **changes: Any,  # noqa: ANN401  # any field of the event
) -> QuoteOffered:
    option = Option(
        plan="basic",
        liability_limit=100_000_000,
        cost_limit=30_000_000,
        liability_deductible=100_000,
        cost_deductible=0,
        riders=riders,
        premium=premium,
        chosen=True,
    )
    return QuoteOffered(**{"expires_on": date(2026, 12, 23), "options": (option,), **_head(**changes)})


def an_offer_of_the_nearest(**changes: Any) -> QuoteOffered:  # noqa: ANN401  # any field of the event
    """The cover that was asked for cannot be had; with all that may stand beside an offer."""
    offer = an_offer(57_860)
    head = replace(offer.options[0], chosen=False, kind="nearest")
    others = (
        replace(head, kind="lighter", premium=47_200, liability_limit=50_000_000),
        replace(head, kind="fuller", premium=74_780, liability_limit=200_000_000),
    )
    change = Change(
        key="plan", requested="wide", offered="basic", rule="leak-only-with-wide", says="併せて付帯できません。"
    )
    grid = Grid(
        rows="cost_limit",
        columns="cost_deductible",
        row_values=(10_000_000, 30_000_000),
        column_values=(0, 10_000_000),
        cells=((Cell(premium=51_230), Cell(note="too-low")), (Cell(premium=57_860), Cell(premium=41_230))),
        notes=(Note(code="too-low", says="免責金額は支払限度額より低くする必要があります。"),),
    )
    return offer.model_copy(update={"options": (head, *others), "changes": (change,), "grids": (grid,), **changes})


def a_referral(**changes: Any) -> QuoteReferred:  # noqa: ANN401  # any field of the event
    return QuoteReferred(**_head(**changes))


def a_release() -> QuoteReleased:
    return QuoteReleased(
        request_id=REQUEST_ID, quote_id=QUOTE_ID, released_at=NOON + timedelta(hours=2), released_by="staff-1"
    )


def a_request_release() -> RequestReleased:
    return RequestReleased(request_id=REQUEST_ID, released_at=NOON + timedelta(hours=3), released_by="staff-1")


def a_brochure(content: bytes = b"%PDF brochure", title: str = "ご案内") -> Brochure:
    name = titled_file_name(title, "guide.pdf")
    return Brochure(title, name, SharedPiece.of(content), SharedPiece.of(joined(pdf_part(name, content))))


def a_letter(**changes: Any) -> Letter:  # noqa: ANN401  # any field of the letter
    return Letter(
        **{
            "id": "5c0e2a3e-0b3f-5a51-9c58-2d5d7e6a9b10",
            "request_id": REQUEST_ID,
            "reception_no": "K7M2P4XR",
            "product": "cyber-security",
            "kind": "receipt",
            "sender": "noreply@agency.example",
            "recipient": "yoshida@customer.example",
            "since": NOON,
            "created_at": NOON,
            "due": NOON,
            "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-f067aa0ba902b7aa-01",
            **changes,
        }
    )


def a_news_choice(**changes: Any) -> NewsChoice:  # noqa: ANN401  # any field of the choice
    """The contact of the request wants news, and says so at noon."""
    return NewsChoice(
        **{
            "id": REQUEST_ID,
            "mailboxes": ("a" * 32,),
            "is_wanted": True,
            "at": NOON,
            "how": "form",
            "request_id": REQUEST_ID,
            "product": "cyber-security",
            "form_version": PRODUCT.form.version,
            **changes,
        }
    )


def an_asking_for_a_copy(**changes: Any) -> LetterCopyAsked:  # noqa: ANN401  # any field of the event
    return LetterCopyAsked(
        **{
            "request_id": REQUEST_ID,
            "copy_id": "copy-1",
            "letter_id": a_letter().id,
            "asked_at": NOON,
            "asked_by": "staff-1",
            **changes,
        }
    )


def a_claim(number: int = 1, at: datetime = NOON, by: str = "someone", worker: str = "someone's") -> Claim:
    return Claim(letter_id=a_letter().id, number=number, by=by, worker=worker, at=at, until=at + CLAIM_LEASE)


def a_token(
    number: int = 1, at: datetime = NOON, by: str = "someone", worker: str = "someone's", *, void: bool = False
) -> Token:
    until = at + TOKEN_LEASE
    return Token(letter_id=a_letter().id, number=number, by=by, worker=worker, at=at, until=until, void=void)


def a_result(outcome: Outcome, number: int = 1, at: datetime = NOON, code: int | None = None) -> Result:
    return Result(letter_id=a_letter().id, number=number, by="someone", at=at, outcome=outcome, code=code)


SENT = Ended(sent=True, at=NOON, attempts=2, ambiguous=True, code=250)


def a_failed_end(attempts: int = 1) -> Ended:
    return Ended(sent=False, at=NOON, attempts=attempts, ambiguous=False, code=550)


def a_bounce(**changes: Any) -> Bounce:  # noqa: ANN401  # any field of the bounce
    fields = {"type": "hard", "reason": "no-such-address", "status": "5.1.1", "reply_code": 550, **changes}
    return Bounce(**fields)
