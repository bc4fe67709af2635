"""What a person may type into a cell, and how it is then written into the file.

Excel hands over binary fractions, dates and full-width digits where figures were meant. What cannot be taken exactly
is refused: a premium must not depend on what a spreadsheet made of a figure.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, Protocol

from pricing.actuary.excel.lossless import Items, Leaf, Map, Node
from pricing.tariff.figures import DECIMALS, LARGEST
from shared.products.errors import ProductError
from shared.products.lines import parse

Cell = str | int
"""What a cell holds; nothing is the empty text."""


class Kind(Protocol):
    """One kind of value. `read` raises `ValueError`, in words for whoever typed it."""

    def read(self, typed: object) -> Cell:
        """What was meant by what stands in the cell."""

    def show(self, node: Node) -> Cell:
        """What stands in the cell for *node*."""

    def is_same(self, shown: Cell, given: Cell) -> bool:
        """Whether nothing has changed, so that the text of the file stays."""

    def write(self, cell: Cell, instead_of: str) -> Leaf:
        """The text for *cell*, in the manner of the text that stands there, or beside it, so far."""


class _Plain:
    def show(self, node: Node) -> Cell:
        return as_text(node.value) if isinstance(node, Leaf) else ""

    def is_same(self, shown: Cell, given: Cell) -> bool:
        return shown == given


class _Figure(_Plain):
    """A decimal figure: text, so that it stays as exact as it was written."""

    def read(self, typed: object) -> Cell:
        if isinstance(typed, bool) or not isinstance(typed, str | int | float):
            raise ValueError(_not_a(typed, "数"))  # noqa: TRY004  one kind of complaint for the cell
        text = plain(typed).replace(",", "") if isinstance(typed, str) else repr(typed)
        try:
            figure = Decimal(text)
        except ArithmeticError:
            raise ValueError(_not_a(typed, "数")) from None
        if not figure.is_finite() or abs(figure) >= LARGEST:
            raise ValueError(_not_a(typed, "数"))
        if figure != round(figure, DECIMALS):
            raise ValueError(f"「{text}」は小数6桁を超えています。ROUND などで6桁までにしてください")
        if isinstance(typed, str) and "e" not in text.lower():
            return text
        return f"{figure.quantize(Decimal(1)) if figure == figure.to_integral_value() else figure:f}"

    def is_same(self, shown: Cell, given: Cell) -> bool:
        return shown == given or (shown != "" != given and Decimal(shown) == Decimal(given))

    def write(self, cell: Cell, instead_of: str) -> Leaf:
        mark = instead_of[:1] if instead_of[:1] in {'"', "'"} else '"'
        return Leaf(f"{mark}{cell}{mark}", str(cell))


class _Whole:
    """A whole number."""

    def read(self, typed: object) -> Cell:
        text = str(FIGURE.read(typed))
        if Decimal(text) != int(Decimal(text)):
            raise ValueError(f"「{text}」は整数ではありません")
        return int(Decimal(text))

    def show(self, node: Node) -> Cell:
        return node.value if isinstance(node, Leaf) and isinstance(node.value, int) else ""

    def is_same(self, shown: Cell, given: Cell) -> bool:
        return shown == given

    def write(self, cell: Cell, instead_of: str) -> Leaf:
        sign = "+" if instead_of.startswith("+") and int(cell) > 0 else ""
        return Leaf(f"{sign}{int(cell):{'_' if '_' in instead_of else ''}}", int(cell))


class _Text(_Plain):
    """A word or a sentence."""

    def read(self, typed: object) -> Cell:
        if isinstance(typed, bool):
            raise ValueError(_not_a(typed, "文字"))  # noqa: TRY004  one kind of complaint for the cell
        return as_text(typed)

    def write(self, cell: Cell, instead_of: str) -> Leaf:
        text = str(cell)
        return Leaf(text if instead_of[:1] not in {'"', "'"} and _is_plain(text) else quoted(text), text)


class _Note(_Text):
    """A comment beside an entry: one line, whatever the spaces in it."""

    def read(self, typed: object) -> Cell:
        return one_line(str(super().read(typed)))


class _Word(_Text):
    """A key of the form or of the file: full-width letters are meant as plain ones."""

    def read(self, typed: object) -> Cell:
        return plain(str(super().read(typed)))


class _Day(_Text):
    """A day, as YYYY-MM-DD, also where Excel has made one of its own dates of it."""

    def read(self, typed: object) -> Cell:
        text = plain(str(super().read(typed))).replace("/", "-")
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError(f"「{text}」は日付(例 2027-04-01)ではありません") from None

    def write(self, cell: Cell, instead_of: str) -> Leaf:
        return FIGURE.write(cell, instead_of)


class _Braces(_Text):
    """A small mapping on one line, as it stands in the file: {incidents: [yes, unknown]}."""

    def read(self, typed: object) -> Cell:
        text = str(super().read(typed))
        if text and ("\n" in text or not isinstance(_said(text), dict)):
            raise ValueError(f"「{text}」は {{質問: 回答}} の形ではありません")
        return text

    def show(self, node: Node) -> Cell:
        text = node.text()
        return text if "\n" not in text else _in_braces(_data(node))

    def write(self, cell: Cell, instead_of: str) -> Leaf:  # noqa: ARG002  nothing there has a manner
        return Leaf(str(cell), _said(str(cell)))


FIGURE: Final = _Figure()
WHOLE: Final = _Whole()
TEXT: Final = _Text()
NOTE: Final = _Note()
WORD: Final = _Word()
DAY: Final = _Day()
BRACES: Final = _Braces()


def plain(text: str) -> str:
    """*text* without full-width digits and letters, and without the spaces around it."""
    return unicodedata.normalize("NFKC", text).strip()


def as_text(typed: object) -> str:
    """Whatever stands in a cell, as the text that a person sees."""
    if isinstance(typed, datetime):
        return typed.date().isoformat()
    if isinstance(typed, date):
        return typed.isoformat()
    if isinstance(typed, float) and typed.is_integer():
        return str(int(typed))
    return "" if typed is None else re.sub(r"\r\n?", "\n", str(typed)).strip()


def one_line(text: str) -> str:
    """*text* with a space wherever there is room."""
    return " ".join(text.split())


def quoted(text: str) -> str:
    """*text* as YAML in quotes."""
    return json.dumps(text, ensure_ascii=False)


def _not_a(typed: object, what: str) -> str:
    return f"「{as_text(typed)}」は{what}ではありません"


def _is_plain(text: str) -> bool:
    """Whether *text* means itself in YAML without quotes, wherever it stands."""
    return not {"\n", "\t"} & set(text) and _said(f"[{text}]") == [text] and _said(text) == text


def _said(text: str) -> object:
    """What YAML makes of the value *text*; nothing when it is not one."""
    try:
        found, _ = parse(Path(), f"said: {text}")
    except ProductError:
        return None
    return found.get("said") if isinstance(found, dict) and len(found) == 1 else None


def _data(node: Node) -> object:
    match node:
        case Leaf():
            return node.value
        case Map():
            return {entry.key: _data(entry.value) for entry in node.entries}
        case Items():
            return [_data(item) for _, item, _ in node.items]


def _in_braces(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_in_braces(key)}: {_in_braces(one)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_in_braces, value))}]"
    if isinstance(value, bool | int):
        return str(value).lower()
    text = str(value)
    return text if _is_plain(text) else quoted(text)
