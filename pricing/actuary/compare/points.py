"""Premiums that are known, read from a CSV.

The file comes from spreadsheets and other programs, so it is read tolerantly: a byte order mark, full-width digits,
thousands separators, any order of columns. What cannot be understood is reported with its line, all of it at once.
"""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Final

from pricing.tariff import Tariff
from shared.errors import Invalid

TERMS: Final = ("industry", "turnover", "plan")
AMOUNTS: Final = ("liability_limit", "cost_limit", "liability_deductible", "cost_deductible")
COLUMNS: Final = (*TERMS, *AMOUNTS, "riders", "score", "premium")
RIDER: Final = "rider_"
LARGEST: Final = 10**15
MILLIONTH: Final = Decimal("0.000001")
"""A score is rounded to this: a tariff's figures have no more decimals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A premium that is known, with the cover and the control score that it is for; None where only we predict."""

    line: int
    terms: Mapping[str, str | int]
    riders: str
    score: Decimal
    premium: int | None


def read_points(path: Path, tariff: Tariff) -> list[Point]:
    """The points in *path*. Raises `Invalid` with everything that cannot be understood, line by line."""
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    try:
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise Invalid(f"{path}: {reader.line_num}行目: CSV として読めません({error})。") from None
    _, header = rows[0] if rows else (0, [])
    return _points(path, [_normalized(name).lower() for name in header], rows[1:], tariff)


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
        cells_by_column = {name: _normalized(cell) for name, cell in zip(header, cells, strict=False)}
        row = _Row(line, cells_by_column, tariff)
        points.append(row.point())
        problems += row.problems
    if not problems and not points:
        problems.append("データの行がありません。")
    if problems:
        raise Invalid("\n".join(f"{path}: {problem}" for problem in problems))
    return points


def _normalized(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip()


def _number(cell: str) -> Decimal | None:
    try:
        number = Decimal(cell)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


class _Row:
    """One line that becomes a point; `problems` collects what is wrong with it."""

    def __init__(self, line: int, cells: Mapping[str, str], tariff: Tariff) -> None:
        self._line, self._cells, self._tariff = line, cells, tariff
        self.problems: list[str] = []

    def point(self) -> Point:
        """The point. It must not be used when there are problems."""
        terms: dict[str, str | int] = {key: self._choice(key) for key in ("industry", "plan")}
        terms |= {key: self._amount(key) for key in ("turnover", *AMOUNTS)}
        riders = self._cells.get("riders", "")
        terms |= self._riders(riders)
        premium = self._amount("premium") if self._cells.get("premium") else None
        if premium == 0:
            self._problem("premium", "1円以上にしてください")
        return Point(line=self._line, terms=terms, riders=riders, score=self._score(), premium=premium)

    def _choice(self, key: str) -> str:
        cell = self._cells.get(key, "")
        question = self._tariff.questions.get(key)
        if question is not None and cell not in question.choices:
            self._problem(key, f"「{cell}」という選択肢はありません")
        return cell

    def _amount(self, key: str) -> int:
        cell = self._cells.get(key, "").replace(",", "").removesuffix("円")
        amount = _number(cell)
        # The bound first: to make an `int` of a number with a billion digits would take for ever.
        if amount is None or not 0 <= amount <= LARGEST or amount != int(amount):
            self._problem(key, f"「{self._cells.get(key, '')}」は整数の金額ではありません")
            return 0
        return int(amount)

    def _riders(self, cell: str) -> dict[str, str]:
        known = [key for key in self._tariff.questions if key.startswith(RIDER)]
        chosen = {f"{RIDER}{name.strip().removeprefix(RIDER)}" for name in cell.split(";") if name.strip()}
        for key in sorted(chosen.difference(known)):
            self._problem("riders", f"「{key.removeprefix(RIDER)}」という特約はありません")
        return {key: "yes" if key in chosen else "no" for key in known}

    def _score(self) -> Decimal:
        cell = self._cells.get("score", "")
        score = _number(cell)
        if score is None or not 0 <= score <= 1:
            self._problem("score", f"「{cell}」は0から1までの数ではありません")
            return Decimal()
        return score.quantize(MILLIONTH, ROUND_HALF_UP).normalize() if score else Decimal()

    def _problem(self, column: str, text: str) -> None:
        self.problems.append(f"{self._line}行目 {column}: {text}。")
