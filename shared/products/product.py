"""One product of one insurer, as the services see it. Immutable, checked, and it decides nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, Self

from shared.products.authority import Grant
from shared.products.desk import Desk
from shared.products.form import INSURERS_ORDER, Form
from shared.products.hints import Hints

ABOUT: Final = frozenset({"product", "insurer", "agency", "document_no", "notices"})
"""The names in `Product.about`."""


@dataclass(frozen=True, slots=True)
class Insurer:
    """The insurer's name from a day on: insurers merge and are renamed while a product lives."""

    name: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who sells the product and is responsible for it. `authority`: what it may do for the insurer (代理店の権限).

    `reply_within`: how soon a person answers (2営業日以内), in the words of the desk's promise.
    `in_charge`: the 担当 that papers name. `seal`: the picture of its 角印, a path in the product's folder. Both may be
    empty.
    """

    name: str
    phone: str
    phone_label: str
    hours: str
    address: str
    email: str
    complaints: str
    authority: str
    reply_within: str
    in_charge: str = ""
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Privacy:
    """What personal data are used for (個人情報の利用目的). A consent names the `version` that was shown."""

    version: str
    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the agency's own, such as its 勧誘方針."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Start:
    """The start page: what the product is, and who may use it."""

    about: tuple[str, ...]
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What a customer may expect after sending, and by when. The days are those that the desk promises."""

    receipt: str
    quote: str
    referral: str
    post: str


@dataclass(frozen=True, kw_only=True)
class Product:
    """Everything that differs between two products. `document_no` is the 募集文書番号."""

    slug: str
    name: str
    insurers: tuple[Insurer, ...]
    agency: Agency
    desk: Desk
    authority: tuple[Grant, ...]
    """Who may set a premium by hand alone. Without any, nobody may."""
    release: Literal["auto", "desk"]
    estimate: Literal["on", "off"]
    """Whether everybody may see what cover may cost, before they say who they are."""
    labels: int
    """How many labels for the post are on a sheet: 12, 18 or 21."""
    document_no: str
    notices: Mapping[str, str]
    privacy: Privacy
    links: tuple[Link, ...]
    start: Start
    after: After
    hints: Hints
    """How easily controls are put in place that lower the premium; nothing of those that it does not name."""
    form: Form
    form_orders: Mapping[str, int]
    """In which orders of the form customers are asked, each with its share of the visits."""
    former_forms: Mapping[str, Form]
    """The forms that were published before, by their version: what was answered under one is shown in its words."""
    folder: Path

    @classmethod
    def extending(cls, product: "Product", **more: Any) -> Self:  # noqa: ANN401  # the fields that a subclass adds
        """*product* as this class, with the fields that it adds: what only one service needs, such as the tariffs."""
        return cls(**{field.name: getattr(product, field.name) for field in fields(product)}, **more)

    def form_of(self, version: str) -> Form | None:
        """The form of that version, today's or a former one: what a request was answered under.

        None when the product does not have it. Today's form may ask otherwise, so whoever shows its words all the same
        says that they do.
        """
        return self.form if version == self.form.version else self.former_forms.get(version)

    def in_order(self, name: str) -> Self:
        """The same product, whose form is in the order *name* (`Form.in_order`)."""
        return self._in_orders.get(name) or self._in_orders[INSURERS_ORDER]

    @cached_property
    def _in_orders(self) -> dict[str, Self]:
        return {name: replace(self, form=self.form.in_order(name)) for name in self.form.orders}

    def question_label(self, key: str) -> str:
        """The question in the words of the newest form that asks it; a *key* that none of them has, as it is."""
        former = (form for _, form in sorted(self.former_forms.items(), reverse=True))
        questions = (question for form in (self.form, *former) for question in form.questions)
        return next((question.label for question in questions if question.key == key), key)

    @property
    def about(self) -> dict[str, Any]:
        """What every document shows about the product, as plain data."""
        return {
            "product": self.name,
            "insurer": self.insurer,
            "agency": asdict(self.agency),
            "document_no": self.document_no,
            "notices": dict(self.notices),
        }

    @property
    def insurer(self) -> str:
        """The insurer's name on what has no date: the first that is listed."""
        return self.insurers[0].name

    def insurer_on(self, day: date) -> str:
        """The insurer's name on *day*; the first one also before its day."""
        return next((insurer.name for insurer in reversed(self.insurers) if insurer.since <= day), self.insurer)


Products = Mapping[str, Product]
"""Every product that is sold, by its slug."""


def forms_of(products: Products) -> list[str]:
    """Every form that *products* have or had, each as its product and its version."""
    return [f"{slug} {version}" for slug, one in products.items() for version in (one.form.version, *one.former_forms)]
