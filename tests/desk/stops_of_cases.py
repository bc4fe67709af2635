"""The stops that show one case, in each state that a case may be in and with each answer to its forms."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Final, get_args

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.roles import Role
from services.dashboard.ports.live import DraftForm, Look, NoteDraft
from tests.desk.desk import Desk
from tests.desk.stops import TASK, TOLD, Sent, Stop
from tests.services.dashboard.builders import (
    ANSWERS,
    BY_DESK,
    COVER,
    NOON,
    REQUEST,
    a_closing,
    a_contact,
    a_correction,
    a_decision,
    a_desk_parcel_of,
    a_file,
    a_hold,
    a_letter_asked_for,
    a_letter_copied,
    a_letter_failed,
    a_letter_not_made,
    a_letter_sent,
    a_manual_offer,
    a_nearest_offer,
    a_note,
    a_posting,
    a_referral,
    a_refusal,
    a_release,
    a_release_of_mails,
    a_reopening,
    a_request,
    a_whole_story,
    an_approval_asked,
    an_assignment,
    an_erasure,
    an_offer,
)
from tests.services.dashboard.entrypoints.test_correct_answers import SENT

CASE: Final = f"/cases/{REQUEST}"
_ROUTE: Final = "GET /cases/{request_id}"
_WRONG: Final = "[aria-invalid=true]"
_WORK: Final = "main form[action*='/work']"
_DECIDED: Final = {"terms": {"plan": "wide"}, "premium": 81_230, "reason": "本社の承認による"}
_LONG: Final = "とても長い自由記入の文章です。" * 60


def _known(*facts: Fact) -> Callable[[Desk], str]:
    def prepare(desk: Desk) -> str:
        desk.know(*facts)
        return CASE

    return prepare


def _sheet(*facts: Fact) -> Callable[[Desk], str]:
    return lambda desk: f"{_known(*facts)(desk)}/sent"


def _state(name: str, *facts: Fact, shows: str = _WORK) -> Stop:
    return Stop(name=f"case-{name}", route=_ROUTE, prepare=_known(*facts), shows=shows)


def _sent(action: str, fields: dict[str, str], *facts: Fact) -> Callable[[Desk], Sent]:
    def prepare(desk: Desk) -> Sent:
        desk.know(*(facts or (a_request(answers=COVER, brochure="post"), an_offer())))
        return Sent(f"{CASE}/{action}", {"seen": "0", **fields})

    return prepare


def _refused(
    name: str, action: str, fields: dict[str, str], *facts: Fact, status: int = 422, shows: str = TOLD
) -> Stop:
    route = f"POST /cases/{{request_id}}/{action}"
    return Stop(name=f"case-{name}", route=route, prepare=_sent(action, fields, *facts), status=status, shows=shows)


def _just_now(desk: Desk, *facts: Fact, minutes: int) -> str:
    """Within the seconds in which what was decided so many minutes after noon can be taken back."""
    desk.know(*facts)
    desk.dashboard.time = NOON + timedelta(minutes=minutes, seconds=3)
    return CASE


def _with_others(desk: Desk) -> str:
    desk.know(a_request(), an_offer())
    until = desk.now + timedelta(minutes=1)
    for account, is_typing in (("hanako", True), ("taro", False)):
        look = Look(request_id=REQUEST, account=account, tab="tab", is_typing=is_typing)
        desk.dashboard.looks.kept[REQUEST, account, "tab"] = (look, until)
    return CASE


def _with_unsent_texts(desk: Desk) -> str:
    asked = an_approval_asked().model_copy(update={"decided_by": "hanako"})
    desk.know(a_request(product=BY_DESK.slug, answers=SENT | COVER), an_offer(), asked)
    drafts = (
        NoteDraft(
            request_id=REQUEST,
            account="desk",
            form=form,
            tab=tab * 32,
            number=1,
            text=f"途中の文章 {tab}",
            saved_at=desk.now,
        )
        for form in get_args(DraftForm)
        for tab in "ab"
    )
    kept = {(one.request_id, one.account, one.form, one.tab): (one, desk.now + timedelta(days=1)) for one in drafts}
    desk.dashboard.note_drafts.kept.update(kept)  # type: ignore[attr-defined]  # of those in memory
    return CASE


def _with_letters(desk: Desk) -> str:
    """One that has come, one that was asked for, one that is too old to be found."""
    desk.know(a_request(), an_offer(), a_letter_sent("receipt"), a_letter_sent(), a_letter_sent("desk"))
    asked = (a_letter_asked_for("receipt", at=desk.now),)
    copied = (
        a_letter_copied(attachments=[a_file(), a_file(is_there=False)]),
        a_letter_copied("desk", missing="erased"),
    )
    desk.dashboard.copies.asked |= {one.copy_id: one for one in asked}
    desk.dashboard.copies.copied |= {one.copy_id: one for one in copied}
    return CASE


def _with_unsent_reasons(desk: Desk) -> str:
    return f"{_with_unsent_texts(desk)}/answers"


def _answers(desk: Desk, *more: Fact) -> str:
    desk.know(a_request(answers=SENT), an_offer(), *more)
    return f"{CASE}/answers"


def _as(role: Role, desk: Desk, *facts: Fact) -> str:
    desk.has_staff(desk=role)
    desk.know(*facts)
    return CASE


def _asked(who: str, desk: Desk) -> str:
    """`desk` has asked for what only somebody else may approve; *who* looks at it."""
    desk.has_staff(desk=Role.underwriter, taro=Role.manager)
    desk.know(a_request(answers=COVER), an_offer(), an_approval_asked())
    desk.log_in(who)
    return CASE


def _away(desk: Desk) -> str:
    desk.know(a_request())
    desk.log_in()
    desk.dashboard.cases.away = True
    return CASE


def _parcels(plain: bytes) -> Fact:
    return a_request(parcels=a_desk_parcel_of(plain))


_BY_DESK: Final = (a_request(product=BY_DESK.slug), an_offer())


def just_released(desk: Desk) -> str:
    """A quote that can still be kept back."""
    return _just_now(desk, *_BY_DESK, a_release(), minutes=5)


CASES: Final = (
    _state("received", a_request()),
    _state("quoted", a_request(), an_offer(), a_letter_sent("receipt"), a_letter_sent()),
    _state("quoted-otherwise", a_request(answers=ANSWERS | COVER), a_nearest_offer()),
    _state("by-hand", a_request(answers=COVER), an_offer(), a_decision(content=_DECIDED), a_manual_offer()),
    _state("referred", a_request(), a_referral(), a_letter_sent("referral")),
    _state("held", a_request(suspicions=("honeypot", "too-fast")), an_offer(), shows="form[action*='/release-mails']"),
    _state("let-go", a_request(suspicions=("honeypot",)), an_offer(), a_release_of_mails()),
    _state("suspicious-for-other-reasons", a_request(suspicions=("unheard-of",)), shows=TASK),
    _state("postal", a_request(brochure="post", quote=False), shows=TASK),
    _state("posted", a_request(brochure="post", quote=False), a_posting()),
    _state("documents-only", a_request(quote=False), a_letter_sent("receipt")),
    _state("assigned", a_request(), an_offer(), an_assignment(to="desk")),
    _state("worked-on", *a_whole_story()),
    _state("called", a_request(), an_offer(), a_contact(outcome="call-again", again_at=NOON + timedelta(days=1))),
    _state("closed", a_request(), an_offer(), a_note(), a_closing(outcome="not-taken-up")),
    _state("reopened", a_request(), an_offer(), a_closing(), a_reopening()),
    _state("letter-failed", a_request(), an_offer(), a_letter_failed("receipt"), a_letter_failed(), shows=TASK),
    _state("letter-not-made", a_request(), an_offer(), a_letter_not_made(), shows=TASK),
    _state("letter-corrected", a_request(), an_offer(), a_letter_failed(), a_correction()),
    _state("waits-for-release", *_BY_DESK, shows="form[action*='/release']"),
    _state("expired", a_request(product=BY_DESK.slug), an_offer(expires_on=date(2026, 11, 1)), shows=TASK),
    _state("waits-for-revision", a_request(answers=COVER), an_offer(), a_decision(content=_DECIDED), shows=TASK),
    _state("decided-unreadably", a_request(answers=COVER), an_offer(), a_decision(), shows=TASK),
    _state("decided-by-nobody", a_request(), an_offer(), an_offer(revision=2), shows=TASK),
    _state("not-approved", a_request(answers=COVER), an_offer(), an_approval_asked(), a_refusal()),
    _state("sealed-for-others", _parcels(b"{}"), an_offer()),
    _state("typed-otherwise", a_request(typed={"phone": "０３ー１２３４ー５６７８", "turnover": "５億円"}), an_offer()),
    _state("long-texts", a_request(company="長い名前の株式会社" * 8, address="長" * 200), a_note(text=_LONG)),
    _state("one-long-word", a_request(email=f"{'a' * 60}@{'b' * 60}.example.jp"), a_note(text="w" * 600)),
    _state("erased", *a_whole_story(), an_erasure(), shows="#left"),
    _state("of-an-unknown-product", a_request(product="unheard-of"), an_offer()),
    _state("of-a-former-form", a_request(form_version="0001-01-01"), an_offer()),
    Stop(name="case-broken", route=_ROUTE, prepare=_known(an_offer()), status=404),
    Stop(name="case-unknown", route=_ROUTE, prepare=lambda _desk: "/cases/none", status=404),
    Stop(name="case-away", route=_ROUTE, prepare=_away, status=503),
    Stop(
        name="case-just-released",
        route=_ROUTE,
        prepare=just_released,
        shows="form[action*='/take-back']",
    ),
    Stop(
        name="case-just-corrected",
        route=_ROUTE,
        prepare=lambda desk: _just_now(desk, a_request(), an_offer(), a_correction(), minutes=42),
        shows="form[action*='/take-back']",
    ),
    Stop(name="case-seen-by-others", route=_ROUTE, prepare=_with_others, shows="#others:has-text('hanako')"),
    Stop(name="case-unsent-texts", route=_ROUTE, prepare=_with_unsent_texts, shows="form[action*='/draft/discard']"),
    Stop(name="case-as-viewer", route=_ROUTE, prepare=lambda desk: _as(Role.viewer, desk, a_request(), an_offer())),
    Stop(name="case-as-desk", route=_ROUTE, prepare=lambda desk: _as(Role.desk, desk, a_request(), a_referral())),
    Stop(name="case-approval-asked", route=_ROUTE, prepare=partial(_asked, "desk"), shows=TASK),
    Stop(name="case-to-be-approved", route=_ROUTE, prepare=partial(_asked, "taro"), shows="form[action*='/approve']"),
    Stop(name="case-letters", route=_ROUTE, prepare=_with_letters, shows="#letters"),
    Stop(name="sent", route=f"{_ROUTE}/sent", prepare=_sheet(a_request(answers=ANSWERS | COVER))),
    Stop(name="sent-sealed-for-others", route=f"{_ROUTE}/sent", prepare=_sheet(_parcels(b"{}"))),
    Stop(name="sent-unknown", route=f"{_ROUTE}/sent", prepare=lambda _desk: "/cases/none/sent", status=404),
    Stop(
        name="letter-unknown",
        route="GET /cases/{request_id}/letters/{letter_id}/files/{number}",
        prepare=lambda _desk: "/cases/none/letters/none/files/0",
        status=404,
    ),
    Stop(name="brochure-unknown", route="GET /brochures/{sha256}", prepare=lambda _desk: "/brochures/none", status=404),
    Stop(name="answers", route=f"{_ROUTE}/answers", prepare=_answers, shows="main form textarea"),
    Stop(
        name="answers-unsent-texts",
        route=f"{_ROUTE}/answers",
        prepare=_with_unsent_reasons,
        shows="form[action*='/draft/discard']",
    ),
    Stop(name="answers-closed", route=f"{_ROUTE}/answers", prepare=lambda desk: _answers(desk, a_closing())),
    Stop(name="answers-unknown", route=f"{_ROUTE}/answers", prepare=lambda _desk: "/cases/none/answers", status=404),
    Stop(
        name="hand-over-unknown",
        route=f"{_ROUTE}/hand-over.{{kind}}",
        prepare=lambda _desk: "/cases/none/hand-over.csv",
        status=404,
    ),
    _refused("answers-wrong", "answers", {"answer-turnover": "?"}, a_request(answers=SENT), an_offer(), shows=_WRONG),
    _state("quote-held", a_request(), an_offer(), a_hold()),
    _refused("note-empty", "work", {"kind": "note", "text": ""}),
    _refused("note-overtaken", "work", {"kind": "assign", "to": "desk", "seen": "9"}, status=409),
    _refused("assigned-to-nobody-known", "work", {"kind": "assign", "to": "nobody-known"}),
    _refused("contact-empty", "work", {"kind": "contact", "outcome": "call-again", "text": "留守でした"}),
    _refused("close-empty", "work", {"kind": "close", "text": "メモ"}),
    _refused("address-wrong", "work", {"kind": "address", "email": "これはメールではない"}),
    _refused("terms-empty", "decide", {"kind": "terms"}),
    _refused("premium-empty", "decide", {"kind": "premium", "premium": "たくさん"}),
    _refused(
        "premium-overtaken",
        "decide",
        {"kind": "premium", "premium": "70000", "reason": "長いお取引", "seen": "9"},
        status=409,
    ),
    _refused("hold-overtaken", "work", {"kind": "hold", "text": "照会中"}, *_BY_DESK, a_hold(), status=409),
    _refused("not-ours", "work", {"kind": "unheard-of", "text": "照会中"}, status=409, shows=".typed-text"),
    Stop(
        name="case-no-such-letter",
        route="POST /cases/{request_id}/letters/{letter_id}/copy",
        prepare=_sent("letters/none/copy", {}),
        status=409,
    ),
    _refused("taken-back-too-late", "take-back", {"decision_id": "none"}, status=409, shows="main h1"),
)
