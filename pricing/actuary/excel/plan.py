"""Which sheets a tariff's workbook has: one for each thing that an actuary changes, in the words of the form."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pricing.actuary.excel.lossless import Map, Place, Tree
from pricing.actuary.excel.tabs import Column, Crossings, Entries, Records, Row, Singles, Steps, Tab, Told
from pricing.actuary.excel.values import BRACES, DAY, FIGURE, TEXT, WHOLE, WORD, Kind
from pricing.tariff import Asked, TableSchema, TariffSchema

_LONGEST: Final = 31
_BASICS: Final[Mapping[str, tuple[Kind, str]]] = {
    "tariff": (DAY, "実施日。料率表のIDであり、ファイル名(実施日.yaml)でもある"),
    "valid_days": (WHOLE, "見積りの有効日数"),
    "minimum_premium_yen": (FIGURE, "最低保険料(円)"),
    "round_to_yen": (WHOLE, "最後に一度だけ、この円単位に四捨五入する"),
    "authority": (WORD, "代理店が提示できる上限の表"),
}
_FOLLOWS: Final[Mapping[str, tuple[Kind, str]]] = {
    "power": (FIGURE, "べき指数: 各行は (値 / one_at) ^ power"),
    "one_at": (WHOLE, "係数が 1 になる値"),
    "from": (WHOLE, "最初の値"),
    "to": (WHOLE, "最後の値"),
    "within": (FIGURE, "折れ線と曲線の差の許容"),
}
_EDITABLE: Final = "黄色のセルだけを編集します。行の挿入・削除・並べ替えもできます。"
_FIXED: Final = "黄色のセルだけを編集します。行の挿入・削除はできません。"


def tabs_of(tree: Tree, sheet: TariffSchema, questions: Mapping[str, Asked]) -> list[Tab]:
    """Every sheet, in order. Two never have one title."""
    plan = _Plan(tree, sheet, questions)
    return [*plan.overview(), *plan.tables(), *plan.scores(), *plan.sentences()]


class _Titles:
    """Titles that Excel takes: short, without its own signs, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, wanted: str) -> str:
        """*wanted*, or the nearest that is free."""
        plain = re.sub(r"[\\/*?:\[\]]", " ", wanted).strip("' ")[:_LONGEST] or "表"
        title, number = plain, 1
        while title.casefold() in self._taken:
            number += 1
            ending = f" {number}"
            title = f"{plain[: _LONGEST - len(ending)]}{ending}"
        self._taken.add(title.casefold())
        return title


