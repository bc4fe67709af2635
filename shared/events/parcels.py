"""What each reader's parcel holds: the encrypted half of the published language (docs/adr/0003-parcels.md).

`CONTENTS` names the model for every event and reader. The rules are those of events: within `.v1` fields are only
added, readers ignore what they do not know, and a field that came later has a default for older parcels. A golden
file of every content stays in tests/contracts/golden/parcels/ and must parse.

Of all models of the language, only these hold what is personal or was disclosed (告知). Never log a value of theirs.
"""

from collections.abc import Mapping
from typing import Final

from pydantic import Field, StrictInt

from shared.events.base import Event, Model, Moment
from shared.events.desk import (
    AddressCorrected,
    ApprovalAsked,
    ApprovalRefused,
    CaseClosed,
    CaseHeld,
    CustomerContacted,
    NoteAdded,
    QuoteDecided,
)
from shared.events.letters import LetterCopied
from shared.events.link_parcels import AnsweredForNotify, ColleagueLinkForNotify
from shared.events.quotes import QuoteOffered, QuoteReferred
from shared.events.requests import ColleagueAnswered, ColleagueAsked, RequestReceived, ResumeLinkAsked
from shared.events.staff_mails import PasswordResetAsked, StaffInvited

Answer = str | StrictInt | list[str]
"""The value of one question: a choice or text, an amount, or several choices."""


class Contact(Model):
    """Who asked, and where they can be reached. All of it is personal."""

    company: str
    department: str
    person: str
    phone: str
    """As it is written in Japan: `03-1234-5678`."""
    email: str
    postal_code: str
    """`100-0013`."""
    address: str
    building: str = ""
    """Empty where the customer gave none."""


class Declared(Model):
    """An answer of the 告知 that is easily misread, with its question, both spelled out in Japanese."""

    question: str
    answer: str


class RequestForRating(Model):
    """The answers that a price needs. Neither contact nor consents."""

    answers: dict[str, Answer]
    """By the form's keys: 告知, terms of the cover, industry. `turnover` is in 千円, all other amounts are in 円."""
    request_id: str = ""
    """Whose answers they are: under another request rating does not open them. Empty in older parcels."""


class RequestForNotify(Model):
    """What letters and the 見積書 say of a request. Of the 告知 only what the 見積書 repeats."""

    contact: Contact
    terms: dict[str, Answer] = Field(default_factory=dict)
    """What the price was asked for, by key: `industry`, `turnover` in 千円, the cover in 円. Empty without a quote."""
    declared: tuple[Declared, ...] = ()
    """In the form's order."""
    news_opt_in: str = ""
    """Whether the contact wants news by mail: `yes`, `no`, or empty where they did not say. Empty in older parcels."""


class RequestForDesk(Model):
    """Everything that was answered, for staff."""

    contact: Contact
    answers: dict[str, Answer]
    """By the form's keys, without the contact: wishes, 告知, terms, consents. `turnover` is in 千円, the rest in 円."""
    typed: dict[str, str] = Field(default_factory=dict)
    """What the customer typed, by key, where intake tidied it. It may be part of the contact, so it is personal."""


class ResumeLinkForNotify(Model):
    """Where the form goes on, and the mail address that asked for it. The address is personal."""

    email: str
    url: str
    """Secret: whoever has it reads what was typed so far."""


class StaffLinkForNotify(Model):
    """Where a member of staff gives themselves a password, and their mail address, which is personal."""

    email: str
    url: str
    """Secret: whoever has it decides the password."""


class Working(Model):
    """One step of a premium, all as text: figures are decimals to the last digit, amounts in 円."""

    label: str
    input: str = ""
    """What the factor depends on, which may reveal an answer of the 告知."""
    factor: str = ""
    """Empty for a sum, a bound or a rounding."""
    amount: str = ""
    """The running amount after this step."""
    source: str = ""
    """The cell of the tariff with the factor."""


class Reason(Model):
    """Why a person must answer: a word for machines and a sentence in Japanese. It may reveal an answer of the 告知."""

    code: str
    message: str = ""


class Saving(Model):
    """How much less the premium would be with one more control in place. It reveals which one is not in place."""

    advice: str
    """The control, in Japanese."""
    saves: int
    """円 a year."""


