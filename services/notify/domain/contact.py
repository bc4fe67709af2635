"""What the customer's parcel says: who they are, and the terms that they asked a quote for."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from services.notify.domain.message import one_line
from shared.errors import Invalid

Line = Annotated[str, AfterValidator(one_line)]
"""A line of a stranger's text. Line ends inside it could forge lines of our letters."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Contact(_Part):
    """The person who wrote to us, and their company."""

    company: Line
    department: Line
    person: Line
    phone: Line
    email: Line
    postal_code: Line
    address: Line
    building: Line = ""


class Terms(_Part):
    """What the 見積書 repeats of the answers."""

    industry: str
    turnover: int
    """In 千円, as the form asks it."""


class Declared(_Part):
    """An answer of the 告知 whose words need care, spelled out."""

    question: Line
    answer: Line


_Model = TypeVar("_Model", bound=_Part)


def contact_in(content: Mapping[str, Any]) -> Contact:
    """The contact in an opened parcel. Raises `Invalid`: bad-contact."""
    return _part(Contact, content, "contact")


def terms_in(content: Mapping[str, Any]) -> Terms:
    """The terms in an opened parcel. Raises `Invalid`: bad-terms."""
    return _part(Terms, content, "terms")


def declared_in(content: Mapping[str, Any]) -> tuple[Declared, ...]:
    """The answers that the 見積書 repeats; earlier parcels have none. Raises `Invalid`: bad-declared."""
    try:
        return tuple(Declared.model_validate(one) for one in content.get("declared", ()))
    except (ValidationError, TypeError):
        raise Invalid("bad-declared") from None


def _part(model: type[_Model], content: Mapping[str, Any], name: str) -> _Model:
    try:
        return model.model_validate(content.get(name))
    except ValidationError:
        # The text would name what is personal.
        raise Invalid(f"bad-{name}") from None
