"""Which sheets a tariff's workbook has: one for each thing that an actuary changes, in the words of the form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pricing.actuary.excel.cell_kinds import BRACES, FIGURE, TEXT, WHOLE, WORD
from pricing.actuary.excel.descriptions import Descriptions
from pricing.actuary.excel.layouts import (
    Column,
    CrossedLayout,
    EntriesLayout,
    RecordsLayout,
    SheetLayout,
    SingleValuesLayout,
    StepsLayout,
)
from pricing.actuary.excel.lossless_yaml.tree import Map, Tree
from pricing.actuary.excel.overview import single_values
from pricing.actuary.excel.titles import SheetTitles
from pricing.tariff import Asked, TariffSchema
from pricing.tariff.schema import AdjustmentSchema, TableSchema
from shared.products.lines import Place

_EDITABLE: Final = "黄色のセルだけを編集します。行の挿入・削除・並べ替えもできます。"
_FIXED: Final = "黄色のセルだけを編集します。行の挿入・削除はできません。"


def plan_sheets(tree: Tree, schema: TariffSchema, questions: Mapping[str, Asked]) -> list[SheetLayout]:
    """Every sheet, in order. No two have the same title."""
    plan = _Plan(tree=tree, schema=schema, questions=questions, describe=Descriptions(schema, questions))
    return [*plan.overview(), *plan.tables(), *plan.scores(), *plan.sentences()]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    tree: Tree
    schema: TariffSchema
    questions: Mapping[str, Asked]
    describe: Descriptions
    titles: SheetTitles = field(default_factory=SheetTitles)

    def overview(self) -> Iterator[SheetLayout]:
        about = "保険料 = 部分の合計(最低保険料以上)、最後に一度だけ四捨五入。部分 = 基礎(円) × 係数 × 係数 × …"
        yield SingleValuesLayout(
            title=self.titles.new("概要"),
            about=f"{about}。{_FIXED}",
            place=(),
            values=dict(single_values(self.schema, self.describe)),
        )
        yield StepsLayout(
            title=self.titles.new("保険料の構成"),
            about=f"部分は、基礎(円)に、下の順に係数を掛けたもの。{_FIXED}",
            place=("parts",),
        )

    def tables(self) -> Iterator[SheetLayout]:
        for name, table in self.schema.tables.items():
            yield self._table(name, table)

    def _table(self, name: str, table: TableSchema) -> SheetLayout:
        place: Place = ("tables", name, table.kind)
        title = self.titles.new(self.describe.table_label(name))
        about = f"表 {name}。{self.describe.reads(table)}。{_EDITABLE}"
        is_in_yen = name == self.schema.authority or any(part.base.table == name for part in self.schema.parts)
        figure = Column("金額(円)" if is_in_yen else "係数", FIGURE, width=16)
        if table.across is not None:
            return CrossedLayout(
                title=title,
                about=about,
                place=place,
                keys=(self._key_column(table.reads), self._key_column(table.across)),
                value=figure,
                name_of=self.describe.row_of(table),
            )
        return EntriesLayout(
            title=title,
            about=about,
            place=place,
            key=self._key_column(table.reads),
            value=figure,
            name_of=self.describe.row_of(table),
            has_notes=self._has_notes(place),
        )

    def scores(self) -> Iterator[SheetLayout]:
        yield CrossedLayout(
            title=self.titles.new("回答の評価"),
            about=f"回答がいくつに値するか。0 は何もしていない、1 は十分。{_EDITABLE}",
            place=("credits",),
            keys=(Column("尺度", WORD, width=20, is_key=True), Column("回答", WORD, width=20, is_key=True)),
            value=Column("評価(0から1)", FIGURE, width=16),
            name_of=self.describe.choice_on_scale,
        )
        for name, adjustment in self.schema.adjustments.items():
            yield self._weights(name, adjustment)
            yield self._entries(
                f"割引 {name}",
                f"{adjustment.label}。評点ごとの割引(マイナスは割増)、間は直線。",
                ("adjustments", name, "score", "discount"),
                Column("評点", FIGURE, width=14, is_key=True),
                Column("割引", FIGURE, width=14),
            )
            if adjustment.certificates:
                certificate = Column("認証", WORD, width=16, is_key=True)
                for word, title, column in (
                    ("discount", "認証割引", Column("割引", FIGURE, width=14)),
                    ("advice", "認証の助言", Column("助言", TEXT, width=60)),
                ):
                    place = ("adjustments", name, "certificates", word)
                    yield self._entries(f"{title} {name}", f"{adjustment.label}。", place, certificate, column)

    def _weights(self, name: str, adjustment: AdjustmentSchema) -> SheetLayout:
        return RecordsLayout(
            title=self.titles.new(f"配点 {name}"),
            about=f"{adjustment.label}。評点 = 評価 × 配点 の合計 ÷ 配点の合計。{_EDITABLE}",
            place=("adjustments", name, "score", "weights"),
            key=Column("質問", WORD, width=14, is_key=True),
            fields={
                "weight": Column("配点", WHOLE, width=10),
                "credit": Column("尺度", WORD, width=18),
                "or": Column("または {質問: 尺度}", BRACES, width=26, is_optional=True),
                "advice": Column("助言", TEXT, width=48),
            },
            name_of=self.describe.name,
        )

    def sentences(self) -> Iterator[SheetLayout]:
        code = Column("コード", WORD, width=28, is_key=True)
        when = Column("条件 {質問: [回答]}", BRACES, width=48)
        sentence = Column("文", TEXT, width=80)
        yield RecordsLayout(
            title=self.titles.new("査定ルール"),
            about=f"人が答えるべき場合。該当するものはすべて担当者に伝わる。{_EDITABLE}",
            place=("rules",),
            key=code,
            fields={"when": when, "says": sentence},
            name_of=self.describe.rule,
        )
        yield RecordsLayout(
            title=self.titles.new("引き受けない組合せ"),
            about=f"誰も付けられない補償と、代わりに提示するもの。{_EDITABLE}",
            place=("unavailable",),
            key=code,
            fields={
                "when": when,
                "instead": Column("代わりに {質問: 回答}", BRACES, width=34),
                "says": sentence,
            },
            name_of=self.describe.exchange,
        )
        yield self._entries("エンジンの文", "{question} は質問の名前になる。", ("says",), code, sentence)
        yield self._entries(
            "保険料に関係しない質問",
            "選択肢はあるが、保険料を動かさない質問。",
            ("neutral",),
            Column("質問", WORD, width=20, is_key=True),
            Column("理由", TEXT, width=60),
        )

    def _entries(self, title: str, about: str, place: Place, key: Column, value: Column) -> SheetLayout:
        has_names = key.kind is WORD and place != ("says",)
        return EntriesLayout(
            title=self.titles.new(title),
            about=f"{about}{_EDITABLE}",
            place=place,
            key=key,
            value=value,
            name_of=self.describe.name if has_names else None,
            has_notes=self._has_notes(place),
        )

    def _has_notes(self, place: Place) -> bool:
        node = self.tree.at(place)
        return isinstance(node, Map) and not node.in_braces

    def _key_column(self, key: str) -> Column:
        asked = self.questions.get(key)
        is_number = asked is not None and asked.kind in {"amount", "thousand_yen"}
        return Column(key, WHOLE if is_number else WORD, width=18, is_key=True)
