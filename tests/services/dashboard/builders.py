"""Facts for the tests: say only what matters to the story, the rest is ordinary."""

import base64
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, Literal

from nacl.public import PrivateKey, PublicKey, SealedBox

from services.dashboard.domain.facts import Fact, fact_id
from services.dashboard.domain.letter_copy import copy_id
from services.dashboard.domain.search_keys import SearchKeys
from shared.events import (
    REQUESTS,
    AddressCorrected,
    ApprovalAsked,
    ApprovalRefused,
    BrochurePosted,
    CaseAssigned,
    CaseClosed,
    CaseHeld,
    CaseHoldLifted,
    CaseOutcome,
    CaseReopened,
    Cell,
    Change,
    ContactOutcome,
    CustomerContacted,
    DecisionWithdrawn,
    FormCounted,
    Grid,
    KeyCount,
    LetterBounced,
    LetterCopied,
    LetterCopyAsked,
    LetterFailed,
    LetterKind,
    LetterSent,
    NewsOptedOut,
    Note,
    NoteAdded,
    Option,
    OrderCount,
    Parcel,
    QuoteDecided,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestErased,
    RequestReceived,
    RequestReleased,
    Segment,
    TariffRef,
    Wishes,
    event_id,
)
from shared.products import Product, load_products
from shared.runtime.dead_letters import DeadLetter
from shared.runtime.parcels import ParcelOpener, Sealer, new_key_pair

REQUEST: Final = "0b6a54a6-52f4-4b3e-9c70-2f4c1c4f8a11"
NOON: Final = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)
TODAY: Final = NOON.date()
"""Noon in Japan."""
PRODUCT: Final = load_products()["cyber-security"]
BY_DESK: Final[Product] = replace(PRODUCT, slug="by-desk", release="desk")
"""The same product from an insurer who wants a person to send every quote."""

CONTACT: Final = {
    "company": "株式会社カナリア商会",
    "department": "総務部",
    "person": "金糸雀 花子",
    "phone": "03-1234-5678",
    "email": "hanako@canary.example.jp",
    "postal_code": "150-0043",
    "address": "東京都渋谷区道玄坂1-2-3",
    "building": "カナリアビル10F",
}
ANSWERS: Final[dict[str, Any]] = {
    "turnover": 500_000,
    "incidents": "yes",
    "incidents_note": "カナリアの鳴き声が漏えいした",
    "d3_01": "yes",
    "d3_04": "unknown",
    "d3_22": ["pmark", "isms"],
    "plan": "basic",
    "liability_limit": 100_000_000,
}
COVER: Final[dict[str, Any]] = {
    "plan": "basic",
    "liability_limit": 100_000_000,
    "cost_limit": 30_000_000,
    "liability_deductible": 100_000,
    "cost_deductible": 0,
    "rider_it": "no",
    "rider_leak_only": "no",
    "rider_fixed_premium": "yes",
}
"""Terms of the cover, as a request asks for them."""
WORKINGS: Final = [
    {"label": "基本保険料", "input": "小売業", "factor": "", "amount": "93000.0000", "source": "industry_base[retail]"},
    {"label": "告知事項3", "input": "22問中11問", "factor": "0.80", "amount": "74400.0000", "source": "controls"},
]
SAVINGS: Final = [
    {"key": "d3_14", "advice": "危機管理計画とバックアップの整備", "premium": 54_390, "saves": 3_470},
    {"key": "d3_10", "advice": "通信の暗号化", "premium": 55_550, "saves": 2_310},
]
REASONS: Final = [
    {"code": "incident-reported", "message": "過去5年以内に事故があります。"},
    {"code": "turnover-outside", "message": "売上高が料率表の上限を超えています。"},
]

