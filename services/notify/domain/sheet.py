"""What stands on a 見積書. Texts only: the paper adds no arithmetic and no decisions of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from services.notify.domain import wording
from services.notify.domain.contact import Contact, Declared, Terms
from shared.errors import Invalid
from shared.events import Change, Content, Grid, Option, QuoteOffered
from shared.products import Product
from shared.yen import spoken_yen, turnover, yen

FIXED_PREMIUM: Final = "fixed_premium"
OPTIONS: Final = {
    "lighter": "保険料を抑えたご案内",
    "chosen": "ご希望の内容",
    "nearest": "ご希望に最も近い内容",
    "fuller": "補償を手厚くしたご案内",
}
"""What a customer calls the options, in the order that they stand in (梅・竹・松)."""


@dataclass(frozen=True, slots=True)
class Cover:
    """One kind of damage, how far it is covered, and what the insured bears."""

    label: str
    basis: str
    limit: str
    deductible: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A term that was asked for and cannot be had, what is quoted instead, and why."""

    term: str
    requested: str
    offered: str
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the options beside each other; `is_head` is the one that the sheet is about."""

    name: str
    limits: tuple[str, str]
    deductibles: tuple[str, str]
    premium: str
    is_head: bool


@dataclass(frozen=True, slots=True)
class Square:
    """A premium of a grid, or the sign of a note; `is_head` is the cover of the sheet itself."""

    text: str
    is_head: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a grid."""

    label: str
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Premiums by two terms of the cover."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


class Hint(BaseModel):
    """A control that would lower the premium, and by how much a year."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    advice: str
    saves: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The changing part of a 見積書; the rest is the product's template."""

    quote_no: str
    insurer: str
    issued_on: str
    expires_on: str
    company: str
    department: str
    person: str
    industry: str
    turnover: str
    plan: str
    riders: tuple[str, ...]
    fixed_premium: bool
    covers: tuple[Cover, ...]
    premium: str
    is_manual: bool
    changes: tuple[Exchange, ...]
    options: tuple[Choice, ...]
    boards: tuple[Board, ...]
    hints: tuple[tuple[str, str], ...]
    declared: tuple[tuple[str, str], ...]
    """Answers whose words need care, and how they were understood."""


def quote_no(quote: QuoteOffered) -> str:
    """What a customer reads out on the phone: the reception number and the revision."""
    return f"{quote.reception_no}-{quote.revision}"


def head_option(quote: QuoteOffered) -> Option:
    """The cover that was asked for, or the nearest to it. Raises `Invalid`: no-head-option."""
    head = quote.head
    if head is None:
        raise Invalid("no-head-option")
    return head


def hints_in(parcel: Content) -> tuple[Hint, ...]:
    """What the quote's parcel for us advises. Raises `Invalid`: broken-parcel."""
    try:
        return tuple(Hint.model_validate(one) for one in parcel.get("savings", ()))
    except (ValidationError, TypeError):
        raise Invalid("broken-parcel") from None


def covers(option: Option) -> tuple[Cover, ...]:
    """Both kinds of damage of *option*."""
    return (
        Cover(
            "賠償損害",
            "1請求・保険期間中",
            spoken_yen(option.liability_limit),
            wording.deductible(option.liability_deductible),
        ),
        Cover(
            "費用損害",
            "一連の事故・保険期間中",
            spoken_yen(option.cost_limit),
            wording.deductible(option.cost_deductible),
        ),
    )


def choice_label(product: Product, key: str, value: str) -> str:
    """The words that the form shows for *value*. Raises `Invalid`: unknown-choice."""
    for choice in product.form.question(key).choices:
        if choice.value == value:
            return choice.label
    raise Invalid("unknown-choice")


def rider_labels(product: Product, option: Option) -> tuple[str, ...]:
    """The riders' names, without the one that only says how the premium is settled."""
    return tuple(product.form.question(f"rider_{rider}").label for rider in option.riders if rider != FIXED_PREMIUM)


def exchanges(product: Product, changes: Iterable[Change]) -> tuple[Exchange, ...]:
    """The *changes* in the form's own words."""
    return tuple(
        Exchange(
            product.form.question(change.key).label,
            choice_label(product, change.key, str(change.requested)),
            choice_label(product, change.key, str(change.offered)),
            change.says,
        )
        for change in changes
    )


def _choices(quote: QuoteOffered) -> Iterator[Choice]:
    head = head_option(quote)
    for kind, label in OPTIONS.items():
        for option in quote.options:
            if option.kind == kind:
                limits, deductibles = zip(*((cover.limit, cover.deductible) for cover in covers(option)), strict=True)
                yield Choice(label, limits, deductibles, f"{option.premium:,}", option is head)


def _board(product: Product, grid: Grid, head: Option) -> Board:
    signs = {note.code: f"※{number}" for number, note in enumerate(grid.notes, start=1)}
    own = (getattr(head, grid.rows), getattr(head, grid.columns))
    lines = tuple(
        Line(
            choice_label(product, grid.rows, str(row)),
            tuple(
                Square(signs.get(cell.note, "―") if cell.premium is None else f"{cell.premium:,}", (row, column) == own)
                for column, cell in zip(grid.column_values, cells, strict=True)
            ),
        )
        for row, cells in zip(grid.row_values, grid.cells, strict=True)
    )
    names = [product.form.question(key).label for key in (grid.rows, grid.columns)]
    columns = tuple(choice_label(product, grid.columns, str(value)) for value in grid.column_values)
    notes = tuple(f"{signs[note.code]} {note.says}" for note in grid.notes)
    return Board(" × ".join(names), columns, lines, notes)


def quote_sheet(
    quote: QuoteOffered,
    product: Product,
    contact: Contact,
    terms: Terms,
    *,
    hints: Iterable[Hint] = (),
    declared: Iterable[Declared] = (),
) -> Sheet:
    """The 見積書 of *quote*."""
    option = head_option(quote)
    return Sheet(
        quote_no=quote_no(quote),
        insurer=product.insurer_on(wording.jst_date(quote.issued_at)),
        issued_on=wording.day(quote.issued_at),
        expires_on=wording.day(quote.expires_on),
        company=contact.company,
        department=contact.department,
        person=contact.person,
        industry=choice_label(product, "industry", terms.industry),
        turnover=turnover(terms.turnover),
        plan=choice_label(product, "plan", option.plan),
        riders=rider_labels(product, option),
        fixed_premium=FIXED_PREMIUM in option.riders,
        covers=covers(option),
        premium=f"{option.premium:,}",
        is_manual=quote.basis == "manual",
        changes=exchanges(product, quote.changes),
        options=tuple(_choices(quote)) if len(quote.options) > 1 else (),
        boards=tuple(_board(product, grid, option) for grid in quote.grids),
        hints=tuple((hint.advice, yen(hint.saves)) for hint in hints),
        declared=tuple((one.question, one.answer) for one in declared),
    )
