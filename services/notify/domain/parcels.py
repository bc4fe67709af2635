"""Reads what notify's parcels hold (shared/events/parcels.py), as texts that may stand in a letter.

The texts are a stranger's: line ends inside them could forge lines of our letters, so each becomes one line.
"""

import re
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from services.notify.domain.mail_header import one_line
from services.notify.domain.names import company_name, person_name
from shared.errors import Invalid
from shared.events import Content
from shared.events.link_parcels import AnsweredForNotify, ColleagueLinkForNotify
from shared.events.parcels import (
    Contact,
    CorrectedAddress,
    Declared,
    QuoteForNotify,
    ResumeLinkForNotify,
    StaffLinkForNotify,
)

_WEB_ADDRESS: Final = re.compile(r"https?://\S+")

MailedLink = ResumeLinkForNotify | ColleagueLinkForNotify | AnsweredForNotify | StaffLinkForNotify
"""What whoever gets a letter about no request is told: an address of ours, by mail."""
_Texts = TypeVar("_Texts", bound=BaseModel)


class Terms(BaseModel):
    """What the 見積書 repeats of the terms. `turnover` is in 千円, as the form asks it."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    industry: str
    turnover: int


# A request's parcel (`RequestForNotify`) is read part by part: what only the 見積書 needs must not stop other letters.
# The text of a validation error would show what is personal; the name of the part does not.


def read_contact(content: Content) -> Contact:
    """Who asked, from the parcel of a request, named without titles. Raises `Invalid`: bad-contact."""
    try:
        contact = _one_line_each(Contact.model_validate(content.get("contact")))
    except ValidationError:
        raise Invalid("bad-contact") from None
    names = {
        "company": company_name(contact.company),
        "department": company_name(contact.department),
        "person": person_name(contact.person),
    }
    return contact.model_copy(update=names)


def read_corrected_address(content: Content) -> str:
    """The mail address in the parcel of a correction. Raises `Invalid`: bad-contact."""
    try:
        return one_line(CorrectedAddress.model_validate(content).email)
    except ValidationError:
        raise Invalid("bad-contact") from None


def as_priced(request: Content, quote: Content) -> Content:
    """The parcel of the request with what the *quote* was priced for, where the parcel of that says something else."""
    return request | {name: quote[name] for name in ("terms", "declared") if quote.get(name) is not None}


def read_terms(content: Content) -> Terms:
    """The terms that a quote was asked for with. Raises `Invalid`: bad-terms."""
    try:
        return Terms.model_validate(content.get("terms"))
    except ValidationError:
        raise Invalid("bad-terms") from None


def read_declared(content: Content) -> tuple[Declared, ...]:
    """The answers that the 見積書 repeats; earlier parcels have none. Raises `Invalid`: bad-declared."""
    try:
        return tuple(_one_line_each(Declared.model_validate(one)) for one in content.get("declared", ()))
    except (ValidationError, TypeError):
        raise Invalid("bad-declared") from None


def read_quote(content: Content) -> QuoteForNotify:
    """The parcel of a quote. Raises `Invalid`: broken-parcel."""
    try:
        return QuoteForNotify.model_validate(content)
    except ValidationError:
        raise Invalid("broken-parcel") from None


def wants_news(request: Content) -> bool | None:
    """Whether the contact, by the parcel of the *request*, wants news. None: they did not say, as in older parcels."""
    return {"yes": True, "no": False}.get(str(request.get("news_opt_in")))


def read_link(content: Content, model: type[MailedLink]) -> MailedLink:
    """The parcel of whoever gets a link. Raises `Invalid`: bad-link."""
    try:
        link = _one_line_each(model.model_validate(content))
    except ValidationError:
        raise Invalid("bad-link") from None
    if not _WEB_ADDRESS.fullmatch(link.url):
        raise Invalid("bad-link")
    return link


def _one_line_each(texts: _Texts) -> _Texts:
    """All fields of these models are texts."""
    return texts.model_copy(update={name: one_line(text) for name, text in texts})
