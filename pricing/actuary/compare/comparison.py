"""How far a tariff is from premiums that are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pricing.actuary.compare.points import AMOUNTS, TERMS, Point
from pricing.engine.price import premium_at
from pricing.engine.result import Reason, Referred
from pricing.tariff import Tariff


@dataclass(frozen=True, slots=True)
class ComparedPoint:
    """What the tariff charges for a point: a premium in 円, or the reasons why a person must answer."""

    point: Point
    predicted: int | None
    reasons: tuple[Reason, ...]

    @property
    def error_percent(self) -> Decimal | None:
        """(predicted - premium) / premium, in percent to two decimals; None without both."""
        known = self.point.premium
        if self.predicted is None or known is None:
            return None
        return (Decimal(self.predicted - known) * 100 / known).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def as_json(self) -> dict[str, Any]:
        """The columns, `predicted` and `error_percent`; `reasons` where there is no prediction."""
        point, error = self.point, self.error_percent
        return {
            **{key: point.terms[key] for key in (*TERMS, *AMOUNTS)},
            "riders": point.riders,
            "score": float(point.score),
            "premium": point.premium,
            "predicted": self.predicted,
            "error_percent": None if error is None else float(error),
            **({"reasons": [reason.code for reason in self.reasons]} if self.reasons else {}),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every point, in the file's order."""

    rows: tuple[ComparedPoint, ...]

    @property
    def worst(self) -> ComparedPoint | None:
        """The point with the largest error, up or down."""
        rows = [row for row in self.rows if row.error_percent is not None]
        return max(rows, key=lambda row: abs(row.error_percent or Decimal()), default=None)

    @property
    def referred(self) -> int:
        """How many points the tariff gives no premium for."""
        return sum(1 for row in self.rows if row.predicted is None)

    def as_json(self) -> dict[str, Any]:
        """`worst_error_percent` is its size, without a sign."""
        worst = self.worst
        error = worst.error_percent if worst else None
        return {
            "rows": [row.as_json() for row in self.rows],
            "worst_error_percent": None if error is None else float(abs(error)),
        }


def compare_points(points: Sequence[Point], tariff: Tariff) -> Comparison:
    """What *tariff* predicts for each of *points*."""
    return Comparison(tuple(_compared(point, tariff) for point in points))


def _compared(point: Point, tariff: Tariff) -> ComparedPoint:
    match premium_at(point.terms, point.score, tariff):
        case Referred(reasons=reasons):
            return ComparedPoint(point, None, reasons)
        case premium:
            return ComparedPoint(point, premium, ())
