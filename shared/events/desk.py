"""What agency staff decided and did."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from shared.events.base import DESK, Event, Moment, Parcel

ContactOutcome = Literal["reached", "no-answer", "call-again"]
CaseOutcome = Literal["handed-over", "not-taken-up", "declined", "duplicate", "finished"]
"""How a case ended: it goes to the insurer's application, the customer does not want it, the agency does not offer it,
another case is about the same, or there was nothing more to do."""


class Decision(Event):
    """One thing that a member of staff decided or did about a case."""

    topic: ClassVar = DESK

    decision_id: str
    decided_at: Moment
    decided_by: str
    """The staff account's id, never a name."""


class QuoteDecided(Decision):
    """Staff ask for another revision of a quote: with other terms of the cover, or with a premium that they set.

    `revision` is the one to be made: one more than that of the quote that they decided on. Parcels (parcels.py):
    `rating` (`DecisionForRating`), `desk` (`DecisionForDesk`; none in older events).
    """

    type: ClassVar = "mitsumori.desk.quote.decided.v1"

    revision: int
    parcels: dict[str, Parcel]
    approves: str | None = None
    """The `decision_id` of the `ApprovalAsked` that this approves. None: whoever decided had the authority for it."""


class ApprovalAsked(Decision):
    """Staff want to set a premium beyond their authority: somebody else must approve it.

    It is about the quote `quote_id`, and lapses with it. Parcels (parcels.py): `desk` (`DecisionForDesk`).
    """

    type: ClassVar = "mitsumori.desk.approval.asked.v1"

    quote_id: str
    parcels: dict[str, Parcel]


class ApprovalRefused(Decision):
    """Somebody with the authority for it does not approve it. Parcels (parcels.py): `desk` (`NoteForDesk`)."""

    type: ClassVar = "mitsumori.desk.approval.refused.v1"

    asked_id: str
    """The `decision_id` of the `ApprovalAsked`."""
    parcels: dict[str, Parcel]


class CaseAssigned(Decision):
    """Somebody is responsible for a case from now on."""

    type: ClassVar = "mitsumori.desk.case.assigned.v1"

    assignee: str | None = None
    """The staff account's id; none when nobody is responsible any more."""


class NoteAdded(Decision):
    """Staff wrote something down. Parcels (parcels.py): `desk` (`NoteForDesk`)."""

    type: ClassVar = "mitsumori.desk.note.added.v1"

    parcels: dict[str, Parcel]


class CustomerContacted(Decision):
    """Staff called or wrote to the customer, or tried to. Parcels (parcels.py): `desk` (`NoteForDesk`)."""

    type: ClassVar = "mitsumori.desk.customer.contacted.v1"

    outcome: ContactOutcome
    call_again_at: Moment | None = None
    """When to contact them next, as agreed or planned, with any outcome. `call-again` is of former versions only."""
    parcels: dict[str, Parcel] = Field(default_factory=dict)


class BrochurePosted(Decision):
    """The brochures are on their way by post."""

    type: ClassVar = "mitsumori.desk.brochure.posted.v1"


class CaseClosed(Decision):
    """There is nothing more to do for the agency. Parcels (parcels.py): `desk` (`NoteForDesk`)."""

    type: ClassVar = "mitsumori.desk.case.closed.v1"

    outcome: CaseOutcome
    reason: str = ""
    """A word for machines: why the customer did not take it up, or why it was declined. Readers tolerate new ones."""
    same_as: str | None = None
    """With `duplicate`: the id of the request that goes on."""
    parcels: dict[str, Parcel] = Field(default_factory=dict)


class CaseReopened(Decision):
    """A closed case is worked on again."""

    type: ClassVar = "mitsumori.desk.case.reopened.v1"


class CaseHeld(Decision):
    """A quote that waits for its release must not go out yet. Parcels (parcels.py): `desk` (`NoteForDesk`), the reason.

    It binds the desk only: neither rating nor notify act on it, and deadlines go on.
    """

    type: ClassVar = "mitsumori.desk.case.held.v1"

    until: date | None = None
    """The day in Japan until which it is expected to last. It ends by `CaseHoldLifted` only."""
    parcels: dict[str, Parcel]


class CaseHoldLifted(Decision):
    """What was held may be released again."""

    type: ClassVar = "mitsumori.desk.case.hold_lifted.v1"


class AddressCorrected(Decision):
    """The customer's mail address was wrong: what they are owed goes to another one, which they told staff.

    Parcels (parcels.py): `notify` and `desk` (`CorrectedAddress`).
    """

    type: ClassVar = "mitsumori.desk.address.corrected.v1"

    parcels: dict[str, Parcel]


class DecisionWithdrawn(Decision):
    """Staff took back a decision before it was published: nobody but the dashboard has ever known it."""

    type: ClassVar = "mitsumori.desk.decision.withdrawn.v1"

    withdrawn_type: str
    """The type of the event that is not published."""
    withdrawn_id: str
    """The `ce_id` that it would have had."""
    approves: str | None = None
    """Of an approval that was taken back: the `decision_id` of the `ApprovalAsked`, which waits again."""


class RequestReleased(Event):
    """A member of staff lets the mails of a held request (`is_held`) go out to its contact."""

    topic: ClassVar = DESK
    type: ClassVar = "mitsumori.desk.request.released.v1"

    released_at: Moment
    released_by: str
    """The staff account's id, never a name."""


class QuoteReleased(Event):
    """A member of staff lets this quote go out to the customer.

    Needed for the quotes of products with `release: desk`. For a held request it also means `RequestReleased`, which
    versions before that event could not say.
    """

    topic: ClassVar = DESK
    type: ClassVar = "mitsumori.desk.quote.released.v1"

    quote_id: str
    released_at: Moment
    released_by: str
    """The staff account's id, never a name."""


class LetterCopyAsked(Event):
    """Staff want to see a letter as it was sent: notify answers with `LetterCopied`. It changes nothing of a case."""

    topic: ClassVar = DESK
    type: ClassVar = "mitsumori.desk.letter.copy.asked.v1"

    copy_id: str
    """Of the copy to be made. The same letter asked for on the same day has the same id, and is copied once."""
    letter_id: str
    asked_at: Moment
    asked_by: str
    """The staff account's id, never a name."""