_PAIR: Final = new_key_pair("desk", 1)
_OTHER: Final = new_key_pair("notify", 1)
_RATING: Final = new_key_pair("rating", 1)
FOR_RATING: Final = ParcelOpener({_RATING.id: PrivateKey(base64.b64decode(_RATING.secret))})
OPENER_OF_NOTIFY: Final = ParcelOpener({_OTHER.id: PrivateKey(base64.b64decode(_OTHER.secret))})
OPENER: Final = ParcelOpener({_PAIR.id: PrivateKey(base64.b64decode(_PAIR.secret))})
SEALER: Final = Sealer(
    {
        "desk": (_PAIR.id, PublicKey(base64.b64decode(_PAIR.public))),
        "notify": (_OTHER.id, PublicKey(base64.b64decode(_OTHER.public))),
        "rating": (_RATING.id, PublicKey(base64.b64decode(_RATING.public))),
    }
)


SEARCH_KEYS: Final = SearchKeys({_PAIR.id: b"search".ljust(32, b"0")})


def a_desk_parcel(content: dict[str, Any]) -> dict[str, Parcel]:
    return {"desk": SEALER.seal("desk", content)}


def a_desk_parcel_of(plain: bytes) -> dict[str, Parcel]:
    """Whatever a sealer of ours would never seal: everybody has the public key."""
    box = SealedBox(PublicKey(base64.b64decode(_PAIR.public))).encrypt(plain)
    return {"desk": Parcel(key=_PAIR.id, box=base64.b64encode(box).decode())}


def a_form_count(
    day: date = TODAY, minutes: int = 0, *, started: int = 10, orders: tuple[OrderCount, ...] = ()
) -> FormCounted:
    """What intake counted of the visits that began on *day*, *minutes* after `NOON`."""
    return FormCounted(
        request_id=f"form-cyber-security-{day.isoformat()}",
        count_id=f"form-cyber-security-{day.isoformat()}:{started}",
        product="cyber-security",
        day=day,
        counted_at=NOON + timedelta(minutes=minutes),
        started=started,
        passed=(KeyCount(key="contact", count=6), KeyCount(key="wishes", count=5)),
        errors=(KeyCount(key="email", count=2), KeyCount(key="phone", count=3)),
        sent=4,
        orders=orders,
    )


def an_order_count(order: str, started: int, sent: int, minutes: dict[int, int]) -> OrderCount:
    """What intake counted of the visits in one order; all passed the wishes, and who sent it took so many *minutes*."""
    return OrderCount(
        order=order,
        started=started,
        passed=(KeyCount(key="wishes", count=started),),
        sent=sent,
        minutes=tuple(KeyCount(key=str(minute), count=count) for minute, count in minutes.items()),
    )


def a_request(
    request_id: str = REQUEST,
    *,
    reception_no: str = "K7M2P4XR",
    at: datetime = NOON,
    brochure: Literal["email", "post", "none"] = "email",
    quote: bool = True,
    product: str = "cyber-security",
    form_version: str = PRODUCT.form.version,
    parcels: dict[str, Parcel] | None = None,
    suspicions: tuple[str, ...] = (),
    typed: dict[str, str] | None = None,
    answers: dict[str, Any] = ANSWERS,
    **contact: str,
) -> RequestReceived:
    contents = {"contact": {**CONTACT, **contact}, "answers": answers if quote else {}, "typed": typed or {}}
    return RequestReceived(
        request_id=request_id,
        reception_no=reception_no,
        product=product,
        form_version=form_version,
        accepted_at=at,
        wishes=Wishes(brochure=brochure, quote=quote),
        segment=Segment(industry="retail", turnover_band="1-5oku") if quote else None,
        suspicions=suspicions,
        parcels=parcels or {reader: SEALER.seal(reader, contents) for reader in ("desk", "notify")},
    )


def an_option(premium: int, *, chosen: bool = True, plan: str = "basic", kind: str = "chosen") -> Option:
    return Option(
        plan=plan,
        liability_limit=100_000_000,
        cost_limit=30_000_000,
        liability_deductible=100_000,
        cost_deductible=0,
        riders=("fixed_premium",),
        premium=premium,
        chosen=chosen,
        kind=kind,
    )


def an_offer(
    premium: int = 67_000, *, request_id: str = REQUEST, revision: int = 1, expires_on: date = date(2026, 12, 23)
) -> QuoteOffered:
    return QuoteOffered(
        **_head(request_id, revision),
        parcels=a_desk_parcel({"workings": WORKINGS, "reasons": []}),
        expires_on=expires_on,
        options=(an_option(premium), an_option(premium + 50_000, chosen=False, plan="wide", kind="fuller")),
    )


