"""The single values of a tariff that an actuary may change, wherever in the file they are."""

from collections.abc import Iterator, Mapping
from typing import Final

from pricing.actuary.excel.cell_kinds import DAY, FIGURE, TEXT, WHOLE, WORD, CellKind
from pricing.actuary.excel.descriptions import Descriptions
from pricing.actuary.excel.layouts import SingleValue
from pricing.tariff import TariffSchema
from shared.products.lines import Place

_BASICS: Final[Mapping[str, tuple[CellKind, str]]] = {
    "tariff": (DAY, "実施日。料率表のIDであり、ファイル名(実施日.yaml)でもある"),
    "valid_days": (WHOLE, "見積りの有効日数"),
    "minimum_premium_yen": (FIGURE, "最低保険料(円)"),
    "round_to_yen": (WHOLE, "最後に一度だけ、この円単位に四捨五入する"),
    "authority": (WORD, "代理店が提示できる上限の表"),
}
_FOLLOWS: Final[Mapping[str, tuple[CellKind, str]]] = {
    "power": (FIGURE, "べき指数: 各行は (値 / one_at) ^ power"),
    "one_at": (WHOLE, "係数が 1 になる値"),
    "from": (WHOLE, "最初の値"),
    "to": (WHOLE, "最後の値"),
    "within": (FIGURE, "折れ線と曲線の差の許容"),
}


def single_values(schema: TariffSchema, describe: Descriptions) -> Iterator[tuple[str, SingleValue]]:
    """Each by the name that people see."""
    for name, (kind, meaning) in _BASICS.items():
        yield name, SingleValue((name,), kind, meaning)
    for name, table in schema.tables.items():
        if table.follows:
            for word, (kind, meaning) in _FOLLOWS.items():
                if word != "within" or table.follows.within:
                    label = f"{describe.table_label(name)} {meaning}"
                    yield f"{name}.{word}", SingleValue(("tables", name, "follows", word), kind, label)
    for name, adjustment in schema.adjustments.items():
        place: Place = ("adjustments", name)
        yield f"{name}.label", SingleValue((*place, "label"), TEXT, "計算書での名前")
        yield f"{name}.neutral", SingleValue((*place, "score", "neutral"), FIGURE, "割引も割増もない評点")
        if adjustment.certificates:
            cap = (*place, "certificates", "cap")
            yield f"{name}.certificates.cap", SingleValue(cap, FIGURE, "認証割引の上限")
        if adjustment.cap is not None:
            yield f"{name}.cap", SingleValue((*place, "cap"), FIGURE, "割引の合計の上限")
