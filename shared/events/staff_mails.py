"""What the dashboard lets notify write to staff. None of it is about one request: `request_id` is its own id."""

from typing import ClassVar, Literal

from shared.events.base import DESK, Event, Model, Moment, Parcel

Promise = Literal["first-answer", "referral", "call-again", "result"]
"""What was promised to a customer: a first answer, the answer to a referral, another call, or a result at once."""


class StaffMail(Event):
    """A letter to staff is due, written as those of `product` are."""

    topic: ClassVar = DESK

    product: str


class StaffInvited(StaffMail):
    """An admin made a link with which a member of staff gives themselves a password, until `expires_at`, once.

    Parcels (parcels.py): `notify` (`StaffLinkForNotify`).
    """

    type: ClassVar = "mitsumori.desk.staff.invited.v1"

    invited_at: Moment
    expires_at: Moment
    parcels: dict[str, Parcel]


class PasswordResetAsked(StaffMail):
    """Somebody says that they have forgotten the password of an account: its mail address gets such a link.

    Parcels (parcels.py): `notify` (`StaffLinkForNotify`).
    """

    type: ClassVar = "mitsumori.desk.staff.password_reset_asked.v1"

    asked_at: Moment
    expires_at: Moment
    parcels: dict[str, Parcel]


class OverdueCase(Model):
    """A case with what was promised until `due_at` and not done."""

    request_id: str
    reception_no: str
    promise: Promise
    due_at: Moment


class CaseOverdue(StaffMail):
    """The deadline of one case has passed, or of several: the desk is told of each deadline once.

    Either all of `cases` have the promise `result`, or none has.

    `cases` has those that are overdue for longest. `more`: how many there are besides.
    """

    type: ClassVar = "mitsumori.desk.case.overdue.v1"

    noticed_at: Moment
    cases: tuple[OverdueCase, ...]
    more: int = 0
