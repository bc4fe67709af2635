"""The events of notify: what became of each letter."""

from typing import ClassVar, Literal

from shared.events.base import LETTERS, Event, Moment

LetterKind = Literal[
    "receipt",
    "quote",
    "referral",
    "desk",
    "desk-late",
    "desk-undelivered",
    "desk-overdue",
    "resume",
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
    "bug",
    "unknown-key",
    "unknown-product",
]
"""Why a letter could not be made. A newer notify may give other reasons."""


class Letter(Event):
    """One mail to one recipient, identified by `letter_id`.

    Some letters are about no request: `resume`, to somebody who has sent none yet (`ResumeLinkAsked`), and those that
    the dashboard asks for (`StaffMail`). Their `reception_no` is empty, and their `request_id` is that of the event.
    """

    topic: ClassVar = LETTERS

    letter_id: str
    reception_no: str
    product: str
    kind: LetterKind
    corrected_by: str | None = None
    """The `decision_id` of the `AddressCorrected` whose address it goes to. None: the one in the request."""


class LetterSent(Letter):
    """The mail server accepted it. `ambiguous`: an earlier attempt may have arrived too (RFC 1047)."""

    type: ClassVar = "mitsumori.letter.sent.v1"

    sent_at: Moment
    attempts: int
    ambiguous: bool = False


class LetterFailed(Letter):
    """Given up. `reply_code` is the SMTP code, when the server gave one.

    A letter that could not be made has no attempts, and `reason` says why, in a word for machines (`NotMade`). Once an
    operator has mended why, the same letter may still be sent.
    """

    type: ClassVar = "mitsumori.letter.failed.v1"

    failed_at: Moment
    attempts: int
    reply_code: int | None = None
    reason: str | None = None
