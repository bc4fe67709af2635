"""The values in a tariff file: exact figures, written in quotes, and choices of the form.

YAML reads a bare 0.936 as a binary fraction, and that fraction must never become part of a premium.
"""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator

DECIMALS: Final = 6
LARGEST: Final = Decimal(10) ** 12


def _figure(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError("write the figure in quotes, so that it stays exact")  # noqa: TRY004  pydantic collects these
    try:
        figure = Decimal(value)
    except ArithmeticError:
        raise ValueError("not a figure") from None
    if not figure.is_finite() or abs(figure) >= LARGEST:
        raise ValueError("not a figure that a premium can be made of")
    if figure != round(figure, DECIMALS):
        raise ValueError(f"more than {DECIMALS} decimals")
    return figure


def _positive(figure: Decimal) -> Decimal:
    if figure <= 0:
        raise ValueError("must be above nought")
    return figure


def _not_negative(figure: Decimal) -> Decimal:
    if figure < 0:
        raise ValueError("must not be below nought")
    return figure


def _share(figure: Decimal) -> Decimal:
    if not 0 <= figure <= 1:
        raise ValueError("must be between 0 and 1")
    return figure


def _choice(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are no answers of the form")  # noqa: TRY004  pydantic collects these
    return value


Figure = Annotated[Decimal, BeforeValidator(_figure)]
Positive = Annotated[Figure, AfterValidator(_positive)]
Amount = Annotated[Figure, AfterValidator(_not_negative)]
Share = Annotated[Figure, AfterValidator(_share)]
Choice = Annotated[str | int, BeforeValidator(_choice)]
