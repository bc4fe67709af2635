"""The letter that brings back somebody who left the form half filled: an address, a link, and nothing about them."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.notify.domain import wording
from services.notify.domain.contact import Line
from services.notify.domain.fields import Fields, signature
from shared.errors import Invalid
from shared.events import ResumeLinkAsked
from shared.products import Product


class Link(BaseModel):
    """Where the form goes on, and the address that is to know."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    email: Line
    url: Annotated[Line, Field(pattern=r"^https?://\S+$")]


def link_in(content: Mapping[str, Any]) -> Link:
    """The link in an opened parcel. Raises `Invalid`: bad-link."""
    try:
        return Link.model_validate(content)
    except ValidationError:
        # The text would name what is secret.
        raise Invalid("bad-link") from None


def resume_fields(asked: ResumeLinkAsked, link: Link, product: Product) -> Fields:
    """The fields of the letter. It knows neither a name nor an answer."""
    return {
        "product": product.name,
        "notices": product.notices,
        "signature": signature(product),
        "url": link.url,
        "valid_until": wording.minute(asked.expires_at),
    }
