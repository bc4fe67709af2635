"""What product.yaml may contain."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt

from shared.products.authority import GrantSchema
from shared.products.desk_schema import DeskSchema
from shared.products.hints import HintSchema
from shared.products.source import Key, Slug, Text

Day = Annotated[str, AfterValidator(lambda text: str(date.fromisoformat(text)))]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class InsurerSchema(_Strict):
    """A name and its first day."""

    name: Text
    since: Day


class AgencySchema(_Strict):
    """The agency."""

    name: Text
    phone: Text
    phone_label: Text
    hours: Text
    address: Text
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    complaints: Text
    authority: Text
    in_charge: Text | None = None


class PrivacySchema(_Strict):
    """The purpose text."""

    version: Text
    text: Text
    url: Annotated[str, Field(pattern="^https://")] | None = None


class LinkSchema(_Strict):
    """A page of the agency's own."""

    label: Text
    url: Annotated[str, Field(pattern="^https://")]


class StartSchema(_Strict):
    """The start page."""

    about: Annotated[list[Text], Field(min_length=1)]
    who: Annotated[list[Text], Field(min_length=1)]


class AfterSchema(_Strict):
    """What a customer may expect after sending."""

    receipt: Text
    quote: Text
    referral: Text
    post: Text


class ProductSchema(_Strict):
    """product.yaml."""

    name: Text
    insurers: Annotated[list[InsurerSchema], Field(min_length=1)]
    agency: AgencySchema
    desk: DeskSchema
    authority: list[GrantSchema] = []
    release: Literal["auto", "desk"]
    estimate: Literal["on", "off"] = "off"
    labels: Literal[12, 18, 21] = 12
    document_no: Annotated[str, Field(pattern=r"\S")]
    notices: dict[Key, Text]
    privacy: PrivacySchema
    links: list[LinkSchema] = []
    start: StartSchema
    after: AfterSchema
    hints: list[HintSchema] = []
    form_orders: Annotated[dict[Slug, PositiveInt], Field(min_length=1)] | None = None