@dataclass(frozen=True, slots=True)
class _Plan:
    tree: Tree
    sheet: TariffSchema
    questions: Mapping[str, Asked]
    titles: _Titles = field(default_factory=_Titles)

    def overview(self) -> Iterator[Tab]:
        values: dict[str, tuple[Place, Kind, str]] = {name: ((name,), *said) for name, said in _BASICS.items()}
        for table, one in self.sheet.tables.items():
            follows: Place = ("tables", table, "follows")
            names = {"power", "one_at", "from", "to"} | ({"within"} if one.follows and one.follows.within else set())
            for name in (name for name in _FOLLOWS if one.follows and name in names):
                kind, meaning = _FOLLOWS[name]
                values[f"{table}.{name}"] = (*follows, name), kind, f"{self._label(table)} {meaning}"
        for name, adjustment in self.sheet.adjustments.items():
            place: Place = ("adjustments", name)
            values[f"{name}.label"] = (*place, "label"), TEXT, "計算書での名前"
            values[f"{name}.neutral"] = (*place, "score", "neutral"), FIGURE, "割引も割増もない評点"
            if adjustment.certificates:
                values[f"{name}.certificates.cap"] = (*place, "certificates", "cap"), FIGURE, "認証割引の上限"
            if adjustment.cap is not None:
                values[f"{name}.cap"] = (*place, "cap"), FIGURE, "割引の合計の上限"
        about = "保険料 = 部分の合計(最低保険料以上)、最後に一度だけ四捨五入。部分 = 基礎(円) × 係数 × 係数 × …"
        yield Singles(self.titles.new("概要"), f"{about}。{_FIXED}", (), values)
        yield Steps(
            self.titles.new("保険料の構成"), f"部分は、基礎(円)に、下の順に係数を掛けたもの。{_FIXED}", ("parts",)
        )

    def tables(self) -> Iterator[Tab]:
        for name, table in self.sheet.tables.items():
            place: Place = ("tables", name, table.kind)
            title = self.titles.new(self._label(name))
            is_base = name == self.sheet.authority or any(part.base.table == name for part in self.sheet.parts)
            figure = Column("金額(円)" if is_base else "係数", FIGURE, 16)
            about = f"表 {name}。{self._reads(table)}。{_EDITABLE}"
            if table.across is not None:
                keys = self._key(table.reads), self._key(table.across)
                yield Crossings(title, about, place, keys, figure, self._told(table))
            else:
                yield Entries(
                    title, about, place, self._key(table.reads), figure, self._told(table), self._has_notes(place)
                )

    def scores(self) -> Iterator[Tab]:
        scale, choice = Column("尺度", WORD, 20, is_key=True), Column("回答", WORD, 20, is_key=True)
        worth = Column("評価(0から1)", FIGURE, 16)
        about = f"回答がいくつに値するか。0 は何もしていない、1 は十分。{_EDITABLE}"
        yield Crossings(self.titles.new("回答の評価"), about, ("credits",), (scale, choice), worth, self._credit)
        for name, adjustment in self.sheet.adjustments.items():
            place: Place = ("adjustments", name)
            question = Column("質問", WORD, 14, is_key=True)
            fields = {
                "weight": Column("配点", WHOLE, 10),
                "credit": Column("尺度", WORD, 18),
                "or": Column("または {質問: 尺度}", BRACES, 26, is_optional=True),
                "advice": Column("助言", TEXT, 48),
            }
            yield Records(
                self.titles.new(f"配点 {name}"),
                f"{adjustment.label}。評点 = 評価 × 配点 の合計 ÷ 配点の合計。{_EDITABLE}",
                (*place, "score", "weights"),
                question,
                fields,
                self._name,
            )
            yield self._entries(
                self.titles.new(f"割引 {name}"),
                f"{adjustment.label}。評点ごとの割引(マイナスは割増)、間は直線。{_EDITABLE}",
                (*place, "score", "discount"),
                Column("評点", FIGURE, 14, is_key=True),
                Column("割引", FIGURE, 14),
            )
            if adjustment.certificates:
                held = Column("認証", WORD, 16, is_key=True)
                for word, title, column in (
                    ("discount", "認証割引", Column("割引", FIGURE, 14)),
                    ("advice", "認証の助言", Column("助言", TEXT, 60)),
                ):
                    about = f"{adjustment.label}。{_EDITABLE}"
                    yield self._entries(
                        self.titles.new(f"{title} {name}"), about, (*place, "certificates", word), held, column
                    )

    def sentences(self) -> Iterator[Tab]:
        code = Column("コード", WORD, 28, is_key=True)
        when = Column("条件 {質問: [回答]}", BRACES, 48)
        says = Column("文", TEXT, 80)
        instead = Column("代わりに {質問: 回答}", BRACES, 34)
        yield Records(
            self.titles.new("査定ルール"),
            f"人が答えるべき場合。該当するものはすべて担当者に伝わる。{_EDITABLE}",
            ("rules",),
            code,
            {"when": when, "says": says},
            lambda row: self._condition("rules", row),
        )
        yield Records(
            self.titles.new("引き受けない組合せ"),
            f"誰も付けられない補償と、代わりに提示するもの。{_EDITABLE}",
            ("unavailable",),
            code,
            {"when": when, "instead": instead, "says": says},
            lambda row: self._condition("unavailable", row),
        )
        yield self._entries(
            self.titles.new("エンジンの文"), f"{{question}} は質問の名前になる。{_EDITABLE}", ("says",), code, says
        )
        question, reason = Column("質問", WORD, 20, is_key=True), Column("理由", TEXT, 60)
        about = f"選択肢はあるが、保険料を動かさない質問。{_EDITABLE}"
        yield self._entries(self.titles.new("保険料に関係しない質問"), about, ("neutral",), question, reason)

    def _entries(self, title: str, about: str, place: Place, key: Column, value: Column) -> Entries:
        told = self._name if key.kind is WORD and place != ("says",) else None
        return Entries(title, about, place, key, value, told, self._has_notes(place))

    def _has_notes(self, place: Place) -> bool:
        node = self.tree.at(place)
        return isinstance(node, Map) and not node.in_braces

    def _key(self, key: str) -> Column:
        asked = self.questions.get(key)
        is_number = asked is not None and asked.kind in {"amount", "thousand_yen"}
        return Column(key, WHOLE if is_number else WORD, 18, is_key=True)

    def _label(self, table: str) -> str:
        """What the workings call it; else what it is for."""
        labels = [part.base.label for part in self.sheet.parts if part.base.table == table]
        labels += [step.label for part in self.sheet.parts for step in part.steps if step.table == table]
        return min(labels, key=len, default="提示できる上限" if table == self.sheet.authority else table)

    def _reads(self, table: TableSchema) -> str:
        names = (self.questions[key].name if key in self.questions else key for key in table.keys)
        manner = {"exact": "回答ごと", "crossed": "二つの回答ごと", "banded": "この値から", "interpolated": "間は直線"}
        return f"{' × '.join(names)}、{manner[table.kind]}"

    def _told(self, table: TableSchema) -> Told:
        return lambda row: " × ".join(self._words(key, cell) for key, cell in zip(table.keys, row, strict=False))

    def _words(self, key: str, cell: str | int) -> str:
        asked = self.questions.get(key)
        return asked.words(cell) if asked else ""

    def _name(self, row: Row) -> str:
        """The name of a question, or of one of the certifications."""
        if row[0] in self.questions:
            return self.questions[str(row[0])].name
        held = (one.certificates for one in self.sheet.adjustments.values() if one.certificates)
        return next(
            (self.questions[one.reads].choices.get(row[0], "") for one in held if one.reads in self.questions), ""
        )

    def _credit(self, row: Row) -> str:
        """A choice in the words of the first question that is given this scale."""
        for adjustment in self.sheet.adjustments.values():
            for key, weight in adjustment.score.weights.items():
                for one, scale in {key: weight.credit, **weight.either}.items():
                    if scale == row[0] and one in self.questions and row[1] in self.questions[one].choices:
                        return self.questions[one].choices[row[1]]
        return ""

    def _condition(self, kind: str, row: Row) -> str:
        rules = self.sheet.rules if kind == "rules" else self.sheet.unavailable
        rule = rules.get(str(row[0]))
        return (
            ""
            if rule is None
            else "、".join(
                f"{self._name((key,)) or key} = {'・'.join(self._words(key, one) for one in listed)}"
                for key, listed in rule.when.items()
            )
        )