class SavingForDesk(Saving):
    """Also which question the control answers, and what the premium would be."""

    key: str = ""
    premium: int = 0
    """円 a year, with the control in place."""


class QuoteForDesk(Model):
    """How the price came about, or why there is none."""

    workings: tuple[Working, ...] = ()
    """In the order of the calculation. Empty for a referral."""
    reasons: tuple[Reason, ...] = ()
    """Empty for an offer."""
    savings: tuple[SavingForDesk, ...] = ()
    """The largest first."""
    note: str = ""
    """The reason that staff gave with their own decision. Empty for the first revision."""
    unfavourable: tuple[str, ...] = ()
    """The questions whose answers make the cover dearer, or are a reason for a referral. Empty in older parcels."""


class QuoteForNotify(Model):
    """What the 見積書 adds to an offer."""

    savings: tuple[Saving, ...] = ()
    """At most three, the easiest first. The parcel is there also without any: a missing one would reveal answers."""
    terms: dict[str, Answer] | None = None
    """As in `RequestForNotify`, where staff had others priced. None: those of the request."""
    declared: tuple[Declared, ...] | None = None
    """As in `RequestForNotify`, where staff corrected answers. None: those of the request."""


class DecisionForRating(Model):
    """What staff decided, and why: other terms, corrected answers, or a premium."""

    reason: str
    """Free text of staff."""
    terms: dict[str, str | StrictInt] | None = None
    """The changed terms of the cover by the form's keys, amounts in 円. None: something else was decided.

    All of them, unchanged, where a quote that had expired is made anew.
    """
    premium: StrictInt | None = None
    """円 a year. None: the tariff prices it."""
    answers: dict[str, Answer | None] | None = None
    """The corrected answers by the form's keys, `turnover` in 千円; None takes away one that is not asked any more.

    A rating of before this field refuses the decision, because there is nothing else in it.
    """


class DecisionForDesk(DecisionForRating):
    """The same, for whoever looks at the case later: what was changed, and why."""


class CorrectedAddress(Model):
    """Where the customer can be reached by mail instead. It is personal."""

    email: str


class NoteForDesk(Model):
    """What staff wrote down, as they typed it. It may name people."""

    text: str


class Attachment(Model):
    """A file that goes with a letter."""

    name: str
    media_type: str
    size: int
    """Bytes."""
    sha256: str
    content: str | None = None
    """In base64. None: together with those before it, it is too large for an event."""


class LetterCopyForDesk(Model):
    """A letter as it was sent."""

    subject: str
    sender: str
    to: str
    """As `sender`, with the name where the letter shows one."""
    written_at: Moment
    """The date in its head."""
    text: str
    attachments: tuple[Attachment, ...] = ()


CONTENTS: Final[Mapping[type[Event], Mapping[str, type[Model]]]] = {
    RequestReceived: {"rating": RequestForRating, "notify": RequestForNotify, "desk": RequestForDesk},
    ResumeLinkAsked: {"notify": ResumeLinkForNotify},
    ColleagueAsked: {"notify": ColleagueLinkForNotify},
    ColleagueAnswered: {"notify": AnsweredForNotify},
    QuoteOffered: {"desk": QuoteForDesk, "notify": QuoteForNotify},
    QuoteReferred: {"desk": QuoteForDesk},
    QuoteDecided: {"rating": DecisionForRating, "desk": DecisionForDesk},
    AddressCorrected: {"notify": CorrectedAddress, "desk": CorrectedAddress},
    ApprovalAsked: {"desk": DecisionForDesk},
    ApprovalRefused: {"desk": NoteForDesk},
    NoteAdded: {"desk": NoteForDesk},
    CustomerContacted: {"desk": NoteForDesk},
    CaseClosed: {"desk": NoteForDesk},
    LetterCopied: {"desk": LetterCopyForDesk},
    StaffInvited: {"notify": StaffLinkForNotify},
    PasswordResetAsked: {"notify": StaffLinkForNotify},
    CaseHeld: {"desk": NoteForDesk},
}
"""The model of what is inside, by event and reader."""
