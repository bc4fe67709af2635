"""What the desk's parcels say once they are opened. Shown to staff, never kept in this form."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from shared.events import Content


class _Part(BaseModel):
    """Later producers may add fields; a missing one is shown as empty rather than hiding the whole case."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Contact(_Part):
    """Who asked."""

    company: str = ""
    department: str = ""
    person: str = ""
    phone: str = ""
    email: str = ""
    postal_code: str = ""
    address: str = ""
    building: str = ""


class Working(_Part):
    """One step of a premium, as text: what it is, what went in, by how much, the running amount, its cell."""

    label: str
    input: str = ""
    factor: str = ""
    amount: str = ""
    source: str = ""


class Reason(_Part):
    """Why a person must look: a machine's word and a Japanese sentence."""

    code: str
    message: str = ""


class Saving(_Part):
    """What one more control in place would take off the premium, in 円 a year."""

    advice: str
    premium: int = 0
    saves: int


class RequestContents(_Part):
    """The desk's parcel of a request."""

    contact: Contact = Contact()
    answers: Content = {}


class QuoteContents(_Part):
    """The desk's parcel of a quote."""

    workings: tuple[Working, ...] = ()
    reasons: tuple[Reason, ...] = ()
    savings: tuple[Saving, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class CannotBeOpened:
    """A parcel whose key this desk does not hold (any more), or that was damaged; `why` is a machine's word."""

    why: str
