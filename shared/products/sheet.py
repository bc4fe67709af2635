"""What product.yaml may contain."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.products.source import Key, Text

Day = Annotated[str, AfterValidator(lambda text: str(date.fromisoformat(text)))]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class InsurerSheet(_Strict):
    """A name and its first day."""

    name: Text
    since: Day


class AgencySheet(_Strict):
    """The agency."""

    name: Text
    phone: Text
    phone_label: Text
    hours: Text
    address: Text
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    complaints: Text
    authority: Text


class PrivacySheet(_Strict):
    """The purpose text."""

    version: Text
    text: Text
    url: Annotated[str, Field(pattern="^https://")] | None = None


class LinkSheet(_Strict):
    """A page of the agency's own."""

    label: Text
    url: Annotated[str, Field(pattern="^https://")]


class StartSheet(_Strict):
    """The start page."""

    about: Annotated[list[Text], Field(min_length=1)]
    who: Annotated[list[Text], Field(min_length=1)]


class AfterSheet(_Strict):
    """When a customer hears what."""

    receipt: Text
    quote: Text
    referral: Text
    post: Text


class ProductSheet(_Strict):
    """product.yaml."""

    name: Text
    insurers: Annotated[list[InsurerSheet], Field(min_length=1)]
    agency: AgencySheet
    release: Literal["auto", "desk"]
    document_no: Text
    notices: dict[Key, Text]
    privacy: PrivacySheet
    links: list[LinkSheet] = []
    start: StartSheet
    after: AfterSheet