def a_nearest_offer(premium: int = 57_860) -> QuoteOffered:
    """The cover that was asked for cannot be had; with all that an offer may show besides."""
    return QuoteOffered(
        **_head(REQUEST, 1),
        parcels=a_desk_parcel({"workings": WORKINGS, "reasons": [], "savings": SAVINGS}),
        expires_on=date(2026, 12, 23),
        options=(
            an_option(premium, chosen=False, kind="nearest"),
            an_option(premium - 9_000, chosen=False, kind="lighter"),
            an_option(premium + 9_000, chosen=False, kind="fuller"),
        ),
        changes=(
            Change(key="plan", requested="wide", offered="basic", rule="leak-only-with-wide", says="付帯できません。"),
        ),
        grids=(
            Grid(
                rows="cost_limit",
                columns="cost_deductible",
                row_values=(10_000_000, 30_000_000),
                column_values=(0, 10_000_000),
                cells=(
                    (Cell(premium=51_230), Cell(note="deductible-not-below-limit")),
                    (Cell(premium=premium), Cell(premium=41_230)),
                ),
                notes=(Note(code="deductible-not-below-limit", says="支払限度額より低くする必要があります。"),),
            ),
        ),
    )


def a_manual_offer(premium: int = 81_230, *, revision: int = 2) -> QuoteOffered:
    """What staff set by hand, after the first quote."""
    return QuoteOffered(
        **_head(REQUEST, revision),
        parcels=a_desk_parcel({"workings": [], "reasons": [], "note": "本社の承認による"}),
        expires_on=date(2026, 12, 23),
        options=(an_option(premium),),
        basis="manual",
    )


def a_decision(*, revision: int = 2, content: dict[str, Any] | None = None) -> QuoteDecided:
    """Without its *content* it is one of an earlier version, which only rating can open."""
    return QuoteDecided(
        request_id=REQUEST,
        decision_id=f"d-{revision - 1}",
        revision=revision,
        decided_at=NOON + timedelta(minutes=7),
        decided_by="hanako",
        parcels=a_desk_parcel(content) if content else {},
    )


def a_referral(*, request_id: str = REQUEST, revision: int = 1) -> QuoteReferred:
    return QuoteReferred(
        **_head(request_id, revision),
        parcels=a_desk_parcel({"workings": [], "reasons": REASONS}),
    )


def _head(request_id: str, revision: int) -> dict[str, Any]:
    return {
        "quote_id": f"{request_id}:r{revision}",
        "request_id": request_id,
        "reception_no": "K7M2P4XR",
        "product": "cyber-security",
        "revision": revision,
        "tariff": TariffRef(id="2026-10-01", sha256="ab" * 32),
        "engine": "1.0.0",
        "issued_at": NOON + timedelta(seconds=revision),
    }


def a_letter_sent(
    kind: LetterKind = "quote", *, after: timedelta = timedelta(seconds=4), ambiguous: bool = False
) -> LetterSent:
    return LetterSent(**_letter(kind), sent_at=NOON + after, attempts=1, ambiguous=ambiguous)


def a_link_sent() -> LetterSent:
    """Somebody wants to go on later with a form; there is no request yet."""
    head = _letter("resume") | {"request_id": "an-asking", "reception_no": ""}
    return LetterSent(**head, sent_at=NOON, attempts=1)


def a_link_failed() -> LetterFailed:
    head = _letter("resume") | {"request_id": "an-asking", "reception_no": ""}
    return LetterFailed(**head, failed_at=NOON, attempts=1, reply_code=550)


def a_letter_failed(kind: LetterKind = "quote", *, after: timedelta = timedelta(seconds=3)) -> LetterFailed:
    return LetterFailed(**_letter(kind), failed_at=NOON + after, attempts=2, reply_code=550)


