"""What a person may type into a cell, and how it is then written into the file.

Excel stores binary fractions, dates and full-width digits where figures were meant. What cannot be taken exactly is
refused: a premium must not depend on what a spreadsheet made of a figure.
"""

from datetime import date
from decimal import Decimal
from typing import Final, Protocol

from pricing.actuary.excel.cell_text import as_text, normalized, one_line
from pricing.actuary.excel.lossless_yaml.text import needs_no_quotes, on_one_line, quoted, value_of
from pricing.actuary.excel.lossless_yaml.tree import Leaf, Node
from pricing.tariff.figures import DECIMALS, LARGEST

Cell = str | int
"""What a cell holds; an empty cell is the empty text."""


class CellKind(Protocol):
    """One kind of value. `read` raises `ValueError`, in words for whoever typed it."""

    def read(self, typed: object) -> Cell:
        """What was meant by what is in the cell."""

    def show(self, node: Node) -> Cell:
        """What the cell holds for *node*."""

    def is_same(self, old: Cell, new: Cell) -> bool:
        """Whether nothing has changed, so that the text of the file stays."""

    def write(self, cell: Cell, like: str) -> Leaf:
        """The text for *cell*, written like the text *like*: the old one, or one beside it."""


class _TextShown:
    def show(self, node: Node) -> Cell:
        return as_text(node.value) if isinstance(node, Leaf) else ""

    def is_same(self, old: Cell, new: Cell) -> bool:
        return old == new


class _Figure(_TextShown):
    """A decimal figure: text, so that it stays as exact as it was written."""

    def read(self, typed: object) -> Cell:
        if isinstance(typed, bool) or not isinstance(typed, str | int | float):
            raise ValueError(_not_a(typed, "数"))  # noqa: TRY004  one kind of complaint for the cell
        text = normalized(typed).replace(",", "") if isinstance(typed, str) else repr(typed)
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

    def is_same(self, old: Cell, new: Cell) -> bool:
        return old == new or (old != "" != new and Decimal(old) == Decimal(new))

    def write(self, cell: Cell, like: str) -> Leaf:
        mark = like[:1] if like[:1] in {'"', "'"} else '"'
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

    def is_same(self, old: Cell, new: Cell) -> bool:
        return old == new

    def write(self, cell: Cell, like: str) -> Leaf:
        sign = "+" if like.startswith("+") and int(cell) > 0 else ""
        return Leaf(f"{sign}{int(cell):{'_' if '_' in like else ''}}", int(cell))


class _Text(_TextShown):
    """A word or a sentence."""

    def read(self, typed: object) -> Cell:
        if isinstance(typed, bool):
            raise ValueError(_not_a(typed, "文字"))  # noqa: TRY004  one kind of complaint for the cell
        return as_text(typed)

    def write(self, cell: Cell, like: str) -> Leaf:
        text = str(cell)
        return Leaf(text if like[:1] not in {'"', "'"} and needs_no_quotes(text) else quoted(text), text)


class _Note(_Text):
    """A comment beside an entry: one line, whatever the spaces in it."""

    def read(self, typed: object) -> Cell:
        return one_line(str(super().read(typed)))


class _Word(_Text):
    """A key of the form or of the file: full-width letters are meant as half-width ones."""

    def read(self, typed: object) -> Cell:
        return normalized(str(super().read(typed)))


class _Day(_Text):
    """A day, as YYYY-MM-DD, also where Excel has made one of its own dates of it."""

    def read(self, typed: object) -> Cell:
        text = normalized(str(super().read(typed))).replace("/", "-")
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError(f"「{text}」は日付(例 2027-04-01)ではありません") from None

    def write(self, cell: Cell, like: str) -> Leaf:
        return FIGURE.write(cell, like)


class _Braces(_Text):
    """A small mapping on one line, as it is in the file: {incidents: [yes, unknown]}."""

    def read(self, typed: object) -> Cell:
        text = str(super().read(typed))
        if text and ("\n" in text or not isinstance(value_of(text), dict)):
            raise ValueError(f"「{text}」は {{質問: 回答}} の形ではありません")
        return text

    def show(self, node: Node) -> Cell:
        text = node.text()
        return text if "\n" not in text else on_one_line(node)

    def write(self, cell: Cell, like: str) -> Leaf:  # noqa: ARG002  braces are written in one way only
        return Leaf(str(cell), value_of(str(cell)))


FIGURE: Final = _Figure()
WHOLE: Final = _Whole()
TEXT: Final = _Text()
NOTE: Final = _Note()
WORD: Final = _Word()
DAY: Final = _Day()
BRACES: Final = _Braces()


def _not_a(typed: object, what: str) -> str:
    return f"「{as_text(typed)}」は{what}ではありません"
