"""How far a tariff is from premiums that are known: the figures that it is calibrated on, or anybody's own.

The file comes from spreadsheets and other programs, so it is read kindly: a byte order mark, full-width digits,
thousands separators, any order of columns. What cannot be understood is told with its line, all of it at once.
"""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final

from pricing.engine.price import premium_at
from pricing.engine.result import Reason, Referred
from pricing.tariff import Tariff
from shared.errors import Invalid

TERMS: Final = ("industry", "turnover", "plan")
AMOUNTS: Final = ("liability_limit", "cost_limit", "liability_deductible", "cost_deductible")
COLUMNS: Final = (*TERMS, *AMOUNTS, "riders", "score", "premium")
RIDER: Final = "rider_"
LARGEST: Final = 10**15
MILLIONTH: Final = Decimal("0.000001")
"""As fine as a tariff is."""


@dataclass(frozen=True, slots=True)
class Point:
    """A premium that is known, with the cover and the control score that it is for; None where only we predict."""

    line: int
    terms: Mapping[str, str | int]
    riders: str
    score: Decimal
    premium: int | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What the tariff makes of a point: a premium in 円, or the reasons why a person must answer."""

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

    rows: tuple[Compared, ...]

    @property
    def worst(self) -> Compared | None:
        """The point that is furthest off, up or down."""
        off = [row for row in self.rows if row.error_percent is not None]
        return max(off, key=lambda row: abs(row.error_percent or Decimal()), default=None)

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


def compare(points: Sequence[Point], tariff: Tariff) -> Comparison:
    """The prediction for each point."""
    return Comparison(tuple(_compared(point, tariff) for point in points))


def _compared(point: Point, tariff: Tariff) -> Compared:
    found = premium_at(point.terms, point.score, tariff)
    return Compared(point, None, found.reasons) if isinstance(found, Referred) else Compared(point, found, ())


def read_points(path: Path, tariff: Tariff) -> list[Point]:
    """The points in *path*. Raises `Invalid` with everything that cannot be understood, line by line."""
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    try:
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise Invalid(f"{path}: {reader.line_num}行目: CSV として読めません({error})。") from None
    _, header = rows[0] if rows else (0, [])
    return _points(path, [_plain(name).lower() for name in header], rows[1:], tariff)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path}: ファイルを読めません({error.strerror})。") from None
    # Excel in Japan saves a plain CSV in Shift_JIS.
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(f"{path}: UTF-8 のテキストではありません。「CSV UTF-8」で保存してください。")


def _points(path: Path, header: Sequence[str], rows: Sequence[tuple[int, list[str]]], tariff: Tariff) -> list[Point]:
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise Invalid(f"{path}: 見出しに次の列がありません: {'、'.join(missing)}")
    twice = [name for name in COLUMNS if header.count(name) > 1]
    if twice:
        raise Invalid(f"{path}: 見出しに同じ列が二つあります: {'、'.join(twice)}")
    problems: list[str] = []
    points = []
    for line, cells in rows:
        row = {name: _plain(cell) for name, cell in zip(header, cells, strict=False)}
        reading = _Row(line, row, tariff)
        points.append(reading.point())
        problems += reading.problems
    if not problems and not points:
        problems.append("データの行がありません。")
    if problems:
        raise Invalid("\n".join(f"{path}: {problem}" for problem in problems))
    return points


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip()


def _number(cell: str) -> Decimal | None:
    try:
        number = Decimal(cell)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


class _Row:
    """One line on its way to a point; `problems` collects what is wrong with it."""

    def __init__(self, line: int, cells: Mapping[str, str], tariff: Tariff) -> None:
        self._line, self._cells, self._tariff = line, cells, tariff
        self.problems: list[str] = []

    def point(self) -> Point:
        """The point; only good for anything when there are no problems."""
        terms: dict[str, str | int] = {key: self._choice(key) for key in ("industry", "plan")}
        terms |= {key: self._amount(key) for key in ("turnover", *AMOUNTS)}
        riders = self._cells.get("riders", "")
        terms |= self._riders(riders)
        premium = self._amount("premium") if self._cells.get("premium") else None
        if premium == 0:
            self._problem("premium", "1円以上にしてください")
        return Point(self._line, terms, riders, self._score(), premium)

    def _choice(self, key: str) -> str:
        cell = self._cells.get(key, "")
        question = self._tariff.questions.get(key)
        if question is not None and cell not in question.choices:
            self._problem(key, f"「{cell}」という選択肢はありません")
        return cell

    def _amount(self, key: str) -> int:
        cell = self._cells.get(key, "").replace(",", "").removesuffix("円")
        amount = _number(cell)
        # The bound first: a number of a billion digits is not worth making.
        if amount is None or not 0 <= amount <= LARGEST or amount != int(amount):
            self._problem(key, f"「{self._cells.get(key, '')}」は整数の金額ではありません")
            return 0
        return int(amount)

    def _riders(self, cell: str) -> dict[str, str]:
        known = [key for key in self._tariff.questions if key.startswith(RIDER)]
        asked = {f"{RIDER}{one.strip().removeprefix(RIDER)}" for one in cell.split(";") if one.strip()}
        for one in sorted(asked.difference(known)):
            self._problem("riders", f"「{one.removeprefix(RIDER)}」という特約はありません")
        return {key: "yes" if key in asked else "no" for key in known}

    def _score(self) -> Decimal:
        cell = self._cells.get("score", "")
        score = _number(cell)
        if score is None or not 0 <= score <= 1:
            self._problem("score", f"「{cell}」は0から1までの数ではありません")
            return Decimal()
        return score.quantize(MILLIONTH, ROUND_HALF_UP).normalize() if score else Decimal()

    def _problem(self, column: str, text: str) -> None:
        self.problems.append(f"{self._line}行目 {column}: {text}。")
