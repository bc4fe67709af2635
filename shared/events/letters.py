"""The events of notify: what became of each letter, copies of letters for staff, and who wants no news any more."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.events.base import LETTERS, Event, Model, Moment, Parcel

LetterKind = Literal[
    "receipt",
    "quote",
    "referral",
    "desk",
    "desk-late",
    "desk-undelivered",
    "desk-overdue",
    "resume",
    "colleague-asked",
    "colleague-answered",
    "invitation",
    "password-reset",
]

NotMade = Literal[
    "document-failed",
    "document-too-slow",
    "document-not-sound",
    "bad-address",
    "broken-head",
    "letter-too-big",
    "no-brochure",
    "no-parcel",
    "broken-parcel",
    "bad-contact",
    "bad-terms",
    "bad-declared",
    "no-head-option",
    "no-premium",
    "unknown-form",
    "unknown-choice",
    "unknown-question",
    "bad-grid",
    "quote-expired",
    "dead-address",
    "bug",
    "unknown-key",
    "unknown-product",
]
"""Why a letter could not be made. A newer notify may give other reasons."""

NotRepeated = Literal["arrival-unknown"]
"""Why a letter that was tried is not sent again: it may have arrived (RFC 1047), and a person has to find out."""

BounceType = Literal["hard", "soft", "blocked"]
"""`hard`: the address does not exist, so no mail to it arrives. `soft`: this letter could not be taken, another may be.

`blocked`: the recipient's mail server refuses what we send, or asks for a confirmation.
"""

BounceReason = Literal[
    "no-such-address",
    "no-such-domain",
    "disabled",
    "mailbox-full",
    "too-big",
    "not-reached",
    "blocked",
    "confirmation-asked",
    "other",
]
"""Why a letter came back. A newer notify may give other reasons."""

NoCopy = Literal["not-made", "gone"]
"""Why there is no copy of a letter: it never was written, or it is not kept any more."""


class Paper(Model):
    """A 見積書 that a letter encloses: its 見積番号, and the SHA-256 of the PDF in small hexadecimal digits.

    By these anybody can be told whether a PDF is ours, without anybody else reading it.
    """

    quote_no: str
    sha256: str


class Letter(Event):
    """One mail to one recipient, identified by `letter_id`.

    Some letters are about no request: those around a form that is not sent yet (`ResumeLinkAsked`, `ColleagueAsked`,
    `ColleagueAnswered`), and those that the dashboard asks for (`StaffMail`). Their `reception_no` is empty, and their
    `request_id` is that of the event.
    """

    topic: ClassVar = LETTERS

    letter_id: str
    reception_no: str
    product: str
    kind: LetterKind
    corrected_by: str | None = None
    """The `decision_id` of the `AddressCorrected` whose address it goes to. None: the one in the request."""
    paper: Paper | None = None
    """The 見積書 that it encloses. None: it encloses none, or it was written before papers were told."""


class LetterSent(Letter):
    """The mail server accepted it. `ambiguous`: an earlier attempt may have arrived too (RFC 1047)."""

    type: ClassVar = "mitsumori.letter.sent.v1"

    sent_at: Moment
    attempts: int
    ambiguous: bool = False


class LetterFailed(Letter):
    """Given up. `reply_code` is the SMTP code, when the server gave one.

    `reason` is a word for machines. A letter that could not be made has no attempts, and `reason` says why (`NotMade`);
    once an operator has mended why, the same letter may still be sent. One that was tried has a `reason` only where it
    may have arrived (`NotRepeated`).
    """

    type: ClassVar = "mitsumori.letter.failed.v1"

    failed_at: Moment
    attempts: int
    reply_code: int | None = None
    reason: str | None = None


class LetterBounced(Letter):
    """It came back: a mail server reported, after the first had accepted it, that it did not arrive.

    `bounce_type` and `reason` are words for machines (`BounceType`, `BounceReason`). `status` is the enhanced code of
    the report (RFC 3463), such as `5.1.1`, and `reply_code` the SMTP code, where it had one. A letter may be `sent`
    and `bounced`, in any order; what counts is that it came back.
    """

    type: ClassVar = "mitsumori.letter.bounced.v1"

    bounced_at: Moment
    """When we read the report."""
    bounce_type: str
    reason: str
    status: str | None = None
    reply_code: int | None = None


class LetterCopied(Event):
    """A letter as it was sent, for staff who asked for it (`LetterCopyAsked`).

    Parcels (parcels.py): `desk` (`LetterCopyForDesk`). None where there is no copy, and then `missing` says why.
    """

    topic: ClassVar = LETTERS
    type: ClassVar = "mitsumori.letter.copied.v1"

    copy_id: str
    letter_id: str
    copied_at: Moment
    missing: str | None = None
    """A word for machines (`NoCopy`). A newer notify may give others."""
    parcels: dict[str, Parcel] = Field(default_factory=dict)


class NewsOptedOut(Event):
    """The contact of this request has asked for news by mail (ご案内メール), and wants none any more.

    They said it over a link in one of our mails. Whoever sends them news, by whatever means, must stop. A later request
    from the same address may ask for them again.
    """

    topic: ClassVar = LETTERS
    type: ClassVar = "mitsumori.news.opted_out.v1"

    opted_out_at: Moment