def a_letter_bounced(
    kind: LetterKind = "quote", reason: str = "no-such-address", *, after: timedelta = timedelta(minutes=1)
) -> LetterBounced:
    told = {"bounce_type": "hard", "reason": reason, "status": "5.1.1", "reply_code": 550}
    return LetterBounced(**_letter(kind), bounced_at=NOON + after, **told)


def an_opt_out(*, minutes: int = 5) -> NewsOptedOut:
    return NewsOptedOut(request_id=REQUEST, opted_out_at=NOON + timedelta(minutes=minutes))


def _letter(kind: LetterKind) -> dict[str, Any]:
    return {
        "letter_id": f"{REQUEST}:{kind}",
        "request_id": REQUEST,
        "reception_no": "K7M2P4XR",
        "product": "cyber-security",
        "kind": kind,
    }


def a_release(quote_id: str = f"{REQUEST}:r1") -> QuoteReleased:
    return QuoteReleased(
        request_id=REQUEST, quote_id=quote_id, released_at=NOON + timedelta(minutes=5), released_by="desk"
    )


def an_erasure(*, days: int = 1) -> RequestErased:
    return RequestErased(request_id=REQUEST, erased_at=NOON + timedelta(days=days))


def a_release_of_mails() -> RequestReleased:
    return RequestReleased(request_id=REQUEST, released_at=NOON + timedelta(minutes=4), released_by="hanako")


def an_assignment(request_id: str = REQUEST, to: str | None = "hanako", *, minutes: int = 8) -> CaseAssigned:
    return CaseAssigned(**_by_desk(request_id, "assigned", minutes), assignee=to)


def a_note(request_id: str = REQUEST, text: str = "折り返し希望", *, minutes: int = 9) -> NoteAdded:
    return NoteAdded(**_by_desk(request_id, "noted", minutes), parcels=a_desk_parcel({"text": text}))


def a_contact(
    request_id: str = REQUEST,
    outcome: ContactOutcome = "reached",
    *,
    minutes: int = 10,
    again_at: datetime | None = None,
) -> CustomerContacted:
    return CustomerContacted(
        **_by_desk(request_id, "contacted", minutes),
        outcome=outcome,
        call_again_at=again_at,
        parcels=a_desk_parcel({"text": "ご説明済み"}),
    )


def a_posting(request_id: str = REQUEST, *, minutes: int = 11) -> BrochurePosted:
    return BrochurePosted(**_by_desk(request_id, "posted", minutes))


def a_closing(request_id: str = REQUEST, outcome: CaseOutcome = "finished", *, minutes: int = 12) -> CaseClosed:
    return CaseClosed(**_by_desk(request_id, "closed", minutes), outcome=outcome)


def a_hold(request_id: str = REQUEST, *, minutes: int = 3, until: date | None = None) -> CaseHeld:
    parcels = a_desk_parcel({"text": "業種の区分を照会中"})
    return CaseHeld(**_by_desk(request_id, "held", minutes), until=until, parcels=parcels)


def a_lifting(request_id: str = REQUEST, *, minutes: int = 4) -> CaseHoldLifted:
    return CaseHoldLifted(**_by_desk(request_id, "lifted", minutes))


def a_reopening(request_id: str = REQUEST, *, minutes: int = 13) -> CaseReopened:
    return CaseReopened(**_by_desk(request_id, "reopened", minutes))


def _by_desk(request_id: str, what: str, minutes: int) -> dict[str, Any]:
    return {
        "request_id": request_id,
        "decision_id": f"{request_id}:{what}:{minutes}",
        "decided_at": NOON + timedelta(minutes=minutes),
        "decided_by": "desk",
    }


def a_dead_letter(
    letter_id: str = "dashboard:mitsumori.requests.v1:0:7:1",
    *,
    topic: str = REQUESTS,
    value: bytes = b'{"request_id":"secret-value","segment":{"industry":"secret-value"}}',
) -> DeadLetter:
    return DeadLetter(
        id=letter_id,
        topic=topic,
        key=REQUEST.encode(),
        value=value,
        headers=(("ce_type", b"mitsumori.request.received.v1"), ("ce_subject", REQUEST.encode())),
        subject=REQUEST,
        kind="poison",
        reason="bad-body",
        first_seen=NOON,
    )


def a_withdrawal(of: Fact | None = None, *, minutes: int = 6) -> DecisionWithdrawn:
    of = of or a_release()
    return DecisionWithdrawn(
        **_by_desk(REQUEST, "withdrawn", minutes),
        withdrawn_type=of.type,
        withdrawn_id=event_id(fact_id(of), of.type),
    )


def a_correction(email: str = "right@canary.example.jp", *, minutes: int = 42) -> AddressCorrected:
    return AddressCorrected(**_by_desk(REQUEST, "corrected", minutes), parcels=a_desk_parcel({"email": email}))


def an_approval_asked(*, minutes: int = 40, premium: int = 50_000) -> ApprovalAsked:
    return ApprovalAsked(
        **_by_desk(REQUEST, "approval", minutes),
        quote_id=f"{REQUEST}:r1",
        parcels=a_desk_parcel({"reason": "長いお取引のため", "premium": premium}),
    )


def a_refusal(*, minutes: int = 41) -> ApprovalRefused:
    asked = an_approval_asked()
    return ApprovalRefused(
        **_by_desk(REQUEST, "refused", minutes),
        asked_id=asked.decision_id,
        parcels=a_desk_parcel({"text": "根拠が足りません"}),
    )


def a_letter_not_made(kind: LetterKind = "quote", reason: str | None = "document-failed") -> LetterFailed:
    return LetterFailed(**_letter(kind), failed_at=NOON + timedelta(seconds=3), attempts=0, reason=reason)


COPY: Final[dict[str, Any]] = {
    "subject": "お見積りのご案内",
    "sender": "見本代理店 <quote-desk@agency.example>",
    "to": f"{CONTACT['person']} 様 <{CONTACT['email']}>",
    "written_at": "2026-11-23T03:00:01Z",
    "text": "カナリア商会 御中\n\nお見積書をお送りします。",
    "attachments": [],
}
PDF: Final = b"%PDF-1.7 canary"


def a_file(content: bytes = PDF, *, name: str = "mitsumori-K7M2P4XR-1.pdf", is_there: bool = True) -> dict[str, Any]:
    """What goes with a letter; without its bytes it was too large for a copy."""
    about = {"name": name, "media_type": "application/pdf", "size": len(content), "sha256": sha256(content).hexdigest()}
    return {**about, "content": base64.b64encode(content).decode()} if is_there else about


def a_letter_asked_for(kind: LetterKind = "quote", *, at: datetime = NOON + timedelta(minutes=10)) -> LetterCopyAsked:
    letter_id = f"{REQUEST}:{kind}"
    return LetterCopyAsked(
        request_id=REQUEST, copy_id=copy_id(letter_id, at), letter_id=letter_id, asked_at=at, asked_by="desk"
    )


def a_letter_copied(
    kind: LetterKind = "quote",
    *,
    request_id: str = REQUEST,
    missing: str | None = None,
    at: datetime = NOON + timedelta(minutes=10, seconds=1),
    **content: Any,  # noqa: ANN401  # what the copy says
) -> LetterCopied:
    """Sealed also for a reader that has no business with it."""
    letter_id = f"{request_id}:{kind}"
    sealed = {reader: SEALER.seal(reader, {**COPY, **content}) for reader in ("desk", "notify")}
    return LetterCopied(
        request_id=request_id,
        copy_id=copy_id(letter_id, at),
        letter_id=letter_id,
        copied_at=at,
        missing=missing,
        parcels={} if missing else sealed,
    )


def a_whole_story() -> list[Fact]:
    """A request that was first referred, then priced, released and answered."""
    return [
        a_request(),
        a_referral(revision=1),
        an_offer(revision=2),
        a_release(f"{REQUEST}:r2"),
        a_letter_sent("receipt", after=timedelta(seconds=1)),
        a_letter_failed("quote"),
        a_letter_sent("quote"),
        a_letter_sent("desk"),
        an_assignment(),
        a_note(),
        a_contact(),
        a_posting(),
        a_hold(),
        a_lifting(),
        a_closing(),
        a_reopening(),
    ]
